/** Calls to make: one's own, and for supervisors those of their lines. */
import { complain } from "../core/actions.js";
import { button, h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { moreCallBacks, readCallBacks } from "../core/marks.js";
import { store } from "../core/store.js";
import { callBackItem } from "./call_back_item.js";
import { openCallBack } from "./call_back_form.js";
import { openModal } from "./modal.js";
import { openDialog } from "./navigation.js";

const TABS = { open: () => t("To be made"), done: () => t("Done") };
let shown = null;

store.on(["callBacks"], () => shown?.read());

export function openCallBacks() {
  shown = new CallBackList();
  shown.read();
}

class CallBackList {
  #state = "open";
  #rows = [];
  #next = null;

  constructor() {
    this.tabs = Object.keys(TABS).map((state) => h("button", { type: "button", class: "segments__item", "aria-pressed": "false", data: { state }, on: { click: () => { this.#state = state; this.read(); } } }, TABS[state]()));
    this.list = h("div", { class: "call-backs", "aria-live": "polite" }, h("p", { class: "empty" }, t("Loading…")));
    this.modal = openModal(t("Call-backs"), [h("div", { class: "segments" }, ...this.tabs), this.list], { look: "modal modal--wide modal--sheet" });
    this.modal.addEventListener("close", () => { shown = null; });
  }

  async read() {
    for (const tab of this.tabs) tab.setAttribute("aria-pressed", String(tab.dataset.state === this.#state));
    try {
      const { results, next } = await readCallBacks({ state: this.#state });
      [this.#rows, this.#next] = [results, next];
      this.#show();
    } catch (error) {
      complain(error);
    }
  }

  async #more() {
    try {
      const { results, next } = await moreCallBacks(this.#next);
      [this.#rows, this.#next] = [[...this.#rows, ...results], next];
      this.#show();
    } catch (error) {
      complain(error);
    }
  }

  #show() {
    const how = { open: openDialog, edit: (callBack) => openCallBack({ callBack, client: callBack.client }), after: (isChanged) => (isChanged ? this.read() : this.modal.close()) };
    const nothing = h("div", { class: "empty" }, icon("phone", 26), h("p", { class: "empty__title" }, this.#state === "open" ? t("Nobody is to be called") : t("No calls yet")),
      h("p", {}, t("“Call back” in the menu of a dialog notes down whom to call and when.")));
    this.list.replaceChildren(...(this.#rows.length ? this.#rows.map((callBack) => callBackItem(callBack, how)) : [nothing]), this.#next ? button("btn btn--secondary btn--wide", t("Show more"), () => this.#more()) : "");
  }
}
