/** From messages to what is painted: days, ends of dialogs, groups of bubbles. Pure. */
import { keyOf } from "./feed.js";
import { dayKey } from "./time.js";

const GROUP_LASTS = 300_000;

/** `pending` are the outbox's messages of this dialog: painted at the end until the stored ones take their keys. */
export function feedItems(feed, pending, clientReadSeq) {
  const unsent = pending.filter((message) => !feed.keys.has(keyOf(message)));
  const messages = [...feed.messages, ...unsent];
  const lasts = new Map(messages.map((message) => [message.dialog_id, message]));
  const days = new Set();
  const items = [];
  let before = null;
  for (const message of messages) {
    const mark = dayMark(message);
    if (!days.has(mark.key) && (!before || dayKey(before.created_at) !== dayKey(message.created_at))) items.push(mark);
    days.add(mark.key);
    items.push(itemOf(message, before, feed, clientReadSeq));
    if (lasts.get(message.dialog_id) === message) items.push(...endOf(feed, message));
    before = message;
  }
  markLast(items);
  markTiles(items);
  return items;
}

const dayMark = (message) => ({ key: `day:${dayKey(message.created_at)}:${message.dialog_id}`, kind: "day", at: message.created_at });

/** Under the last words of a dialog that is over; where more follows that is not read here, only if they are known to be the last. */
function endOf(feed, message) {
  const span = feed.dialogs.get(message.dialog_id);
  if (!span?.closed_at || (feed.hasLater && message === feed.messages.at(-1) && message.seq !== span.last_seq)) return [];
  return [{ key: `end:${span.id}:${span.closed_at}:${span.topic?.id}:${span.rating?.score}:${span.rating?.supervisor_score}`, kind: "end", span }];
}

function itemOf(message, before, feed, clientReadSeq) {
  const kind = kindOf(message);
  const isContinued = kind === "bubble" && before !== null && kindOf(before) === "bubble" && isSameVoice(before, message);
  const isRead = message.dialog_id === feed.dialogId && message.seq !== null && message.seq <= clientReadSeq;
  return { key: keyOf(message), kind, message, isFirst: !isContinued, isLast: true, isRead, channel: strangeChannel(feed, message) };
}

/** The channel of a message that came by another one than the dialog on screen. */
function strangeChannel(feed, message) {
  const here = feed.dialogs.get(feed.dialogId)?.channel;
  const there = feed.dialogs.get(message.dialog_id)?.channel;
  return here && there && here.id !== there.id ? there : null;
}

function kindOf(message) {
  if (message.author.kind === "SYSTEM") return "service";
  return message.visibility === "STAFF" ? "whisper" : "bubble";
}

const isSameVoice = (left, right) => left.author.kind === right.author.kind && left.author.id === right.author.id
  && left.dialog_id === right.dialog_id && dayKey(left.created_at) === dayKey(right.created_at)
  && Date.parse(right.created_at) - Date.parse(left.created_at) < GROUP_LASTS;

function markLast(items) {
  items.forEach((item, index) => {
    const next = items[index + 1];
    if (item.kind === "bubble" && next?.kind === "bubble") item.isLast = next.isFirst;
  });
}

/** Pictures that were sent as one album come as messages of their own: side by side they are one again. What has words of
 *  its own stays a bubble. */
function markTiles(items) {
  items.forEach((item, index) => {
    item.isTile = item.kind === "bubble" && item.message.author.kind === "CLIENT" && isBarePicture(item.message) && [items[index - 1], items[index + 1]].some((other) => isOfAlbum(item, other));
  });
}

const isBarePicture = ({ attachments, text, details, deleted_at: deletedAt, reply_to: replyTo, reactions, location, contact }) => attachments.length === 1 && attachments[0].kind === "IMAGE"
  && attachments[0].state === "READY" && Boolean(details?.album) && !(text || deletedAt || replyTo || reactions?.length || location || contact || details.forwarded_from);
const isOfAlbum = ({ message }, other) => other?.kind === "bubble" && other.message.details?.album === message.details.album && isSameVoice(other.message, message);

/** A window of at most `size` items: the newest, or those that end with the item `endKey`. */
export function windowOf(items, endKey, size) {
  const found = endKey === null ? -1 : items.findIndex((item) => item.key === endKey);
  const end = found < 0 ? items.length : found + 1;
  const start = Math.max(0, end - size);
  return { shown: items.slice(start, end), start, end, isAtEnd: end === items.length };
}

/** Where the window ends after it moved by `step` items (negative: to older ones); null is the newest. */
export function movedEnd(items, endKey, step, size) {
  const { end } = windowOf(items, endKey, size);
  const target = Math.min(items.length, Math.max(Math.min(size, items.length), end + step));
  return target === items.length ? null : items[target - 1].key;
}
