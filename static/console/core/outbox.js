/** Messages on their way to the server. They survive a reload, go out in order per dialog, and carry the same
 *  command id until the server has them, so that sending again can't double them. No DOM. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

export class Outbox {
  /** `send(entry)` answers the stored message or throws {isTemporary, message}; `storage` is a Storage. */
  constructor({ storage, owner, send, onChange, onSent, timer = (run, pause) => setTimeout(run, pause), now = () => Date.now() }) {
    Object.assign(this, { storage, send, onChange, onSent, timer, now, prefix: `outbox:${owner}:` });
    this.entries = this.#stored();
    this.busy = new Set();
    this.pause = FIRST_PAUSE;
  }

  /** `hold` milliseconds long the message can be taken back; it keeps its place before those that come after it. */
  add(entry, hold = 0) {
    const held = hold ? { state: "HELD", held_until: this.now() + hold } : { state: "QUEUED" };
    this.#put({ ...entry, ...held, error: null });
    this.flush(entry.dialog_id);
  }

  /** Takes a held message back: the entry, or null when it is on its way already. */
  recall(commandId) {
    const entry = this.entries.find((one) => one.command_id === commandId && one.state === "HELD");
    if (entry) this.drop(commandId);
    return entry ?? null;
  }

  of(dialogId) {
    return this.entries.filter((entry) => entry.dialog_id === dialogId);
  }

  /** Tries every dialog's first waiting message, for instance because the line is back. */
  flushAll() {
    this.pause = FIRST_PAUSE;
    for (const dialogId of new Set(this.entries.map((entry) => entry.dialog_id))) this.flush(dialogId);
  }

  retry(commandId) {
    const entry = this.entries.find((one) => one.command_id === commandId);
    if (!entry) return;
    this.#put({ ...entry, state: "QUEUED", error: null });
    this.flush(entry.dialog_id);
  }

  drop(commandId) {
    this.entries = this.entries.filter((entry) => entry.command_id !== commandId);
    this.storage.removeItem(this.prefix + commandId);
    this.onChange();
  }

  async flush(dialogId) {
    const entry = this.of(dialogId).find(({ state }) => state !== "REFUSED");
    if (!entry || this.busy.has(dialogId) || this.#waits(entry)) return;
    this.busy.add(dialogId);
    const isMoving = await this.#sendOne(entry);
    this.busy.delete(dialogId);
    if (isMoving) this.flush(dialogId);
    else this.#later(dialogId);
  }

  /** Held messages wait for their moment. One that another tab has taken back is forgotten here, too. */
  #waits(entry) {
    if (entry.state !== "HELD") return false;
    const left = entry.held_until - this.now();
    if (left > 0) {
      this.timer(() => this.flush(entry.dialog_id), left);
      return true;
    }
    if (entry.isKept && this.storage.getItem(this.prefix + entry.command_id) === null) {
      this.drop(entry.command_id);
      this.flush(entry.dialog_id);
      return true;
    }
    this.#put({ ...entry, state: "QUEUED" });
    return false;
  }

  async #sendOne(entry) {
    try {
      const message = await this.send(entry);
      this.pause = FIRST_PAUSE;
      this.onSent(message);
      this.drop(entry.command_id);
      return true;
    } catch (error) {
      if (error.isTemporary) return false;
      if (this.entries.some((one) => one.command_id === entry.command_id)) {
        this.#put({ ...entry, state: "REFUSED", error: { code: error.code ?? "", message: error.message } });
      }
      return true;
    }
  }

  #later(dialogId) {
    this.timer(() => this.flush(dialogId), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  #put(entry) {
    const index = this.entries.findIndex((one) => one.command_id === entry.command_id);
    if (index < 0) this.entries.push(entry);
    else this.entries[index] = entry;
    try {
      entry.isKept = true;
      this.storage.setItem(this.prefix + entry.command_id, JSON.stringify(entry));
    } catch {
      // A full storage costs the copy that survives a reload, not the message.
      entry.isKept = false;
    }
    this.onChange();
  }

  #stored() {
    const keys = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index));
    return keys.filter((key) => key.startsWith(this.prefix)).map((key) => JSON.parse(this.storage.getItem(key)))
      .sort((left, right) => left.created_at.localeCompare(right.created_at));
  }
}

/** An outbox entry in the shape of a message, for the feed. */
export const asMessage = (entry, me) => ({
  id: null, dialog_id: entry.dialog_id, seq: null, revision: 0, command_id: entry.command_id, visibility: entry.visibility,
  author: { kind: "OPERATOR", id: me.id, name: me.name, native_name: null }, kind: "TEXT", text: entry.text, reply_to: entry.reply_to,
  attachments: entry.attachments, location: null, contact: null, service: null, buttons: null, mentions: entry.mentions ?? [],
  is_formatted: entry.is_formatted ?? false, details: null, reactions: [], held_until: entry.state === "HELD" ? entry.held_until : null,
  delivery: { state: entry.state === "REFUSED" ? "REFUSED" : "PENDING", error: entry.error },
  created_at: entry.created_at, edited_at: null, deleted_at: null, hidden_at: null, is_private_reply: Boolean(entry.reply_to?.isPrivate),
});
