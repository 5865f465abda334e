/** Where one would write: what to decide about a dialog that is not (or no longer) mine to answer. */
import { answer, isRunning, reopen, skip, takeOver } from "../core/actions.js";
import { avatar, h, icon, setText } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { later } from "../core/later.js";
import { rulesOf } from "../core/line_rules.js";
import { isFree, isInvited, isMine, isOfferedTo, mayReopen, mayTakeOver } from "../core/lists.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { clock, dayName } from "../core/time.js";
import { closeWord } from "../core/words.js";
import { shownKey } from "./commands.js";
import { Ring } from "./ring.js";

export class DecisionBar {
  #shown = "";

  constructor() {
    this.ring = new Ring();
    this.sign = h("span", { class: "decision__sign" });
    this.title = h("b", { class: "truncate" });
    this.note = h("span", { class: "truncate" });
    this.actions = h("span", { class: "decision__actions" });
    this.element = h("div", { class: "decision", hidden: true }, this.ring.element, this.sign, h("p", { class: "decision__words" }, this.title, this.note), this.actions);
  }

  show(dialog) {
    const { me } = store.state;
    this.dialog = dialog;
    const kind = kindOf(dialog, me);
    this.element.hidden = kind === "mine";
    if (this.element.hidden) return;
    const { title, note, sign, actions } = KINDS[kind](dialog, me);
    this.element.classList.toggle("decision--quiet", !["offered", "free"].includes(kind));
    this.ring.element.hidden = !["offered", "free"].includes(kind);
    setText(this.title, title);
    setText(this.note, note);
    const key = `${kind}:${dialog.id}:${dialog.owner_id}:${isRunning(dialog.id)}:${actions.map(({ name }) => name + shownKey(name))}`;
    if (key !== this.#shown) {
      this.#shown = key;
      this.sign.replaceChildren(...(sign ? [sign] : []));
      this.actions.replaceChildren(...actions.map((action) => actionButton(dialog.id, action)));
      this.actions.hidden = !actions.length;
    }
    this.tick();
  }

  tick() {
    if (!this.element.hidden && !this.ring.element.hidden) this.ring.update(this.dialog, serverNow(store.state));
  }
}

function kindOf(dialog, me) {
  if (dialog.state === "CLOSED") return "closed";
  if (isOfferedTo(dialog, me)) return "offered";
  if (isMine(dialog, me)) return "mine";
  if (isFree(dialog)) return "free";
  return isInvited(dialog, me) ? "mine" : "others";
}

const ANSWER = { label: () => t("Answer"), name: "answer", look: "primary", act: answer };
const SKIP = { label: () => t("Skip"), name: "skip", look: "secondary", act: skip };
const TRANSFER = { label: () => t("Transfer"), name: "transfer", look: "secondary", icon: "transfer", act: (id) => later("transfer").then(({ openTransfer }) => openTransfer(id)) };
const TAKE_OVER = { label: () => t("Take over"), name: "takeOver", look: "secondary", icon: "takeover", act: takeOver };

const REOPEN = { label: () => t("Reopen"), look: "secondary", icon: "retry", act: reopen };

const KINDS = {
  offered: (dialog) => ({ title: handoverTitle(dialog) ?? t("The request is offered to you"), note: dialog.handed_over?.note || offeredNote(dialog.offer), actions: [ANSWER, SKIP, TRANSFER] }),
  free: (dialog, me) => ({ title: dialog.state === "OFFERED" ? t("Offered to {names}", { names: names(dialog.offer.operator_ids) }) : t("Nobody answers yet"),
    note: waitsFor(dialog), actions: freeActions(dialog, me) }),
  others: (dialog, me) => {
    const owner = store.state.operators.get(dialog.owner_id) ?? { name: "?", color: 0 };
    return { title: t("{name} answers this dialog", { name: owner.name }), note: t("You can whisper: only your colleagues see it"), sign: avatar(owner, { size: "medium" }), actions: mayTakeOver(dialog, me, rulesOf(dialog.line.id)) ? [TAKE_OVER] : [] };
  },
  closed: (dialog) => ({ title: closeWord(dialog.close_reason), note: dialog.closed_at ? `${dayName(dialog.closed_at, serverNow(store.state))}, ${clock(dialog.closed_at)}` : "", sign: icon("check", 22), actions: mayReopen(dialog, store.state.me) ? [REOPEN] : [] }),
};

function freeActions(dialog, me) {
  if (dialog.state !== "OFFERED") return me.role === "OPERATOR" ? [ANSWER] : [ANSWER, TRANSFER];
  return me.role === "OPERATOR" ? [] : [TAKE_OVER, TRANSFER];
}

const waitsFor = ({ handed_over: handover, line }) => (handover?.group ? t("It waits for the group “{name}”", { name: handover.group }) : t("The client waits in the queue of the line “{name}”", { name: line.name }));
const handoverTitle = ({ handed_over: handover }) => (handover ? t("Transfer from {name}", { name: names([handover.operator_id]) }) : null);
const offeredNote = ({ operator_ids: ids, expires_at: expiresAt }) => {
  if (ids.length > 1) return tn("To you and {count} colleague", "To you and {count} colleagues", ids.length - 1);
  return expiresAt ? t("Then it goes to the next operator") : t("There is nobody else: it waits for you");
};
const names = (ids) => ids.map((id) => store.state.operators.get(id)?.name ?? "?").join(", ");

const actionButton = (dialogId, { label, name, look, icon: sign, act }, key = shownKey(name)) => h(
  "button", { type: "button", class: `btn btn--${look}`, disabled: isRunning(dialogId), on: { click: () => act(dialogId) } }, sign && icon(sign, 18), label(), key && h("kbd", { class: "only-desk", "aria-hidden": "true" }, key),
);
