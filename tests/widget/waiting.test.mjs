import assert from "node:assert/strict";
import { test } from "node:test";
import { placeWords, waitWords } from "../../static/widget/waiting.js";

const words = (from, to) => waitWords({ from_seconds: from, to_seconds: to });

test("a place is a number", () => {
  assert.equal(placeWords({ position: 3 }), "Your place in the queue: 3");
});

test("a wait is a range, in units that people use", () => {
  assert.equal(words(5, 40), "Usually less than a minute");
  assert.equal(words(20, 130), "Usually up to 3 minutes");
  assert.equal(words(120, 290), "Usually 2–5 minutes");
  assert.equal(words(1800, 6000), "Usually up to 2 hours");
  assert.equal(words(4000, 7300), "Usually 1–3 hours");
});
