/** To the client, or to the colleagues only. */
import { h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";

export class ComposerMode {
  visibility = "PUBLIC";
  isForced = false;

  constructor(onChange) {
    this.onChange = onChange;
    const tab = (visibility, ...content) => h("button", { type: "button", role: "tab", class: "composer__tab", data: { visibility }, on: { click: () => this.choose(visibility) } }, ...content);
    this.tabs = [tab("PUBLIC", t("Reply to the client")), tab("STAFF", icon("eyeoff", 16), t("Whisper"))];
    this.element = h("div", { class: "composer__mode", role: "tablist" }, ...this.tabs, h("span", { class: "spacer" }), h("span", { class: "composer__hint only-desk" }, h("kbd", {}, "Enter"), ` ${t("sends")}`));
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

  #show() {
    for (const tab of this.tabs) {
      tab.setAttribute("aria-selected", String(tab.dataset.visibility === this.visibility));
      tab.disabled = tab.hidden = this.isForced && tab.dataset.visibility === "PUBLIC";
    }
  }
}
