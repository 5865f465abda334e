/** Below the question how it was: stars or thumbs, and a few words. The visitor may think better of it. */
import { h, icon, setAttribute, setText } from "../../console/core/dom.js";
import { t, tn } from "../../console/core/i18n.js";

const CHOICES = {
  LIKE: [[1, () => icon("like", 22), () => t("Good")], [0, () => icon("dislike", 22), () => t("Bad")]],
  FIVE: [1, 2, 3, 4, 5].map((score) => [score, () => icon("star", 26), () => tn("{count} star", "{count} stars", score)]),
};

export class Rating {
  /** `rate(score, comment)` tells the server; `comment` is null where it stays as it was. */
  constructor(given, rate) {
    this.rate = rate;
    this.buttons = CHOICES[given.scale].map(([score, sign, words]) => h(
      "button", { type: "button", class: "rate__choice", title: words(), "aria-label": words(), data: { score }, on: { click: () => this.#tell(score, null) } }, sign(),
    ));
    this.text = h("textarea", { class: "rate__text input", rows: "2", maxlength: "2000", placeholder: t("What was good, what was not?"), "aria-label": t("What was good, what was not?") });
    this.send = h("button", { type: "submit", class: "btn btn--secondary btn--small" }, t("Send"));
    this.form = h("form", { class: "rate__comment", hidden: true, on: { submit: (event) => this.#comment(event) } }, this.text, this.send);
    this.note = h("p", { class: "rate__note", role: "status", hidden: true });
    this.element = h("div", { class: "rate" },
      h("div", { class: `rate__choices rate__choices--${given.scale.toLowerCase()}`, role: "group", "aria-label": t("Your rating") }, this.buttons), this.form, this.note);
    this.text.value = given.comment;
    this.update(given);
  }

  update(given) {
    const isNews = this.given?.comment !== given.comment;
    this.given = given;
    this.#show(given.score);
    const isOver = Date.parse(given.open_until) <= Date.now();
    for (const button of this.buttons) button.disabled = isOver;
    this.form.hidden = isOver || given.score === null || !given.is_comment_asked;
    if (isNews && given.comment) this.#say(t("Your comment is kept."));
  }

  #show(score) {
    for (const button of this.buttons) {
      const own = Number(button.dataset.score);
      setAttribute(button, "aria-pressed", own === score);
      button.classList.toggle("rate__choice--on", score !== null && (this.given.scale === "LIKE" ? own === score : own <= score));
    }
  }

  #comment(event) {
    event.preventDefault();
    const comment = this.text.value.trim();
    if (comment !== this.given.comment) this.#tell(this.given.score, comment);
  }

  /** On screen at once; what the server does not take goes back to what it has. */
  async #tell(score, comment) {
    this.#show(score);
    this.#say("");
    this.send.disabled = true;
    try {
      await this.rate(score, comment);
    } catch (error) {
      this.#show(this.given.score);
      this.#say(error.message || t("This could not be sent. Try again."));
    }
    this.send.disabled = false;
  }

  #say(words) {
    this.note.hidden = !words;
    setText(this.note, words);
  }
}
