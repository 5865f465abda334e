/** Which dialog and which pane is on screen. The address says it, so that "back" works, on a phone too. */
import { complain } from "../core/actions.js";
import { openFeed } from "../core/session.js";
import { store } from "../core/store.js";

const root = () => document.querySelector(".console");
export const addressed = () => Number(location.pathname.match(/^\/dialogs\/(\d+)\//)?.[1]) || null;

export function startNavigation() {
  addEventListener("popstate", follow);
  addEventListener("click", ({ target }) => { if (target === root()) closeCard(); });
  follow();
}

export function openDialog(dialogId) {
  if (addressed() !== dialogId) history.pushState({ isFromList: addressed() === null }, "", `/dialogs/${dialogId}/${location.search}`);
  follow();
}

export function openCard() {
  if (matchMedia("(max-width: 719px)").matches) {
    history.pushState({ isCard: true }, "");
    show("card");
  } else root().classList.add("console--card-open");
}

export function closeCard() {
  root().classList.remove("console--card-open");
}

/** Back to the pane before; a page that was opened on a dialog has none before it. */
export function goBack() {
  if (history.state?.isCard || history.state?.isFromList) history.back();
  else leave();
}

export function leave() {
  if (addressed() !== null) history.pushState(null, "", `/${location.search}`);
  follow();
}

function follow() {
  const dialogId = addressed();
  show(history.state?.isCard && dialogId ? "card" : dialogId ? "chat" : "list");
  closeCard();
  if (dialogId === store.state.selectedId) return;
  if (dialogId === null) deselect();
  else openFeed(dialogId).catch((error) => { complain(error); if (error.status === 404 || error.status === 403) leave(); });
}

function deselect() {
  Object.assign(store.state, { selectedId: null, feed: null });
  store.touch("selection", "feed", "dialogs");
}

function show(pane) {
  root().dataset.pane = pane;
  store.view.pane = pane;
}
