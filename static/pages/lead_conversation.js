/** <lead-conversation>: everything said with a client, as it happens, painted by the console's own code. */
import { complain } from "../console/core/actions.js";
import { channelMark, h } from "../console/core/dom.js";
import { boot, fetchChanges, hear, isReady, openFeed, refetch, refill, sync } from "../console/core/session.js";
import { Doorbell } from "../console/core/socket.js";
import { store } from "../console/core/store.js";
import { teach } from "../console/core/later.js";
import { every, startTicking } from "../console/core/ticker.js";
import { FeedView } from "../console/ui/feed_view.js";
import "../console/loaders.js";
import "../console/ui/toast_stack.js";

const POLL = 5000;
const { state } = store;
teach({ player: () => import("../console/ui/sound_player.js"), zoom: () => import("../console/ui/picture_viewer.js") });
// Nothing is written here, so nothing ever waits to be sent.
store.outbox = { of: () => [] };

customElements.define("lead-conversation", class extends HTMLElement {
  connectedCallback() {
    this.clientId = Number(this.dataset.client);
    this.tabs = this.querySelector("[role=tablist]");
    this.feed = new FeedView(() => {});
    this.append(h("div", { class: "conversation__stage" }, this.feed.element, this.feed.jump));
    this.tabs.addEventListener("click", ({ target }) => this.#choose(target.closest("[role=tab]")));
    this.tabs.addEventListener("keydown", (event) => this.#walk(event));
    store.onEffect = (effect) => this.#effects[effect.kind]?.(effect);
    store.on(["feed", "dialogs"], () => { if (state.me) this.feed.show(); });
    store.on(["dialogs"], () => this.#notice());
    this.#start().catch(complain);
  }

  #effects = {
    sync: () => sync(),
    changes: ({ dialogId }) => fetchChanges(dialogId),
    refill,
    refetch: ({ dialogId }) => refetch(dialogId).catch(() => {}),
    client: ({ clientId }) => { if (clientId === this.clientId) this.#tell(); },
  };

  async #start() {
    startTicking(this.dataset.tickerUrl);
    const doorbell = new Doorbell(this.dataset.socketPath, {
      onFrame: hear,
      onStatus: (status) => {
        if (status === "signed-out") location.reload();
        store.view.connection = status;
      },
    });
    doorbell.connect();
    await boot();
    await this.#open(this.#chosen);
    every(POLL, () => { if (store.view.connection === "down" && isReady()) sync(); });
  }

  get #chosen() {
    return this.tabs.querySelector("[aria-selected=true]");
  }

  #choose(tab) {
    if (!tab || tab === this.#chosen) return;
    this.#chosen.setAttribute("aria-selected", "false");
    tab.setAttribute("aria-selected", "true");
    this.#open(tab).catch(complain);
  }

  #open = (tab) => openFeed(Number(tab.dataset.dialog));

  /** A client who comes back begins a new dialog, perhaps in another channel. */
  #notice() {
    for (const dialog of state.open.values()) {
      if (dialog.client.id !== this.clientId) continue;
      const tab = this.tabs.querySelector(`[data-channel="${dialog.channel.id}"]`) ?? this.#addTab(dialog);
      if (Number(tab.dataset.dialog) >= dialog.id) continue;
      tab.dataset.dialog = dialog.id;
      this.#tell();
      if (tab === this.#chosen) this.#open(tab).catch(complain);
    }
  }

  #addTab(dialog) {
    const tab = h("button", { type: "button", class: "tabs__tab", role: "tab", "aria-selected": "false", data: { dialog: 0, channel: dialog.channel.id } }, channelMark(dialog.channel), h("span", { class: "truncate" }, dialog.channel.name));
    this.tabs.append(tab);
    return tab;
  }

  #tell() {
    document.body.dispatchEvent(new CustomEvent("client-changed"));
  }

  #walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.code];
    if (!step) return;
    const tabs = [...this.tabs.children];
    const next = tabs.at((tabs.indexOf(this.#chosen) + step) % tabs.length);
    this.#choose(next);
    next.focus();
  }
});
