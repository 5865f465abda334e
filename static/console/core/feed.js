/** The messages of one chat as the console knows them. Pure: no DOM, no network. */
const LIMIT = 1000;

/** `revision` says up to which revision of its dialog the feed is known to be whole. */
export const createFeed = (dialogId, revision) => ({
  dialogId, revision, messages: [], keys: new Map(), dialogs: new Map(), hasEarlier: false, isLoaded: false,
});

/** One key from the optimistic bubble to the stored message: it is replaced, never doubled. */
export const keyOf = (message) => (message.command_id && message.author.kind === "OPERATOR"
  ? `c${message.author.id}:${message.command_id}` : `m${message.id}`);

const isBefore = (left, right) => left.dialog_id - right.dialog_id || left.seq - right.seq;

/** Takes what is newer than the known; answers whether anything changed. */
export function mergeMessages(feed, messages) {
  let hasChanged = false;
  let isSorted = true;
  for (const message of messages) {
    const key = keyOf(message);
    const known = feed.keys.get(key);
    if (known && known.revision >= message.revision) continue;
    feed.keys.set(key, message);
    hasChanged = true;
    if (known) feed.messages[feed.messages.indexOf(known)] = message;
    else {
      const last = feed.messages.at(-1);
      isSorted &&= !last || isBefore(last, message) < 0;
      feed.messages.push(message);
    }
  }
  if (!isSorted) feed.messages.sort(isBefore);
  return hasChanged;
}

/** A page read over HTTP after the console knew its dialog at `revision`. */
export function mergePage(feed, page, revision, { isEarlier = false } = {}) {
  mergeMessages(feed, page.messages);
  for (const dialog of page.dialogs ?? []) feed.dialogs.set(dialog.id, dialog);
  if (isEarlier || !feed.isLoaded) feed.hasEarlier = page.has_earlier;
  if (!isEarlier) feed.revision = Math.max(feed.revision, revision);
  feed.isLoaded = true;
}

/** The answer to `?changed_after=`: whole up to the newest revision it names. */
export function mergeChanged(feed, messages, revision) {
  mergeMessages(feed, messages);
  feed.revision = messages.reduce((newest, message) => Math.max(newest, message.revision), Math.max(feed.revision, revision));
}

/** What a `dialog.changed` frame means for this feed: "applied", "known" (nothing new) or "gap" (must be fetched). */
export function mergeFrame(feed, frame) {
  if (frame.dialog.id !== feed.dialogId) {
    return feed.dialogs.has(frame.dialog.id) && mergeMessages(feed, frame.messages) ? "applied" : "known";
  }
  if (frame.dialog.revision <= feed.revision) return "known";
  if (!feed.isLoaded || frame.from_revision > feed.revision || leavesHole(feed, frame.messages)) return "gap";
  mergeMessages(feed, frame.messages);
  feed.revision = frame.dialog.revision;
  return "applied";
}

/** `seq` has no gaps inside a dialog, so a hole means that something was lost on the way. */
function leavesHole(feed, messages) {
  const own = feed.messages.filter((message) => message.dialog_id === feed.dialogId);
  let last = own.at(-1)?.seq;
  if (last === undefined) return false;
  for (const { seq, dialog_id: dialogId } of messages) {
    if (dialogId !== feed.dialogId || seq <= last) continue;
    if (seq > last + 1) return true;
    last = seq;
  }
  return false;
}

/** Forgets the oldest of a very long feed; they can be read again. */
export function trimFeed(feed) {
  if (feed.messages.length <= LIMIT) return false;
  const dropped = feed.messages.splice(0, feed.messages.length - LIMIT / 2);
  for (const message of dropped) feed.keys.delete(keyOf(message));
  feed.hasEarlier = true;
  return true;
}

export const oldestId = (feed) => feed.messages[0]?.id ?? null;
