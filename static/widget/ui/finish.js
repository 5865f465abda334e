/** Below the messages, quietly: the visitor's way to end the conversation, asked twice. */
import { h } from "../../console/core/dom.js";
import { t } from "../../console/core/i18n.js";
import { canFinish } from "../thread.js";

export class Finish {
  constructor(conversation) {
    this.conversation = conversation;
    this.element = document.getElementById("finish");
    this.ask = this.#button(t("Finish the conversation"), () => this.#toggle(true));
    this.yes = this.#button(t("Yes, finish"), () => this.#finish());
    this.no = this.#button(t("No"), () => this.#toggle(false));
    this.element.append(this.ask);
  }

  #button(words, click) {
    return h("button", { type: "button", class: "btn btn--link", on: { click } }, words);
  }

  show() {
    const isShown = canFinish(this.conversation.thread);
    if (this.element.hidden === !isShown) return;
    this.element.hidden = !isShown;
    this.element.replaceChildren(this.ask);
  }

  #toggle(isAsking) {
    this.element.replaceChildren(...(isAsking ? [h("span", {}, t("Finish the conversation?")), " ", this.yes, this.no] : [this.ask]));
    (isAsking ? this.no : this.ask).focus();
  }

  async #finish() {
    this.yes.disabled = true;
    try {
      await this.conversation.finish();
    } catch {
      this.#toggle(false);
    }
    this.yes.disabled = false;
  }
}
