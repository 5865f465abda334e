/** The open dialogs in sections. Only rows near the view are on the page, so that a thousand scroll like ten. */
import { h, keyed, setAttribute, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { ORDERS, flatten } from "../core/lists.js";
import { CARDS, placeOf, rowsOf, scrollToShow, visibleRows } from "../core/row_window.js";
import { DialogRow } from "./dialog_row.js";
import { OfferCard } from "./offer_card.js";

const WORDS = { offers: () => t("More offers"), waiting: () => t("Waiting for an answer"), queue: () => t("In the queue"), work: () => t("In work"), aside: () => t("Put aside") };
const NAMES = Object.keys(ORDERS);

export class LiveList {
  #index = null;
  #painted = [];
  #measures = { tops: {}, rowHeight: 64, headHeight: 30 };

  /** `itemOf(dialog)` says what a row shows, `onOpen(id)` what a click does; `scroller` is what scrolls around it. */
  constructor(scroller, itemOf, onOpen) {
    Object.assign(this, { scroller, itemOf, onOpen });
    this.offers = { element: h("div"), views: new Map() };
    this.sections = new Map(NAMES.map((name) => [name, section(name)]));
    this.element = h("div", {}, this.offers.element, ...[...this.sections.values()].map(({ element }) => element));
    scroller.addEventListener("scroll", () => { if (this.#index && !this.element.hidden) this.#fill(this.#index); }, { passive: true });
    new ResizeObserver(() => { if (this.#index) this.show(this.#index); }).observe(scroller);
  }

  /** Answers whether there is anything to show. */
  show(index) {
    const focusedId = this.#focusedId();
    const neighbours = this.#painted.map(({ id }) => id);
    this.#index = index;
    keyed(this.offers.element, index.sections.offers.slice(0, CARDS).map(this.itemOf), this.offers.views, (item) => new OfferCard(item, this.onOpen));
    for (const [name, { element, count, rows }] of this.sections) {
      const { length } = rowsOf(index, name);
      element.hidden = !length;
      setText(count, String(length));
      rows.style.setProperty("--count", length);
    }
    this.#measure(index);
    this.#stay(index);
    this.#fill(index);
    if (focusedId !== null && this.#focusedId() !== focusedId) this.#keepFocus(focusedId, neighbours);
    return Object.values(index.sections).some(({ length }) => length > 0);
  }

  tick() {
    for (const card of this.offers.views.values()) card.tick();
    for (const { views } of this.sections.values()) for (const row of views.values()) row.tick();
  }

  /** The dialogs from top to bottom. */
  get order() {
    return this.#index ? flatten(this.#index.sections).map(({ id }) => id) : [];
  }

  focus(id) {
    this.reveal(id);
    this.element.querySelector(`[data-dialog="${id}"]`)?.focus({ preventScroll: true });
  }

  /** Scrolls as far as it takes to see the dialog. */
  reveal(id) {
    const card = this.offers.views.get(id);
    if (card) return card.element.scrollIntoView({ block: "nearest" });
    const place = placeOf(this.#index, id);
    if (!place) return;
    const { tops, rowHeight, headHeight } = this.#measures;
    const { scrollTop, clientHeight: height } = this.scroller;
    this.scroller.scrollTop = scrollToShow({ top: tops[place.section] + place.index * rowHeight, rowHeight, headHeight, scrollTop, height });
    this.#fill(this.#index);
  }

  /** Where the rows of each section begin. */
  #measure(index) {
    const rowHeight = parseFloat(getComputedStyle(this.scroller).getPropertyValue("--row-height"));
    const shown = NAMES.filter((name) => rowsOf(index, name).length);
    const headHeight = shown.length ? this.sections.get(shown[0]).head.offsetHeight : 0;
    let top = this.offers.element.offsetHeight;
    const tops = {};
    for (const name of NAMES) {
      tops[name] = top + headHeight;
      const { length } = rowsOf(index, name);
      if (length) top += headHeight + length * rowHeight;
    }
    this.#measures = { tops, rowHeight, headHeight };
  }

  /** What is being read stays where it is while others come and go above it. At the top, those who come shall be seen. */
  #stay(index) {
    const { scrollTop } = this.scroller;
    const { tops, rowHeight } = this.#measures;
    if (scrollTop < rowHeight / 2) return;
    for (const { id, section: name, y } of this.#painted) {
      const place = y >= scrollTop ? placeOf(index, id) : null;
      if (place?.section !== name) continue;
      const moved = tops[name] + place.index * rowHeight - y;
      if (moved) this.scroller.scrollTop = scrollTop + moved;
      return;
    }
  }

  #fill(index) {
    const { tops, rowHeight } = this.#measures;
    const { scrollTop, clientHeight: height } = this.scroller;
    const held = placeOf(index, this.#focusedId());
    this.#painted = [];
    for (const { name, from, to } of visibleRows(NAMES.map((one) => ({ name: one, count: rowsOf(index, one).length })), { tops, rowHeight, scrollTop, height })) {
      const { rows, views } = this.sections.get(name);
      const numbers = Array.from({ length: to - from }, (_, number) => from + number);
      // The row that has the focus stays on the page, wherever one scrolls.
      if (held?.section === name && (held.index < from || held.index >= to)) numbers[held.index < from ? "unshift" : "push"](held.index);
      const dialogs = rowsOf(index, name);
      keyed(rows, numbers.map((number) => this.itemOf(dialogs[number])), views, (item) => new DialogRow(item, this.onOpen));
      for (const number of numbers) {
        putAt(views.get(dialogs[number].id).element, number, dialogs.length);
        this.#painted.push({ id: dialogs[number].id, section: name, y: tops[name] + number * rowHeight });
      }
    }
  }

  #focusedId() {
    const row = document.activeElement?.closest?.("[data-dialog]");
    return row && this.element.contains(row) ? Number(row.dataset.dialog) : null;
  }

  /** A row that went to another section takes the focus along; one that left gives it to its neighbour. */
  #keepFocus(id, neighbours) {
    const at = neighbours.indexOf(id);
    const heir = [id, ...neighbours.slice(at + 1), ...neighbours.slice(0, Math.max(at, 0)).reverse()].find((one) => this.#index.placeOf(one));
    this.element.querySelector(`.dialog-row[data-dialog="${heir}"]`)?.focus({ preventScroll: true });
  }
}

function section(name) {
  const [count, rows] = [h("span"), h("ul", { role: "list", class: "dialog-list__rows" })];
  const head = h("h2", { class: "dialog-list__group", id: `dialogs-${name}` }, WORDS[name](), count);
  return { element: h("section", { hidden: true, "aria-labelledby": head.id }, head, rows), head, count, rows, views: new Map() };
}

function putAt(element, number, count) {
  if (element.dataset.at !== String(number)) {
    element.dataset.at = number;
    element.style.setProperty("--at", number);
  }
  setAttribute(element, "aria-posinset", number + 1);
  setAttribute(element, "aria-setsize", count);
}
