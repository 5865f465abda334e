/** Two clients side by side, before they become one. */
import { readClient } from "../core/actions.js";
import { mergeClients } from "../core/client_actions.js";
import { avatar, button, channelMark, h, icon, setText } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { channelName, errorWords } from "../core/names.js";
import { openModal } from "./modal.js";

export async function openMerge(client, likeness) {
  const error = h("p", { class: "field__error", role: "alert" });
  const pair = h("div", { class: "merge__pair" }, h("p", { class: "block__note" }, t("Loading…")));
  const go = button("btn btn--primary", t("Merge"), () => act());
  const swap = button("btn btn--ghost merge__swap", t("Keep the other one"), () => { sides.reverse(); show(); }, icon("transfer", 16), t("Keep the other one"));
  const dialog = openModal(t("Are these one person?"), [pair, h("p", { class: "block__note" }, t("Dialogs, leads, contacts and notes of both stay: they come together with the one who is kept. You can undo it at any time.")), error],
    { look: "modal modal--wide", foot: [swap, h("span", { class: "spacer" }), button("btn btn--ghost", t("Cancel"), () => dialog.close()), go] });
  let sides = [client, likeness];
  go.disabled = true;
  try {
    sides = [client, await readClient(likeness.id)];
    go.disabled = false;
    show();
  } catch (refusal) {
    pair.replaceChildren();
    setText(error, errorWords(refusal));
  }

  function show() {
    pair.replaceChildren(side(sides[0], t("Is kept")), icon("back", 20), side(sides[1], t("Joins them")));
  }

  async function act() {
    go.disabled = swap.disabled = true;
    try {
      await mergeClients(...sides);
      dialog.close();
    } catch (refusal) {
      setText(error, errorWords(refusal));
      go.disabled = swap.disabled = false;
    }
  }
}

function side(client, role) {
  const { name, identities, dialogs, leads, notes, is_vip: isVip } = client;
  return h("section", { class: "merge__side", "aria-label": role }, h("small", { class: "merge__role" }, role),
    h("div", { class: "merge__who" }, avatar(client), h("b", { class: "truncate" }, name, isVip && h("span", { class: "vip" }, icon("star", 14, t("Important client"))))),
    h("ul", { class: "merge__facts" }, ...identities.slice(0, 6).map(({ kind, title, value }) => h("li", {}, kind === "phone" ? icon("phone", 16) : kind === "email" ? icon("mail", 16) : channelMark({ kind, name: channelName(kind) }), h("span", { class: "truncate" }, title || value))),
      h("li", {}, icon("chat", 16), tn("{count} dialog", "{count} dialogs", dialogs.length)), h("li", {}, icon("funnel", 16), tn("{count} lead", "{count} leads", leads.length)),
      notes && h("li", {}, icon("edit", 16), h("span", { class: "merge__notes" }, notes))));
}
