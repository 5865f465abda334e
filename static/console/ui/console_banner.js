/** Says in words what is wrong with the line, what still works, and when the next try is. */
import { button, h, icon, setText } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { store } from "../core/store.js";

const PATIENCE = 1500;
const WELL = ["open", "connecting"];

customElements.define("console-banner", class extends HTMLElement {
  #shown = null;

  connectedCallback() {
    this.className = "banner notice";
    this.hidden = true;
    this.words = h("span", { role: "status" });
    this.waiting = h("span", { class: "banner__waiting" });
    // A number that changes every second is for the eye: read aloud it would drown everything else.
    this.countdown = h("span", { class: "banner__countdown", "aria-hidden": "true" });
    this.place = h("span");
    this.replaceChildren(icon("offline", 18), this.words, h("span", { class: "banner__rest" }, this.waiting, this.countdown, this.place));
    store.on(["connection", "outbox"], () => this.#plan());
    store.on(["second", "connection"], () => this.#count());
  }

  #plan() {
    if (WELL.includes(store.view.connection) || !this.hidden) this.#show();
    else this.timer ??= setTimeout(() => { this.timer = null; this.#show(); }, PATIENCE);
  }

  #show() {
    const { connection } = store.view;
    const wasDown = !this.hidden && this.#shown === "down";
    this.hidden = WELL.includes(connection);
    this.classList.toggle("banner--bad", connection === "refused" || connection === "failed");
    if (wasDown && connection === "open") dispatchEvent(new CustomEvent("console:say", { detail: { text: t("The connection is back.") } }));
    setText(this.words, this.hidden ? "" : WORDS[connection]());
    setText(this.waiting, this.hidden ? "" : waiting());
    if (this.#shown !== connection) this.place.replaceChildren(...ACTIONS[connection]?.() ?? []);
    this.#shown = connection;
    this.#count();
  }

  #count() {
    const { connection, nextTryAt } = store.view;
    if (this.hidden || connection !== "down") return setText(this.countdown, "");
    const seconds = Math.ceil((nextTryAt - Date.now()) / 1000);
    setText(this.countdown, seconds > 0 ? tn("Next try in {count} second", "Next try in {count} seconds", seconds, {}) : t("Trying…"));
  }
});

function waiting() {
  const count = store.outbox?.entries.filter((entry) => entry.state === "QUEUED").length ?? 0;
  return count ? tn("{count} message waits.", "{count} messages wait.", count) : "";
}

const WORDS = {
  down: () => t("No connection. You can go on reading and writing: messages go out when the line is back."),
  refused: () => t("You no longer have access to the dialogs. Ask an administrator."),
  failed: () => t("The dialogs could not be loaded."),
};
const ACTIONS = {
  down: () => [button("btn btn--small", t("Try now"), () => dispatchEvent(new CustomEvent("console:try-now")))],
  failed: () => [button("btn btn--small", t("Try again"), () => location.reload())],
};
