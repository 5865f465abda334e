/** To whom to hand a dialog, with a word for whoever gets it. Keys alone do: a name, Enter, a note, Enter. */
import { standingOf } from "../core/day.js";
import { complain, giveBack, say, transfer, transferTargets } from "../core/actions.js";
import { avatar, button, h, icon, setAttribute } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { dialogOf } from "../core/state.js";
import { store } from "../core/store.js";
import { nextTarget, targetSections } from "../core/transfer_targets.js";
import { openModal } from "./modal.js";

const NOTE_LENGTH = "2000";
const ICONS = { groups: "people", lines: "lines" };

/** `hand(target, note)` does it in another way than for this one dialog. */
export function openTransfer(dialogId, hand = (target, note) => handOne(dialogId, target, note)) {
  const dialog = dialogOf(store.state, dialogId);
  if (dialog && dialog.state !== "CLOSED") new TransferPicker(dialogId, hand).open();
}

async function handOne(dialogId, target, note) {
  if (await transfer(dialogId, target, note)) say(t("Handed to {name}", { name: target.name }));
}

class TransferPicker {
  #targets = null;
  #items = [];
  #chosen = null;

  constructor(dialogId, hand) {
    Object.assign(this, { dialogId, hand });
    this.search = h("input", {
      class: "search__input", type: "search", role: "combobox", placeholder: t("Name, group or line"), "aria-label": t("To whom"), "aria-expanded": "true",
      "aria-controls": "transfer-targets", autocomplete: "off", on: { input: () => this.#show(), keydown: (event) => this.#walk(event) },
    });
    this.list = h("div", { id: "transfer-targets", class: "targets", role: "listbox", "aria-label": t("To whom") }, h("p", { class: "empty" }, t("Loading…")));
    this.note = noteField(() => this.#hand());
    this.submit = button("btn btn--primary", t("Hand over"), () => this.#hand(), icon("transfer", 18), t("Hand over"));
  }

  async open() {
    this.submit.disabled = true;
    this.modal = openModal(t("Hand the dialog to"), [h("label", { class: "search" }, icon("search", 18), this.search), this.list, this.note],
      { foot: [button("btn btn--ghost", t("Cancel"), () => this.modal.close()), this.submit], look: "modal modal--sheet" });
    this.search.focus();
    try {
      this.#targets = await transferTargets(this.dialogId);
      this.#show();
    } catch (error) {
      this.modal.close();
      complain(error);
    }
  }

  /** What is looked for is chosen as soon as it is found. */
  #show() {
    if (!this.#targets) return;
    const words = this.search.value;
    const sections = targetSections(this.#targets, { words, except: store.state.me.id });
    this.#items = sections.flatMap(({ items }) => items);
    this.list.replaceChildren(...(sections.length ? sections.map((section) => this.#section(section)) : [h("p", { class: "empty" }, t("Nobody by this name"))]));
    const isLost = !this.#items.some(({ key }) => key === this.#chosen?.key);
    this.#choose(isLost ? (words.trim() ? this.#items[0] ?? null : null) : this.#chosen);
  }

  #section({ kind, title, items }) {
    return h("div", { role: "group", "aria-label": title }, h("h3", { class: "targets__title", "aria-hidden": "true" }, title), ...items.map((item) => this.#option(item, kind)));
  }

  #option(item, kind) {
    const face = item.person ? avatar(item.person, { size: "medium" }) : h("span", { class: "targets__sign" }, icon(ICONS[kind]));
    if (item.person) face.append(h("i", { class: `presence-dot presence-dot--${standingOf(item.person)}` }));
    return h("div", {
      id: item.key, role: "option", class: `targets__item${item.isAvailable ? "" : " targets__item--away"}`, "aria-selected": "false",
      on: { click: () => this.#choose(item), dblclick: () => this.#hand() },
    }, face, h("span", {}, h("b", { class: "truncate" }, item.name), h("small", {}, item.note)), icon("check", 18));
  }

  #choose(item) {
    this.#chosen = item;
    this.submit.disabled = !item;
    setAttribute(this.search, "aria-activedescendant", item?.key ?? null);
    for (const option of this.list.querySelectorAll("[role=option]")) {
      const isChosen = option.id === item?.key;
      setAttribute(option, "aria-selected", String(isChosen));
      if (isChosen) option.scrollIntoView({ block: "nearest" });
    }
  }

  #walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[event.key];
    if (step) this.#choose(nextTarget(this.#items, this.#chosen?.key, step));
    else if (event.key !== "Enter" || event.isComposing) return;
    else if (!this.#chosen) this.#choose(this.#items[0] ?? null);
    else this.note.focus();
    event.preventDefault();
  }

  #hand() {
    const target = this.#chosen;
    if (!target) return this.search.focus();
    this.modal.close();
    this.hand(target, this.note.value.trim());
  }
}

/** Enter sends; Shift and Enter begin a new line. */
const noteField = (send) => h("textarea", {
  class: "input targets__note", rows: "2", maxlength: NOTE_LENGTH, placeholder: t("A note for whoever gets it: only colleagues see it"), "aria-label": t("Note"),
  on: { keydown: (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  } },
});

export function openReturn(dialogId) {
  const send = async () => {
    modal.close();
    if (await giveBack(dialogId, note.value.trim())) say(t("Back in the queue"));
  };
  const note = noteField(send);
  const modal = openModal(t("Return to the queue"), [h("p", { class: "targets__words" }, t("It is offered to the queue anew; whoever had it is asked last.")), note],
    { foot: [button("btn btn--ghost", t("Cancel"), () => modal.close()), button("btn btn--primary", t("Return"), send)] });
  note.focus();
}
