/** What the client may press below a message: for the operator to see, not to press. */
import { h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";

/** Drawn, since not every desk has a font with these signs. */
const SIGNS = { "👍": () => icon("like", 16, t("Like")), "👎": () => icon("dislike", 16, t("Dislike")) };

export const buttonRows = (rows) => h("span", { class: "message__buttons", role: "group", "aria-label": t("Buttons of the client") }, rows.map(
  (row) => h("span", { class: "message__buttons-row" }, row.map(({ text, is_chosen: isChosen }) => h(
    "span", { class: `message__button${isChosen ? " message__button--chosen" : ""}` }, isChosen && icon("check", 14, t("Pressed")), SIGNS[text]?.() ?? text,
  ))),
));
