/** What narrows the list: a small form, and a chip for each filter that is on. */
import { button, h, icon } from "../core/dom.js";
import { FILTERS, activeFilters, appliesTo, writeFilters } from "../core/filters.js";
import { t } from "../core/i18n.js";
import { channelName } from "../core/names.js";
import { store } from "../core/store.js";

const LABELS = {
  line: () => t("Line"), channel: () => t("Channel"), owner: () => t("Operator"), tag: () => t("Tag"), state: () => t("State"),
  topic: () => t("Topic"), rating: () => t("Rating"),
};
const STATES = { waiting: () => t("Waits for an answer"), queue: () => t("In the queue"), work: () => t("In work"), unread: () => t("Unread"), pinned: () => t("Pinned") };
const RATINGS = { good: () => t("Good"), bad: () => t("Bad"), none: () => t("Not rated") };

/** [value, words] of a filter, for the menu and the chips. */
const OPTIONS = {
  line: ({ lines }) => lines.map(({ id, name }) => [id, name]),
  channel: ({ lines }) => lines.flatMap(({ channels }) => channels.map(({ id, kind, name }) => [id, `${channelName(kind)} · ${name}`])),
  owner: ({ operators, me }) => [...operators.values()].map(({ id, name }) => [id, id === me.id ? t("{name} (me)", { name }) : name]),
  tag: ({ tags }) => tags.map(({ id, name }) => [id, name]),
  topic: ({ topics }) => topics.map(({ id, name }) => [id, name]),
  state: () => Object.entries(STATES).map(([name, words]) => [name, words()]),
  rating: () => Object.entries(RATINGS).map(([name, words]) => [name, words()]),
};

export function openFilters(anchor) {
  const { tab } = store.view;
  const offered = FILTERS.filter((name) => appliesTo(name, tab) && (store.view.filters[name] != null || OPTIONS[name](store.state).length > 0));
  const sheet = h("form", { class: "menu filter-sheet", popover: "auto", "aria-label": t("Filters"), on: { submit: (event) => event.preventDefault() } },
    ...offered.map(field), h("div", { class: "filter-sheet__foot" }, button("btn btn--ghost", t("Reset"), () => { sheet.hidePopover(); resetFilters(); }), button("btn btn--primary", t("Done"), () => sheet.hidePopover())));
  sheet.addEventListener("toggle", ({ newState }) => { if (newState === "closed") { sheet.remove(); anchor.focus(); } });
  document.body.append(sheet);
  sheet.showPopover();
  const { left, bottom, right } = anchor.getBoundingClientRect();
  sheet.style.setProperty("top", `${bottom + 4}px`);
  sheet.style.setProperty("left", `${Math.max(8, Math.min(left, right - sheet.offsetWidth))}px`);
  sheet.querySelector("select")?.focus();
}

function field(name) {
  const chosen = store.view.filters[name];
  const options = withChosen(OPTIONS[name](store.state), chosen).map(([value, words]) => h("option", { value, selected: value === chosen }, words));
  const select = h("select", { class: "select", on: { change: () => setFilter(name, select.value) } }, h("option", { value: "" }, t("All")), ...options);
  return h("label", { class: "field" }, h("span", { class: "field__label" }, LABELS[name]()), select);
}

/** What was chosen may be gone since: it can be seen, and taken off. */
const withChosen = (options, chosen) => (chosen == null || options.some(([value]) => value === chosen) ? options : [...options, [chosen, t("No longer there")]]);

function setFilter(name, value) {
  const known = OPTIONS[name](store.state).find(([one]) => String(one) === value);
  const filters = { ...store.view.filters };
  if (known) [filters[name]] = known;
  else delete filters[name];
  change(filters);
}

export const resetFilters = () => change({});

/** Kept in the address, so that it can be sent to a colleague, and in this browser. */
function change(filters) {
  store.view.filters = filters;
  const url = new URL(location.href);
  writeFilters(url.searchParams, filters);
  history.replaceState(history.state, "", url);
  try {
    localStorage.setItem("console-filters", String(writeFilters(new URLSearchParams(), filters)));
  } catch { /* then they last as long as the address */ }
  const list = document.querySelector("dialog-list");
  list.body.scrollTop = 0;
  list.ask();
  store.touch("filters");
}

function showChips() {
  const { filters, tab } = store.view;
  const { chips } = document.querySelector("dialog-list");
  const active = store.state.me ? activeFilters(filters, tab) : [];
  chips.hidden = !active.length;
  chips.replaceChildren(...active.map((name) => chip(name, filters[name])));
}

function chip(name, value) {
  const words = withChosen(OPTIONS[name](store.state), value).find(([one]) => one === value)[1];
  const label = t("Remove the filter “{name}: {value}”", { name: LABELS[name](), value: words });
  return h("button", { type: "button", class: "filter-chip", "aria-label": label, title: label, on: { click: () => { setFilter(name, ""); document.querySelector("dialog-list").filter.focus(); } } },
    h("span", { class: "truncate" }, h("b", {}, `${LABELS[name]()}: `), words), icon("x", 14));
}

store.on(["filters", "boot", "operators"], showChips);
showChips();
