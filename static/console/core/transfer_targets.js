/** To whom a dialog can go, as one list to walk through: colleagues, groups, lines. Pure. */
import { t, tn } from "./i18n.js";
import { standingWords, workingDayWord } from "./words.js";

const SECTIONS = [
  { kind: "operators", field: "operator_id", title: () => t("Colleagues"), note: colleagueNote },
  { kind: "groups", field: "group_id", title: () => t("Groups"), note: groupNote },
  { kind: "lines", field: "line_id", title: () => t("Lines"), note: lineNote },
];

/** Sections that hold something: [{title, items: [{key, field, id, name, note, isAvailable, person}]}]. */
export function targetSections(targets, { words = "", except = null } = {}) {
  const wanted = words.trim().toLowerCase();
  return SECTIONS.map(({ kind, field, title, note }) => ({
    kind,
    title: title(),
    items: targets[kind]
      .filter(({ id, name }) => !(kind === "operators" && id === except) && name.toLowerCase().includes(wanted))
      .map((one) => ({
        key: `${field}:${one.id}`, field, id: one.id, name: one.name, note: note(one), isAvailable: one.is_available ?? one.available > 0,
        person: kind === "operators" ? one : null,
      })),
  })).filter(({ items }) => items.length);
}

/** Where they are, and how much they have: "Online · 3 of 5 dialogs". */
function colleagueNote(person) {
  const place = dayWord(person) ?? standingWords(person);
  return [place, loadWord(person)].filter(Boolean).join(" · ");
}

const dayWord = ({ working_day: day, presence, is_absent: isAbsent, is_available: isAvailable }) => (!isAvailable && !isAbsent && presence === "ONLINE" && day !== "STARTED" ? workingDayWord(day) : null);

function loadWord({ open_dialogs: count, limit }) {
  if (limit !== null) return t("{count} of {limit} dialogs", { count, limit });
  return count ? tn("{count} dialog", "{count} dialogs", count) : t("no dialogs");
}

function groupNote({ members, available }) {
  return available ? t("{available} of {members} there", { available, members }) : t("Nobody is there now");
}

function lineNote({ state, waiting, available }) {
  const place = { OFF_HOURS: () => t("Outside its hours"), NOBODY: () => t("Nobody is there now") }[state]?.() ?? tn("{count} operator there", "{count} operators there", available);
  return waiting ? `${place} · ${tn("{count} waits", "{count} wait", waiting)}` : place;
}

/** The item `step` further than the one with this key; from nowhere to the first or the last. */
export function nextTarget(items, key, step) {
  if (!items.length) return null;
  const index = items.findIndex((item) => item.key === key);
  if (index < 0) return step > 0 ? items[0] : items.at(-1);
  return items[Math.min(items.length - 1, Math.max(0, index + step))];
}
