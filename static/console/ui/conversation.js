/** <conversation-pane>: the dialog on screen, from its head to the place where one writes. */
import { markRead } from "../core/actions.js";
import { h, icon, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { isFree, isMine, writesTo } from "../core/lists.js";
import { startLooking } from "../core/looking.js";
import { writersOf } from "../core/onlookers.js";
import { dialogOf } from "../core/state.js";
import { store } from "../core/store.js";
import { ChannelTrouble } from "./channel_trouble.js";
import { ConversationBar } from "./conversation_bar.js";
import { DecisionBar } from "./decision_bar.js";
import { FactsBar } from "./facts_bar.js";
import { FeedView } from "./feed_view.js";
import { isOwn } from "./message_menu.js";
import "./composer.js";

/** A client who writes line by line is marked as read once in a while, not once a line. */
const READ_PAUSE = 800;

customElements.define("conversation-pane", class extends HTMLElement {
  #marked = new Map();
  #markedAt = 0;

  connectedCallback() {
    this.bar = new ConversationBar();
    this.facts = new FactsBar();
    this.feed = new FeedView(() => this.#markRead());
    this.decision = new DecisionBar();
    this.collision = h("p", { class: "collision", role: "status", hidden: true }, icon("alert", 16), h("span"));
    this.trouble = new ChannelTrouble();
    this.composer = h("message-composer", { class: "composer", hidden: true });
    this.drop = h("div", { class: "conversation__drop", hidden: true }, t("Drop the files here"));
    this.stage = h("div", { class: "conversation__stage" }, this.feed.element, this.feed.jump, this.drop);
    this.nothing = h("div", { class: "conversation__nothing empty" }, icon("chat", 26), h("p", { class: "empty__title" }, t("Choose a dialog")), h("p", {}, t("J and K walk through the list, Enter opens, Ctrl and K find everything, ? shows all keys.")));
    this.append(this.bar.element, this.facts.element, this.stage, this.decision.element, this.trouble.element, this.collision, this.composer, this.nothing);
    this.composer.lastOwn = () => this.feed.lastOwn((message) => isOwn(message) && message.id !== null && message.text && !message.deleted_at);
    this.#listen();
    this.#show();
  }

  #listen() {
    store.on(["boot", "selection", "dialogs", "operators", "typing"], () => this.#show());
    store.on(["feed", "selection", "outbox", "typing", "dialogs"], () => { if (store.state.me) this.feed.show(); });
    store.on(["boot", "selection", "dialogs", "onlookers"], () => this.#showOthers());
    store.on(["second"], () => this.#tick());
    startLooking();
    document.addEventListener("visibilitychange", () => this.#markRead());
    this.addEventListener("dragover", (event) => this.#drag(event, true));
    this.addEventListener("dragleave", (event) => { if (!this.contains(event.relatedTarget)) this.#drag(event, false); });
    this.addEventListener("drop", (event) => {
      this.#drag(event, false);
      if (!this.composer.hidden) this.composer.addFiles(event.dataTransfer.files);
    });
  }

  get dialog() {
    return dialogOf(store.state, store.state.selectedId);
  }

  #show() {
    const { dialog } = this;
    const isShown = Boolean(dialog && store.state.me);
    this.nothing.hidden = isShown || store.state.selectedId !== null;
    for (const part of [this.bar.element, this.facts.element, this.stage]) part.hidden = !isShown;
    if (!isShown) this.decision.element.hidden = this.trouble.element.hidden = this.collision.hidden = this.composer.hidden = true;
    else {
      this.bar.show(dialog);
      this.facts.show(dialog);
      this.decision.show(dialog);
      this.trouble.show(dialog);
      this.#showComposer(dialog);
    }
  }

  /** Others may whisper into a dialog that somebody answers; only its owner and who was invited speak to the client. */
  #showComposer(dialog) {
    this.composer.hidden = dialog.state === "CLOSED" || isFree(dialog);
    if (!this.composer.hidden) this.composer.show(dialog, { onlyWhisper: !writesTo(dialog, store.state.me) });
  }

  /** Two answers at once help nobody. */
  #showOthers() {
    const { dialog } = this;
    if (!dialog || !store.state.me) return;
    this.facts.showPeople(dialog);
    const [writer] = this.composer.hidden ? [] : writersOf(store.state, dialog.id);
    this.collision.hidden = !writer;
    if (writer) setText(this.collision.lastChild, t("{name} is writing to the client right now", { name: writer.name }));
  }

  #tick() {
    if (!this.dialog || !store.state.me) return;
    this.facts.tick();
    this.decision.tick();
  }

  #markRead() {
    const { dialog } = this;
    if (!dialog || document.hidden || !this.feed.isStuck || !isMine(dialog, store.state.me) || !dialog.unread) return;
    if (this.#marked.get(dialog.id) >= dialog.last_seq || !store.state.feed?.isLoaded) return;
    this.markTimer ??= setTimeout(() => { this.markTimer = null; this.#markRead(); }, READ_PAUSE);
    if (Date.now() - this.#markedAt < READ_PAUSE) return;
    this.#markedAt = Date.now();
    this.#marked.set(dialog.id, dialog.last_seq);
    markRead(dialog);
  }

  #drag(event, isOver) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.drop.hidden = !isOver || this.composer.hidden;
  }
});
