/** <undo-note>: a message that can still be taken back says for how long, and does it. */
import { button, h, setText } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { store } from "../core/store.js";

const LOOK = 200;

customElements.define("undo-note", class extends HTMLElement {
  connectedCallback() {
    this.left = h("span", { class: "numeric" });
    this.replaceChildren(this.left, button("btn btn--link", t("Undo"), () => this.#undo()));
    this.ticking = setInterval(() => this.#tick(), LOOK);
    this.#tick();
  }

  disconnectedCallback() {
    clearInterval(this.ticking);
  }

  #tick() {
    const seconds = Math.max(0, Math.ceil((this.message.held_until - Date.now()) / 1000));
    setText(this.left, seconds ? tn("Goes out in {count} s", "Goes out in {count} s", seconds) : t("Goes out now"));
  }

  /** The text is back where it was written; nothing happens when the message has gone meanwhile. */
  #undo() {
    const entry = store.outbox.recall(this.message.command_id);
    if (!entry) return;
    const detail = { dialogId: entry.dialog_id, text: entry.text, visibility: entry.visibility, replyTo: entry.reply_to, attachments: entry.attachments };
    dispatchEvent(new CustomEvent("composer:restore", { detail }));
  }
});

export function undoNote(message) {
  if (!message.held_until) return null;
  const note = h("undo-note", { class: "message__undo" });
  note.message = message;
  return note;
}
