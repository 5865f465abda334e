/** What stands between messages: days, ends of earlier dialogs, service lines. */
import { h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { notePainted } from "../core/ledger.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { clock, dayName, whole } from "../core/time.js";
import { serviceLine } from "../core/words.js";

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
  end: ({ dialogId, at }) => h("div", { class: "feed__end" }, at
    ? t("Dialog No. {number} finished on {day}", { number: dialogId, day: dayName(at, serverNow(store.state)) }) : t("Dialog No. {number} ended here", { number: dialogId })),
  service: ({ message }) => {
    const line = serviceLine(message.service ?? { code: message.text, params: {} });
    return h("div", { class: "feed__service", title: whole(message.created_at) }, icon(line.icon, 14), h("span", {}, ...line.pieces.map(emphasised(message))), " ", h("time", { datetime: message.created_at }, clock(message.created_at)));
  },
};

const emphasised = (message) => ({ text, name }) => {
  const leadId = message.service?.params.lead_id;
  if (name === "lead" && leadId) return h("a", { href: `/crm/leads/${leadId}/` }, text);
  return name && !["number", "minutes", "count"].includes(name) ? h("b", {}, text) : text;
};
