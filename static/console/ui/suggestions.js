/** A list above the place to write. The field keeps the focus: arrows walk, Enter or Tab takes, Escape closes. */
import { h, setAttribute } from "../core/dom.js";

let lists = 0;

export class Suggestions {
  #options = [];
  #index = 0;

  /** `host` is what the list stands over, `field` where the words come from. */
  constructor(host, field) {
    this.host = host;
    this.field = field;
    this.id = `suggestions-${lists += 1}`;
    this.element = h("div", { class: "suggestions", hidden: true, on: { mousedown: (event) => event.preventDefault() } });
    host.append(this.element);
    field.setAttribute("aria-autocomplete", "list");
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** `sections`: [{title, options: [{key, content, look, take}]}]; `foot` are hints below. */
  show(label, sections, { foot = null, keepsPlace = false } = {}) {
    const before = keepsPlace ? this.#options[this.#index]?.key : null;
    this.#options = sections.flatMap(({ options }) => options);
    let place = 0;
    const list = sections.map(({ title, options }) => h("div", { role: "group", "aria-label": title || null },
      title && h("p", { class: "suggestions__title", "aria-hidden": "true" }, title), ...options.map((option) => this.#option(option, place++))));
    this.element.replaceChildren(h("div", { id: this.id, class: "suggestions__options", role: "listbox", tabindex: "0", "aria-label": label }, ...list), ...(foot ? [foot] : []));
    this.element.hidden = false;
    this.field.setAttribute("aria-controls", this.id);
    this.#choose(Math.max(0, this.#options.findIndex(({ key }) => key === before)));
  }

  /** Words in place of options: loading, nothing found. */
  say(words) {
    this.close();
    this.element.replaceChildren(h("p", { class: "suggestions__words", role: "status" }, words));
    this.element.hidden = false;
  }

  close() {
    this.element.hidden = true;
    this.#options = [];
    for (const name of ["aria-activedescendant", "aria-controls"]) this.field.removeAttribute(name);
  }

  /** Answers whether the key was meant for the list. */
  key(event) {
    if (!this.isOpen || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[event.key];
    if (event.key === "Escape") this.close();
    else if (!this.#options.length) return false;
    else if (step) this.#walk(step);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && !event.ctrlKey && !event.metaKey) this.#options[this.#index].take();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #option(option, index) {
    return h("div", { id: `${this.id}-${index}`, role: "option", class: `suggestions__option ${option.look ?? ""}`, "aria-selected": "false", on: { click: () => option.take(), mousemove: () => this.#choose(index, false) } }, ...option.content);
  }

  #walk(step) {
    const { length } = this.#options;
    const next = Math.abs(step) === 1 ? (this.#index + step + length) % length : Math.min(length - 1, Math.max(0, this.#index + step));
    this.#choose(next);
  }

  #choose(index, isScrolled = true) {
    this.#index = index;
    const options = this.element.querySelectorAll("[role=option]");
    options.forEach((option, place) => setAttribute(option, "aria-selected", String(place === index)));
    setAttribute(this.field, "aria-activedescendant", options[index]?.id ?? null);
    if (isScrolled) options[index]?.scrollIntoView({ block: "nearest" });
  }
}
