/** Why is this dialog with this operator? In the words that routing kept. */
import { complain, decisionsOf } from "../core/actions.js";
import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { clock, dayName } from "../core/time.js";
import { openMenu } from "./menu.js";

export async function explainDialog(dialog, anchor) {
  try {
    const decisions = await decisionsOf(dialog.id);
    const items = decisions.length ? decisions.map(decisionItem) : [h("li", {}, t("No decision has been made yet."))];
    openMenu(anchor, [h("p", { class: "menu__title" }, t("Why this operator?")), h("ol", { class: "decisions" }, ...items)], { role: "dialog" });
  } catch (error) {
    complain(error);
  }
}

function decisionItem({ decided_at: decidedAt, reason, considered }) {
  const time = `${dayName(decidedAt, serverNow(store.state))}, ${clock(decidedAt)}`;
  return h("li", {}, h("small", {}, time), reason,
    considered.length ? h("ul", {}, ...considered.map(({ operator, why }) => h("li", {}, `${operator.name ?? operator}: ${why}`))) : null);
}
