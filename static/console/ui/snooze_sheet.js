/** Puts a dialog aside: until a time, or until the client writes. */
import { button, h } from "../core/dom.js";
import { say } from "../core/actions.js";
import { t } from "../core/i18n.js";
import { snooze, wake } from "../core/marks.js";
import { localValue, momentOf, snoozeTimes } from "../core/snooze.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { moment } from "../core/time.js";
import { openNumberedSheet } from "./numbered_sheet.js";

const WORDS = {
  hour: () => t("In an hour"), evening: () => t("This evening"), tomorrow: () => t("Tomorrow morning"), monday: () => t("On Monday"),
};

/** What can be chosen from, for whatever is put off; soonest first. */
export const timeItems = () => snoozeTimes(new Date(serverNow(store.state))).map(({ name, time }) => ({ label: WORDS[name](), note: moment(time.toISOString()), time }));

export const openSnooze = (dialog) => chooseTime(async (time) => {
  if (!await snooze(dialog.id, time)) return;
  const words = time ? t("Put aside until {time}", { time: moment(time.toISOString()) }) : t("Put aside until the client writes");
  say(words, { action: { label: t("Undo"), act: () => wake(dialog.id) } });
});

/** `choose` gets the time, or null for until the client writes. */
export function chooseTime(choose) {
  const items = [...timeItems(), { label: t("Until the client writes"), time: null }];
  const { modal, first } = openNumberedSheet(t("Put aside"), items, ({ time }) => choose(time), {
    words: t("It waits at the end of your list. A word of the client brings it back at once."),
    after: ownTime((time) => { modal.close(); choose(time); }),
  });
  first.focus();
}

function ownTime(choose) {
  const now = new Date(serverNow(store.state));
  const field = h("input", { class: "input", type: "datetime-local", id: "snooze-time", min: localValue(now), value: localValue(new Date(now.getTime() + 2 * 3_600_000)), required: true });
  return h("form", { class: "numbered__own", on: { submit: (event) => {
    event.preventDefault();
    const time = momentOf(field.value);
    if (time) choose(time);
  } } }, h("label", { class: "field" }, h("span", { class: "field__label" }, t("Another time")), field), button("btn btn--secondary", t("Put aside"), () => field.form.requestSubmit()));
}
