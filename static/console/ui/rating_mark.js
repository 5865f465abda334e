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
