/** What stands in the composer and is not sent: kept while it is written, shown as it was left. */
import { draftOf, keepDraft, saveDrafts } from "./drafts.js";
import { store } from "../core/store.js";

const HANDS_OFF = 3000;

export class ComposerDrafts {
  #writtenAt = 0;

  constructor(composer) {
    this.composer = composer;
    composer.text.addEventListener("blur", saveDrafts);
    store.on(["drafts"], () => this.#follow());
    addEventListener("composer:restore", ({ detail }) => this.#restore(detail));
  }

  save = saveDrafts;

  get text() {
    return draftOf(this.composer.dialog.id)?.text ?? "";
  }

  /** As it was left, here or on another device. */
  show() {
    const { composer } = this;
    const draft = draftOf(composer.dialog.id);
    composer.field.set(draft?.text ?? "");
    if (draft?.replyTo) composer.context.quote(draft.replyTo);
    else composer.context.clear();
    composer.mode.choose(draft?.visibility ?? "PUBLIC");
  }

  typed() {
    this.#writtenAt = Date.now();
    this.keep();
  }

  keep() {
    const { dialog, context, text, mode } = this.composer;
    if (dialog && !context.editing) keepDraft(dialog.id, { text: text.value, visibility: mode.visibility, replyTo: context.replyTo });
  }

  /** What is being typed here right now is newer than anything that comes. */
  #follow() {
    const { dialog, context, text } = this.composer;
    const isTyping = !dialog || context.editing || Date.now() - this.#writtenAt < HANDS_OFF;
    if (!isTyping && this.text !== text.value && (this.text || text.value.trim())) this.show();
  }

  /** A message that was taken back stands before what was begun after it. */
  #restore({ dialogId, text, visibility, replyTo, attachments }) {
    const { composer } = this;
    const both = (begun) => [text, begun].filter(Boolean).join("\n");
    if (composer.dialog?.id !== dialogId) return keepDraft(dialogId, { text: both(draftOf(dialogId)?.text), visibility, replyTo });
    composer.mode.choose(visibility);
    if (replyTo) composer.context.quote(replyTo);
    composer.setText(both(composer.text.value));
    composer.adopt(attachments);
    composer.text.focus();
  }
}
