/** What is asked of the search, and in which groups its answers stand. Pure. */
const DAY = 86_400_000;
export const PERIODS = { day: 1, week: 7, month: 31, year: 365 };
/** A page of messages may be empty and yet not be the last; so many are asked for without a word of the reader's. */
export const PATIENCE = 5;

/** The address of a search: `filters` are {line, kind, operator, period}, each may be empty. */
export function searchPath(words, filters, now) {
  const query = new URLSearchParams({ q: words });
  for (const name of ["line", "kind", "operator"]) if (filters[name]) query.set(name, filters[name]);
  const days = PERIODS[filters.period];
  if (days) query.set("from", new Date(now - days * DAY).toISOString().slice(0, 10));
  return `search/?${query}`;
}

export const isNarrowed = (filters) => Object.values(filters).some(Boolean);

/** Filters are of messages: people and their dialogs are shown only where there are none. */
export const groupsOf = ({ clients, dialogs, messages }, filters) => [
  { name: "clients", items: isNarrowed(filters) ? [] : clients },
  { name: "dialogs", items: isNarrowed(filters) ? [] : dialogs },
  { name: "messages", items: messages },
].filter(({ items }) => items.length);

/** The row that gets the focus: `at` is -1 in the field of the search, where one comes back to. */
export const stepped = (at, step, length) => Math.max(-1, Math.min(length - 1, at + step));
