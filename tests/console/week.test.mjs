import assert from "node:assert/strict";
import { test } from "node:test";

import { barsOf, readIntervals, tidied } from "../../static/pages/line/week.js";

test("times are read as people type them", () => {
  assert.deepEqual(readIntervals("9-13, 14.30 – 18:00"), [[540, 780], [870, 1080]]);
  assert.deepEqual(readIntervals("  "), []);
  for (const wrong of ["9", "nine to five", "25-26", "24-3", "9-18,"]) assert.equal(readIntervals(wrong), null);
});

test("a night is drawn in both of its days, Sunday's in Monday", () => {
  const week = ["22-6", "", "", "", "", "", "23:00-01:00"];

  const bars = barsOf(week);

  assert.deepEqual(bars[0], [[1320, 120], [0, 60]]);
  assert.deepEqual(bars[1], [[0, 360]]);
  assert.deepEqual(bars[6], [[1380, 60]]);
});

test("what can be read is tidied, the rest is left alone", () => {
  assert.equal(tidied("9-13;14-18"), "09:00–13:00, 14:00–18:00");
  assert.equal(tidied("nine"), "nine");
  assert.equal(tidied(""), "");
});
