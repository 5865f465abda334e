/** One message as the customer sees it. */
import { h, icon } from "../../console/core/dom.js";
import { t } from "../../console/core/i18n.js";

const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

export class Bubble {
  /** `press(button)` presses one of the buttons below the message. */
  constructor(message, press) {
    this.press = press;
    this.element = h("div", {});
    this.update(message);
  }

  update(message) {
    const print = JSON.stringify(message);
    if (print === this.print) return;
    this.print = print;
    const isOwn = message.author === "CLIENT";
    this.element.className = `said${isOwn ? " said--own" : ""}${message.isPending ? " said--pending" : ""}`;
    this.element.replaceChildren(...[
      isOwn ? null : h("span", { class: "said__author" }, message.name || t("Automatic message")),
      message.reply_to ? h("span", { class: "said__quote" }, message.reply_to.text || "…") : null,
      ...message.attachments.map(attachment),
      message.text || (message.attachments.length ? null : t("[this can't be shown here]")),
      h("span", { class: "said__time" }, message.edited_at ? `${t("edited")} ` : "", clock.format(new Date(message.created_at))),
      ...(message.buttons ?? []).map((row) => this.#row(row, message.chosen)),
    ].filter(Boolean));
  }

  #row(row, chosen) {
    const one = (item) => h("button", { type: "button", class: "said__button", "aria-pressed": item.payload === chosen ? "true" : "false", on: { click: () => this.press(item) } }, item.text);
    return h("span", { class: "said__buttons" }, row.map(one));
  }
}

function attachment({ kind, url, name, state }) {
  if (state !== "READY" || !url) return h("span", { class: "said__file" }, icon("clock", 16), name || t("File"));
  if (kind === "IMAGE") return h("a", { href: url, target: "_blank" }, h("img", { src: url, alt: name, loading: "lazy" }));
  return h("a", { class: "said__file", href: url, download: name }, icon("file", 18), name);
}
