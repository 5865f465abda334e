/** To whom to hand a dialog: colleagues with their presence, those on line first. */
import { say, transfer } from "../core/actions.js";
import { avatar, h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { dialogOf } from "../core/state.js";
import { store } from "../core/store.js";
import { presenceWord } from "../core/words.js";
import { openModal } from "./modal.js";

const ORDER = ["ONLINE", "PAUSED", "OFFLINE"];

export function choosePerson(dialogId) {
  const dialog = dialogOf(store.state, dialogId);
  if (!dialog || dialog.state === "CLOSED") return;
  const list = h("div", { class: "people" });
  const choose = async (person) => {
    modal.close();
    if (await transfer(dialogId, person.id)) say(t("Handed to {name}", { name: person.name }));
  };
  const show = () => list.replaceChildren(...found(dialog, search.value).map((person) => personRow(person, choose)));
  const search = h("input", { class: "search__input", type: "search", placeholder: t("Name"), "aria-label": t("Search among people"), on: { input: show } });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") list.querySelector("button")?.click();
    if (event.key === "ArrowDown") list.querySelector("button")?.focus();
  });
  const modal = openModal(t("Hand the dialog to"), [h("label", { class: "search" }, icon("search", 18), search), list]);
  show();
  search.focus();
}

function found(dialog, words) {
  const wanted = words.trim().toLowerCase();
  return [...store.state.operators.values()]
    .filter((person) => person.id !== store.state.me.id && person.id !== dialog.owner_id && person.name.toLowerCase().includes(wanted))
    .sort((left, right) => ORDER.indexOf(left.presence) - ORDER.indexOf(right.presence) || left.name.localeCompare(right.name));
}

function personRow(person, choose) {
  const face = avatar(person, { size: "medium" });
  face.append(h("i", { class: `presence-dot presence-dot--${person.presence}` }));
  return h("button", { type: "button", class: "people__person", on: { click: () => choose(person) } },
    face, h("span", {}, h("b", { class: "truncate" }, person.name), h("small", {}, presenceWord(person.presence))));
}
