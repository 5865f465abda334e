/** What the page of a line decides without touching the page. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { filledIn } from "../../static/pages/line/fill_in.js";
import { stepped } from "../../static/pages/line/limits.js";

test("a limit goes up and down, and below one there is none", () => {
  assert.equal(stepped("8", 1), "9");
  assert.equal(stepped("8", -1), "7");
  assert.equal(stepped("1", -1), "");
  assert.equal(stepped("1000", 1), "1000");
  assert.equal(stepped("", 1), "5");
  assert.equal(stepped("", -1), "5");
});

test("a text is filled in as the server does it", () => {
  const values = { client: "Anna", operator: "" };
  assert.equal(filledIn("Hello, {client}!", values), "Hello, Anna!");
  assert.equal(filledIn("This is {client}, {operator}.", values), "This is Anna.");
  assert.equal(filledIn("{nobody} knows", values), "{nobody} knows");
});
