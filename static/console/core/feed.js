/** The messages of one client, over all of their dialogs, as the console knows them around one of these. Pure: no DOM, no network. */
const LIMIT = 1000;

/** `revision` says up to which revision of its dialog the feed is known to be whole; the spans in `dialogs` say it of the others. */
export const createFeed = (dialogId, revision, clientId = null) => ({
  dialogId, revision, clientId, messages: [], keys: new Map(), dialogs: new Map(), early: [], hasEarlier: false, hasLater: false, isLoaded: false,
});

/** One key from the optimistic bubble to the stored message: it is replaced, never doubled. */
export const keyOf = (message) => (message.command_id && message.author.kind === "OPERATOR"
  ? `c${message.author.id}:${message.command_id}` : `m${message.id}`);

/** Ids grow inside a dialog, and between dialogs they go with the time. */
const isBefore = (left, right) => left.id - right.id;
export const oldestId = (feed) => feed.messages[0]?.id ?? null;
export const newestId = (feed) => feed.messages.at(-1)?.id ?? null;

/** What stands in a part of the history that is not read here would leave a hole beside it: paging brings it. */
const isOutside = (feed, { id }) => feed.messages.length > 0
  && ((feed.hasEarlier && id < oldestId(feed)) || (feed.hasLater && id > newestId(feed)));

/** Takes what is newer than the known; answers whether anything changed. */
export const mergeMessages = (feed, messages) => take(feed, messages.filter((message) => !isOutside(feed, message)));

function take(feed, messages) {
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

/** A page read over HTTP after the console knew its dialog at `revision`. `side` says where it joins what is known:
 *  "earlier", "later", "refill" (the newest, once more), or nowhere, for the first one. */
export function mergePage(feed, page, revision, { side = null } = {}) {
  const isFirst = !feed.isLoaded;
  take(feed, page.messages);
  // What is on screen of a dialog is known up to the revision it was read at, whatever a page beside it says.
  for (const span of page.dialogs ?? []) if (isFirst || side === "refill" || !feed.dialogs.has(span.id)) noteSpan(feed, span);
  if (isFirst || side === "earlier") feed.hasEarlier = page.has_earlier;
  if (isFirst || side === "later") feed.hasLater = page.has_later ?? false;
  if (isFirst) feed.revision = Math.max(feed.revision, revision);
  feed.isLoaded = true;
  for (const frame of feed.early.splice(0)) mergeFrame(feed, frame);
}

/** What is known of a dialog beside its messages; what an older state says is not taken. */
function noteSpan(feed, span) {
  const known = feed.dialogs.get(span.id);
  if (!known || (span.revision ?? 0) >= (known.revision ?? 0)) feed.dialogs.set(span.id, { ...known, ...span });
}

/** The feed's own dialog changed: how it ended, and what came of it. */
export function noteDialog(feed, dialog) {
  if (dialog.id === feed.dialogId) noteSpan(feed, spanOf(dialog));
}

const spanOf = ({ id, revision, channel, line, owner_id: owner, topic, rating, close_reason, opened_at, closed_at, last_seq }) => ({
  id, revision, channel, line, operator: owner ? { id: owner, name: "" } : null, topic, rating, close_reason, opened_at, closed_at, last_seq,
});

/** The answer to `?changed_after=`: whole up to the newest revision it names. */
export function mergeChanged(feed, messages, revision) {
  mergeMessages(feed, messages);
  feed.revision = messages.reduce((newest, message) => Math.max(newest, message.revision), Math.max(feed.revision, revision));
}

/** What a frame means for this feed: "applied", "known" (nothing new), "gap" (its dialog must be asked for what changed)
 *  or "hole" (something between the other dialogs is missing: the newest page must be read again). */
export function mergeFrame(feed, frame) {
  if (frame.dialog?.id !== feed.dialogId) return mergeBeside(feed, frame);
  noteDialog(feed, frame.dialog);
  if (frame.dialog.revision <= feed.revision) return "known";
  if (!feed.isLoaded || frame.from_revision > feed.revision || leavesHole(feed, frame.messages)) return "gap";
  mergeMessages(feed, frame.messages);
  feed.revision = frame.dialog.revision;
  return "applied";
}

/** Another dialog of the same client stands in the same history. */
function mergeBeside(feed, frame) {
  if ((frame.client_id ?? frame.dialog.client.id) !== feed.clientId) return "known";
  if (!feed.isLoaded) return feed.early.push(frame) && "known";
  const span = frame.span ?? spanOf(frame.dialog);
  const known = feed.dialogs.get(span.id);
  if (span.revision <= (known?.revision ?? 0)) return "known";
  const isSeen = known || frame.messages.some((message) => !isOutside(feed, message));
  if (!isSeen) return "known";
  if (frame.from_revision > (known?.revision ?? 0)) return "hole";
  noteSpan(feed, span);
  mergeMessages(feed, frame.messages);
  return "applied";
}

/** `seq` has no gaps inside a dialog, so a hole means that something was lost on the way. */
function leavesHole(feed, messages) {
  if (feed.hasLater) return false;
  let last = feed.messages.findLast((message) => message.dialog_id === feed.dialogId)?.seq;
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
