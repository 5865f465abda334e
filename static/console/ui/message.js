/** One message: a bubble, or a whisper that nobody can take for one. The only code that paints messages. */
import { avatar, h, icon, iconButton } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { notePainted } from "../core/ledger.js";
import { store } from "../core/store.js";
import { textNodes } from "../core/text_nodes.js";
import { namedPieces } from "../core/triggers.js";
import { buttonRows } from "./message_buttons.js";
import { failureNote } from "./message_failure.js";
import { mailFoot, mailHead } from "./message_mail.js";
import { mediaOf } from "./message_media.js";
import { openMessageMenu } from "./message_menu.js";
import { detailsAbove, detailsBelow, unshowable } from "./message_details.js";
import { messageMeta } from "./message_meta.js";
import { undoNote } from "./undo_note.js";

export class MessageView {
  element = h("div");
  #shown = null;

  constructor(item, onJump) {
    this.onJump = onJump;
    this.element.tabIndex = -1;
    this.element.addEventListener("contextmenu", (event) => this.#openMenu(event));
    this.update(item);
  }

  update(item) {
    const before = this.#shown;
    this.#shown = item;
    if (before && before.message === item.message && before.isFirst === item.isFirst && before.isLast === item.isLast && before.isTile === item.isTile && before.isRead === item.isRead && before.channel?.id === item.channel?.id) return;
    this.element.className = look(item);
    this.element.replaceChildren(...this.#painted(item));
    if (before?.message.id !== item.message.id) notePainted(item.message);
  }

  /** One message that can't be painted must not take the feed with it. */
  #painted(item) {
    try {
      return item.kind === "whisper" ? this.#whisper(item) : this.#bubble(item);
    } catch (error) {
      reportError(error);
      return [h("div", { class: "message__bubble message__text--gone" }, unshowable(item.message))];
    }
  }

  #bubble(item) {
    const { message } = item;
    const label = item.isFirst && authorLabel(message);
    return [
      label && h("div", { class: "message__author" }, label),
      h("div", { class: "message__line" },
        h("div", { class: "message__bubble" }, ...this.#content(message), messageMeta(item)), this.#actions(message)),
      failureNote(message), undoNote(message),
    ].filter(Boolean);
  }

  #whisper(item) {
    const { message } = item;
    const person = store.state.operators.get(message.author.id) ?? { name: message.author.name, color: 0 };
    return [
      avatar(person, { size: "small" }),
      h("div", { class: "whisper__body" },
        h("header", { class: "whisper__head" }, icon("eyeoff", 16), h("b", {}, message.author.name),
          h("span", {}, h("span", { class: "only-desk" }, t("whisper,")), " ", t("the client does not see it")), messageMeta(item)),
        ...this.#content(message), failureNote(message), undoNote(message)),
      this.#actions(message),
    ].filter(Boolean);
  }

  #content(message) {
    if (message.deleted_at) return [h("span", { class: "message__text message__text--gone" }, t("Message deleted"))];
    return [
      ...detailsAbove(message),
      message.reply_to && this.#quote(message.reply_to),
      mailHead(message),
      ...mediaOf(message),
      message.text && h("span", { class: "message__text" }, ...textNodes(message, named(message))),
      mailFoot(message),
      message.buttons && buttonRows(message.buttons),
      message.kind === "UNSUPPORTED" && !message.text && h("span", { class: "message__text message__text--gone" }, unshowable(message)),
      ...detailsBelow(message),
    ].filter(Boolean);
  }

  #quote(quoted) {
    return h("button", { type: "button", class: "message__quote", on: { click: () => this.onJump(quoted.id) } }, h("b", {}, quoted.author_name), h("span", {}, quoted.text || t("File")));
  }

  #actions(message) {
    if (message.deleted_at || message.id === null) return null;
    const more = iconButton("dots", t("Actions"), (event) => { event.stopPropagation(); this.openMenu(more); }, "btn btn--icon btn--ghost btn--small");
    more.tabIndex = -1;
    return h("span", { class: "message__actions" }, more);
  }

  openMenu(anchor = this.element, options = {}) {
    const { message } = this.#shown;
    if (!message.deleted_at && message.id !== null) openMessageMenu(message, anchor, options);
  }

  #openMenu(event) {
    const { target, clientX: x, clientY: y } = event;
    if (target.closest("a, img, video, audio") || String(getSelection())) return;
    event.preventDefault();
    const open = () => this.openMenu(this.element, { at: { left: x, right: x, top: y, bottom: y } });
    // Where a press opens it, letting go would close it again.
    if (event.buttons) addEventListener("pointerup", () => setTimeout(open), { once: true });
    else open();
  }
}

function look({ kind, message, isFirst, isLast, isTile }) {
  if (kind === "whisper") return "message whisper";
  const side = message.author.kind === "CLIENT" ? "in" : "out";
  const isBare = !message.text && !message.reply_to && !message.deleted_at;
  return ["message", `message--${side}`, message.hidden_at && "message--hidden", message.is_private_reply && "message--private", isFirst && "message--first", isLast && "message--last", isBare && "message--bare", isTile && "message--tile"].filter(Boolean).join(" ");
}

function authorLabel({ author }) {
  if (author.kind === "BOT") return t("Sent automatically");
  if (author.native_name !== null && author.native_name !== undefined) return author.native_name ? t("{name}, in the messenger itself", { name: author.native_name }) : t("Written in the messenger itself");
  return author.kind === "OPERATOR" && author.id !== store.state.me.id ? author.name : null;
}

/** Paints the names of whom a whisper calls; a name that was changed since is plain text. */
function named({ mentions = [] }) {
  const { operators, me } = store.state;
  const names = mentions.map((id) => operators.get(id)?.name).filter(Boolean);
  if (!names.length) return undefined;
  const own = `@${me.name}`;
  return (words) => namedPieces(words, names).map(({ text, isName }) => (isName ? h("b", { class: `mention${text === own ? " mention--me" : ""}` }, text) : text));
}
