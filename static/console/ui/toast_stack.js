/** A word on what just happened; read out by screen readers, never taking the focus. */
import { button, h, icon, iconButton } from "../core/dom.js";
import { t } from "../core/i18n.js";

const SHOWN_FOR = 6000;
const LASTS_FOR = 30_000;

customElements.define("toast-stack", class extends HTMLElement {
  connectedCallback() {
    this.className = "toasts";
    this.setAttribute("role", "status");
    addEventListener("console:say", ({ detail }) => this.#show(detail));
  }

  #show({ text, isBad = false, action = null, isLasting = false }) {
    const toast = h("div", { class: `toast${isBad ? " toast--bad" : ""}` }, icon(isBad ? "alert" : "check", 18), h("span", {}, text));
    if (action) toast.append(button("btn btn--small", action.label, () => { toast.remove(); action.act(); }));
    if (isLasting) toast.append(iconButton("x", t("Close"), () => toast.remove(), "btn btn--icon btn--small"));
    while (this.children.length > 2) this.firstChild.remove();
    this.append(toast);
    setTimeout(() => toast.remove(), isLasting ? LASTS_FOR : SHOWN_FOR);
  }
});
