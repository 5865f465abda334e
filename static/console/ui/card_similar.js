/** Clients who may be the same person: what speaks for it, and one click to look at both. */
import { similarTo, undoMerge } from "../core/client_actions.js";
import { avatar, button, h, icon } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { later } from "../core/later.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { dayName } from "../core/time.js";
import { section } from "./card_sections.js";

const REASONS = {
  SAME_PHONE: (params) => t("the same phone {value}", params), SAME_EMAIL: (params) => t("the same e-mail {value}", params),
  SAME_ACCOUNT: (params) => t("the same account {value}", params), SAME_USERNAME: (params) => t("the same user name {value}", params), SAME_NAME: () => t("the same name"),
};
const reasonWords = ({ code, value }) => REASONS[code]?.({ value }) ?? code;

export class CardSimilar {
  constructor() {
    this.element = h("div", {});
  }

  async show(client) {
    const wanted = this.wanted = client.id;
    try {
      const found = await similarTo(client.id);
      if (this.wanted === wanted) this.element.replaceChildren(...[found.length && similarSection(client, found), client.merges.length && mergesSection(client)].filter(Boolean));
    } catch { /* a hint that does not come is not missed */ }
  }
}

const similarSection = (client, found) => section(t("Perhaps the same person"), null, h("ul", { class: "likenesses" }, ...found.map((other) => h("li", {},
  avatar(other, { size: "small" }), h("span", { class: "likenesses__who" }, h("b", { class: "truncate" }, other.name), h("small", {}, [...other.reasons.map(reasonWords), tn("{count} dialog", "{count} dialogs", other.dialogs)].join(" · "))),
  button("btn btn--secondary btn--small", t("Compare and merge with {name}", { name: other.name }), () => later("merge").then(({ openMerge }) => openMerge(client, other)), icon("link", 14), t("Merge…"))))));

const mergesSection = ({ merges }) => section(t("Merged clients"), null, h("ul", { class: "likenesses" }, ...merges.map(({ id, name, merged_at: at, merged_by: by }) => h("li", {},
  icon("link", 18), h("span", { class: "likenesses__who" }, h("b", { class: "truncate" }, name), h("small", {}, [dayName(at, serverNow(store.state)), by].filter(Boolean).join(" · "))),
  button("btn btn--link", t("Take {name} apart again", { name }), () => undoMerge(id), t("Undo"))))));
