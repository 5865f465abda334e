/** <client-card>: who is it, what do we know, what did we talk about before. */
import { changeClient, readClient, say } from "../core/actions.js";
import { h, iconButton, setAttribute } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { dialogOf } from "../core/state.js";
import { store } from "../core/store.js";
import { errorWords } from "../core/names.js";
import { later } from "../core/later.js";
import { callBacksSection } from "./card_call_backs.js";
import { channelsSection, contactsSection, visitSection } from "./card_contacts.js";
import { hero, nameEditor } from "./card_hero.js";
import { CardNotes } from "./card_notes.js";
import { historySection, leadsSection } from "./card_sections.js";
import { CardSimilar } from "./card_similar.js";
import { closeCard, goBack } from "./navigation.js";

const TABS = { client: () => t("Client"), history: () => t("History"), files: () => t("Files") };

customElements.define("client-card", class extends HTMLElement {
  #client = null;
  #asked = null;
  #key = null;
  #saving = Promise.resolve();
  #isNaming = false;
  #tab = "client";
  #notes = null;
  #files = null;
  #similar = new CardSimilar();

  connectedCallback() {
    this.tabs = Object.keys(TABS).map((tab) => h("button", { type: "button", role: "tab", class: "segments__item", data: { tab }, on: { click: () => this.#choose(tab) } }, TABS[tab]()));
    this.tabList = h("div", { class: "segments", role: "tablist" }, ...this.tabs);
    this.edit = iconButton("edit", t("Change the name"), () => { this.#isNaming = true; this.#show(); });
    this.body = h("div", { class: "scroll" });
    this.append(
      h("header", { class: "bar" }, iconButton("back", t("Back"), goBack, "btn btn--icon only-phone"), this.tabList, this.edit),
      this.body);
    store.on(["selection", "dialogs"], () => this.#follow());
    addEventListener("client:read", ({ detail }) => this.refresh(detail));
    this.tabList.addEventListener("keydown", (event) => this.#walk(event));
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
    const key = dialog && [dialog.id, clientId, dialog.state, dialog.owner_id, dialog.lead_id].join();
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
    this.#notes = this.#files = null;
    this.#similar = new CardSimilar();
    this.#show();
  }

  async #read(clientId) {
    this.#asked = clientId;
    try {
      const client = await readClient(clientId);
      if (this.#asked !== clientId) return;
      this.#client = client;
      this.#notes ??= new CardNotes(clientId);
      this.#notes.show(client.notes);
      this.#similar.show(client);
      this.#show();
    } catch (error) {
      if (this.#asked === clientId && !this.#client) this.body.replaceChildren(h("div", { class: "empty" }, h("p", {}, errorWords(error))));
    }
  }

  #choose(tab) {
    this.#tab = tab;
    this.#show();
  }

  #walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = this.tabs.at((this.tabs.findIndex(({ dataset }) => dataset.tab === this.#tab) + step) % this.tabs.length);
    this.#choose(next.dataset.tab);
    next.focus();
  }

  #show() {
    const client = this.#client;
    for (const tab of this.tabs) {
      const isChosen = tab.dataset.tab === this.#tab;
      setAttribute(tab, "aria-selected", isChosen);
      tab.tabIndex = isChosen ? 0 : -1;
    }
    this.edit.hidden = !client;
    this.tabList.hidden = !client;
    if (!client) this.body.replaceChildren();
    // What is being typed here is not taken from under the hands; it is painted with the next news.
    else if (!this.body.querySelector(":is(input, textarea):focus") || this.#isNaming) this.#paint(client);
  }

  #paint(client) {
    const { scrollTop } = this.body;
    this.body.replaceChildren(...this.#content(client).filter(Boolean));
    this.body.scrollTop = scrollTop;
  }

  #content(client) {
    const dialog = dialogOf(store.state, store.state.selectedId);
    const top = this.#isNaming ? nameEditor(client, (name) => this.#rename(name)) : hero(client, dialog, (isVip) => this.#change({ is_vip: isVip }), () => this.#editTags(client));
    if (this.#tab === "history") return [top, historySection(client, Infinity)];
    if (this.#tab === "files") return [top, this.#filesOf(client)];
    return [
      top, callBacksSection(client, dialog), leadsSection(client, dialog), contactsSection(client), channelsSection(client), visitSection(client), this.#similar.element, this.#notes.element,
      historySection(client, 3, () => this.#choose("history")),
    ];
  }

  /** Phones of whoever is on the card. */
  get phones() {
    return (this.#client?.identities ?? []).filter(({ kind }) => kind === "phone").map(({ value }) => value);
  }

  #editTags(client) {
    later("tags").then(({ openClientTags }) => openClientTags(client, (tagIds) => this.#change({ tag_ids: tagIds })));
  }

  #filesOf(client) {
    if (!this.#files) {
      const place = this.#files = h("div");
      later("files").then(({ ClientFiles }) => place.replaceChildren(new ClientFiles(client.id).element), (error) => place.replaceChildren(h("div", { class: "empty" }, h("p", {}, errorWords(error)))));
    }
    return this.#files;
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
    if ("name" in changes || "is_vip" in changes || "tag_ids" in changes) this.#show();
    this.#saving = this.#saving.then(() => this.#save(id, changes));
  }

  async #save(id, changes) {
    const isSaved = await changeClient(id, changes);
    if (isSaved) say(t("Saved"));
    else if (this.#asked === id) this.#read(id);
  }
});
