/** Am I taking requests? Online or on a break; sounds and notifications live here too. */
import { setPresence } from "../core/actions.js";
import { askToNotify, canNotify, isSoundOn, switchSound } from "../core/alerts.js";
import { h, icon, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { store } from "../core/store.js";
import { presenceWord } from "../core/words.js";
import { menuItem, openMenu } from "./menu.js";

customElements.define("presence-pill", class extends HTMLElement {
  connectedCallback() {
    this.word = h("span");
    this.pill = h("button", { type: "button", class: "presence", "aria-haspopup": "menu", on: { click: () => this.#open() } }, h("i"), this.word, icon("chev", 16));
    this.replaceChildren(this.pill);
    store.on(["boot", "operators", "connection"], () => this.#show());
    this.hidden = true;
  }

  #show() {
    const { me } = store.state;
    if (!me) return;
    this.hidden = false;
    const presence = store.view.connection === "open" ? me.presence : "OFFLINE";
    this.pill.className = `presence presence--${presence}`;
    setText(this.word, presenceWord(presence));
    for (const dot of document.querySelectorAll("[data-presence-dot]")) dot.className = `presence-dot presence-dot--${presence}`;
  }

  #open() {
    const { presence } = store.state.me;
    openMenu(this.pill, [
      menuItem("check", t("Take requests"), () => setPresence("ONLINE"), { isChosen: presence === "ONLINE" }),
      menuItem("cup", t("Take a break"), () => setPresence("PAUSED"), { isChosen: presence === "PAUSED" }),
      h("div", { class: "menu__rule" }),
      menuItem("bell", isSoundOn() ? t("Turn the sound off") : t("Turn the sound on"), () => switchSound(!isSoundOn())),
      canNotify() && menuItem("screen", t("Show notifications on the desktop"), askToNotify),
    ]);
  }
});
