/** The lists and their counts, kept up to date by what changed: a burst of events over a thousand dialogs costs a pass
 *  of comparisons and a few insertions a frame, not a sorting of everything. Pure. */
import { ORDERS, marksOf, noCounts, sectionOf } from "./lists.js";

export class ListIndex {
  #entries = new Map();
  #key = null;
  sections = emptySections();
  counts = noCounts();
  /** Grows with every change of the sections. */
  version = 0;

  /** `isWanted` filters what stands in sections, not what is counted; another `key` begins anew. */
  update(open, { me, tab, key = tab, isWanted = () => true }) {
    const whole = `${key}:${me.id}`;
    if (whole !== this.#key) this.#forget(whole);
    for (const [id, entry] of this.#entries) if (!open.has(id)) this.#take(id, entry);
    for (const [id, dialog] of open) {
      const entry = this.#entries.get(id);
      if (entry?.dialog === dialog) continue;
      if (entry) this.#take(id, entry);
      this.#put(id, dialog, sectionFor(dialog, tab, me, isWanted), marksOf(dialog, me));
    }
    return this;
  }

  #forget(key) {
    this.#key = key;
    this.#entries.clear();
    this.sections = emptySections();
    this.counts = noCounts();
    this.version += 1;
  }

  #put(id, dialog, section, marks) {
    this.#entries.set(id, { dialog, section, marks });
    for (const mark of marks) this.counts[mark] += 1;
    if (!section) return;
    const list = this.sections[section];
    list.splice(placeIn(list, dialog, ORDERS[section]), 0, dialog);
    this.version += 1;
  }

  #take(id, { dialog, section, marks }) {
    this.#entries.delete(id);
    for (const mark of marks) this.counts[mark] -= 1;
    if (!section) return;
    const list = this.sections[section];
    list.splice(placeIn(list, dialog, ORDERS[section]), 1);
    this.version += 1;
  }

  /** Where it stands: its section and number there, or null. */
  placeOf(id) {
    const entry = this.#entries.get(id);
    return entry?.section ? { section: entry.section, index: placeIn(this.sections[entry.section], entry.dialog, ORDERS[entry.section]) } : null;
  }
}

const emptySections = () => Object.fromEntries(Object.keys(ORDERS).map((name) => [name, []]));

/** Nobody's filter hides what waits for this operator's own word. */
function sectionFor(dialog, tab, me, isWanted) {
  const section = sectionOf(dialog, tab, me);
  return section === "offers" || (section && isWanted(dialog)) ? section : null;
}

/** The place of a dialog in a sorted list. Orders end with the id: no two dialogs are alike. */
function placeIn(list, dialog, order) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(list[middle], dialog) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
