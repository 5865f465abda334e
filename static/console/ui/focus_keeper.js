/** Whoever works by keys always has a place: where the focus loses its own, the nearest one takes it. The mouse is left alone. */
import { store } from "../core/store.js";

// Never a field: a key pressed there would be a letter and no command.
const PLACES = [".conversation__scroll", "dialog-list [data-dialog][aria-current]", "dialog-list [data-dialog]", "dialog-list [role=tab][aria-selected=true]"];
const ELSEWHERE = "dialog[open], [popover]:popover-open";
let isByKeys = false;
let isAsked = false;

export function keepFocus() {
  addEventListener("keydown", () => { isByKeys = true; ask(); }, { capture: true });
  addEventListener("pointerdown", () => { isByKeys = false; }, { capture: true });
  addEventListener("focusout", ask);
  store.on(["selection", "dialogs", "feed"], ask);
}

/** After the next frame, so that whoever means to take the focus has taken it. */
function ask() {
  if (!isByKeys || isAsked) return;
  isAsked = true;
  requestAnimationFrame(() => setTimeout(settle));
}

function settle() {
  isAsked = false;
  if (!isByKeys || document.activeElement !== document.body || document.querySelector(ELSEWHERE)) return;
  const places = PLACES.flatMap((place) => [...document.querySelectorAll(place)]);
  places.find((place) => place.checkVisibility())?.focus({ preventScroll: true });
}
