/** Keeps the store true: boot, sync, frames, and the feed on screen. */
import { get, post } from "./api.js";
import { createFeed, mergeChanged, mergePage, newestId, oldestId, trimFeed } from "./feed.js";
import { applyBoot, applyDialog, applyDictionaries, applyFrame, applySync, dialogOf, knownRevisions } from "./state.js";
import { store } from "./store.js";

export const PAGE = 50;
/** A page read ahead that is so many changes old is read anew. */
export const STALE = 20;
/** First pages that were read ahead, by dialog: {page, revision}; core/prefetch.js fills it. */
export const pages = new Map();
const PATIENCE = 250;
const SPREAD = 1500;
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

/** Lines, tags or topics are others. Everyone hears it at the same moment, and not everyone asks at the same moment. */
let asking = null;
export function readDictionaries() {
  asking ??= setTimeout(async () => {
    asking = null;
    try {
      store.take(applyDictionaries(state, await get("console/dictionaries/")));
    } catch { /* the next reconnect asks again */ }
  }, Math.random() * SPREAD);
}

/** Puts a dialog on screen, at its end or at one of its messages. Rejects when it can't be read. */
export async function openFeed(dialogId, { around = null } = {}) {
  state.selectedId = dialogId;
  state.feed = createFeed(dialogId, 0);
  store.touch("selection", "feed", "dialogs");
  const { feed } = state;
  if (!dialogOf(state, dialogId)) await refetch(dialogId);
  else if (!around && showAhead(feed)) return;
  await fill(feed, around);
  if (state.feed !== feed) return;
  store.touch("feed");
  if (feed.revision < (dialogOf(state, dialogId)?.revision ?? 0)) fetchChanges(dialogId);
}

/** What was read ahead is on screen at once; what was said since comes behind it. */
function showAhead(feed) {
  const { revision, client } = dialogOf(state, feed.dialogId);
  const ahead = pages.get(feed.dialogId);
  pages.delete(feed.dialogId);
  if (!ahead || revision - ahead.revision > STALE) return false;
  feed.clientId = client.id;
  mergePage(feed, ahead.page, ahead.revision);
  store.touch("feed");
  if (feed.revision < revision) fetchChanges(feed.dialogId, 0);
  load("refill", "").catch(() => {});
  return true;
}

async function fill(feed, around) {
  const dialog = dialogOf(state, feed.dialogId);
  const revision = dialog?.revision ?? 0;
  feed.clientId = dialog?.client.id ?? null;
  const page = await get(`dialogs/${feed.dialogId}/messages/?limit=${PAGE}${around ? `&around=${around}` : ""}`);
  mergePage(feed, page, revision);
}

/** The same dialog at another place of the history: around a message, or at the newest. What is on screen stays until it is read. */
export async function moveFeed(around = null) {
  const { feed } = state;
  const other = createFeed(feed.dialogId, 0);
  await fill(other, around);
  if (state.feed !== feed) return;
  state.feed = other;
  store.touch("feed");
  if (other.revision < (dialogOf(state, other.dialogId)?.revision ?? 0)) fetchChanges(other.dialogId);
}

export async function refetch(dialogId) {
  const dialog = await get(`dialogs/${dialogId}/`);
  if (dialog.state === "CLOSED") state.closed.set(dialog.id, dialog);
  store.take(applyDialog(state, dialog));
}

const loading = new Map();
const load = (side, edge) => {
  const { feed } = state;
  if (loading.get(side)?.feed !== feed) {
    const asked = { feed };
    loading.set(side, asked);
    asked.promise = (get(`dialogs/${feed.dialogId}/messages/?${edge}&limit=${PAGE}`)
      .then((page) => {
        if (state.feed !== feed) return;
        mergePage(feed, page, 0, { side });
        store.touch("feed");
      })
      .finally(() => { if (loading.get(side) === asked) loading.delete(side); }));
  }
  return loading.get(side).promise;
};
export const loadEarlier = () => (state.feed?.isLoaded && state.feed.hasEarlier ? load("earlier", `before=${oldestId(state.feed)}`) : Promise.resolve());
export const loadLater = () => (state.feed?.isLoaded && state.feed.hasLater ? load("later", `after=${newestId(state.feed)}`) : Promise.resolve());

/** Something between the dialogs of the client was missed: the newest page says what. Older ones are read when they are
 *  wanted. `isAnew`: the client has another history now, since two turned out to be one or one to be two. */
let refilling = null;
export function refill({ isAnew = false } = {}) {
  const wanted = refilling ?? { isAnew: false };
  wanted.isAnew ||= isAnew;
  if (refilling) return;
  refilling = wanted;
  setTimeout(() => {
    refilling = null;
    if (!state.feed?.isLoaded) return;
    if (wanted.isAnew) moveFeed().catch(() => {});
    else if (!state.feed.hasLater) load("refill", "").catch(() => {});
  }, PATIENCE);
}

/** Waits a moment first: mostly the frame with the messages is already on its way. */
export function fetchChanges(dialogId, patience = PATIENCE) {
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
  }, patience));
}

export function trim() {
  if (state.feed && trimFeed(state.feed)) store.touch("feed");
}

export const isOnScreen = (dialogId) => state.selectedId === dialogId && !document.hidden;
