/** <dialog-list>: tabs, search, and the dialogs in sections, who waits longest first. */
import { h, icon, keyed, setAttribute, setText } from "../core/dom.js";
import { complain } from "../core/actions.js";
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { countsOf, isInvited, isMine, sectionsOf, seesAll } from "../core/lists.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { draftOf } from "./drafts.js";
import { DialogRow } from "./dialog_row.js";
import { openDialog } from "./navigation.js";
import { OfferCard } from "./offer_card.js";

const now = () => serverNow(store.state);
const TABS = ["mine", "waiting", "all", "closed"];
const tabWord = (tab) => ({ mine: t("Mine"), waiting: t("Waiting"), all: t("All"), closed: t("Closed") })[tab];
const groupWord = (name) => ({ queue: t("In the queue"), waiting: t("Waiting for an answer"), work: t("In work") })[name];

customElements.define("dialog-list", class extends HTMLElement {
  connectedCallback() {
    this.search = h("input", { class: "search__input", type: "search", placeholder: t("Name, phone, text…"), "aria-label": t("Search"), autocomplete: "off" });
    this.search.addEventListener("input", () => this.#ask());
    this.search.addEventListener("keydown", ({ key }) => { if (key === "Escape") this.#clearSearch(); });
    this.tabs = new Map(TABS.map((tab) => [tab, this.#tab(tab)]));
    this.offers = { element: h("div"), views: new Map() };
    this.groups = new Map(["queue", "waiting", "work"].map((name) => [name, group(name)]));
    this.nothing = h("div", { class: "empty" });
    this.live = h("div", {}, this.offers.element, ...[...this.groups.values()].map(({ element }) => element), this.nothing);
    this.results = null;
    this.body = h("div", { class: "scroll dialog-list__body", id: "dialogs", role: "tabpanel" }, this.live);
    this.append(
      h("header", { class: "bar" }, h("h1", { class: "bar__title dialog-list__title" }, t("Dialogs")), h("presence-pill")),
      h("div", { class: "dialog-list__find" }, h("label", { class: "search" }, icon("search", 18), this.search, h("kbd", { class: "only-desk" }, "/"))),
      h("div", { class: "tabs", role: "tablist" }, ...[...this.tabs.values()].map(({ element }) => element)),
      this.body);
    store.on(["boot", "dialogs", "selection", "typing", "outbox", "drafts", "operators"], () => this.#show());
    store.on(["second"], () => this.#tick());
  }

  #tab(tab) {
    const count = h("span", { class: "tabs__count" });
    const element = h("button", { type: "button", role: "tab", class: "tabs__tab", "aria-controls": "dialogs", data: { tab }, on: { click: () => this.#choose(tab) } }, tabWord(tab), count);
    return { element, count };
  }

  #choose(tab) {
    store.view.tab = tab;
    this.#ask();
    store.touch("dialogs");
  }

  /** The closed ones are always the server's; in the other tabs only a search is. */
  #ask() {
    if (!this.results && store.view.tab !== "closed" && !this.search.value.trim()) return;
    later("results").then(({ SearchResults }) => {
      if (!this.results) this.body.append((this.results = new SearchResults(() => store.touch("dialogs"))).element);
      this.results.ask(store.view.tab, this.search.value);
    }, () => complain({ isOffline: true }));
  }

  #clearSearch() {
    this.search.value = "";
    this.#choose(store.view.tab);
  }

  #show() {
    const { state, view } = store;
    if (!state.me) return;
    const dialogs = [...state.open.values()];
    this.#showTabs(dialogs, view.tab);
    this.live.hidden = Boolean(this.results?.isShown);
    this.results?.show(this.itemOf);
    if (this.live.hidden || view.tab === "closed") return;
    const sections = sectionsOf(dialogs, view.tab, state.me);
    keyed(this.offers.element, sections.offers.map(this.itemOf), this.offers.views, (item) => new OfferCard(item, openDialog));
    for (const [name, { element, count, rows, views }] of this.groups) {
      element.hidden = !sections[name].length;
      setText(count, String(sections[name].length));
      keyed(rows, sections[name].map(this.itemOf), views, (item) => new DialogRow(item, openDialog));
    }
    this.#showNothing(Object.values(sections).every((section) => !section.length), view.tab);
  }

  #showTabs(dialogs, chosen) {
    const counts = countsOf(dialogs, store.state.me);
    for (const [tab, { element, count }] of this.tabs) {
      setAttribute(element, "aria-selected", tab === chosen);
      setText(count, counts[tab] ? String(counts[tab]) : "");
      element.classList.toggle("tabs__tab--urgent", tab === "waiting" && counts.waiting > 0);
    }
    this.tabs.get("all").element.hidden = !seesAll(dialogs, store.state.me);
  }

  itemOf = (dialog) => {
    const { state } = store;
    const pending = store.outbox.of(dialog.id).at(-1);
    return {
      key: dialog.id, dialog, clock: now, minute: Math.floor(now() / 60_000), isCurrent: dialog.id === state.selectedId, isMine: isMine(dialog, state.me),
      isTyping: state.typing.get(dialog.id)?.author.kind === "CLIENT", draft: dialog.id === state.selectedId ? "" : draftOf(dialog.id)?.text ?? "",
      pending: pending ? pending.text || t("File") : "",
      ownerName: ownerWords(dialog),
    };
  };

  #showNothing(isNothing, tab) {
    this.nothing.hidden = !isNothing;
    if (!isNothing || this.nothingFor === tab) return;
    this.nothingFor = tab;
    const words = tab === "waiting" ? [t("Nobody is waiting"), t("Every client has an answer.")] : [t("No dialogs here"), t("New requests appear here by themselves while you are online.")];
    this.nothing.replaceChildren(icon("inbox", 26), h("p", { class: "empty__title" }, words[0]), h("p", {}, words[1]));
  }

  #tick() {
    for (const card of this.offers.views.values()) card.tick();
    for (const { views } of this.groups.values()) for (const row of views.values()) row.tick();
  }
});

function ownerWords(dialog) {
  const { me, operators } = store.state;
  const name = operators.get(dialog.owner_id)?.name;
  if (!name || isMine(dialog, me)) return "";
  return isInvited(dialog, me) ? t("with {name}", { name }) : name;
}

function group(name) {
  const [count, rows] = [h("span"), h("ul")];
  return { element: h("section", { hidden: true }, h("h2", { class: "dialog-list__group" }, groupWord(name), count), rows), count, rows, views: new Map() };
}
