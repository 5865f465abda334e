/** A message that did not arrive says why, and what can be done. */
import { confirmArrival, retryMessage } from "../core/actions.js";
import { button, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { store } from "../core/store.js";
import { failureWords } from "../core/words.js";

export function failureNote(message) {
  const state = message.delivery?.state;
  const isPutOff = state === "QUEUED" && message.delivery.error;
  if (message.deleted_at || !(isPutOff || ["FAILED", "REFUSED", "UNKNOWN"].includes(state))) return null;
  return h("div", { class: `message__failure message__failure--${state}` }, h("span", {}, words(state, message.delivery.error)), ...actions(state, message));
}

const words = (state, error) => {
  if (state === "UNKNOWN") return t("The channel did not say whether it arrived.");
  return state === "REFUSED" ? error?.message || t("Not sent.") : failureWords(error ?? {});
};

function actions(state, message) {
  const small = "btn btn--link";
  if (state === "QUEUED") return [];
  if (state === "REFUSED") {
    return [button(small, t("Try again"), () => store.outbox.retry(message.command_id)), button(small, t("Discard"), () => store.outbox.drop(message.command_id))];
  }
  if (state !== "UNKNOWN") return [button(small, t("Try again"), () => retryMessage(message))];
  return [button(small, t("Send again?"), () => retryMessage(message)), button(small, t("It arrived"), () => confirmArrival(message))];
}
