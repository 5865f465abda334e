/** <client-card>: who is it, what do we know, what did we talk about before. */
import { changeClient, readClient, say } from "../core/actions.js";
import { h, iconButton, setAttribute } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { dialogOf } from "../core/state.js";
import { store } from "../core/store.js";
import { errorWords } from "../core/names.js";
import { historySection, identitiesSection, leadsSection, notesSection } from "./card_sections.js";
import { hero, nameEditor } from "./card_hero.js";
import { closeCard, goBack } from "./navigation.js";

customElements.define("client-card", class extends HTMLElement {
  #client = null;
  #asked = null;
  #key = null;
  #saving = Promise.resolve();
  #isNaming = false;
  #tab = "client";

  connectedCallback() {
    this.tabs = ["client", "history"].map((tab) => h("button", { type: "button", role: "tab", class: "segments__item", data: { tab }, on: { click: () => this.#choose(tab) } }, tab === "client" ? t("Client") : t("History")));
    this.tabList = h("div", { class: "segments", role: "tablist" }, ...this.tabs);
    this.edit = iconButton("edit", t("Change the name"), () => { this.#isNaming = true; this.#show(); });
    this.body = h("div", { class: "scroll" });
    this.append(
      h("header", { class: "bar" }, iconButton("back", t("Back"), goBack, "btn btn--icon only-phone"), this.tabList, this.edit),
      this.body);
    store.on(["selection", "dialogs"], () => this.#follow());
    this.addEventListener("keydown", ({ key }) => { if (key === "Escape") closeCard(); });
    this.#show();
  }

  /** The card is read again: something about the client has changed. */
  refresh(clientId) {
    if (clientId === this.#asked) this.#read(clientId);
  }

  #follow() {
    const dialog = dialogOf(store.state, store.state.selectedId);
    const clientId = dialog?.client.id ?? null;
    const key = dialog && [dialog.id, dialog.state, dialog.owner_id, dialog.lead_id].join();
    if (key === this.#key) return;
    this.#key = key;
    if (clientId !== this.#asked) this.#forget();
    if (clientId !== null) this.#read(clientId);
  }

  #forget() {
    this.#asked = null;
    this.#client = null;
    this.#isNaming = false;
    this.#tab = "client";
    this.#show();
  }

  async #read(clientId) {
    this.#asked = clientId;
    try {
      const client = await readClient(clientId);
      if (this.#asked !== clientId) return;
      this.#client = client;
      this.#show();
    } catch (error) {
      if (this.#asked === clientId && !this.#client) this.body.replaceChildren(h("div", { class: "empty" }, h("p", {}, errorWords(error))));
    }
  }

  #choose(tab) {
    this.#tab = tab;
    this.#show();
  }

  #show() {
    const client = this.#client;
    for (const tab of this.tabs) setAttribute(tab, "aria-selected", tab.dataset.tab === this.#tab);
    this.edit.hidden = !client;
    this.tabList.hidden = !client;
    if (!client) this.body.replaceChildren();
    else if (!this.body.contains(document.activeElement) || !this.body.querySelector("textarea:focus")) this.body.replaceChildren(...this.#content(client));
  }

  #content(client) {
    const dialog = dialogOf(store.state, store.state.selectedId);
    const top = this.#isNaming ? nameEditor(client, (name) => this.#rename(name)) : hero(client, dialog, (isVip) => this.#change({ is_vip: isVip }));
    if (this.#tab === "history") return [top, historySection(client, Infinity)];
    return [top, leadsSection(client, dialog), identitiesSection(client), notesSection(client, (notes) => this.#change({ notes })), historySection(client, 3, () => this.#choose("history"))];
  }

  #rename(name) {
    this.#isNaming = false;
    if (name && name !== this.#client.name) this.#change({ name });
    else this.#show();
  }

  /** One change after the other, so that a late answer never brings back what was changed since. */
  #change(changes) {
    const { id } = this.#client;
    this.#client = { ...this.#client, ...changes };
    if ("name" in changes || "is_vip" in changes) this.#show();
    this.#saving = this.#saving.then(() => this.#save(id, changes));
  }

  async #save(id, changes) {
    const isSaved = await changeClient(id, changes);
    if (isSaved) say(t("Saved"));
    else if (this.#asked === id) this.#read(id);
  }
});
