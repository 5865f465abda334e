/** The one store: what is known, what is chosen, who wants to hear. One flush per animation frame. */
import { createState } from "./state.js";

class Store {
  state = createState();
  view = { tab: "mine", filters: {}, marked: new Set(), connection: "connecting", search: null, pane: "list", isCardOpen: false };
  outbox = null;
  onEffect = () => {};
  #listeners = [];
  #dirty = new Set();
  #isQueued = false;

  /** `listener` runs at most once per frame, however many of its topics were touched. */
  on(topics, listener) {
    this.#listeners.push({ topics, listener });
  }

  take({ topics, effects }) {
    this.touch(...topics);
    effects.forEach((effect) => this.onEffect(effect));
  }

  touch(...topics) {
    for (const topic of topics) this.#dirty.add(topic);
    if (this.#isQueued || !this.#dirty.size) return;
    this.#isQueued = true;
    // A hidden page gets no animation frames, but its title and its calls must not wait.
    if (document.hidden) setTimeout(() => this.#flush(), 50);
    else requestAnimationFrame(() => this.#flush());
  }

  #flush() {
    const dirty = this.#dirty;
    this.#dirty = new Set();
    this.#isQueued = false;
    for (const { topics, listener } of this.#listeners) {
      if (!topics.some((topic) => dirty.has(topic))) continue;
      try {
        listener(dirty);
      } catch (error) {
        reportError(error);
      }
    }
  }
}

export const store = new Store();
