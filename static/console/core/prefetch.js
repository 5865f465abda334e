/** The messages of the dialogs that are likely opened next, read while nothing else is to do. */
import { get } from "./api.js";
import { overview } from "./overview.js";
import { flatten } from "./lists.js";
import { PAGE, STALE, pages } from "./session.js";
import { store } from "./store.js";

const AHEAD = 3;
const PAUSE = 700;
const KEPT = 8;
let timer = null;
let isReading = false;

export function startPrefetching() {
  store.on(["feed", "selection", "dialogs"], plan);
  plan();
}

/** Not in a burst: when it has been quiet for a moment. */
function plan() {
  clearTimeout(timer);
  timer = setTimeout(() => (globalThis.requestIdleCallback ?? setTimeout)(readNext), PAUSE);
}

async function readNext() {
  const { state } = store;
  const isBusy = isReading || (state.feed && !state.feed.isLoaded);
  if (isBusy || document.hidden || store.view.connection !== "open" || navigator.connection?.saveData) return;
  const dialog = nextOnes().find(({ id, revision }) => !pages.has(id) || revision - pages.get(id).revision > STALE);
  if (!dialog) return;
  isReading = true;
  try {
    const page = await get(`dialogs/${dialog.id}/messages/?limit=${PAGE}`);
    keep(dialog.id, { page, revision: dialog.revision });
    plan();
  } catch { /* it is read when it is opened */ } finally {
    isReading = false;
  }
}

/** Those below the dialog on screen, else those at the top. */
function nextOnes() {
  const order = flatten(overview().sections);
  const from = order.findIndex(({ id }) => id === store.state.selectedId) + 1;
  return order.slice(from, from + AHEAD);
}

function keep(id, entry) {
  pages.delete(id);
  pages.set(id, entry);
  for (const old of pages.keys()) {
    if (pages.size <= KEPT && store.state.open.has(old)) continue;
    pages.delete(old);
  }
}
