/** Says in words what is wrong with the line, and what happens to what one writes meanwhile. */
import { button, h, icon } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { store } from "../core/store.js";

const PATIENCE = 1500;

customElements.define("console-banner", class extends HTMLElement {
  connectedCallback() {
    this.className = "banner notice";
    this.setAttribute("role", "status");
    this.hidden = true;
    store.on(["connection", "outbox"], () => this.#plan());
  }

  #plan() {
    const isWell = ["open", "connecting"].includes(store.view.connection);
    if (isWell || !this.hidden) this.#show();
    else this.timer ??= setTimeout(() => { this.timer = null; this.#show(); }, PATIENCE);
  }

  #show() {
    const { connection } = store.view;
    this.hidden = ["open", "connecting"].includes(connection);
    this.classList.toggle("banner--bad", connection === "refused" || connection === "failed");
    if (!this.hidden) this.replaceChildren(icon("offline", 18), h("span", {}, WORDS[connection]()), ...ACTIONS[connection]?.() ?? []);
  }
});

function waiting() {
  const count = store.outbox?.entries.filter((entry) => entry.state === "QUEUED").length ?? 0;
  return count ? ` ${tn("{count} message waits.", "{count} messages wait.", count)}` : "";
}

const WORDS = {
  down: () => t("No connection. You can go on writing: it will be sent when the line is back.") + waiting(),
  refused: () => t("You no longer have access to the dialogs. Ask an administrator."),
  failed: () => t("The dialogs could not be loaded."),
};
const ACTIONS = { failed: () => [button("btn btn--small", t("Try again"), () => location.reload())] };
