import assert from "node:assert/strict";
import { test } from "node:test";
import { asOperator, nextSteps, sinceOf, standingOf } from "../../static/console/core/day.js";
import { standingWords } from "../../static/console/core/words.js";
import { OLGA } from "./cast.mjs";

const AT_WORK = { ...OLGA, working_day: "STARTED", pause_reason: "", is_absent: false };

test("one word says where somebody is: absence before a break before the end of the day", () => {
  assert.equal(standingOf(AT_WORK), "ONLINE");
  assert.equal(standingOf({ ...AT_WORK, presence: "PAUSED", working_day: "ENDED" }), "PAUSED");
  assert.equal(standingOf({ ...AT_WORK, working_day: "ENDED" }), "ENDED");
  assert.equal(standingOf({ ...AT_WORK, working_day: "NOT_STARTED" }), "ONLINE");
  assert.equal(standingOf({ ...AT_WORK, presence: "PAUSED", is_absent: true }), "ABSENT");
  assert.equal(standingOf({ ...AT_WORK, presence: "OFFLINE" }), "OFFLINE");
});

test("a break is called by its reason", () => {
  assert.equal(standingWords({ ...AT_WORK, presence: "PAUSED", pause_reason: "Lunch" }), "Lunch");
  assert.equal(standingWords({ ...AT_WORK, presence: "PAUSED" }), "On a break");
});

test("the menu offers the steps that make sense from here", () => {
  const steps = (presence, day) => nextSteps({ presence, working_day: day });
  assert.deepEqual(steps("ONLINE", "NOT_STARTED"), ["start", "pause"]);
  assert.deepEqual(steps("ONLINE", "STARTED"), ["pause", "end"]);
  assert.deepEqual(steps("PAUSED", "STARTED"), ["resume", "end"]);
  assert.deepEqual(steps("PAUSED", "NOT_STARTED"), ["resume", "start"]);
  assert.deepEqual(steps("ONLINE", "ENDED"), ["start"]);
});

test("since when: the break's beginning, else the day's beginning or its end", () => {
  const day = { working_day: "STARTED", is_paused: true, started_at: "09:00", ended_at: null, paused_at: "12:00" };
  assert.equal(sinceOf(day), "12:00");
  assert.equal(sinceOf({ ...day, is_paused: false }), "09:00");
  assert.equal(sinceOf({ ...day, is_paused: false, working_day: "ENDED", ended_at: "18:00" }), "18:00");
});

test("an answer is what colleagues see", () => {
  const day = { working_day: "STARTED", pause_reason: "Lunch", is_absent: false, is_paused: true };
  assert.deepEqual(asOperator(day), { working_day: "STARTED", pause_reason: "Lunch", is_absent: false, presence: "PAUSED" });
});
