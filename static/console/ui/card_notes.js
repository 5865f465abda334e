/** Notes on a client: kept while one writes, and never over a colleague's newer ones. */
import { saveNotes } from "../core/client_actions.js";
import { button, h, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { errorWords } from "../core/names.js";

const PAUSE = 1200;

export class CardNotes {
  #known = "";
  #timer = null;
  #saving = Promise.resolve();

  constructor(clientId) {
    this.clientId = clientId;
    this.text = h("textarea", { class: "input client-card__notes", rows: "3", maxlength: "20000", placeholder: t("What should colleagues know?"), "aria-label": t("Notes"), on: { input: () => this.#later(), blur: () => this.#save(), keydown: (event) => { if (event.key === "Enter" && event.ctrlKey) this.text.blur(); if (event.key === "Escape") event.stopPropagation(); } } });
    this.status = h("span", { class: "client-card__status", role: "status" });
    this.theirs = h("div", { class: "notice notice--warn client-card__theirs", hidden: true });
    this.element = h("section", { class: "client-card__section" }, h("h3", { class: "client-card__section-head" }, t("Notes"), this.status), this.text, this.theirs);
  }

  get #isChanged() { return this.text.value !== this.#known; }

  /** What the server has; what is being written here stays, and meets it when it is saved. */
  show(notes) {
    if (notes === this.#known) return;
    if (!this.#isChanged) {
      this.#known = notes;
      this.text.value = notes;
    } else if (notes !== this.text.value) this.#showTheirs(notes);
  }

  #later() {
    setText(this.status, "");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), PAUSE);
  }

  #save() {
    clearTimeout(this.#timer);
    this.#saving = this.#saving.then(() => (this.#isChanged && this.theirs.hidden ? this.#send(this.text.value) : null));
  }

  async #send(notes) {
    setText(this.status, t("Saving…"));
    try {
      const client = await saveNotes(this.clientId, notes, this.#known);
      this.#known = client.notes;
      setText(this.status, t("Saved"));
    } catch (error) {
      setText(this.status, error.code === "notes_changed" ? "" : errorWords(error));
      if (error.code === "notes_changed") dispatchEvent(new CustomEvent("client:read", { detail: this.clientId }));
      else if (error.isTemporary) this.#timer = setTimeout(() => this.#save(), 5 * PAUSE);
    }
  }

  /** Both are there; which one stays is a person's choice. */
  #showTheirs(notes) {
    const choose = (text) => {
      this.theirs.hidden = true;
      this.#known = notes;
      this.text.value = text;
      this.#save();
      this.text.focus();
    };
    this.theirs.replaceChildren(h("div", {}, h("p", {}, t("A colleague has written meanwhile:")), h("blockquote", {}, notes || t("(nothing)")),
      h("div", { class: "client-card__choices" },
        button("btn btn--secondary btn--small", t("Keep both"), () => choose([notes, this.text.value].filter(Boolean).join("\n\n"))),
        button("btn btn--link", t("Take theirs"), () => choose(notes)), button("btn btn--link", t("Keep mine"), () => choose(this.text.value)))));
    this.theirs.hidden = false;
  }
}
