import assert from "node:assert/strict";
import { test } from "node:test";
import { groupsOf } from "../../static/console/core/decisions.js";
import { mayReturn, mayTakeOver } from "../../static/console/core/lists.js";
import { nextTarget, targetSections } from "../../static/console/core/transfer_targets.js";
import { serviceLine } from "../../static/console/core/words.js";
import { dialogWith, OLEG, OLGA } from "./cast.mjs";

const colleague = (person, changes = {}) => ({ ...person, working_day: "STARTED", is_absent: false, open_dialogs: 0, limit: null, is_available: true, ...changes });
const TARGETS = {
  operators: [colleague(OLGA), colleague(OLEG, { is_available: false, open_dialogs: 3, limit: 5 }), colleague({ ...OLGA, id: 7, name: "Roman" }, { open_dialogs: 1 })],
  groups: [{ id: 1, name: "Carriers", members: 3, available: 2 }, { id: 2, name: "Night", members: 2, available: 0 }],
  lines: [{ id: 2, name: "Warehouse", state: "OPEN", waiting: 4, available: 1 }, { id: 3, name: "Night", state: "OFF_HOURS", waiting: 0, available: 0 }],
};
const shown = (sections) => sections.map(({ kind, items }) => [kind, ...items.map(({ name }) => name)]);
const notes = (sections) => sections.flatMap(({ items }) => items.map(({ note }) => note));
const text = (service) => serviceLine(service).pieces.map((piece) => piece.text).join("");

test("everybody but oneself can be handed a dialog, then groups, then lines", () => {
  const sections = targetSections(TARGETS, { except: OLGA.id });

  assert.deepEqual(shown(sections), [["operators", "Oleg Sidorov", "Roman"], ["groups", "Carriers", "Night"], ["lines", "Warehouse", "Night"]]);
  assert.deepEqual(sections[0].items.map(({ field, id, isAvailable }) => [field, id, isAvailable]), [["operator_id", 6, false], ["operator_id", 7, true]]);
});

test("a name is looked for among all of them", () => {
  assert.deepEqual(shown(targetSections(TARGETS, { words: " NIGHT " })), [["groups", "Night"], ["lines", "Night"]]);
  assert.deepEqual(targetSections(TARGETS, { words: "nobody" }), []);
});

test("each says where they are and how much they have", () => {
  assert.deepEqual(notes(targetSections(TARGETS)), [
    "Online · no dialogs", "On a break · 3 of 5 dialogs", "Online · 1 dialog", "2 of 3 there", "Nobody is there now", "1 operator there · 4 wait", "Outside its hours",
  ]);
  const away = [colleague(OLGA, { is_absent: true, is_available: false }), colleague(OLGA, { working_day: "ENDED", is_available: false })];
  assert.deepEqual(notes(targetSections({ operators: away, groups: [], lines: [] })), ["Absent · no dialogs", "Day ended · no dialogs"]);
});

test("keys walk through the list and stop at its ends", () => {
  const items = [{ key: "a" }, { key: "b" }, { key: "c" }];

  assert.deepEqual([nextTarget(items, null, 1), nextTarget(items, null, -1), nextTarget(items, "a", 1), nextTarget(items, "c", 1), nextTarget(items, "c", -6)].map(({ key }) => key), ["a", "c", "b", "c", "a"]);
  assert.equal(nextTarget([], null, 1), null);
});

test("who was considered is put together by what spoke against them", () => {
  const away = Array.from({ length: 200 }, (_, number) => ({ operator: `Operator ${number}`, verdict: "OFFLINE", why: "offline" }));
  const full = [3, 4].map((count) => ({ operator: `Busy ${count}`, verdict: "FULL", why: "no place free", share: 2, taken: count, limit: count }));

  const groups = groupsOf([...away, ...full, { operator: "Olga", verdict: "OFFERED", why: "place 1", share: 1, taken: null, limit: null }, { operator: "Oleg", verdict: "NEWER", why: "for a new reason" }]);

  assert.deepEqual(groups.map(({ title, people, isLong }) => [title, people.length, isLong]), [
    ["Offered", 1, false], ["Offline", 200, true], ["No free place", 2, false], ["for a new reason", 1, false],
  ]);
  assert.deepEqual(groups.map(({ people }) => people[0].detail), ["given today: 1", "", "given today: 2, 3 of 3 dialogs", ""]);
});

test("supervisors take over, operators only where the line lets them", () => {
  const dialog = dialogWith({ owner_id: OLEG.id });
  const rules = { colleagues_take_over: true };

  assert.equal(mayTakeOver(dialog, OLGA, null), false);
  assert.equal(mayTakeOver(dialog, OLGA, rules), true);
  assert.equal(mayTakeOver(dialog, { ...OLGA, role: "SUPERVISOR" }, null), true);
  assert.equal(mayTakeOver(dialogWith({ owner_id: null, state: "OFFERED" }), OLGA, rules), false);
  assert.equal(mayTakeOver(dialogWith(), OLGA, rules), false);
  assert.deepEqual([mayReturn(dialogWith(), OLGA), mayReturn(dialog, OLGA), mayReturn(dialogWith({ state: "OFFERED" }), OLGA)], [true, false, false]);
});

test("the feed says who handed the dialog where", () => {
  assert.equal(text({ code: "TRANSFER_OFFERED", params: { from: "Olga", to: "Oleg" } }), "Olga offers the dialog to Oleg");
  assert.equal(text({ code: "TRANSFERRED_TO_LINE", params: { from: "Olga", line: "Warehouse" } }), "Olga handed the dialog to the line “Warehouse”");
  assert.equal(text({ code: "TRANSFERRED_TO_GROUP", params: { from: "Olga", group: "Carriers" } }), "Olga handed the dialog to the group “Carriers”");
  assert.equal(text({ code: "RETURNED_TO_QUEUE", params: { operator: "Olga", reason: "BY_HAND", by: "Olga" } }), "Olga returned the dialog to the queue");
  assert.equal(text({ code: "RETURNED_TO_QUEUE", params: { operator: "Olga", reason: "BY_HAND", by: "Sergey" } }), "Sergey returned the dialog of Olga to the queue");
});
