/** What a client said of a dialog, in a few strokes; nothing while they have not. */
import { h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";

const STARS = 5;

export function ratingMark(rating) {
  if (rating?.score == null) return null;
  const { scale, score, comment } = rating;
  const words = scale === "LIKE" ? (score ? t("The client liked it") : t("The client did not like it")) : t("Rated {score} of {best}", { score, best: STARS });
  const drawing = scale === "LIKE" ? [icon(score ? "like" : "dislike", 14)] : Array.from({ length: STARS }, (_, index) => h("i", { class: index < score ? "rating__star rating__star--on" : "rating__star" }, icon("star", 12)));
  return h("span", { class: `rating rating--${scale === "LIKE" ? (score ? "good" : "bad") : "stars"}`, role: "img", "aria-label": words, title: [words, comment].filter(Boolean).join(": ") }, ...drawing);
}

/** The same for what a supervisor thinks of the work. */
export function workMark(rating) {
  if (rating?.supervisor_score == null) return null;
  const words = t("The work was rated {score} of {best}", { score: rating.supervisor_score, best: STARS });
  return h("span", { class: "rating rating--work", role: "img", "aria-label": words, title: [words, rating.supervisor_comment].filter(Boolean).join(": ") }, icon("eyeoff", 12), `${rating.supervisor_score}/${STARS}`);
}
