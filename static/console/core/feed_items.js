/** From messages to what is painted: days, ends of dialogs, groups of bubbles. Pure. */
import { keyOf } from "./feed.js";
import { dayKey } from "./time.js";

const GROUP_LASTS = 300_000;

/** `pending` are the outbox's messages of this dialog: painted at the end until the stored ones take their keys. */
export function feedItems(feed, pending, clientReadSeq) {
  const unsent = pending.filter((message) => !feed.keys.has(keyOf(message)));
  const items = [];
  let before = null;
  for (const message of [...feed.messages, ...unsent]) {
    if (before && before.dialog_id !== message.dialog_id) items.push(dialogEnd(feed, before));
    if (!before || dayKey(before.created_at) !== dayKey(message.created_at)) items.push(day(message));
    items.push(itemOf(message, before, feed, clientReadSeq));
    before = message;
  }
  markLast(items);
  return items;
}

const day = (message) => ({ key: `day:${dayKey(message.created_at)}:${message.dialog_id}`, kind: "day", at: message.created_at });

const dialogEnd = (feed, message) => ({
  key: `end:${message.dialog_id}`, kind: "end", dialogId: message.dialog_id, at: feed.dialogs.get(message.dialog_id)?.closed_at ?? null,
});

function itemOf(message, before, feed, clientReadSeq) {
  const kind = kindOf(message);
  const isContinued = kind === "bubble" && before !== null && kindOf(before) === "bubble" && isSameVoice(before, message);
  const isRead = message.dialog_id === feed.dialogId && message.seq !== null && message.seq <= clientReadSeq;
  return { key: keyOf(message), kind, message, isFirst: !isContinued, isLast: true, isRead };
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
