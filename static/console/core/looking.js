/** Tells colleagues which dialog is before the operator: when it has been there for a moment, again and again while it is,
 *  and at once when somebody new comes to it. */
import { store } from "./store.js";
import { every } from "./ticker.js";

const DWELL = 800;
const REPEAT = 20_000;
let told = null;
let timer = null;

const before = () => (document.hidden ? null : store.state.selectedId);
const isOver = () => told !== null && before() !== told;

export function startLooking() {
  store.on(["selection", "connection"], tellSoon);
  document.addEventListener("visibilitychange", tellSoon);
  addEventListener("console:view", tell);
  every(REPEAT, tell);
  tellSoon();
}

/** Whoever walks through the list looks at nothing in particular. */
function tellSoon() {
  clearTimeout(timer);
  timer = setTimeout(tell, DWELL);
}

function tell() {
  if (before() === null && !isOver()) return;
  told = before();
  store.ring({ type: "viewing", dialog_id: told });
}
