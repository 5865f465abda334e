/** Whom to invite into a dialog: several at once. Keys alone do: a name, Enter, the next name, Enter, Enter. */
import { complain, invite, say, transferTargets } from "../core/actions.js";
import { avatar, button, h, icon, setAttribute, setText } from "../core/dom.js";
import { standingOf } from "../core/day.js";
import { t, tn } from "../core/i18n.js";
import { dialogOf } from "../core/state.js";
import { store } from "../core/store.js";
import { nextTarget, targetSections } from "../core/transfer_targets.js";
import { openModal } from "./modal.js";

export function openInvitation(dialogId) {
  const dialog = dialogOf(store.state, dialogId);
  if (dialog && dialog.state !== "CLOSED") new InvitePicker(dialog).open();
}

class InvitePicker {
  #people = null;
  #items = [];
  #current = null;
  #chosen = new Map();

  constructor(dialog) {
    this.dialog = dialog;
    this.search = h("input", {
      class: "search__input", type: "search", role: "combobox", placeholder: t("Name"), "aria-label": t("Whom to invite"), "aria-expanded": "true",
      "aria-controls": "invite-people", autocomplete: "off", on: { input: () => this.#show(), keydown: (event) => this.#key(event) },
    });
    this.list = h("div", { id: "invite-people", class: "targets", role: "listbox", "aria-label": t("Whom to invite"), "aria-multiselectable": "true" }, h("p", { class: "empty" }, t("Loading…")));
    this.word = h("span", {}, t("Invite"));
    this.submit = button("btn btn--primary", t("Invite"), () => this.#invite(), icon("adduser", 18), this.word);
  }

  async open() {
    this.submit.disabled = true;
    this.modal = openModal(t("Invite colleagues"), [
      h("label", { class: "search" }, icon("search", 18), this.search), this.list,
      h("p", { class: "targets__words" }, t("They see the dialog and write to the client together with its operator.")),
    ], { foot: [button("btn btn--ghost", t("Cancel"), () => this.modal.close()), this.submit], look: "modal modal--sheet" });
    this.search.focus();
    try {
      const { operators } = await transferTargets(this.dialog.id);
      const isIn = new Set([this.dialog.owner_id, store.state.me.id, ...this.dialog.participant_ids]);
      this.#people = operators.filter(({ id }) => !isIn.has(id));
      this.#show();
    } catch (error) {
      this.modal.close();
      complain(error);
    }
  }

  /** What is looked for is next as soon as it is found. */
  #show() {
    if (!this.#people) return;
    const words = this.search.value;
    const [section] = targetSections({ operators: this.#people, groups: [], lines: [] }, { words });
    this.#items = section?.items ?? [];
    this.list.replaceChildren(...(this.#items.length ? this.#items.map((item) => this.#option(item)) : [h("p", { class: "empty" }, t("Nobody by this name"))]));
    const isThere = this.#items.some(({ key }) => key === this.#current?.key);
    this.#stand(isThere ? this.#current : words.trim() ? this.#items[0] ?? null : null);
    this.#mark();
  }

  #option(item) {
    const face = avatar(item.person, { size: "medium" });
    face.append(h("i", { class: `presence-dot presence-dot--${standingOf(item.person)}` }));
    return h("div", {
      id: item.key, role: "option", class: `targets__item${item.isAvailable ? "" : " targets__item--away"}`, "aria-selected": "false", on: { click: () => this.#toggle(item) },
    }, face, h("span", {}, h("b", { class: "truncate" }, item.name), h("small", {}, item.note)), icon("check", 18));
  }

  #stand(item) {
    this.#current = item;
    setAttribute(this.search, "aria-activedescendant", item?.key ?? null);
    for (const option of this.list.children) option.classList.toggle("targets__item--current", option.id === item?.key);
    if (item) document.getElementById(item.key)?.scrollIntoView({ block: "nearest" });
  }

  /** With nobody current the next Enter invites whoever is chosen. */
  #toggle(item) {
    if (!this.#chosen.delete(item.key)) this.#chosen.set(item.key, item);
    this.search.value = "";
    this.#current = null;
    this.#show();
    this.search.focus();
  }

  #mark() {
    for (const option of this.list.children) setAttribute(option, "aria-selected", String(this.#chosen.has(option.id)));
    const { size } = this.#chosen;
    this.submit.disabled = !size;
    setText(this.word, size ? tn("Invite {count}", "Invite {count}", size) : t("Invite"));
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[event.key];
    if (step) this.#stand(nextTarget(this.#items, this.#current?.key, step));
    else if (event.key !== "Enter" || event.isComposing) return;
    else if (this.#current) this.#toggle(this.#current);
    else if (this.#chosen.size) this.#invite();
    event.preventDefault();
  }

  async #invite() {
    const people = [...this.#chosen.values()];
    this.modal.close();
    if (await invite(this.dialog.id, people.map(({ id }) => id))) say(t("Invited: {names}", { names: people.map(({ name }) => name).join(", ") }));
  }
}
