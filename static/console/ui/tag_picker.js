/** Which tags a dialog or a client has. A few letters find one, Enter puts it on or takes it off; closing keeps the choice. */
import { button, h, icon, setAttribute } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { createTag, setTags } from "../core/marks.js";
import { store } from "../core/store.js";
import { isNewName, matchingTags } from "../core/tags.js";
import { openModal } from "./modal.js";
import { tagChip } from "./tag_chips.js";

const NAME_LENGTH = "50";
const isAllowedToCreate = () => store.state.me.role !== "OPERATOR";

export const openDialogTags = (dialog) => new TagPicker(t("Tags of the dialog"), dialog.tag_ids, (ids) => setTags(dialog.id, ids)).open();
/** Tags to put on many dialogs, beside those that each has. */
export const openMoreTags = (put) => new TagPicker(t("Put tags on"), [], put).open();
export const openClientTags = (client, change) => new TagPicker(t("Tags of {name}", { name: client.name }), client.tag_ids, change).open();

class TagPicker {
  #items = [];
  #active = 0;

  constructor(title, tagIds, keep) {
    this.title = title;
    this.before = tagIds;
    this.chosen = new Set(tagIds);
    this.keep = keep;
    this.search = h("input", {
      class: "search__input", type: "search", role: "combobox", placeholder: t("Find a tag"), "aria-label": t("Find a tag"), "aria-expanded": "true", "aria-controls": "tag-options",
      autocomplete: "off", maxlength: NAME_LENGTH, on: { input: () => { this.#active = 0; this.#show(); }, keydown: (event) => this.#key(event) },
    });
    this.list = h("div", { id: "tag-options", class: "targets targets--tags", role: "listbox", "aria-multiselectable": "true", "aria-label": title });
  }

  open() {
    this.modal = openModal(this.title, [h("label", { class: "search" }, icon("search", 18), this.search), this.list],
      { foot: [button("btn btn--primary", t("Done"), () => this.modal.close())], look: "modal modal--sheet" });
    this.modal.addEventListener("close", () => this.#close());
    this.#show();
    this.search.focus();
  }

  #close() {
    const ids = [...this.chosen].filter((id) => store.state.tags.some((tag) => tag.id === id));
    if (ids.join() !== this.before.join()) this.keep(ids);
  }

  #show() {
    const { tags } = store.state;
    const words = this.search.value;
    this.#items = matchingTags(tags, words).map((tag) => ({ tag }));
    if (isAllowedToCreate() && isNewName(tags, words)) this.#items.push({ name: words.trim() });
    this.#active = Math.min(this.#active, Math.max(0, this.#items.length - 1));
    this.list.replaceChildren(...(this.#items.length ? this.#items.map((item, place) => this.#option(item, place)) : [this.#nothing(words)]));
    setAttribute(this.search, "aria-activedescendant", this.#items.length ? `tag-option-${this.#active}` : null);
    this.list.querySelector(".targets__item--active")?.scrollIntoView({ block: "nearest" });
  }

  #option({ tag, name }, place) {
    const isChosen = Boolean(tag && this.chosen.has(tag.id));
    return h("div", {
      id: `tag-option-${place}`, role: "option", class: `targets__item${place === this.#active ? " targets__item--active" : ""}`, "aria-selected": String(isChosen),
      on: { click: () => { this.#active = place; this.#toggle(); } },
    }, tag ? h("span", { class: "targets__check" }, isChosen ? icon("check", 16) : null) : icon("plus", 18), h("span", {}, tag ? tagChip(tag) : t("Make the tag “{name}”", { name })));
  }

  #nothing(words) {
    const hint = isAllowedToCreate() ? t("Type a name to make the first one.") : t("Administrators and supervisors make them.");
    return h("div", { class: "empty" }, icon("tag", 26), h("p", {}, words.trim() ? t("No such tag") : t("There are no tags yet")), h("p", {}, hint));
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#active = (this.#active + step + this.#items.length) % Math.max(1, this.#items.length);
    else if (event.key === "Enter" && !event.isComposing && (event.ctrlKey || !this.#items.length)) this.modal.close();
    else if (event.key === "Enter" && !event.isComposing) this.#toggle();
    else return;
    event.preventDefault();
    if (step) this.#show();
  }

  async #toggle() {
    const item = this.#items[this.#active];
    if (!item) return;
    const tag = item.tag ?? await createTag(item.name);
    if (!tag) return;
    if (!item.tag) store.state.tags = [...store.state.tags, tag];
    this.chosen[this.chosen.has(tag.id) ? "delete" : "add"](tag.id);
    if (this.search.value) this.search.value = "";
    this.#show();
    this.search.focus();
  }
}
