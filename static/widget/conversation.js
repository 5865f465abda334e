/** Keeps the thread true: catches up, sends what waits, says what was read. */
import { Outbox } from "../console/core/outbox.js";
import { Receipts } from "./receipts.js";
import { applyFrame, createThread, isUpToDate, knownRevisions, lastFromStaff, mergeAnswer, oldestId, takeSent, threadItems, unreadAfter } from "./thread.js";

const NOBODY = { kind: "VISITOR", name: "" };

export class Conversation extends EventTarget {
  thread = createThread();
  #asking = null;
  #isAskedAgain = false;

  /** `details()` gives what goes with every message: where the visitor is and who they say they are. */
  constructor({ server, shelf, details, isSeen }) {
    super();
    Object.assign(this, { server, shelf, details, isSeen });
    this.receipts = new Receipts((wanted) => server.post("receipts/", wanted));
    this.outbox = new Outbox({
      storage: shelf.storage, owner: server.root, send: (entry) => this.#send(entry), onChange: () => this.#changed(),
      onSent: (answer) => { takeSent(this.thread, answer); this.#changed(); this.#lineIs(true); },
      timer: (work, milliseconds) => setTimeout(work, milliseconds),
    });
  }

  get isBegun() {
    return this.thread.messages.length > 0 || this.outbox.entries.length > 0;
  }

  items() {
    return threadItems(this.thread, this.outbox.entries.map(asMessage));
  }

  write({ text, attachments }) {
    this.outbox.add({ command_id: crypto.randomUUID?.() ?? uuid(), dialog_id: 0, text, attachments, created_at: new Date().toISOString() });
  }

  async #send(entry) {
    const files = entry.attachments.map(({ id }) => id);
    try {
      return await this.server.post("messages/", { client_message_id: entry.command_id, text: entry.text, attachments: files, ...this.details() });
    } catch (error) {
      if (error.isOffline) this.#lineIs(false);
      if (error.code === "invalid") this.dispatchEvent(new CustomEvent("refused", { detail: error.fields }));
      throw error;
    }
  }

  hear(frame) {
    if (frame.type === "typing") this.dispatchEvent(new CustomEvent("typing", { detail: frame.name }));
    const isWhole = frame.type === "chat.changed" ? applyFrame(this.thread, frame) : frame.type !== "heartbeat" || isUpToDate(this.thread, frame.dialog);
    if (isWhole) this.#changed();
    else this.catchUp();
  }

  /** One question at a time; what rings meanwhile is asked about once more afterwards. */
  catchUp() {
    this.#isAskedAgain = true;
    this.#asking ??= this.#ask().finally(() => { this.#asking = null; });
    return this.#asking;
  }

  async #ask() {
    try {
      while (this.#isAskedAgain) {
        this.#isAskedAgain = false;
        const known = this.thread.isLoaded ? knownRevisions(this.thread) : "";
        mergeAnswer(this.thread, await this.server.get(`messages/?after_revision=${known}`));
      }
      this.#lineIs(true);
      this.receipts.again();
      this.outbox.flushAll();
    } catch (error) {
      this.#lineIs(!error.isOffline);
    }
    this.#changed();
  }

  async loadEarlier() {
    mergeAnswer(this.thread, await this.server.get(`messages/?before=${oldestId(this.thread)}`));
    this.#changed();
  }

  async finish() {
    await this.server.post("finish/", {});
    await this.catchUp();
  }

  async rate(dialog, score, comment) {
    await this.server.post("rating/", { dialog, score, comment });
    await this.catchUp();
  }

  /** The server no longer knows this visitor; what was not sent yet goes out in a new conversation. */
  forget() {
    this.thread = createThread();
    this.shelf.set("read", null);
    this.#changed();
  }

  /** Something was painted, opened or scrolled to: what is on screen counts as read. */
  noteSeen() {
    const last = lastFromStaff(this.thread);
    if (!last) return;
    const isSeen = this.isSeen();
    if (isSeen && last.id > this.readId) this.shelf.set("read", last.id);
    this.receipts.note({ delivered: last.id, read: isSeen ? last.id : 0 });
  }

  get readId() {
    return this.shelf.get("read", 0);
  }

  unread() {
    return unreadAfter(this.thread, this.readId);
  }

  #lineIs(isUp) {
    this.dispatchEvent(new CustomEvent("line", { detail: isUp }));
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** What is on its way, in the shape of a message. */
const asMessage = (entry) => ({
  id: null, dialog: 0, seq: null, revision: 0, client_message_id: entry.command_id, author: NOBODY, kind: entry.attachments[0]?.kind ?? "TEXT",
  text: entry.text, reply_to: null, rating: null, attachments: entry.attachments, created_at: entry.created_at, edited_at: null, deleted_at: null,
  state: entry.state === "REFUSED" ? "REFUSED" : "PENDING", error: entry.error,
});

/** Where the page is not secure (plain http), browsers hide randomUUID. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
