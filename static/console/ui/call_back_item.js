/** One call to make, wherever it is shown: whom, when, about what, and what can be done with it. */
import { say } from "../core/actions.js";
import { avatar, button, h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { changeCallBack } from "../core/marks.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { moment } from "../core/time.js";

const QUARTER = 15 * 60_000;

/** `open(id)` puts a dialog on screen, `edit` opens the form; `after` is called when something was done. */
export function callBackItem(callBack, { open, edit = null, after }) {
  const { client, phone, comment, operator, due_at: dueAt, dialog_id: dialogId } = callBack;
  const isLate = Date.parse(dueAt) <= serverNow(store.state) && !callBack.done_at;
  const who = operator.id === store.state.me.id ? null : h("small", {}, t("{name} calls", { name: operator.name }));
  return h("article", { class: `call-back${isLate ? " call-back--late" : ""}`, "aria-label": t("Call {name} back", { name: client.name }) },
    avatar(client, { size: "medium" }),
    h("div", { class: "call-back__words" }, h("b", { class: "truncate" }, client.name), h("a", { class: "numeric", href: `tel:${phone}` }, phone),
      h("small", {}, icon("clock", 12), moment(dueAt)), who, comment ? h("p", {}, comment) : null),
    callBack.done_at ? null : h("div", { class: "call-back__acts" },
      button("btn btn--primary btn--small", t("Done"), () => act({ is_done: true }, t("Done: the call is off the list")), icon("check", 16), t("Done")),
      button("btn btn--secondary btn--small", t("15 minutes later"), () => act({ due_at: new Date(serverNow(store.state) + QUARTER).toISOString() }, t("Put off for 15 minutes"))),
      dialogId ? button("btn btn--ghost btn--small", t("Open the dialog"), () => { open(dialogId); after(false); }) : null,
      edit ? button("btn btn--ghost btn--small", t("Change"), () => edit(callBack)) : null));

  async function act(changes, words) {
    if (!await changeCallBack(callBack.id, changes)) return;
    if (changes.is_done) say(words, { action: { label: t("Undo"), act: () => changeCallBack(callBack.id, { is_done: false }) } });
    else say(words);
    after(true);
  }
}
