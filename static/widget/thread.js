/** The conversation as this browser knows it. Pure: answers and frames in, truth out. */
import { dayKey } from "../console/core/time.js";

const GROUP_LASTS = 300_000;

export const createThread = () => ({ messages: [], dialogs: new Map(), hasEarlier: false, isLoaded: false });

export const keyOf = (message) => message.client_message_id ?? `m${message.id}`;

/** An answer of the server: the newest page, earlier messages, or what changed. */
export function mergeAnswer(thread, answer) {
  if (answer.is_reset) Object.assign(thread, createThread(), { isLoaded: true });
  if (answer.has_earlier !== null) thread.hasEarlier = answer.has_earlier;
  takeMessages(thread, answer.messages);
  answer.dialogs.forEach((dialog) => takeDialog(thread, dialog));
}

/** Answers false when something is missing between what is known and the frame: then the server must be asked. */
export function applyFrame(thread, { from_revision: from, dialog, messages }) {
  const known = thread.dialogs.get(dialog.number);
  if (!thread.isLoaded) return false;
  if (!known && dialog.number < newestDialog(thread)) return true;
  if ((known?.revision ?? 0) < from) return false;
  takeMessages(thread, messages);
  takeDialog(thread, dialog);
  return true;
}

/** A heartbeat's word on the newest dialog: false when this browser is behind. */
export function isUpToDate(thread, dialog) {
  if (!dialog) return true;
  const known = thread.dialogs.get(dialog.number);
  if (!known || known.revision < dialog.revision) return false;
  takeDialog(thread, dialog);
  return true;
}

/** What was just sent is known by itself; what the dialog said meanwhile is not. */
export function takeSent(thread, { message, dialog }) {
  takeMessages(thread, [message]);
  takeDialog(thread, { ...dialog, revision: thread.dialogs.get(dialog.number)?.revision ?? 0 });
}

export const knownRevisions = (thread) => [...thread.dialogs.values()].slice(-100).map(({ number, revision }) => `${number}:${revision}`).join(",");

/** What is finished, or about to be, needs no finishing. */
export function canFinish(thread) {
  const newest = thread.dialogs.get(newestDialog(thread));
  return Boolean(newest?.is_open && !newest.is_closing);
}

export const oldestId = (thread) => thread.messages[0]?.id ?? null;

const newestDialog = (thread) => Math.max(0, ...thread.dialogs.keys());
const isFromStaff = (message) => message.author.kind !== "VISITOR";

export const lastFromStaff = (thread) => thread.messages.findLast(isFromStaff) ?? null;
export const unreadAfter = (thread, id) => thread.messages.filter((message) => isFromStaff(message) && message.id > id && !message.deleted_at);

function takeMessages(thread, messages) {
  for (const message of messages) {
    const index = thread.messages.findIndex(({ id }) => id === message.id);
    if (index < 0) thread.messages.push(message);
    else if (message.revision > thread.messages[index].revision) thread.messages[index] = message;
  }
  thread.messages.sort((left, right) => left.id - right.id);
}

/** News may come out of order: revisions and read marks only grow, and what is finished stays finished. */
function takeDialog(thread, dialog) {
  const known = thread.dialogs.get(dialog.number) ?? dialog;
  thread.dialogs.set(dialog.number, {
    number: dialog.number,
    revision: Math.max(known.revision, dialog.revision),
    read_seq: Math.max(known.read_seq, dialog.read_seq),
    is_open: known.is_open && dialog.is_open,
    is_closing: (dialog.revision < known.revision ? known : dialog).is_closing ?? false,
    // Frames don't say where in the queue a dialog is: then it is where it was.
    waiting: dialog.waiting === undefined ? known.waiting ?? null : dialog.waiting,
  });
}

/** The place in the queue of what is not answered yet. */
export function waitingNow(thread) {
  const newest = thread.dialogs.get(newestDialog(thread));
  return newest?.is_open ? newest.waiting : null;
}

/** What is painted: days, ends of dialogs, messages in groups; `pending` are those on their way. */
export function threadItems(thread, pending) {
  const stored = new Set(thread.messages.map(keyOf));
  const all = [...thread.messages, ...pending.filter((message) => !stored.has(keyOf(message)))];
  const items = [];
  all.forEach((message, index) => {
    const before = all[index - 1];
    if (before && message.dialog && before.dialog !== message.dialog) items.push(endOf(before.dialog));
    if (!before || dayKey(before.created_at) !== dayKey(message.created_at)) items.push({ key: `day:${message.created_at}`, kind: "day", at: message.created_at });
    const isFirst = items.at(-1)?.kind !== "message" || !isSameVoice(before, message);
    items.push({ key: keyOf(message), kind: "message", message, isFirst, tick: tickOf(thread, message) });
  });
  const last = all.at(-1)?.dialog;
  if (last && !thread.dialogs.get(last)?.is_open) items.push(endOf(last));
  return items;
}

const endOf = (number) => ({ key: `end:${number}`, kind: "end" });

const isSameVoice = (left, right) => left.author.kind === right.author.kind && left.author.name === right.author.name
  && Date.parse(right.created_at) - Date.parse(left.created_at) < GROUP_LASTS;

function tickOf(thread, message) {
  if (message.author.kind !== "VISITOR") return null;
  if (message.id === null) return message.state;
  return message.seq <= (thread.dialogs.get(message.dialog)?.read_seq ?? 0) ? "READ" : "SENT";
}
