/** Sends what was written; what waits for its files goes out when the last of them is there. */
import { sendMessage } from "../core/actions.js";

export class Sender {
  #held = new Map();

  constructor(tray) {
    this.tray = tray;
  }

  send(message) {
    const { dialogId } = message;
    if (this.tray.isReady(dialogId)) sendMessage({ ...message, attachments: this.tray.take(dialogId) });
    else this.#hold(message);
  }

  /** Something about a dialog's files has changed. */
  release(dialogId) {
    const message = this.#held.get(dialogId);
    if (!message || !this.tray.isReady(dialogId)) return;
    this.#held.delete(dialogId);
    this.tray.hold(dialogId, false);
    const attachments = this.tray.take(dialogId);
    if (message.text || attachments.length) sendMessage({ ...message, attachments });
  }

  /** A second text for the same files goes ahead: only the first one belongs to them. */
  #hold(message) {
    if (this.#held.has(message.dialogId)) {
      if (message.text) sendMessage({ ...message, attachments: [] });
      return;
    }
    this.#held.set(message.dialogId, message);
    this.tray.hold(message.dialogId, true);
  }
}
