/** Whom to call back, when and by whom. */
import { complain, say } from "../core/actions.js";
import { button, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { saveCallBack } from "../core/marks.js";
import { localValue, momentOf } from "../core/snooze.js";
import { store } from "../core/store.js";
import { moment } from "../core/time.js";
import { openModal } from "./modal.js";
import { timeItems } from "./snooze_sheet.js";

const FIELDS = { phone: "phone", due_at: "time", operator_id: "operator", comment: "comment" };

/** A new one, with what is known of the client; or one that is there already. */
export function openCallBack({ callBack = null, client, dialogId = null, phones = [] }) {
  const { me, operators } = store.state;
  const times = timeItems();
  const inputs = {
    phone: h("input", { class: "input", type: "tel", list: "call-back-phones", maxlength: "32", required: true, autocomplete: "off", value: callBack?.phone ?? phones[0] ?? "" }),
    time: h("input", { class: "input", type: "datetime-local", required: true, value: localValue(callBack ? new Date(callBack.due_at) : times[0].time) }),
    operator: h("select", { class: "select" }, ...[...operators.values()].map(({ id, name }) => h("option", { value: id, selected: id === (callBack?.operator.id ?? me.id) }, id === me.id ? t("I") : name))),
    comment: h("textarea", { class: "input", rows: "2", maxlength: "500", placeholder: t("What about?") }, callBack?.comment ?? ""),
  };
  const errors = Object.fromEntries(Object.keys(inputs).map((name) => [name, h("p", { class: "field__error", hidden: true, role: "alert" })]));
  const field = (name, label) => h("label", { class: "field" }, h("span", { class: "field__label" }, label), inputs[name], errors[name]);
  const form = h("form", { class: "call-back-form", on: { submit: (event) => { event.preventDefault(); save(); } } },
    field("phone", t("Phone")), field("time", t("When")), h("div", { class: "call-back-form__times" }, ...times.map(({ label, time }) => button("btn btn--secondary btn--small", label, () => { inputs.time.value = localValue(time); }))),
    field("operator", t("Who calls")), field("comment", t("Comment")), h("datalist", { id: "call-back-phones" }, ...phones.map((phone) => h("option", { value: phone }))), h("button", { class: "visually-hidden", tabindex: "-1", "aria-hidden": "true" }));
  const modal = openModal(t("Call {name} back", { name: client.name }), form, {
    foot: [button("btn btn--ghost", t("Cancel"), () => modal.close()), button("btn btn--primary", t("Save"), () => form.requestSubmit())],
  });
  inputs[inputs.phone.value ? "time" : "phone"].focus();

  async function save() {
    const time = momentOf(inputs.time.value);
    if (!time) return;
    const values = { phone: inputs.phone.value, due_at: time.toISOString(), operator_id: Number(inputs.operator.value), comment: inputs.comment.value };
    try {
      await saveCallBack(callBack?.id, callBack ? values : { ...values, client_id: client.id, dialog_id: dialogId });
      modal.close();
      say(t("To be called {time}", { time: moment(time.toISOString()) }));
    } catch (error) {
      showErrors(error);
    }
  }

  /** What was typed stays; the words stand where the mistake is. */
  function showErrors(error) {
    const wrong = Object.entries(FIELDS).filter(([name]) => error.fields?.[name]);
    for (const [name, own] of Object.entries(FIELDS)) {
      errors[own].textContent = [error.fields?.[name] ?? []].flat().join(" ");
      errors[own].hidden = !error.fields?.[name];
    }
    if (wrong.length) inputs[wrong[0][1]].focus();
    else complain(error);
  }
}
