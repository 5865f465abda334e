/** One message on the visitor's side. */
import { h, icon, setAttribute } from "../../console/core/dom.js";
import { textNodes } from "../../console/core/text_nodes.js";
import { t } from "../../console/core/i18n.js";
import { clock, dayName, fileSize, whole } from "../../console/core/time.js";
import { Rating } from "./rating.js";

const TICKS = {
  PENDING: ["clock", () => t("Being sent")], SENT: ["check", () => t("Sent")], READ: ["checks", () => t("Read")], REFUSED: ["alert", () => t("Not sent")],
};

export class Bubble {
  element = h("div");
  #shown = null;

  constructor(item, actions) {
    this.actions = actions;
    this.update(item);
  }

  update(item) {
    const before = this.#shown;
    if (before && before.message === item.message && before.isFirst === item.isFirst && before.tick === item.tick) return;
    this.#shown = item;
    const isOwn = item.message.author.kind === "VISITOR";
    this.element.className = `bubble bubble--${isOwn ? "own" : "theirs"}${item.isFirst ? " bubble--first" : ""}`;
    this.#place(...(isOwn ? [] : this.#author(item)), h("div", { class: "bubble__body" }, ...content(item.message), meta(item)), ...this.#failure(item));
  }

  /** What is being written into a comment survives the painting of its question. */
  #place(...parts) {
    for (const child of [...this.element.children]) if (child !== this.rating?.element) child.remove();
    this.element.prepend(...parts);
    const { message } = this.#shown;
    if (!message.rating) this.rating?.element.remove();
    else if (this.rating) this.rating.update(message.rating);
    else {
      this.rating = new Rating(message.rating, (score, comment) => this.actions.rate(message.dialog, score, comment));
      this.element.append(this.rating.element);
    }
  }

  #author({ message, isFirst }) {
    if (!isFirst || message.author.kind === "BOT") return [];
    return [h("p", { class: "bubble__author" }, message.author.name || t("Operator"))];
  }

  #failure({ message, tick }) {
    if (tick !== "REFUSED") return [];
    const again = h("button", { type: "button", class: "btn btn--link", on: { click: () => this.actions.retry(message.client_message_id) } }, t("Try again"));
    const drop = h("button", { type: "button", class: "btn btn--link", on: { click: () => this.actions.drop(message.client_message_id) } }, t("Remove"));
    return [h("p", { class: "bubble__failure", role: "alert" }, message.error?.message || t("Not sent"), " ", again, " ", drop)];
  }
}

function content(message) {
  if (message.deleted_at) return [h("span", { class: "bubble__text bubble__text--gone" }, t("Message deleted"))];
  return [
    message.reply_to && h("blockquote", { class: "bubble__quote" }, message.reply_to.text || t("File")),
    ...message.attachments.map(attachment),
    message.text && h("span", { class: "bubble__text" }, ...textNodes(message)),
  ].filter(Boolean);
}

function attachment(file) {
  if (file.state === "PENDING") return h("span", { class: "file" }, icon("clock"), t("The file is on its way"));
  if (file.state === "LOST" || !file.url) return h("span", { class: "file" }, icon("alert"), t("The file could not be loaded"));
  if (["IMAGE", "STICKER"].includes(file.kind)) return picture(file);
  if (["AUDIO", "VOICE"].includes(file.kind) && file.mime.startsWith("audio/")) return h("audio", { class: "bubble__sound", src: file.url, controls: true, preload: "none", "aria-label": file.name });
  if (file.kind === "VIDEO" && file.mime.startsWith("video/")) return h("video", { class: "bubble__video", src: file.url, controls: true, preload: "metadata", "aria-label": file.name });
  return h("a", { class: "file", href: file.url, download: file.name || true },
    h("span", { class: "file__sign" }, icon("file")), h("span", { class: "file__words" }, h("b", { class: "truncate" }, file.name || t("File")), h("small", {}, fileSize(file.size))));
}

function picture(file) {
  const image = h("img", { src: file.url, alt: file.name || t("Photo"), width: file.width, height: file.height, decoding: "async" });
  return h("a", { class: "bubble__picture", href: file.url, target: "_blank", rel: "noopener" }, image);
}

function meta({ message, tick }) {
  const time = h("time", { datetime: message.created_at, title: whole(message.created_at) }, clock(message.created_at));
  const [drawing, words] = TICKS[tick] ?? [];
  return h("span", { class: "bubble__meta" }, message.edited_at && !message.deleted_at && h("span", {}, t("edited")), time,
    drawing && h("span", { class: `bubble__tick bubble__tick--${tick}` }, icon(drawing, 14, words())));
}

/** Days and ends of dialogs between the messages. */
export class Divider {
  element = h("p", { class: "divider" });

  constructor(item) {
    this.update(item);
  }

  update({ kind, at }) {
    const words = kind === "day" ? dayName(at, Date.now()) : t("The conversation is finished. Write whenever you need us.");
    if (this.element.textContent !== words) this.element.textContent = words;
    setAttribute(this.element, "class", `divider divider--${kind}`);
  }
}
