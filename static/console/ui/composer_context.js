/** What the next message belongs to: a quoted one, or one that is being changed. */
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
    this.editing = null;
    this.replyTo = { id: message.id, text: message.text, author_name: message.author.name };
    this.#show(t("Reply to {name}", { name: message.author.name }), message.text || t("File"));
  }

  edit(message) {
    this.replyTo = null;
    this.editing = message;
    this.#show(t("Change the message"), message.text);
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
    this.onChange();
  }
}
