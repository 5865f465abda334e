/** The feed on screen: at most a window of nodes, kept where the reader is, or at the end. */
import { complain } from "../core/actions.js";
import { h, icon, keyed, setText } from "../core/dom.js";
import { feedItems, movedEnd, windowOf } from "../core/feed_items.js";
import { t, tn } from "../core/i18n.js";
import { asMessage } from "../core/outbox.js";
import { loadEarlier, loadLater, moveFeed, trim } from "../core/session.js";
import { dialogOf } from "../core/state.js";
import { store } from "../core/store.js";
import { walkFeed } from "./feed_keys.js";
import { FeedMark } from "./feed_marks.js";
import { MessageView } from "./message.js";
import { TypingLine } from "./typing_line.js";

const SIZE = 180;
const STEP = 90;
const NEAR_END = 80;
const NEAR_TOP = 400;

export class FeedView {
  #views = new Map();
  #items = [];
  #feed = null;
  #endKey = null;
  #pending = 0;
  isStuck = true;

  constructor(onSeen) {
    this.onSeen = onSeen;
    this.list = h("div", { class: "feed__items" });
    this.earlier = h("div", { class: "feed__earlier", hidden: true }, t("Loading earlier messages…"));
    this.typing = new TypingLine();
    this.content = h("div", { class: "feed" }, this.earlier, this.list, this.typing.element);
    this.element = h("div", { class: "scroll conversation__scroll", tabindex: "0", role: "log", "aria-label": t("Messages"), on: { scroll: () => this.#look(), keydown: (event) => walkFeed(event, this.list, this.#views) } }, this.content);
    this.jumpWords = h("span");
    this.jump = h("button", { type: "button", class: "conversation__jump", hidden: true, on: { click: () => this.toEnd() } }, icon("down", 16), this.jumpWords);
    const keepEnd = new ResizeObserver(() => { if (this.isStuck) this.#scrollToEnd(); });
    keepEnd.observe(this.content);
    keepEnd.observe(this.element);
  }

  show() {
    const { feed } = store.state;
    if (feed !== this.#feed) this.#reset(feed);
    if (!feed) return;
    this.element.setAttribute("aria-busy", String(!feed.isLoaded));
    const pending = store.outbox.of(feed.dialogId).map((entry) => asMessage(entry, store.state.me));
    if (pending.length > this.#pending) this.#goToEnd();
    this.#pending = pending.length;
    this.#items = feedItems(feed, pending, dialogOf(store.state, feed.dialogId)?.client_read_seq ?? 0);
    this.#paint();
  }

  toEnd() {
    this.#goToEnd();
    this.#paint();
  }

  /** The newest may not be read yet, where somebody jumped far back. */
  #goToEnd() {
    if (this.#feed.hasLater) moveFeed().catch(() => {});
    this.#stick();
  }

  /** Shows one message and flashes it; what stands around it is read where it is not. */
  async jumpTo(messageId) {
    const isHere = () => this.#items.findIndex((item) => item.message?.id === messageId);
    if (isHere() < 0) {
      try { await moveFeed(messageId); } catch (error) { complain(error); }
      this.show();
    }
    const index = isHere();
    if (index < 0) return;
    this.isStuck = false;
    this.#endKey = this.#items[Math.min(this.#items.length - 1, index + STEP)].key;
    this.#paint();
    const { element } = this.#views.get(this.#items[index].key);
    element.scrollIntoView({ block: "center" });
    element.classList.add("message--flash");
    setTimeout(() => element.classList.remove("message--flash"), 1600);
  }

  lastOwn(isOwn) {
    return this.#items.findLast((item) => item.message && isOwn(item.message))?.message ?? null;
  }

  #reset(feed) {
    this.#feed = feed;
    this.#views.clear();
    this.list.replaceChildren();
    this.#pending = Infinity;
    this.#stick();
  }

  #stick() {
    this.isStuck = true;
    this.#endKey = null;
  }

  #paint() {
    const anchor = this.isStuck ? null : this.#anchor();
    const { shown, isAtEnd } = windowOf(this.#items, this.#endKey, SIZE);
    keyed(this.list, shown, this.#views, (item) => (item.kind === "bubble" || item.kind === "whisper" ? new MessageView(item, (id) => this.jumpTo(id)) : new FeedMark(item)));
    this.earlier.hidden = !this.#feed.hasEarlier && this.#feed.isLoaded;
    this.typing.show();
    if (anchor?.element.isConnected) this.element.scrollTop += anchor.element.getBoundingClientRect().top - anchor.top;
    if (this.isStuck) this.#scrollToEnd();
    this.#showJump(isAtEnd && !this.#feed.hasLater);
    if (this.isStuck && !this.#feed.hasLater) this.#seen();
    if (this.isStuck && this.element.scrollHeight <= this.element.clientHeight) loadEarlier().catch(() => {});
  }

  #scrollToEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  /** The first visible node: it must not move when others come and go above it. */
  #anchor() {
    const { top } = this.element.getBoundingClientRect();
    const element = [...this.list.children].find((node) => node.getBoundingClientRect().bottom > top);
    return element ? { element, top: element.getBoundingClientRect().top } : null;
  }

  #look() {
    if (!this.#feed?.isLoaded) return;
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    const { start, isAtEnd } = windowOf(this.#items, this.#endKey, SIZE);
    const isNearEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    const wasStuck = this.isStuck;
    this.isStuck = isNearEnd && isAtEnd && !this.#feed.hasLater;
    if (this.isStuck && !wasStuck) this.#seen();
    if (scrollTop < NEAR_TOP && !this.isStuck) start > 0 ? this.#move(-STEP) : this.#reachBack();
    else if (isNearEnd && !isAtEnd) this.#move(STEP);
    else if (isNearEnd && this.#feed.hasLater) loadLater().catch(() => {});
    this.#showJump(isAtEnd && !this.#feed.hasLater);
  }

  /** Whoever holds at the top while a page comes scrolls no more: they are looked after once it is painted. */
  #reachBack() {
    const lookAgain = () => requestAnimationFrame(() => { if (this.#feed?.hasEarlier) this.#look(); });
    loadEarlier().then(() => requestAnimationFrame(lookAgain), () => {});
  }

  #move(step) {
    this.#endKey = movedEnd(this.#items, this.#endKey, step, SIZE);
    this.#paint();
  }

  #seen() {
    this.lastSeen = this.#items.at(-1)?.key;
    trim();
    this.onSeen();
  }

  #showJump(isAtEnd) {
    this.jump.hidden = (this.isStuck && !this.#feed.hasLater) || (isAtEnd && this.element.scrollHeight - this.element.scrollTop - this.element.clientHeight < 400);
    const seen = this.#items.findIndex((item) => item.key === this.lastSeen);
    const fresh = this.isStuck || seen < 0 ? 0 : this.#items.slice(seen + 1).filter((item) => item.message).length;
    setText(this.jumpWords, fresh ? tn("{count} new message", "{count} new messages", fresh) : t("To the newest"));
  }
}
