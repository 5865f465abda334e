/** What I did today, and what I have in which line. */
import { h } from "../core/dom.js";
import { t, translator } from "../core/i18n.js";
import { duration } from "../core/time.js";

export function figuresOf(today) {
  const { taken, answered, finished, first_reply_seconds: reply, ratings, rating, lines } = today;
  const figures = [
    [t("Taken"), String(taken)], [t("Answered"), String(answered)], [t("Finished"), String(finished)],
    [t("First reply"), reply === null ? "–" : duration(reply * 1000)],
    ...(ratings ? [[t("Rating"), `${new Intl.NumberFormat(translator.language, { maximumFractionDigits: 1 }).format(rating)} ★`]] : []),
  ];
  return [h("h3", {}, t("Today so far")), h("dl", { class: "figures__today" }, ...figures.map(([words, value]) => h("div", {}, h("dt", {}, words), h("dd", {}, value)))),
    lines.length ? h("ul", { class: "figures__lines" }, ...lines.map(lineRow)) : null].filter(Boolean);
}

function lineRow({ name, open, limit }) {
  const words = limit === null ? String(open) : t("{count} of {limit}", { count: open, limit });
  return h("li", {}, h("span", { class: "truncate" }, name), limit === null ? null : h("meter", { min: "0", max: String(Math.max(limit, open)), high: String(limit * 0.99), value: String(open), "aria-label": name }), h("b", {}, words));
}
