/** What pages of settings are made of. */
import { h } from "../core/dom.js";

export const part = (title, ...content) => h("section", { class: "settings-part" }, h("h3", {}, title), ...content);

export function switchRow(words, note, isOn, change) {
  const box = h("input", { type: "checkbox", checked: isOn, on: { change: () => change(box.checked) } });
  return h("label", { class: "switch" }, box, h("span", { class: "switch__text" }, h("b", {}, words), note ? h("small", {}, note) : null));
}

export function choice(words, options, chosen, change) {
  const select = h("select", { class: "select", on: { change: () => change(select.value) } },
    ...options.map(([value, label]) => h("option", { value, selected: String(value) === String(chosen) }, label)));
  return h("label", { class: "field settings-choice" }, h("span", { class: "field__label" }, words), select);
}
