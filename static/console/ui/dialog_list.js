/** <dialog-list>: tabs, search and filters over the dialogs in sections, who waits longest first. */
import { complain } from "../core/actions.js";
import { h, icon, iconButton, setAttribute, setText } from "../core/dom.js";
import { activeFilters, readFilters } from "../core/filters.js";
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { isInvited, isMine, seesAll } from "../core/lists.js";
import { overview } from "../core/overview.js";
import { goalOf, serverNow, tagsOf } from "../core/state.js";
import { store } from "../core/store.js";
import { draftOf } from "./drafts.js";
import { LiveList } from "./live_list.js";
import { openDialog } from "./navigation.js";

const now = () => serverNow(store.state);
const TABS = ["mine", "waiting", "all", "closed"];
const tabWord = (tab) => ({ mine: t("Mine"), waiting: t("Waiting"), all: t("All"), closed: t("Closed") })[tab];
const TOPICS = ["boot", "dialogs", "selection", "typing", "outbox", "drafts", "operators", "filters", "marked", "dictionaries"];

customElements.define("dialog-list", class extends HTMLElement {
  connectedCallback() {
    this.search = h("input", { class: "search__input", type: "search", placeholder: t("Name, phone, text…"), "aria-label": t("Search"), autocomplete: "off" });
    this.search.addEventListener("input", () => this.ask());
    this.search.addEventListener("keydown", ({ key }) => { if (key === "Escape") this.#clearSearch(); });
    this.filter = iconButton("filter", t("Filters"), () => this.openFilters());
    this.chips = h("div", { class: "filter-chips", role: "group", "aria-label": t("Filters"), hidden: true });
    this.tabs = new Map(TABS.map((tab) => [tab, this.#tab(tab)]));
    this.body = h("div", { class: "scroll dialog-list__body", id: "dialogs", role: "tabpanel" });
    this.live = new LiveList(this.body, this.itemOf, openDialog);
    this.nothing = h("div", { class: "empty" });
    this.results = null;
    this.body.append(this.live.element, this.nothing);
    this.append(
      h("header", { class: "bar" }, h("h1", { class: "bar__title dialog-list__title" }, t("Dialogs")), h("presence-pill")),
      h("div", { class: "dialog-list__find" }, h("label", { class: "search" }, icon("search", 18), this.search, h("kbd", { class: "only-desk" }, "/")), this.filter),
      this.chips,
      h("div", { class: "tabs", role: "tablist" }, ...[...this.tabs.values()].map(({ element }) => element)),
      this.body);
    this.#recallFilters();
    store.on(TOPICS, () => this.#show());
    store.on(["second"], () => this.live.tick());
  }

  #tab(tab) {
    const count = h("span", { class: "tabs__count" });
    const element = h("button", { type: "button", role: "tab", class: "tabs__tab", "aria-controls": "dialogs", data: { tab }, on: { click: () => this.choose(tab) } }, tabWord(tab), count);
    return { element, count };
  }

  choose(tab) {
    store.view.tab = tab;
    this.body.scrollTop = 0;
    this.ask();
    store.touch("dialogs", "filters");
  }

  #clearSearch() {
    this.search.value = "";
    this.choose(store.view.tab);
  }

  /** The closed ones are always the server's; in the other tabs only a search is. */
  ask() {
    if (!this.results && store.view.tab !== "closed" && !this.search.value.trim()) return;
    later("results").then(({ SearchResults }) => {
      if (!this.results) this.body.append((this.results = new SearchResults(() => store.touch("dialogs"))).element);
      this.results.ask(store.view.tab, this.search.value);
    }, () => complain({ isOffline: true }));
  }

  openFilters() {
    later("filters").then(({ openFilters }) => openFilters(this.filter), () => complain({ isOffline: true }));
  }

  /** The address says it, else what was chosen last in this browser. */
  #recallFilters() {
    const addressed = readFilters(new URLSearchParams(location.search));
    const kept = readFilters(new URLSearchParams(localStorage.getItem("console-filters") ?? ""));
    store.view.filters = Object.keys(addressed).length ? addressed : kept;
    if (Object.keys(store.view.filters).length) later("filters").catch(() => {});
  }

  /** The dialogs as they stand on screen, for the keyboard. */
  get order() {
    return this.results?.isShown ? [...this.results.element.querySelectorAll("[data-dialog]")].map((row) => Number(row.dataset.dialog)) : this.live.order;
  }

  focusRow(id) {
    if (this.results?.isShown) this.results.element.querySelector(`[data-dialog="${id}"]`)?.focus();
    else this.live.focus(id);
  }

  reveal(id) {
    if (!this.results?.isShown) this.live.reveal(id);
  }

  #show() {
    const { state, view } = store;
    if (!state.me) return;
    const index = overview();
    this.#showTabs(index.counts, view.tab);
    setAttribute(this.filter, "aria-pressed", activeFilters(view.filters, view.tab).length > 0);
    this.live.element.hidden = Boolean(this.results?.isShown) || view.tab === "closed";
    this.results?.show(this.itemOf);
    this.nothing.hidden = this.live.element.hidden || this.live.show(index);
    if (!this.nothing.hidden) this.#showNothing(view);
  }

  #showTabs(counts, chosen) {
    for (const [tab, { element, count }] of this.tabs) {
      setAttribute(element, "aria-selected", tab === chosen);
      setText(count, counts[tab] ? String(counts[tab]) : "");
      element.classList.toggle("tabs__tab--urgent", tab === "waiting" && counts.waiting > 0);
    }
    this.tabs.get("all").element.hidden = !seesAll(counts, store.state.me);
  }

  itemOf = (dialog) => {
    const { state, view: { marked } } = store;
    const pending = store.outbox.of(dialog.id).at(-1);
    return {
      key: dialog.id, dialog, clock: now, minute: Math.floor(now() / 60_000), isCurrent: dialog.id === state.selectedId, isMine: isMine(dialog, state.me),
      isTyping: state.typing.get(dialog.id)?.author.kind === "CLIENT", draft: dialog.id === state.selectedId ? "" : draftOf(dialog.id)?.text ?? "",
      pending: pending ? (pending.words ?? pending.text) || t("File") : "", goal: goalOf(state, dialog), isMarking: marked.size > 0, isMarked: marked.has(dialog.id),
      ownerName: ownerWords(dialog), tags: tagsOf(state, dialog.tag_ids), dictionary: state.tags,
    };
  };

  #showNothing({ tab, filters }) {
    const isFiltered = activeFilters(filters, tab).length > 0;
    const key = `${tab}:${isFiltered}`;
    if (this.nothingFor === key) return;
    this.nothingFor = key;
    const [title, words] = nothingWords(tab, isFiltered);
    const reset = h("button", { type: "button", class: "btn btn--secondary", on: { click: () => later("filters").then(({ resetFilters }) => resetFilters()) } }, t("Reset the filters"));
    this.nothing.replaceChildren(icon("inbox", 26), h("p", { class: "empty__title" }, title), h("p", {}, words), ...(isFiltered ? [reset] : []));
  }
});

function ownerWords(dialog) {
  const { me, operators } = store.state;
  const name = operators.get(dialog.owner_id)?.name;
  if (!name || isMine(dialog, me)) return "";
  return isInvited(dialog, me) ? t("with {name}", { name }) : name;
}

function nothingWords(tab, isFiltered) {
  if (isFiltered) return [t("No dialogs match the filters"), t("Offers are shown whatever the filters say.")];
  return tab === "waiting" ? [t("Nobody is waiting"), t("Every client has an answer.")] : [t("No dialogs here"), t("New requests appear here by themselves while you are online.")];
}
