/** What an operator does with a dialog. Answers come back as dialogs; refusals as a word on the screen. */
import { get, patch, post, put, remove } from "./api.js";
import { asOperator } from "./day.js";
import { askedFilters } from "./filters.js";
import { mergeMessages } from "./feed.js";
import { applyDialog, dialogOf } from "./state.js";
import { store } from "./store.js";
import { errorWords } from "./names.js";

const { state } = store;
const FILES_PER_MESSAGE = 10;
const DOUBLE_PRESS = 1000;
const running = new Map();

/** Words on the screen for a moment: `say("Copied")`, or with an action to take. */
export const say = (text, options = {}) => dispatchEvent(new CustomEvent("console:say", { detail: { text, ...options } }));
export function complain(error) {
  if (error.isSignedOut) location.reload();
  else say(errorWords(error), { isBad: true });
}

/** One at a time per key: the same once more is a double click, and one command; another waits for its turn, since
 *  whoever works by keys is quicker than the answers. Answers null when refused. */
export function run(key, command, name = "") {
  const before = running.get(key);
  if (before?.name === name) return Promise.resolve(null);
  const turn = { name };
  turn.done = attempt(before, command).finally(() => {
    if (running.get(key) === turn) running.delete(key);
    store.touch("dialogs");
  });
  running.set(key, turn);
  store.touch("dialogs");
  return turn.done;
}

async function attempt(before, command) {
  await before?.done;
  try {
    return await command();
  } catch (error) {
    complain(error);
    return null;
  }
}

export const isRunning = (dialogId) => running.has(`dialog:${dialogId}`);

/** `send` is post, put or remove of the API. */
export const command = (dialogId, verb, body, send = post) => run(`dialog:${dialogId}`, () => tell(dialogId, verb, body, send), verb);

/** Throws what the server refuses, for those who tell it in their own words. */
export async function tell(dialogId, verb, body, send = post) {
  const dialog = await send(`dialogs/${dialogId}/${verb}/`, body);
  // Whoever hands a dialog on may no longer see it: what was taken away meanwhile does not come back.
  if (dialogOf(state, dialogId)) store.take(applyDialog(state, dialog));
  return dialog;
}

function claim(dialogId, verb) {
  state.claimed.add(dialogId);
  state.released.delete(dialogId);
  return command(dialogId, verb);
}

function release(dialogId, verb, body) {
  state.claimed.delete(dialogId);
  state.released.add(dialogId);
  return command(dialogId, verb, body);
}

export const answer = (dialogId) => claim(dialogId, "answer");
export const takeOver = (dialogId) => claim(dialogId, "take-over");
export const reopen = (dialogId) => claim(dialogId, "reopen");
export const skip = (dialogId) => release(dialogId, "skip");
/** `field` says what the target is: operator_id, group_id or line_id. */
export const transfer = (dialogId, { field, id }, note = "") => release(dialogId, "transfer", { [field]: id, note });
export const giveBack = (dialogId, note = "") => release(dialogId, "return", { note });

export const invite = (dialogId, operatorIds) => command(dialogId, "invite", { operator_ids: operatorIds });
export const leaveDialog = (dialogId) => release(dialogId, "leave");
export const takeOut = (dialogId, operatorId) => run(`dialog:${dialogId}`, async () => {
  const dialog = await remove(`dialogs/${dialogId}/participants/${operatorId}/`);
  store.take(applyDialog(state, dialog));
  return dialog;
}, `take-out:${operatorId}`);

/** Pressed again, it closes at once what would be closed in a while: a double click shall not do that. */
let lastFinish = { dialogId: null, at: 0 };
export function finish(dialogId, asSpam = false, topicId = null) {
  const isDouble = !asSpam && lastFinish.dialogId === dialogId && Date.now() - lastFinish.at < DOUBLE_PRESS;
  lastFinish = { dialogId, at: Date.now() };
  return isDouble ? null : command(dialogId, "finish", { as_spam: asSpam, topic_id: topicId });
}
export const pin = (dialogId) => command(dialogId, "pin", { is_pinned: !dialogOf(state, dialogId).is_pinned });
export const rateWork = (dialogId, score, comment) => run(`dialog:${dialogId}`, () => tell(dialogId, "supervisor-rating", { score, comment }, put), "rate");
export const createLead = (dialogId) => run(`lead:${dialogId}`, () => post(`dialogs/${dialogId}/lead/`));
export const transferTargets = (dialogId) => get(`dialogs/${dialogId}/transfer-targets/`);
/** Approved texts of a channel; one goes out also when the client wrote too long ago. A lost answer sends none twice. */
export const templatesOf = (channelId) => get(`channels/${channelId}/templates/`);
const templateIds = new Map();
export function sendTemplate(dialogId, template, parameters) {
  const key = JSON.stringify([dialogId, template, parameters]);
  if (!templateIds.has(key)) templateIds.set(key, newId());
  return run(`template:${dialogId}`, async () => {
    const message = await post(`dialogs/${dialogId}/templates/`, { template, parameters, command_id: templateIds.get(key) });
    templateIds.delete(key);
    const isShown = state.feed?.dialogId === dialogId || state.feed?.dialogs.has(dialogId);
    if (isShown && mergeMessages(state.feed, [message])) store.touch("feed");
    return message;
  }, key);
}
export const decisionsOf = (dialogId) => get(`dialogs/${dialogId}/decisions/`);

/** What the operator has seen. Not worth a complaint: the next look says it again. */
export function markRead(dialog) {
  post(`dialogs/${dialog.id}/read/`, { seq: dialog.last_seq }).catch(() => {});
}

const messageCommand = (message, call) => run(`message:${message.id}`, async () => {
  const changed = await call();
  if (changed && state.feed && mergeMessages(state.feed, [changed])) store.touch("feed");
  return changed ?? true;
});
export const editMessage = (message, text, isFormatted) => messageCommand(message, () => patch(`messages/${message.id}/`, { text, is_formatted: isFormatted }));
export const moderateComment = (message, action) => run(`message:${message.id}`, () => post(`messages/${message.id}/moderation/`, { action }));
export const deleteMessage = (message) => messageCommand(message, () => remove(`messages/${message.id}/`));
export const confirmArrival = (message) => messageCommand(message, () => post(`messages/${message.id}/arrived/`));
export const retryMessage = (message) => messageCommand(message, () => post(`messages/${message.id}/retry/`));

let lastStep = Promise.resolve();
/** A step of the operator's own day: start, pause, resume, end. One after the other, none is lost; everyone's consoles hear of it. */
export function takeStep(step, body) {
  lastStep = lastStep.then(() => run("day", async () => {
    const day = await post(`working-day/${step}/`, body);
    state.me = { ...state.me, ...asOperator(day) };
    state.operators.set(state.me.id, { ...state.operators.get(state.me.id), ...asOperator(day) });
    store.touch("operators");
  }));
  return lastStep;
}
export const readDay = () => get("working-day/");
export const readFigures = () => get("me/today/");

export const readClient = (clientId) => get(`clients/${clientId}/`);
export const changeClient = (clientId, changes) => run(`client:${clientId}`, () => patch(`clients/${clientId}/`, changes));
export const searchDialogs = ({ tab, search, filters }) => get(`dialogs/?${new URLSearchParams({ tab, search, ...askedFilters(filters, tab) })}`);
export const moreDialogs = (next) => get(next);
export const readFound = (path) => get(path);

/** Everything new goes through the outbox: at once on screen, later on the server. */
const undoTime = () => (state.settings?.undo_seconds ?? 0) * 1000;
export function sendMessage({ dialogId, text, visibility, replyTo, attachments, mentions = [], isFormatted = false, words = text }) {
  const rest = attachments.slice(FILES_PER_MESSAGE);
  store.outbox.add({
    command_id: newId(), dialog_id: dialogId, text, visibility, reply_to: replyTo, mentions, is_formatted: isFormatted, words, attachments: attachments.slice(0, FILES_PER_MESSAGE),
    created_at: new Date(Date.now() + state.clockOffset).toISOString(),
  }, undoTime());
  if (rest.length) sendMessage({ dialogId, text: "", visibility, replyTo: null, attachments: rest });
}

/** crypto.randomUUID() exists on secure pages only; an office network may have no certificate. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
