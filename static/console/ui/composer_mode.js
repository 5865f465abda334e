/** To the client, or to the colleagues only; and which key sends. */
import { h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { store } from "../core/store.js";

export class ComposerMode {
  visibility = "PUBLIC";
  isForced = false;

  constructor(onChange) {
    this.onChange = onChange;
    const tab = (visibility, ...content) => h("button", { type: "button", role: "tab", class: "composer__tab", data: { visibility }, on: { click: () => this.choose(visibility) } }, ...content);
    this.tabs = [tab("PUBLIC", t("Reply to the client")), tab("STAFF", icon("eyeoff", 16), t("Whisper"))];
    this.keys = h("span", { class: "composer__hint only-desk" });
    this.element = h("div", { class: "composer__mode" }, h("div", { class: "composer__tabs", role: "tablist", "aria-label": t("Who reads it") }, ...this.tabs), h("span", { class: "spacer" }), this.keys);
    this.#show();
  }

  choose(visibility) {
    this.visibility = this.isForced ? "STAFF" : visibility;
    this.#show();
    this.onChange();
  }

  /** Who does not own the dialog may only whisper. What was begun as a whisper never turns into a reply by itself. */
  force(isForced, hasText) {
    if (isForced === this.isForced) return;
    this.isForced = isForced;
    this.visibility = isForced || hasText ? "STAFF" : "PUBLIC";
    this.#show();
  }

  get #isByCtrl() {
    return store.state.settings?.send_key === "CTRL_ENTER";
  }

  /** Whether a key sends; the other one begins a new line. */
  sends(event) {
    if (event.key !== "Enter" || event.altKey) return false;
    if (event.ctrlKey || event.metaKey) return true;
    return !this.#isByCtrl && !event.shiftKey;
  }

  hint() {
    const keys = this.#isByCtrl ? "Ctrl+Enter" : "Enter";
    if (this.keys.dataset.keys === keys) return;
    this.keys.dataset.keys = keys;
    this.keys.replaceChildren(h("kbd", {}, "/"), ` ${t("quick reply")} `, h("kbd", {}, keys), ` ${t("sends")}`);
  }

  #show() {
    for (const tab of this.tabs) {
      tab.setAttribute("aria-selected", String(tab.dataset.visibility === this.visibility));
      tab.disabled = tab.hidden = this.isForced && tab.dataset.visibility === "PUBLIC";
    }
  }
}
