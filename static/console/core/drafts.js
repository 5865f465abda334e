/** What was begun and not sent, per dialog: kept here at once, on the server about once a second, shown by all of the
 *  operator's devices. The newest by `updatedAt` wins; a text without words is no draft. No DOM. */
const PAUSE = 1000;
const RETRY = 5000;

export class Drafts {
  #timers = new Map();
  #kept = null;

  /** `send(dialogId, draft, {isLeaving})` rejects with {isTemporary}; `now()` is the server's time as ISO. */
  constructor({ storage, owner, send, now, onChange, timer = (run, pause) => setTimeout(run, pause) }) {
    Object.assign(this, { storage, send, now, onChange, timer, prefix: `draft:${owner}:` });
  }

  of(dialogId) {
    const draft = this.#all().get(dialogId);
    return draft?.text.trim() ? draft : null;
  }

  /** Typed here. */
  keep(dialogId, { text, visibility, replyTo = null }) {
    const known = this.of(dialogId);
    const isEmpty = !text.trim();
    if (known ? known.text === text && known.visibility === visibility && known.replyTo?.id === replyTo?.id : isEmpty) return;
    this.#put(dialogId, { text: isEmpty ? "" : text, visibility, replyTo, updatedAt: this.now(), isSaved: false });
    this.#plan(dialogId, PAUSE);
  }

  /** From the server: all of them, as boot and sync tell. */
  takeAll(drafts) {
    const told = new Map(drafts.map((draft) => [draft.dialog_id, draft]));
    for (const [id, own] of [...this.#all()]) {
      if (!own.isSaved) this.#plan(id, 0);
      else if (!told.has(id)) this.#drop(id);
    }
    for (const [id, draft] of told) this.take({ dialog_id: id, draft, updated_at: draft.updated_at });
  }

  /** From the server: one that changed on some device of ours. */
  take({ dialog_id: id, draft, updated_at: updatedAt }) {
    const own = this.#all().get(id);
    if (own && own.updatedAt >= updatedAt) return;
    if (draft) this.#put(id, { text: draft.text, visibility: draft.visibility, replyTo: draft.reply_to, updatedAt, isSaved: true });
    else if (own) this.#drop(id);
  }

  /** At once what waits for its second, because the page goes or another dialog comes. */
  flush({ isLeaving = false } = {}) {
    for (const id of [...this.#timers.keys()]) this.#save(id, isLeaving);
  }

  /** Another tab wrote or dropped it. */
  reload(key) {
    if (!key?.startsWith(this.prefix)) return;
    const id = Number(key.slice(this.prefix.length));
    const stored = this.#stored(key);
    const own = this.#all().get(id);
    if (stored && own && own.updatedAt >= stored.updatedAt) return;
    if (stored) this.#all().set(id, stored);
    else this.#all().delete(id);
    this.onChange(id);
  }

  #plan(id, pause) {
    if (!this.#timers.has(id)) this.#timers.set(id, this.timer(() => this.#save(id), pause));
  }

  async #save(id, isLeaving = false) {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    const draft = this.#all().get(id);
    if (!draft || draft.isSaved) return;
    try {
      await this.send(id, draft, { isLeaving });
    } catch (error) {
      if (error.isTemporary) this.#plan(id, RETRY);
      return;
    }
    if (this.#all().get(id) !== draft) return;
    if (draft.text) this.#store(id, Object.assign(draft, { isSaved: true }));
    else this.#forget(id);
  }

  #put(id, draft) {
    this.#all().set(id, draft);
    this.#store(id, draft);
    this.onChange(id);
  }

  #drop(id) {
    this.#forget(id);
    this.onChange(id);
  }

  #forget(id) {
    this.#all().delete(id);
    this.storage.removeItem(this.prefix + id);
  }

  #store(id, draft) {
    try {
      this.storage.setItem(this.prefix + id, JSON.stringify(draft));
    } catch { /* a full storage must not stop anyone from writing */ }
  }

  #all() {
    if (this.#kept) return this.#kept;
    const keys = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index)).filter((key) => key.startsWith(this.prefix));
    this.#kept = new Map(keys.map((key) => [Number(key.slice(this.prefix.length)), this.#stored(key)]).filter(([, draft]) => draft));
    return this.#kept;
  }

  #stored(key) {
    try {
      const draft = JSON.parse(this.storage.getItem(key));
      return draft && { replyTo: null, isSaved: false, updatedAt: "", ...draft };
    } catch {
      return null;
    }
  }
}
