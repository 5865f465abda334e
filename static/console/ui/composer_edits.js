/** Changing what was sent, in the place where one writes. */
import { editMessage } from "../core/actions.js";

export class ComposerEdits {
  constructor(composer) {
    this.composer = composer;
    addEventListener("composer:edit", ({ detail }) => this.start(detail));
  }

  start(message) {
    if (!message) return;
    this.composer.context.edit(message);
    this.composer.setText(message.text);
  }

  finish(text, isFormatted) {
    const message = this.composer.context.editing;
    this.cancel();
    if (text && (text !== message.text || isFormatted !== message.is_formatted)) editMessage(message, text, isFormatted);
  }

  /** The draft that stood here before comes back; a quote alone is dropped. */
  cancel() {
    const { context, drafts } = this.composer;
    const wasEditing = context.editing;
    context.clear();
    if (wasEditing) this.composer.setText(drafts.text);
    else drafts.keep();
  }
}
