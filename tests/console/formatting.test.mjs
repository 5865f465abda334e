import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formattedPieces, hasMarks, plainText, toggleMark } from "../../static/console/core/formatting.js";

const VECTORS = JSON.parse(readFileSync(new URL("../formatting.json", import.meta.url), "utf8"));

for (const { text, pieces } of VECTORS) {
  test(`marks of ${JSON.stringify(text)}`, () => {
    assert.deepEqual(formattedPieces(text).map((piece) => [piece.text, piece.marks]), pieces);
  });
}

test("plain text has no marks that counted", () => {
  assert.equal(plainText("**Oak** for `42` _only_"), "Oak for 42 only");
  assert.equal(hasMarks("2 * 2 and a_b"), false);
});

test("a hundred thousand signs take no time", () => {
  const started = performance.now();
  for (const sign of ["**", "_", "`", "~~a ", "**a _b `c ", "https://"]) formattedPieces(sign.repeat(10_000));
  assert.ok(performance.now() - started < 4000);
});

test("a mark goes round the selection and comes off again", () => {
  const on = toggleMark("an oak table", 3, 6, "BOLD");
  assert.deepEqual(on, { text: "an **oak** table", start: 5, end: 8 });
  assert.deepEqual(toggleMark(on.text, on.start, on.end, "BOLD"), { text: "an oak table", start: 3, end: 6 });
});

test("nothing selected: one goes on writing between the marks", () => {
  assert.deepEqual(toggleMark("an ", 3, 3, "ITALIC"), { text: "an __", start: 4, end: 4 });
});

test("spaces stay outside, every line gets its own marks", () => {
  const { text } = toggleMark(" one \n\ntwo", 0, 10, "STRUCK");
  assert.equal(text, " ~~one~~ \n\n~~two~~");
  assert.deepEqual(formattedPieces(text).filter(({ marks }) => marks.length).map((piece) => piece.text), ["one", "two"]);
});
