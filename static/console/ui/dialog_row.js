/** One row of the list: who, where from, the last words, how long they wait. */
import { avatar, h, icon, setAttribute, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { isAside, isClosing, waitsForUs } from "../core/lists.js";
import { duration, parse, shortTime, urgency } from "../core/time.js";
import { kindIcon, kindWord } from "../core/names.js";
import { ratingMark } from "./rating_mark.js";
import { fewTags } from "./tag_chips.js";

export class DialogRow {
  #shown = null;

  constructor(item, onOpen) {
    this.name = h("span", { class: "truncate" });
    this.vip = h("span", { class: "vip", hidden: true }, icon("star", 14, t("Important client")));
    this.owner = h("span", { class: "dialog-row__owner truncate" });
    this.pin = icon("pin", 14, t("Pinned"));
    this.time = h("time");
    this.text = h("span", { class: "dialog-row__text truncate" });
    this.tags = h("span", { class: "tags tags--row", hidden: true });
    this.mark = h("span");
    this.button = h("button", { class: "dialog-row", type: "button", data: { dialog: item.dialog.id }, on: { click: () => onOpen(item.dialog.id) } },
      h("span"), h("span", { class: "dialog-row__check" }, icon("check", 18)),
      h("span", {},
        h("span", { class: "dialog-row__line" }, h("span", { class: "dialog-row__name" }, this.name, this.vip, this.owner, this.pin), this.time),
        h("span", { class: "dialog-row__line" }, this.text, this.tags, this.mark)));
    this.element = h("li", {}, this.button);
    this.update(item);
  }

  update(item) {
    const before = this.#shown;
    this.#shown = item;
    if (before && Object.keys(item).every((name) => name === "tags" || item[name] === before[name])) return;
    const { dialog } = item;
    if (before?.dialog.client.name !== dialog.client.name || before.dialog.client.photo_url !== dialog.client.photo_url) {
      this.button.firstChild.replaceWith(avatar(dialog.client, { channel: dialog.channel }));
    }
    setText(this.name, dialog.client.name);
    this.vip.hidden = !dialog.client.is_vip;
    setText(this.owner, item.ownerName ? `· ${item.ownerName}` : "");
    this.pin.toggleAttribute("hidden", !dialog.is_pinned);
    setText(this.time, shortTime(dialog.last_message_at, item.clock()));
    setAttribute(this.button, "aria-current", item.isCurrent ? "true" : null);
    setAttribute(this.button, "aria-pressed", item.isMarking ? String(item.isMarked) : null);
    this.button.classList.toggle("dialog-row--unread", dialog.unread > 0);
    this.#showText(item);
    this.#showTags(item);
    this.#showMark(item);
  }

  #showTags({ tags, dialog }) {
    const topic = isClosed(dialog) && dialog.topic ? [h("span", { class: "badge truncate" }, dialog.topic.name)] : [];
    this.tags.hidden = !tags.length && !topic.length;
    if (!this.tags.hidden || this.tags.firstChild) this.tags.replaceChildren(...topic, ...(tags.length ? fewTags(tags) : []));
  }

  /** Only the timer moves between two changes. */
  tick() {
    if (!this.timer) return;
    const { dialog, clock, goal } = this.#shown;
    if (dialog.closing_at) {
      setText(this.timer.lastChild, t("closes in {time}", { time: duration(parse(dialog.closing_at) - clock()) }));
      return;
    }
    const waited = clock() - parse(dialog.waiting_since);
    setText(this.timer.lastChild, duration(waited));
    setAttribute(this.timer, "class", `badge badge--${urgency(waited, goal) || "accent"}`);
  }

  #showText({ dialog, isTyping, draft, pending, isMine }) {
    this.text.classList.toggle("dialog-row__text--typing", isTyping);
    const voice = (words, look = "") => h("span", { class: `dialog-row__voice ${look}` }, `${words} `);
    if (isTyping) this.text.replaceChildren(t("typing…"));
    else if (draft) this.text.replaceChildren(voice(t("Draft:"), "dialog-row__voice--draft"), draft);
    else if (pending) this.text.replaceChildren(voice(t("You:")), pending);
    else {
      const { preview } = dialog;
      const speaker = { OPERATOR: isMine ? t("You:") : t("We:"), BOT: t("Auto:") }[preview?.author];
      const words = preview ? preview.text || kindWord(preview.kind) : t("No messages yet");
      this.text.replaceChildren(...(speaker ? [voice(speaker)] : []), words);
    }
  }

  #showMark({ dialog, pending, clock }) {
    this.timer = null;
    if (isAside(dialog)) this.mark.replaceChildren(h("span", { class: "badge" }, icon("snooze", 12, dialog.snooze.until ? t("Put aside") : t("Put aside until the client writes")), dialog.snooze.until ? shortTime(dialog.snooze.until, clock()) : null));
    else if (waitsForUs(dialog) || isClosing(dialog)) {
      this.timer = h("span", { class: "badge" }, icon("clock", 12), h("span"));
      this.mark.replaceChildren(this.timer);
      this.tick();
    } else if (dialog.unread) this.mark.replaceChildren(h("span", { class: "badge badge--count", "aria-label": t("Unread: {count}", { count: dialog.unread }) }, String(dialog.unread)));
    else this.mark.replaceChildren(...(isClosed(dialog) ? [ratingMark(dialog.rating)].filter(Boolean) : tick(dialog, pending)));
  }
}

const isClosed = (dialog) => dialog.state === "CLOSED";

function tick({ preview, client_read_seq: read, last_seq: last, channel }, pending) {
  if (pending) return [h("span", { class: "dialog-row__tick" }, icon("clock", 14, t("Waits to be sent")))];
  if (preview?.author !== "OPERATOR" || !channel) return preview && preview.kind !== "TEXT" && !preview.text ? [h("span", { class: "dialog-row__tick" }, icon(kindIcon(preview.kind), 16))] : [];
  const isRead = read >= last;
  return [h("span", { class: `dialog-row__tick ${isRead ? "dialog-row__tick--read" : ""}` }, icon(isRead ? "checks" : "check", 16, isRead ? t("Read") : t("Sent")))];
}
