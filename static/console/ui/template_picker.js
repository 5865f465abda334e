/** Which approved text goes to a client who wrote too long ago, and what stands in its gaps. Keys alone do. */
import { complain, say, sendTemplate, templatesOf } from "../core/actions.js";
import { button, h, icon, setAttribute } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { foundTemplates, piecesOf, startOf } from "../core/templates.js";
import { nextTarget } from "../core/transfer_targets.js";
import { openModal } from "./modal.js";

const LONGEST_VALUE = "1024";

export const openTemplates = (dialog) => new TemplatePicker(dialog).open();

class TemplatePicker {
  #templates = null;
  #items = [];
  #chosen = null;
  #fields = [];

  constructor(dialog) {
    this.dialog = dialog;
    this.search = h("input", {
      class: "search__input", type: "search", role: "combobox", placeholder: t("Name or words of the template"), "aria-label": t("Which template"), "aria-expanded": "true",
      "aria-controls": "message-templates", autocomplete: "off", on: { input: () => this.#show(), keydown: (event) => this.#walk(event) },
    });
    this.list = h("div", { id: "message-templates", class: "targets templates", role: "listbox", "aria-label": t("Which template") }, h("p", { class: "empty" }, t("Loading…")));
    this.preview = h("div", { class: "templates__preview", hidden: true });
    this.submit = button("btn btn--primary", t("Send"), () => this.#send(), icon("send", 18), t("Send"));
  }

  async open() {
    this.submit.disabled = true;
    this.modal = openModal(t("Send a template"), [h("label", { class: "search" }, icon("search", 18), this.search), this.list, this.preview],
      { foot: [button("btn btn--ghost", t("Cancel"), () => this.modal.close()), this.submit], look: "modal modal--sheet" });
    this.search.focus();
    try {
      this.#templates = (await templatesOf(this.dialog.channel.id)).map((one) => ({ ...one, key: `template-${one.id}` }));
      this.#show();
    } catch (error) {
      this.modal.close();
      complain(error);
    }
  }

  #show() {
    if (!this.#templates) return;
    this.#items = foundTemplates(this.#templates, this.search.value);
    const none = this.#templates.length ? t("No template has these words") : t("This channel has no approved templates yet. They are made at the provider, and appear here within the hour.");
    this.list.replaceChildren(...(this.#items.length ? this.#items.map((item) => this.#option(item)) : [h("p", { class: "empty" }, none)]));
    this.#choose(this.#items.find(({ key }) => key === this.#chosen?.key) ?? this.#items[0] ?? null);
  }

  #option(item) {
    return h("div", {
      id: item.key, role: "option", class: "targets__item", "aria-selected": "false",
      on: { click: () => this.#choose(item), dblclick: () => this.#onward() },
    }, h("span", { class: "targets__sign" }, icon("reply")), h("span", {}, h("b", { class: "truncate" }, item.name), h("small", { class: "truncate" }, startOf(item.body))), h("span", { class: "tag" }, item.language), icon("check", 18));
  }

  #choose(item) {
    if (item?.key !== this.#chosen?.key) this.#draw(item);
    this.#chosen = item;
    setAttribute(this.search, "aria-activedescendant", item?.key ?? null);
    for (const option of this.list.querySelectorAll("[role=option]")) {
      const isChosen = option.id === item?.key;
      setAttribute(option, "aria-selected", String(isChosen));
      if (isChosen) option.scrollIntoView({ block: "nearest" });
    }
    this.#look();
  }

  /** As the client reads it; the first place of a gap is where it is filled in. */
  #draw(item) {
    this.#fields = [];
    this.preview.hidden = !item;
    if (!item) return;
    const echoes = [];
    const nodes = piecesOf(item.body).map(({ text, gap }) => {
      if (text !== undefined) return text;
      if (this.#fields[gap]) {
        echoes.push([gap, h("span", { class: "templates__echo" }, "…")]);
        return echoes.at(-1)[1];
      }
      return this.#fields[gap] = this.#field(gap, () => { for (const [place, echo] of echoes) echo.textContent = this.#fields[place].value || "…"; });
    });
    this.preview.replaceChildren(h("p", { class: "templates__text" }, ...nodes));
  }

  #field = (gap, onInput) => h("input", {
    class: "input templates__gap", maxlength: LONGEST_VALUE, autocomplete: "off", "aria-label": t("Gap {number}", { number: gap + 1 }), placeholder: t("Gap {number}", { number: gap + 1 }), required: true,
    on: {
      input: () => { onInput(); this.#look(); },
      keydown: (event) => {
        if (event.key !== "Enter" || event.isComposing) return;
        event.preventDefault();
        this.#onward();
      },
    },
  });

  #look() {
    this.submit.disabled = !this.#chosen || this.#fields.some(({ value }) => !value.trim());
  }

  #walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[event.key];
    if (step) this.#choose(nextTarget(this.#items, this.#chosen?.key, step));
    else if (event.key !== "Enter" || event.isComposing) return;
    else this.#onward();
    event.preventDefault();
  }

  /** To the first gap that is empty; to the client when there is none. */
  #onward() {
    const empty = this.#fields.find(({ value }) => !value.trim());
    if (empty) empty.focus();
    else this.#send();
  }

  async #send() {
    if (this.submit.disabled) return;
    this.submit.disabled = true;
    const isSent = await sendTemplate(this.dialog.id, this.#chosen.id, this.#fields.map(({ value }) => value.trim()));
    if (!isSent) return this.#look();
    this.modal.close();
    say(t("The template is on its way"));
  }
}
