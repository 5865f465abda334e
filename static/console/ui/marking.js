/** Several dialogs at once: Ctrl or Shift and a click, X, or a long press choose them; Escape lets go. */
import { rangeOf } from "../core/bulk.js";
import { later } from "../core/later.js";
import { store } from "../core/store.js";

const LONG_PRESS = 500;
const { marked } = store.view;
const list = document.querySelector("dialog-list");
let last = null;
let press = null;
let isPressed = false;

const rowOf = ({ target }) => {
  const row = target.closest?.(".dialog-list__rows [data-dialog]");
  return row ? Number(row.dataset.dialog) : null;
};

export function startMarking() {
  list.body.addEventListener("click", click, true);
  list.body.addEventListener("pointerdown", (event) => { if (event.pointerType === "touch") beginPress(event); });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) list.body.addEventListener(end, () => clearTimeout(press));
  list.body.addEventListener("scroll", () => clearTimeout(press), { passive: true });
  list.body.addEventListener("contextmenu", (event) => { if (isPressed) event.preventDefault(); });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !marked.size || event.defaultPrevented || document.querySelector("dialog[open], [popover]:popover-open")) return;
    event.preventDefault();
    unmarkAll();
  });
  store.on(["dialogs"], forgetGone);
}

/** While any are chosen, a click chooses, too. */
function click(event) {
  const id = rowOf(event);
  const isChoosing = event.ctrlKey || event.metaKey || event.shiftKey || marked.size || isPressed;
  if (id === null || !isChoosing) return;
  event.preventDefault();
  event.stopPropagation();
  if (isPressed) isPressed = false;
  else if (event.shiftKey) markRange(id);
  else toggleMark(id);
}

function beginPress(event) {
  const id = rowOf(event);
  isPressed = false;
  clearTimeout(press);
  if (id !== null) press = setTimeout(() => { isPressed = true; navigator.vibrate?.(10); toggleMark(id); }, LONG_PRESS);
}

export function toggleMark(id) {
  marked[marked.has(id) ? "delete" : "add"](id);
  last = id;
  show();
}

function markRange(id) {
  for (const one of rangeOf(list.order, last ?? store.state.selectedId, id)) if (store.state.open.has(one)) marked.add(one);
  last = id;
  show();
}

export function markAll() {
  for (const id of list.order) marked.add(id);
  show();
}

export function unmarkAll() {
  marked.clear();
  last = null;
  show();
}

function show() {
  store.touch("marked");
  later("bulk").catch(() => {});
}

/** What is closed or gone can't be meant any more. */
function forgetGone() {
  const gone = [...marked].filter((id) => !store.state.open.has(id));
  gone.forEach((id) => marked.delete(id));
  if (gone.length) store.touch("marked");
}
