import assert from "node:assert/strict";
import { test } from "node:test";
import { foundTemplates, piecesOf, startOf } from "../../static/console/core/templates.js";

const READY = { name: "order_ready", body: "Hello {{1}}, your order {{2}} is ready." };
const SALE = { name: "spring_sale", body: "Buy!" };

test("a text is read in pieces, gaps by their place among the values", () => {
  assert.deepEqual(piecesOf(READY.body), [{ text: "Hello " }, { gap: 0 }, { text: ", your order " }, { gap: 1 }, { text: " is ready." }]);
  assert.deepEqual(piecesOf("{{7}} and {{ 3 }} and {{7}}"), [{ gap: 1 }, { text: " and " }, { gap: 0 }, { text: " and " }, { gap: 1 }]);
  assert.deepEqual(piecesOf("Welcome!"), [{ text: "Welcome!" }]);
  assert.deepEqual(piecesOf(""), []);
});

test("templates are found by the words of their names and texts", () => {
  assert.deepEqual(foundTemplates([READY, SALE], "READY order"), [READY]);
  assert.deepEqual(foundTemplates([READY, SALE], "spring_sale"), [SALE]);
  assert.deepEqual(foundTemplates([READY, SALE], "  "), [READY, SALE]);
  assert.deepEqual(foundTemplates([READY, SALE], "nothing"), []);
});

test("the first words show gaps as an ellipsis", () => {
  assert.equal(startOf("Hello {{1}},\nyour  order"), "Hello …, your order");
});
