/** What stands between messages: days, ends of earlier dialogs, service lines. */
import { channelMark, h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { notePainted } from "../core/ledger.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { clock, dayName, whole } from "../core/time.js";
import { closeWord, serviceLine } from "../core/words.js";
import { ratingMark } from "./rating_mark.js";

/** Things that never change once painted. */
export class FeedMark {
  constructor(item) {
    this.element = PAINT[item.kind](item);
    if (item.message) notePainted(item.message);
  }

  update() {}
}

const PAINT = {
  day: ({ at }) => h("div", { class: "feed__day", role: "separator" }, dayName(at, serverNow(store.state))),
  end: ({ span }) => h("div", { class: "feed__end" }, channelMark(span.channel),
    h("span", {}, h("b", {}, t("Dialog No. {number}", { number: span.id })), ...endWords(span).map((words) => ` · ${words}`)),
    ratingMark(span.rating), h("time", { datetime: span.closed_at, title: whole(span.closed_at) }, dayName(span.closed_at, serverNow(store.state)))),
  service: ({ message }) => {
    const line = serviceLine(message.service ?? { code: message.text, params: {} });
    return h("div", { class: "feed__service", title: whole(message.created_at) }, icon(line.icon, 14), h("span", {}, ...line.pieces.map(emphasised(message))), " ", h("time", { datetime: message.created_at }, clock(message.created_at)));
  },
};

/** Where it was, whose it was, and how it ended. */
function endWords({ line, operator, topic, close_reason: reason }) {
  const name = operator && (operator.name || store.state.operators.get(operator.id)?.name);
  return [line.name, name, closeWord(reason), topic?.name].filter(Boolean);
}

const emphasised = (message) => ({ text, name }) => {
  const leadId = message.service?.params.lead_id;
  if (name === "lead" && leadId) return h("a", { href: `/crm/leads/${leadId}/` }, text);
  return name && !["number", "minutes", "count"].includes(name) ? h("b", {}, text) : text;
};
