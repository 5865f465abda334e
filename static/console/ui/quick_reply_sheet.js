/** One's quick replies in a window: found, written, changed, removed; shared ones are shown as what they are. */
import { complain } from "../core/actions.js";
import { button, h, icon, iconButton } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { fittingReplies, quickReplies, removeQuickReply } from "../core/quick_replies.js";
import { store } from "../core/store.js";
import { confirmModal, openModal } from "./modal.js";

export function openQuickReplies() {
  const search = h("input", { class: "search__input", type: "search", placeholder: t("Name, short name or words"), "aria-label": t("Find a quick reply"), autocomplete: "off", on: { input: () => show() } });
  const list = h("div", { class: "quick-replies", "aria-live": "polite" }, h("p", { class: "empty" }, t("Loading…")));
  const create = button("btn btn--primary", t("New quick reply"), () => edit({}), icon("plus", 18), t("New quick reply"));
  const shared = store.state.me.role !== "OPERATOR" && h("a", { class: "btn btn--ghost", href: "/settings/quick-replies/" }, t("Shared quick replies"));
  openModal(t("Quick replies"), [h("label", { class: "search" }, icon("search", 18), search), list], { foot: [...(shared ? [shared] : []), create], look: "modal modal--wide modal--sheet" });
  search.focus();

  async function show() {
    try {
      const all = await quickReplies();
      const found = fittingReplies(all, search.value, null);
      list.replaceChildren(...(found.length ? groups(found) : [nothing(all.length)]));
    } catch (error) {
      list.replaceChildren(h("p", { class: "empty" }, t("No connection. Try again when the line is back.")));
    }
  }

  const edit = (reply) => later("quickReplyForm").then(({ openQuickReplyForm }) => openQuickReplyForm(reply, show));
  const drop = (reply) => confirmModal(t("Remove this quick reply?"), reply.title, t("Remove"), () => removeQuickReply(reply.id).then(show, complain));
  const groups = (found) => [...new Set(found.map(({ folder }) => folder))].sort((left, right) => left.localeCompare(right)).map((folder) => h("section", {},
    h("h3", { class: "quick-replies__folder" }, folder || t("Without a folder")), ...found.filter((reply) => reply.folder === folder).map(row)));
  const row = (reply) => h("article", { class: "quick-replies__row" },
    h("div", { class: "quick-replies__words" }, h("p", { class: "quick-replies__head" }, h("b", { class: "truncate" }, reply.title), reply.shortcut && h("kbd", {}, `/${reply.shortcut}`), h("span", { class: "badge" }, scopeWord(reply)), reply.files.length > 0 && h("small", {}, icon("clip", 14), String(reply.files.length))), reply.text && h("p", { class: "quick-replies__text" }, reply.text)),
    reply.may_change && iconButton("edit", t("Change “{name}”", { name: reply.title }), () => edit(reply), "btn btn--icon btn--ghost btn--small"),
    reply.may_change && iconButton("trash", t("Remove “{name}”", { name: reply.title }), () => drop(reply), "btn btn--icon btn--ghost btn--small"));

  show();
}

const nothing = (isSearched) => h("div", { class: "empty" }, icon("bolt", 26), h("p", { class: "empty__title" }, isSearched ? t("Nothing found") : t("No quick replies yet")), !isSearched && h("p", {}, t("Words you often send: type / in a message to use them.")));

function scopeWord({ scope, line_id: lineId }) {
  if (scope === "PERSONAL") return t("mine");
  return scope === "COMPANY" ? t("company") : store.state.lines.find(({ id }) => id === lineId)?.name ?? t("line");
}
