/** Below the list: what can be done with all chosen dialogs, how far it is, and what was refused. */
import { tell } from "../core/actions.js";
import { put } from "../core/api.js";
import { runAll, summaryOf } from "../core/bulk.js";
import { button, h, icon, iconButton } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { later } from "../core/later.js";
import { errorWords } from "../core/names.js";
import { dialogOf } from "../core/state.js";
import { store } from "../core/store.js";
import { markAll, unmarkAll } from "./marking.js";

const NAMED = 3;
const { state, view: { marked } } = store;
let isRunning = false;
let names = new Map();

const words = h("p", { class: "bulk__words" });
const result = h("div", { class: "bulk__result", role: "status" });
const actions = h("div", { class: "bulk__actions" },
  action("check", t("Finish"), finishAll), action("transfer", t("Transfer"), transferAll), action("tag", t("Tags"), tagAll), action("snooze", t("Put aside"), putAllAside), action("plus", t("Choose all"), markAll));
const bar = h("div", { class: "bulk", role: "toolbar", "aria-label": t("Chosen dialogs"), hidden: true },
  h("div", { class: "bulk__head" }, words, iconButton("x", t("Let go of all (Esc)"), () => { forget(); unmarkAll(); })), actions, result);

document.querySelector("dialog-list").append(bar);
store.on(["marked"], show);
addEventListener("keydown", ({ key }) => { if (key === "Escape" && !document.querySelector("dialog[open], [popover]:popover-open")) forget(); });
show();

function forget() {
  if (isRunning) return;
  result.replaceChildren();
  show();
}

function action(sign, label, act) {
  return button("btn btn--secondary btn--small", label, act, icon(sign, 16), label);
}

function show() {
  bar.hidden = !marked.size && !isRunning && !result.childNodes.length;
  words.textContent = marked.size ? tn("{count} dialog chosen", "{count} dialogs chosen", marked.size) : "";
  actions.hidden = !marked.size;
  for (const one of actions.children) one.disabled = isRunning;
}

function finishAll() {
  run((id) => tell(id, "finish", { as_spam: false }), (count) => tn("{count} dialog finished", "{count} dialogs finished", count));
}

function transferAll() {
  later("transfer").then(({ openTransfer }) => openTransfer([...marked][0], ({ field, id: target, name }, note) => run((id) => {
    state.claimed.delete(id);
    state.released.add(id);
    return tell(id, "transfer", { [field]: target, note });
  }, (count) => tn("{count} dialog handed to {name}", "{count} dialogs handed to {name}", count, { name }))));
}

/** Beside the tags that each has already. */
function tagAll() {
  later("tags").then(({ openMoreTags }) => openMoreTags((tagIds) => run(
    (id) => tell(id, "tags", { tag_ids: [...new Set([...dialogOf(state, id).tag_ids, ...tagIds])] }, put),
    (count) => tn("{count} dialog tagged", "{count} dialogs tagged", count))));
}

function putAllAside() {
  later("snooze").then(({ chooseTime }) => chooseTime((time) => run(
    (id) => tell(id, "snooze", { until: time?.toISOString() ?? null }), (count) => tn("{count} dialog put aside", "{count} dialogs put aside", count))));
}

/** Those for whom it worked are let go; those refused stay chosen, for another try. */
async function run(act, doneWords) {
  if (isRunning) return;
  isRunning = true;
  const ids = [...marked];
  names = new Map(ids.map((id) => [id, dialogOf(state, id)?.client.name ?? ""]));
  const progress = h("progress", { max: String(ids.length), value: "0", "aria-label": t("Progress") });
  result.replaceChildren(progress);
  show();
  const outcomes = await runAll(ids, act, (done) => { progress.value = done; });
  isRunning = false;
  marked.clear();
  for (const { id, error } of outcomes) if (error && state.open.has(id)) marked.add(id);
  tellResult(summaryOf(outcomes, errorWords), doneWords);
  store.touch("marked");
}

function tellResult({ done, refused }, doneWords) {
  result.replaceChildren(
    h("p", {}, icon(refused.length ? "info" : "check", 16), doneWords(done)),
    ...refused.map(({ words: reason, ids }) => h("p", { class: "bulk__refused" }, icon("alert", 16), refusedWords(ids, reason))));
  if (!refused.length) setTimeout(() => { if (!marked.size) forget(); }, 5000);
}

function refusedWords(ids, reason) {
  const named = ids.slice(0, NAMED).map((id) => names.get(id)).join(", ");
  const rest = ids.length - NAMED;
  return rest > 0 ? t("{count} refused ({names} and {rest} more): {reason}", { count: ids.length, names: named, rest, reason })
    : t("{count} refused ({names}): {reason}", { count: ids.length, names: named, reason });
}
