/** What a supervisor thinks of the work on a dialog: one to five, and a few words for its operator. */
import { rateWork, say } from "../core/actions.js";
import { button, h, icon } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { openModal } from "./modal.js";

const BEST = 5;
const COMMENT_LENGTH = "2000";

export function rateDialog({ id, client, rating }) {
  const stars = Array.from({ length: BEST }, (_, index) => star(index + 1, rating?.supervisor_score));
  const comment = h("textarea", { class: "input", rows: "3", maxlength: COMMENT_LENGTH });
  comment.value = rating?.supervisor_comment ?? "";
  const problem = h("p", { class: "field__error", role: "alert", hidden: true }, t("Choose from one to five stars."));
  const form = h("form", { id: "supervisor-rating", class: "rate-work", on: { submit: save } },
    h("fieldset", { class: "rate-work__stars" }, h("legend", { class: "field__label" }, t("How was the dialog with {name} led?", { name: client.name })), stars), problem,
    h("label", { class: "field" }, h("span", { class: "field__label" }, t("A few words for the operator")), comment));
  const save_ = h("button", { type: "submit", form: "supervisor-rating", class: "btn btn--primary" }, t("Save"));
  const dialog = openModal(t("Rate the work"), form, { foot: [button("btn btn--ghost", t("Cancel"), () => dialog.close()), save_] });
  (form.querySelector(":checked") ?? form.querySelector("input")).focus();

  async function save(event) {
    event.preventDefault();
    const score = Number(new FormData(form).get("score"));
    problem.hidden = score > 0;
    if (!score) return;
    save_.disabled = true;
    if (await rateWork(id, score, comment.value.trim())) {
      dialog.close();
      say(t("The rating is saved"));
    }
    save_.disabled = false;
  }
}

function star(score, chosen) {
  const input = h("input", { type: "radio", name: "score", value: String(score), class: "visually-hidden", checked: score === chosen });
  return h("label", { class: "rate-work__star", title: tn("{count} star", "{count} stars", score) }, input, icon("star", 26, tn("{count} star", "{count} stars", score)));
}
