/** What a search found, in groups: clients, dialogs, messages; with filters, and keys that walk through all of it. */
import { complain, readFound, searchDialogs } from "../core/actions.js";
import { button, h, icon } from "../core/dom.js";
import { groupsOf, isNarrowed, PATIENCE, PERIODS, searchPath, stepped } from "../core/found.js";
import { t, tn } from "../core/i18n.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { channelName, errorWords } from "../core/words.js";
import { DialogRow } from "./dialog_row.js";
import { clientRow, messageRow } from "./found_rows.js";
import { openDialog } from "./navigation.js";

const PAUSE = 250;
const FEW_DIALOGS = 5;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const titleOf = (name) => ({ clients: t("Clients"), dialogs: t("Dialogs"), messages: t("Messages") })[name];
const periodWord = (period) => ({ day: t("Since yesterday"), week: t("Last week"), month: t("Last month"), year: t("Last year") })[period];

export class FoundGroups {
  #asked = 0;
  #words = "";
  #found = null;
  #filters = { line: "", kind: "", operator: "", period: "" };

  constructor(itemOf) {
    this.itemOf = itemOf;
    this.filters = h("div", { class: "found__filters", role: "group", "aria-label": t("Narrow the search") });
    this.status = h("p", { class: "visually-hidden", role: "status" });
    this.groups = h("div");
    this.words = h("div", { class: "empty", hidden: true });
    this.element = h("div", { class: "found", hidden: true, on: { keydown: (event) => this.#walk(event) } }, this.filters, this.status, this.groups, this.words);
    this.field = document.querySelector("dialog-list .search__input");
    this.field?.addEventListener("keydown", (event) => { if (!this.element.hidden && event.key === "ArrowDown") this.#walk(event); });
  }

  /** Nothing to look for hides it. */
  ask(words) {
    this.#asked += 1;
    clearTimeout(this.timer);
    this.#words = words;
    this.element.hidden = !words;
    if (!words) this.#found = null;
    else this.timer = setTimeout(() => this.#read(this.#asked), PAUSE);
  }

  async #read(asked) {
    this.#showFilters();
    if (!this.#found) this.#say("clock", t("Searching…"));
    try {
      const [found, dialogs] = await Promise.all([this.#askServer(), isNarrowed(this.#filters) ? null : searchDialogs({ tab: "", search: this.#words, filters: {} })]);
      if (asked !== this.#asked) return;
      this.#found = {
        clients: found.clients.results, moreClients: found.clients.next, messages: found.messages.results, moreMessages: found.messages.next,
        dialogs: (dialogs?.results ?? []).slice(0, FEW_DIALOGS), rest: (dialogs?.results ?? []).slice(FEW_DIALOGS),
      };
      this.#paint();
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#found = null;
      this.groups.replaceChildren();
      this.#say("alert", errorWords(error), button("btn btn--secondary", t("Try again"), () => this.#read(this.#asked)));
    }
  }

  async #askServer() {
    const answer = await readFound(searchPath(this.#words, this.#filters, serverNow(store.state)));
    for (let more = 0; more < PATIENCE && !answer.messages.results.length && answer.messages.next; more += 1) answer.messages = (await readFound(answer.messages.next)).messages;
    return answer;
  }

  #paint() {
    const groups = groupsOf(this.#found, this.#filters);
    const focused = [...this.#rows()].indexOf(document.activeElement);
    this.groups.replaceChildren(...groups.map((group) => this.#group(group)));
    if (focused >= 0) this.#rows()[focused]?.focus();
    const count = groups.reduce((sum, { items }) => sum + items.length, 0);
    this.status.textContent = count ? tn("{count} result on screen", "{count} results on screen", count) : "";
    this.words.hidden = count > 0;
    if (!count) this.#say("search", t("Nothing found"), h("p", {}, isNarrowed(this.#filters) ? t("Try it without the filters.") : t("Try fewer words, or a part of one.")));
  }

  #group({ name, items }) {
    const { moreClients, moreMessages, rest } = this.#found;
    const more = { clients: moreClients, dialogs: rest.length > 0, messages: moreMessages }[name];
    const rows = { clients: clientRow, messages: messageRow, dialogs: (dialog) => this.#dialogRow(dialog) }[name];
    return h("section", { "aria-label": titleOf(name) },
      h("h2", { class: "dialog-list__group" }, titleOf(name)),
      h("ul", {}, ...items.map((item) => h("li", {}, rows(item)))),
      more && h("div", { class: "dialog-list__more" }, button("btn btn--secondary btn--wide", t("Show more"), () => this.#askMore(name))));
  }

  #dialogRow(dialog) {
    const view = new DialogRow(this.itemOf(store.state.open.get(dialog.id) ?? dialog), openDialog);
    const element = view.element.firstElementChild;
    element.classList.add("found__row");
    return element;
  }

  async #askMore(name) {
    const found = this.#found;
    try {
      if (name === "dialogs") found.dialogs.push(...found.rest.splice(0));
      else {
        const next = (await readFound(name === "clients" ? found.moreClients : found.moreMessages))[name];
        found[name].push(...next.results);
        found[name === "clients" ? "moreClients" : "moreMessages"] = next.next;
      }
      if (found === this.#found) this.#paint();
    } catch (error) {
      complain(error);
    }
  }

  #showFilters() {
    if (this.filters.childElementCount) return;
    const { lines, operators, open, me } = store.state;
    const kinds = new Map([...open.values()].map(({ channel }) => [channel.kind, channelName(channel.kind)]));
    this.filters.append(...[
      lines.length > 1 && this.#select("line", t("All lines"), lines.map(({ id, name }) => [id, name])),
      kinds.size > 1 && this.#select("kind", t("All channels"), [...kinds]),
      me.role !== "OPERATOR" && this.#select("operator", t("All operators"), [...operators.values()].map(({ id, name }) => [id, name])),
      this.#select("period", t("Any time"), Object.keys(PERIODS).map((period) => [period, periodWord(period)])),
    ].filter(Boolean));
  }

  #select(name, all, options) {
    const choose = ({ target }) => { this.#filters[name] = target.value; this.#asked += 1; this.#read(this.#asked); };
    return h("select", { class: "select found__filter", "aria-label": all, on: { change: choose } }, h("option", { value: "" }, all), ...options.map(([value, word]) => h("option", { value }, word)));
  }

  #rows() {
    return this.groups.querySelectorAll(".found__row, .dialog-list__more .btn");
  }

  #walk(event) {
    const step = STEPS[event.key];
    if (!step || event.target.matches("select")) return;
    const rows = [...this.#rows()];
    event.preventDefault();
    const next = stepped(rows.indexOf(document.activeElement), step, rows.length);
    (next < 0 ? this.field : rows[next])?.focus();
  }

  #say(name, text, ...more) {
    this.words.hidden = false;
    this.words.replaceChildren(icon(name, 26), h("p", { class: "empty__title" }, text), ...more);
  }
}
