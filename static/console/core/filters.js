/** What the list is narrowed to: {line, channel, owner, tag, topic, rating, state}. Pure. */
import { isFree, waitsForUs } from "./lists.js";

export const FILTERS = ["line", "channel", "owner", "tag", "state", "topic", "rating"];
/** Closed dialogs have no state worth asking for, live ones no topic and no rating. */
const ONLY_LIVE = ["state"];
const ONLY_CLOSED = ["topic", "rating"];
/** Their values are words; all others are ids. */
const WORDS = { state: ["waiting", "queue", "work", "unread", "pinned"], rating: ["good", "bad", "none"] };

const STATES = {
  waiting: waitsForUs,
  queue: isFree,
  work: (dialog) => !isFree(dialog) && !waitsForUs(dialog),
  unread: (dialog) => dialog.unread > 0,
  pinned: (dialog) => dialog.is_pinned,
};

const HOLDS = {
  line: (dialog, id) => dialog.line.id === id,
  channel: (dialog, id) => dialog.channel.id === id,
  owner: (dialog, id) => dialog.owner_id === id,
  tag: (dialog, id) => dialog.tag_ids.includes(id),
  state: (dialog, name) => STATES[name](dialog),
};

/** What counts in a tab. */
export const appliesTo = (name, tab) => !(tab === "closed" ? ONLY_LIVE : ONLY_CLOSED).includes(name);
export const activeFilters = (filters, tab) => FILTERS.filter((name) => filters[name] != null && appliesTo(name, tab));
export const keyOfFilters = (filters, tab) => activeFilters(filters, tab).map((name) => `${name}=${filters[name]}`).join("&");

export function isWantedBy(filters, tab) {
  const active = activeFilters(filters, tab).filter((name) => HOLDS[name]);
  return (dialog) => active.every((name) => HOLDS[name](dialog, filters[name]));
}

/** From an address or a storage; what makes no sense is left out. */
export function readFilters(parameters) {
  const read = (name) => {
    const value = parameters.get(name);
    if (WORDS[name]) return WORDS[name].includes(value) ? value : null;
    return /^\d{1,15}$/.test(value ?? "") ? Number(value) : null;
  };
  return Object.fromEntries(FILTERS.map((name) => [name, read(name)]).filter(([, value]) => value !== null));
}

/** Puts them into an address, whose other parameters stay. */
export function writeFilters(parameters, filters) {
  for (const name of FILTERS) {
    if (filters[name] == null) parameters.delete(name);
    else parameters.set(name, filters[name]);
  }
  return parameters;
}

/** What the server is asked for. `state` is ours: live dialogs are all here. */
export function askedFilters(filters, tab) {
  return Object.fromEntries(activeFilters(filters, tab).filter((name) => name !== "state").map((name) => [name, filters[name]]));
}
