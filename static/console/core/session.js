/** Keeps the store true: boot, sync, frames, and the feed on screen. */
import { get, post } from "./api.js";
import { createFeed, mergeChanged, mergePage, oldestId, trimFeed } from "./feed.js";
import { applyBoot, applyDialog, applyFrame, applySync, dialogOf, knownRevisions } from "./state.js";
import { store } from "./store.js";

const PAGE = 50;
const PATIENCE = 250;
const { state } = store;
let isBooted = false;
let syncing = null;
let isSyncWanted = false;
const waitingForChanges = new Map();

export const isReady = () => isBooted;

export async function boot() {
  store.take(applyBoot(state, await get("console/"), Date.now()));
  isBooted = true;
  if (isSyncWanted) sync();
}

export function hear(frame) {
  if (frame.type === "hello" && !isBooted) isSyncWanted = true;
  else if (isBooted) store.take(applyFrame(state, frame, Date.now()));
  else isSyncWanted = true;
}

/** One question at a time; what is asked meanwhile is asked once more afterwards. Answers whether it was answered. */
export function sync() {
  isSyncWanted = true;
  syncing ??= syncUntilTrue().finally(() => { syncing = null; });
  return syncing;
}

async function syncUntilTrue() {
  while (isSyncWanted && isBooted) {
    isSyncWanted = false;
    const sent = knownRevisions(state);
    try {
      store.take(applySync(state, await post("console/sync/", { known: sent }), sent, Date.now()));
    } catch (error) {
      if (!error.isTemporary) throw error;
      return false;
    }
  }
  return true;
}

/** Puts a dialog on screen. Rejects when it can't be read. */
export async function openFeed(dialogId) {
  state.selectedId = dialogId;
  state.feed = createFeed(dialogId, 0);
  store.touch("selection", "feed", "dialogs");
  const { feed } = state;
  const isWanted = () => state.feed === feed;
  if (!dialogOf(state, dialogId)) await refetch(dialogId);
  const { revision } = dialogOf(state, dialogId) ?? { revision: 0 };
  const page = await get(`dialogs/${dialogId}/messages/?limit=${PAGE}`);
  if (!isWanted()) return;
  mergePage(feed, page, revision);
  store.touch("feed");
  if (feed.revision < (dialogOf(state, dialogId)?.revision ?? 0)) fetchChanges(dialogId);
}

export async function refetch(dialogId) {
  const dialog = await get(`dialogs/${dialogId}/`);
  if (dialog.state === "CLOSED") state.closed.set(dialog.id, dialog);
  store.take(applyDialog(state, dialog));
}

let loadingEarlier = null;
export function loadEarlier() {
  const { feed } = state;
  if (!feed?.isLoaded || !feed.hasEarlier) return Promise.resolve();
  loadingEarlier ??= get(`dialogs/${feed.dialogId}/messages/?before=${oldestId(feed)}&limit=${PAGE}`)
    .then((page) => {
      mergePage(feed, page, 0, { isEarlier: true });
      if (state.feed === feed) store.touch("feed");
    })
    .finally(() => { loadingEarlier = null; });
  return loadingEarlier;
}

/** Waits a moment first: mostly the frame with the messages is already on its way. */
export function fetchChanges(dialogId) {
  if (waitingForChanges.has(dialogId)) return;
  waitingForChanges.set(dialogId, setTimeout(async () => {
    waitingForChanges.delete(dialogId);
    const { feed } = state;
    const dialog = dialogOf(state, dialogId);
    if (feed?.dialogId !== dialogId || !feed.isLoaded || !dialog || feed.revision >= dialog.revision) return;
    try {
      const answer = await get(`dialogs/${dialogId}/messages/?changed_after=${feed.revision}`);
      mergeChanged(feed, answer.messages, dialog.revision);
      if (state.feed === feed) store.touch("feed");
    } catch { /* the next heartbeat or reconnect asks again */ }
  }, PATIENCE));
}

export function trim() {
  if (state.feed && trimFeed(state.feed)) store.touch("feed");
}

export const isOnScreen = (dialogId) => state.selectedId === dialogId && !document.hidden;
