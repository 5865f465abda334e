import assert from "node:assert/strict";
import { test } from "node:test";
import { countsOf, sectionOf, sectionsOf } from "../../static/console/core/lists.js";
import { calls } from "../../static/console/core/calling.js";
import { localValue, momentOf, snoozeTimes } from "../../static/console/core/snooze.js";
import { tagsOf } from "../../static/console/core/state.js";
import { isNewName, matchingTags } from "../../static/console/core/tags.js";
import { asksForTopic, insistsOnTopic, keyOfPlace, placeOfKey, topicsFor } from "../../static/console/core/topics.js";
import { OLGA, dialogWith } from "./cast.mjs";

const OAK = { id: 1, name: "Oak", line_id: 1 };
const SHARED = { id: 2, name: "Delivery", line_id: null };
const ELSEWHERE = { id: 3, name: "Broken", line_id: 7 };
const knowing = (rule, topics = [SHARED, OAK, ELSEWHERE]) => ({ lines: [{ id: 1, topic_rule: rule }], topics });
const named = (times) => times.map(({ name, time }) => `${name} ${localValue(time)}`);

test("a line's own topics come before those of all lines, and no others", () => {
  assert.deepEqual(topicsFor(dialogWith(), [SHARED, OAK, ELSEWHERE]), [OAK, SHARED]);
});

test("a topic is asked for where the line wants one and there is a choice", () => {
  assert.equal(asksForTopic(dialogWith(), knowing("MAY")), true);
  assert.equal(asksForTopic(dialogWith(), knowing("MUST")), true);
  assert.equal(asksForTopic(dialogWith(), knowing("NEVER")), false);
  assert.equal(asksForTopic(dialogWith(), knowing("MUST", [ELSEWHERE])), false);
  assert.equal(asksForTopic(dialogWith({ topic: { id: 1, name: "Oak" } }), knowing("MUST")), false);
  assert.equal(asksForTopic(dialogWith({ closing_at: "2026-11-22T12:10:00Z" }), knowing("MUST")), false);
});

test("only a line that insists leaves no way without", () => {
  assert.equal(insistsOnTopic(dialogWith(), knowing("MAY")), false);
  assert.equal(insistsOnTopic(dialogWith(), knowing("MUST")), true);
  assert.equal(insistsOnTopic(dialogWith(), knowing("MUST", [])), false);
});

test("the first nine have their numbers as keys, on both blocks of the keyboard", () => {
  assert.equal(placeOfKey({ code: "Digit1" }), 0);
  assert.equal(placeOfKey({ code: "Numpad9" }), 8);
  assert.equal(placeOfKey({ code: "Digit0" }), null);
  assert.equal(placeOfKey({ code: "Digit1", ctrlKey: true }), null);
  assert.equal(placeOfKey({ code: "KeyA" }), null);
  assert.deepEqual([keyOfPlace(0), keyOfPlace(8), keyOfPlace(9)], ["1", "9", ""]);
});

test("times to put off to are those of the reader's clock", () => {
  assert.deepEqual(named(snoozeTimes(new Date(2026, 10, 24, 14, 20))), [
    "hour 2026-11-24T15:20", "evening 2026-11-24T18:00", "tomorrow 2026-11-25T09:00", "monday 2026-11-30T09:00",
  ]);
});

test("what is over or the same thing twice is not offered", () => {
  assert.deepEqual(named(snoozeTimes(new Date(2026, 10, 29, 17, 30))), ["hour 2026-11-29T18:30", "tomorrow 2026-11-30T09:00"]);
  assert.deepEqual(snoozeTimes(new Date(2026, 11, 31, 23, 0)).map(({ name }) => name), ["hour", "tomorrow", "monday"]);
});

test("a field of time and a moment say the same", () => {
  const moment = new Date(2026, 0, 5, 9, 7);
  assert.equal(localValue(moment), "2026-01-05T09:07");
  assert.deepEqual(momentOf(localValue(moment)), moment);
  assert.equal(momentOf(""), null);
  assert.equal(momentOf("soon"), null);
});

test("tags that are no more are shown nowhere", () => {
  const tags = [{ id: 1, name: "VIP", color: 3 }, { id: 2, name: "Опт", color: 5 }];
  assert.deepEqual(tagsOf({ tags }, [2, 9, 1]).map(({ name }) => name), ["Опт", "VIP"]);
});

test("tags are found by any part, what begins with it first", () => {
  const tags = ["Счёт", "Новый счет", "VIP", "Опт"].map((name, id) => ({ id, name, color: 0 }));
  assert.deepEqual(matchingTags(tags, "сче").map(({ name }) => name), ["Счёт", "Новый счет"]);
  assert.equal(matchingTags(tags, " ").length, 4);
  assert.deepEqual([isNewName(tags, "vip"), isNewName(tags, " vip "), isNewName(tags, "VIP2"), isNewName(tags, "  ")], [false, false, true, false]);
});

const WAITING = { waiting_since: "2026-11-22T11:55:00Z" };

test("what is put aside stands at the end of one's own, and waits for nobody", () => {
  const later = dialogWith({ id: 1, ...WAITING, snooze: { until: "2026-11-22T18:00:00Z" } });
  const sooner = dialogWith({ id: 2, snooze: { until: "2026-11-22T13:00:00Z" } });
  const open = dialogWith({ id: 3, snooze: { until: null } });
  const work = dialogWith({ id: 4 });
  const sections = sectionsOf([open, later, work, sooner], "mine", OLGA);
  assert.deepEqual(sections.aside.map(({ id }) => id), [2, 1, 3]);
  assert.deepEqual([sections.work.length, sections.waiting.length], [1, 0]);
  assert.equal(Object.keys(sections).at(-1), "aside");
  assert.equal(sectionOf(later, "waiting", OLGA), null);
  const { mine, waiting, urgent } = countsOf([open, later, work, sooner], OLGA);
  assert.deepEqual([mine, waiting, urgent], [4, 0, 0]);
});

test("a dialog whose time has come calls its operator, one that was taken up before does not", () => {
  const back = dialogWith({ revision: 2 });
  const reasons = (until) => calls(back, dialogWith({ snooze: { until } }), { me: OLGA, claimed: new Set() }).map(({ reason }) => reason);
  assert.deepEqual(reasons("2026-11-22T12:00:00Z"), ["snooze"]);
  assert.deepEqual(reasons(new Date(Date.now() + 3_600_000).toISOString()), []);
  assert.deepEqual(reasons(null), []);
});
