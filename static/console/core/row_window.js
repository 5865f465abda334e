/** Which rows of long sections are worth having on the page. All rows are of one height. Pure. */
const BEYOND = 6;
/** The offers that are due first are cards with a word and buttons; more of them than these are rows like others. */
export const CARDS = 3;

export const rowsOf = ({ sections }, name) => (name === "offers" ? sections.offers.slice(CARDS) : sections[name]);

/** Where the row of a dialog stands; cards have no row. */
export function placeOf(index, id) {
  const place = index.placeOf(id);
  if (place?.section !== "offers") return place;
  return place.index < CARDS ? null : { ...place, index: place.index - CARDS };
}

/** [{name, from, to}]: rows within the view and a few beyond it. `tops` are where the rows of each section begin. */
export function visibleRows(sections, { tops, rowHeight, scrollTop, height }) {
  return sections.map(({ name, count }) => {
    const first = Math.floor((scrollTop - tops[name]) / rowHeight) - BEYOND;
    const last = Math.ceil((scrollTop + height - tops[name]) / rowHeight) + BEYOND;
    return { name, from: clamp(first, count), to: clamp(last, count) };
  });
}

/** How far to scroll so that a row is wholly in the view, below the heads that stick to its top. */
export function scrollToShow({ top, rowHeight, headHeight, scrollTop, height }) {
  if (top - headHeight < scrollTop) return Math.max(0, top - headHeight);
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}

const clamp = (value, count) => Math.min(Math.max(value, 0), count);
