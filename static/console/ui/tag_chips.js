/** Tags as coloured words; where there is no room for words, as dots of their colours. */
import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";

const MOST_DOTS = 3;

export const tagChip = ({ name, color }) => h("span", { class: `tag tag--c${color}`, title: name }, h("span", {}, name));

/** The first by its name, the others by their colours: their names are told to who can't see them. */
export function fewTags(tags) {
  const [first, ...others] = tags;
  const dots = others.slice(0, MOST_DOTS).map(({ name, color }) => h("i", { class: `tag tag--dot tag--c${color}`, title: name }));
  const names = others.map(({ name }) => name).join(", ");
  return [tagChip(first), ...dots, others.length ? h("span", { class: "visually-hidden" }, t("and {names}", { names })) : null].filter(Boolean);
}
