/** What the next message belongs to: a quoted one, or one that is being changed. */
import { wordsOf } from "../core/formatting.js";
import { h, iconButton, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";

export class ComposerContext {
  replyTo = null;
  editing = null;

  constructor(onChange) {
    this.onChange = onChange;
    this.title = h("b");
    this.words = h("span", { class: "truncate" });
    const cancel = iconButton("x", t("Cancel"), () => { this.clear(); onChange(); }, "btn btn--icon btn--ghost btn--small");
    this.element = h("div", { class: "composer__context", hidden: true }, h("div", {}, this.title, h("div", { class: "truncate" }, this.words)), cancel);
  }

  get isEmpty() {
    return !this.replyTo && !this.editing;
  }

  reply(message) {
    this.quote({ id: message.id, text: wordsOf(message), author_name: message.author.name });
    this.onChange();
  }

  /** A public comment is answered where only its author reads it. */
  replyInPrivate(message) {
    this.quote({ id: message.id, text: wordsOf(message), author_name: message.author.name, isPrivate: true });
    this.onChange();
  }

  quote(quoted) {
    this.editing = null;
    this.replyTo = quoted;
    const title = quoted.isPrivate ? t("Private reply: only {name} will see it", { name: quoted.author_name }) : t("Reply to {name}", { name: quoted.author_name });
    this.element.classList.toggle("composer__context--private", Boolean(quoted.isPrivate));
    this.#show(title, quoted.text || t("File"));
  }

  edit(message) {
    this.replyTo = null;
    this.editing = message;
    this.element.classList.remove("composer__context--private");
    this.#show(t("Change the message"), wordsOf(message));
    this.onChange();
  }

  clear() {
    this.replyTo = null;
    this.editing = null;
    this.element.hidden = true;
  }

  #show(title, words) {
    setText(this.title, title);
    setText(this.words, words);
    this.element.hidden = false;
  }
}
