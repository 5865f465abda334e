/** Calls that are due stay on screen until something is done about them; they never take the focus. */
import { later } from "../core/later.js";
import { h, iconButton } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { readCallBacks } from "../core/marks.js";
import { store } from "../core/store.js";
import { callBackItem } from "./call_back_item.js";
import { openDialog } from "./navigation.js";

const SHOWN = 2;
const due = new Map();
const hidden = new Set();
const place = h("div", { class: "reminders", role: "status", hidden: true });
document.querySelector(".console").append(place);

/** What came due while nobody was told of it; asked after every reconnect. */
export async function readDueCallBacks() {
  try {
    const { results } = await readCallBacks({ state: "due", mine: "1" });
    due.clear();
    for (const callBack of results) due.set(callBack.id, callBack);
    show();
  } catch { /* the next reconnect asks again */ }
}

/** It is time: a sound, a word over the page, and the reminder. */
export function remind(callBack) {
  due.set(callBack.id, callBack);
  hidden.delete(callBack.id);
  show();
  const dialog = { id: callBack.dialog_id, client: callBack.client, preview: { text: callBack.comment || callBack.phone, kind: "TEXT" } };
  later("alerts").then(({ call }) => call({ reason: "call_back", dialog }, (id) => id && openDialog(id)), () => {});
}

function show() {
  const waiting = [...due.values()].filter(({ id }) => !hidden.has(id));
  place.hidden = !waiting.length || !store.state.me;
  if (place.hidden) return place.replaceChildren();
  const rest = waiting.length - SHOWN;
  const head = h("header", { class: "reminders__head" }, h("b", {}, t("Time to call back")), rest > 0 ? h("small", {}, tn("and {count} more", "and {count} more", rest)) : null,
    iconButton("x", t("Hide until the next reminder"), () => { for (const { id } of waiting) hidden.add(id); show(); }, "btn btn--icon btn--small"));
  place.replaceChildren(head, ...waiting.slice(0, SHOWN).map((callBack) => callBackItem(callBack, {
    open: openDialog, after: (isChanged) => { if (isChanged) due.delete(callBack.id); else hidden.add(callBack.id); show(); },
  })));
}
