/** What the server finds: closed dialogs by themselves, everything else by words. */
import { complain, moreDialogs, searchDialogs } from "../core/actions.js";
import { button, h, icon, keyed } from "../core/dom.js";
import { keyOfFilters } from "../core/filters.js";
import { t } from "../core/i18n.js";
import { store } from "../core/store.js";
import { DialogRow } from "./dialog_row.js";
import { FoundGroups } from "./found_groups.js";
import { openDialog } from "./navigation.js";

export class SearchResults {
  isShown = false;
  #asked = 0;
  #dialogs = [];
  #next = null;
  #views = new Map();

  constructor(onChange) {
    this.onChange = onChange;
    this.rows = h("ul");
    this.words = h("div", { class: "empty" });
    this.more = h("div", { class: "dialog-list__more" }, button("btn btn--secondary btn--wide", t("Show more"), () => this.#askMore()));
    this.listed = h("div", { "aria-live": "polite" }, this.rows, this.words, this.more);
    this.found = new FoundGroups((dialog) => this.itemOf(dialog));
    this.element = h("div", { hidden: true }, this.listed, this.found.element);
  }

  /** The closed ones are always the server's; in the other tabs only a search is. */
  ask(tab, words) {
    const search = words.trim();
    this.isShown = tab === "closed" || search !== "";
    this.#asked += 1;
    clearTimeout(this.timer);
    this.listed.hidden = search !== "";
    this.found.ask(search);
    if (this.isShown && !search) this.timer = setTimeout(() => this.#read(this.#asked, tab), 0);
    this.onChange();
  }

  show(itemOf) {
    this.itemOf = itemOf;
    this.element.hidden = !this.isShown;
    if (!this.isShown || this.listed.hidden) return;
    const fresh = this.#dialogs.map((dialog) => store.state.open.get(dialog.id) ?? store.state.closed.get(dialog.id) ?? dialog);
    keyed(this.rows, fresh.map(itemOf), this.#views, (item) => new DialogRow(item, openDialog));
    this.more.hidden = !this.#next;
    this.words.hidden = fresh.length > 0;
  }

  async #read(asked, tab) {
    this.#say("clock", t("Searching…"));
    try {
      const { results, next } = await searchDialogs({ tab, search: "", filters: store.view.filters });
      if (asked !== this.#asked) return;
      this.#dialogs = results;
      this.#next = next;
      this.#say("search", keyOfFilters(store.view.filters, tab) ? t("No dialogs match the filters") : t("No finished dialogs yet"));
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#dialogs = [];
      this.#say("alert", error.message || t("No connection. Try again when the line is back."));
    }
    this.onChange();
  }

  async #askMore() {
    try {
      const { results, next } = await moreDialogs(this.#next);
      this.#dialogs = unique([...this.#dialogs, ...results]);
      this.#next = next;
      this.onChange();
    } catch (error) {
      complain(error);
    }
  }

  #say(iconName, text) {
    this.words.replaceChildren(icon(iconName, 26), h("p", {}, text));
  }
}

const unique = (dialogs) => [...new Map(dialogs.map((dialog) => [dialog.id, dialog])).values()];
