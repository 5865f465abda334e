/** The parts of the client's card. */
import { createLead } from "../core/actions.js";
import { button, channelMark, h, icon } from "../core/dom.js";
import { t, translator } from "../core/i18n.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { clock, dayName, shortTime } from "../core/time.js";
import { closeWord } from "../core/words.js";
import { openDialog } from "./navigation.js";
import { ratingMark, workMark } from "./rating_mark.js";

const now = () => serverNow(store.state);
export const section = (title, action, ...content) => h("section", { class: "client-card__section" }, h("h3", { class: "client-card__section-head" }, title, action), ...content);

export function leadsSection(client, dialog) {
  if (client.leads.length) {
    const [first] = client.leads;
    return section(client.leads.length > 1 ? t("Leads") : t("Lead No. {number}", { number: first.id }), h("a", { href: first.url }, t("Open")), ...client.leads.map(leadCard));
  }
  const create = dialog && button("btn btn--secondary btn--small", t("Create a lead"), () => createLead(dialog.id), icon("plus", 16), t("Create a lead"));
  return section(t("Lead"), null, h("div", { class: "empty" }, icon("funnel", 26), h("p", {}, t("There is no lead for this client yet.")), create));
}

function leadCard({ title, stage, responsible, amount, currency, url }) {
  const steps = Array.from({ length: stage.of }, (_, index) => h("i", { class: index < stage.position ? "lead__step--done" : null }));
  return h("a", { class: "lead", href: url },
    h("span", { class: "lead__title" }, h("span", {}, title), amount === null ? null : h("span", {}, money(amount, currency))),
    h("span", { class: `lead__stages lead__stages--${stage.kind}`, role: "img", "aria-label": t("Stage {position} of {of}", stage) }, ...steps),
    h("span", { class: "lead__foot" }, h("b", {}, stage.name), responsible ? h("span", { class: "truncate" }, responsible.name) : h("span", {}, t("Nobody is responsible"))));
}

function money(amount, currency) {
  const value = Number(amount);
  return new Intl.NumberFormat(translator.language, { style: "currency", currency, maximumFractionDigits: Number.isInteger(value) ? 0 : 2 }).format(value);
}

export function historySection({ dialogs }, limit, onAll) {
  const shown = dialogs.slice(0, limit);
  const all = onAll && dialogs.length > shown.length ? button("", t("All of them"), onAll) : null;
  return section(t("Dialogs"), all, h("div", { class: "history" }, ...shown.map(historyItem)));
}

function historyItem({ id, opened_at: openedAt, closed_at: closedAt, close_reason: reason, line, operator, channel, topic, rating }) {
  const about = [line?.name, operator?.name, closedAt ? closeWord(reason) : t("Goes on"), topic?.name].filter(Boolean).join(" · ");
  return h("button", { type: "button", class: "history__item", "aria-current": id === store.state.selectedId ? "true" : null, title: `${channel.name}, ${dayName(openedAt, now())}, ${clock(openedAt)}`, on: { click: () => openDialog(id) } },
    channelMark(channel), h("span", {}, t("Dialog No. {number}", { number: id }), " ", ratingMark(rating), workMark(rating), h("small", {}, about)), h("small", {}, shortTime(openedAt, now())));
}
