/** Who is typing in the dialog on screen: the client, or a colleague who may answer at the same time. */
import { h, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { store } from "../core/store.js";

export class TypingLine {
  words = h("span");
  element = h("div", { class: "feed__typing", hidden: true }, h("span", { "aria-hidden": "true" }, h("i"), h("i"), h("i")), this.words);

  show() {
    const author = store.state.typing.get(store.state.selectedId)?.author;
    this.element.hidden = !author;
    if (author) setText(this.words, t("{name} is typing…", { name: author.name }));
  }
}
