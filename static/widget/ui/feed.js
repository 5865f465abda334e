/** The feed: painted once per frame, kept at its end while the visitor is there. */
import { keyed, setText } from "../../console/core/dom.js";
import { t } from "../../console/core/i18n.js";
import { Bubble, Divider } from "./bubble.js";

const NEAR = 80;
const TYPING_LASTS = 6000;

export class Feed {
  #views = new Map();
  #isDue = false;
  #typingTimer = null;

  constructor(conversation) {
    this.conversation = conversation;
    [this.element, this.list, this.earlier, this.hello, this.typing] = ["feed", "messages", "earlier", "hello", "typing"].map((id) => document.getElementById(id));
    const { outbox } = conversation;
    this.actions = { retry: (id) => outbox.retry(id), drop: (id) => outbox.drop(id), rate: (...rating) => conversation.rate(...rating) };
    conversation.addEventListener("change", () => this.paint());
    conversation.addEventListener("typing", ({ detail }) => this.#showTyping(detail));
    this.element.addEventListener("scroll", () => conversation.noteSeen(), { passive: true });
    this.earlier.addEventListener("click", () => this.#loadEarlier());
    new ResizeObserver(() => { if (this.#wasAtEnd) this.toEnd(); }).observe(this.list);
  }

  #wasAtEnd = true;
  get isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  paint() {
    if (this.#isDue) return;
    this.#isDue = true;
    // A hidden frame gets no animation frames, and its messages must be counted all the same.
    const soon = document.hidden || !this.element.offsetParent ? setTimeout : requestAnimationFrame;
    soon(() => this.#paintNow());
  }

  #paintNow() {
    this.#isDue = false;
    const items = this.conversation.items();
    const isOwnNew = items.at(-1)?.tick === "PENDING";
    this.#wasAtEnd = this.isAtEnd || isOwnNew;
    this.hello.hidden = items.length > 0;
    this.earlier.hidden = !this.conversation.thread.hasEarlier;
    keyed(this.list, items, this.#views, (item) => (item.kind === "message" ? new Bubble(item, this.actions) : new Divider(item)));
    if (items.at(-1)?.message?.author.kind === "OPERATOR") this.#showTyping(null);
    if (this.#wasAtEnd) this.toEnd();
    this.conversation.noteSeen();
  }

  async #loadEarlier() {
    const height = this.element.scrollHeight;
    this.earlier.disabled = true;
    try {
      await this.conversation.loadEarlier();
      this.#paintNow();
      this.element.scrollTop += this.element.scrollHeight - height;
    } catch { /* the button stays for another try */ }
    this.earlier.disabled = false;
  }

  #showTyping(name) {
    clearTimeout(this.#typingTimer);
    const wasAtEnd = this.isAtEnd;
    this.typing.hidden = name === null;
    if (name === null) return;
    setText(this.typing, name ? t("{name} is typing…", { name }) : t("Operator is typing…"));
    if (wasAtEnd) this.toEnd();
    this.#typingTimer = setTimeout(() => this.#showTyping(null), TYPING_LASTS);
  }
}
