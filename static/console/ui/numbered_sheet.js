/** A short list of which one is chosen by its number, the arrows or a click. */
import { h } from "../core/dom.js";
import { keyOfPlace, placeOfKey } from "../core/topics.js";
import { openModal } from "./modal.js";

/** `items` are {label, note, isChosen}; `choose` gets the chosen one when the window is closed. */
export function openNumberedSheet(title, items, choose, { words = null, foot = [], after = null } = {}) {
  const take = (item) => { modal.close(); choose(item); };
  const buttons = items.map((item, place) => h("button", { type: "button", class: "numbered__item", "aria-pressed": item.isChosen === undefined ? null : String(item.isChosen), on: { click: () => take(item) } },
    h("kbd", { "aria-hidden": "true" }, keyOfPlace(place)), h("span", { class: "truncate" }, item.label), item.note ? h("small", {}, item.note) : null));
  const list = h("ol", { class: "numbered" }, ...buttons.map((button) => h("li", {}, button)));
  const modal = openModal(title, [words ? h("p", { class: "targets__words" }, words) : null, list, after].filter(Boolean), { foot });
  modal.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, textarea")) return;
    const place = placeOfKey(event);
    if (place !== null && items[place]) {
      event.preventDefault();
      take(items[place]);
    } else walk(buttons, event);
  });
  return { modal, first: buttons[0] };
}

/** Arrows go through the list, a letter goes to the next that begins with it. */
function walk(buttons, event) {
  const from = buttons.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const letter = event.key.length === 1 && !event.ctrlKey && !event.metaKey ? event.key.toLocaleLowerCase() : null;
  const order = [...buttons.slice(from + 1), ...buttons.slice(0, from + 1)];
  const next = step ? buttons.at((from + step) % buttons.length)
    : letter && order.find((button) => button.querySelector("span").textContent.toLocaleLowerCase().startsWith(letter));
  if (!next) return;
  event.preventDefault();
  next.focus();
}
