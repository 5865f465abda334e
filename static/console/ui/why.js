/** Why is this dialog with this operator? The whole story, in the words that routing kept. */
import { complain, decisionsOf } from "../core/actions.js";
import { groupsOf } from "../core/decisions.js";
import { h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { clock, dayName, whole } from "../core/time.js";
import { outcomeWord } from "../core/words.js";
import { openModal } from "./modal.js";

const ICONS = { OFFERED: "bolt", QUEUED: "inbox", ASSIGNED: "hand", RETURNED: "retry" };

export async function explainDialog(dialog) {
  try {
    const decisions = await decisionsOf(dialog.id);
    const story = decisions.length ? h("ol", { class: "story" }, ...decisions.map(decisionItem)) : h("p", { class: "empty" }, t("No decision has been made yet."));
    openModal(t("Why this operator?"), story, { look: "modal modal--wide modal--sheet" });
  } catch (error) {
    complain(error);
  }
}

function decisionItem({ decided_at: decidedAt, outcome, reason, considered }) {
  const time = `${dayName(decidedAt, serverNow(store.state))}, ${clock(decidedAt)}`;
  return h("li", { class: `story__item story__item--${outcome}` }, h("span", { class: "story__sign" }, icon(ICONS[outcome] ?? "info", 18)),
    h("div", {}, h("p", { class: "story__head" }, h("b", {}, outcomeWord(outcome)), h("time", { datetime: decidedAt, title: whole(decidedAt) }, time)),
      h("p", {}, reason), ...groupsOf(considered).map(verdictGroup)));
}

/** Many of a kind are folded: what matters stays on one screen with two hundred operators. */
function verdictGroup({ verdict, title, people, isLong }) {
  const rows = h("ul", {}, ...people.map(({ name, detail }) => h("li", {}, name, detail && h("small", {}, detail))));
  if (isLong) return h("details", { class: `verdict verdict--${verdict}` }, h("summary", {}, icon("chev", 14), title, h("span", { class: "badge" }, String(people.length))), rows);
  return h("div", { class: `verdict verdict--${verdict}` }, h("h3", {}, title), rows);
}
