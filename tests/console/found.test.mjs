import assert from "node:assert/strict";
import { test } from "node:test";
import { groupsOf, isNarrowed, searchPath, stepped } from "../../static/console/core/found.js";

const NONE = { line: "", kind: "", operator: "", period: "" };
const NOW = Date.parse("2026-11-26T03:00:00Z");

test("a search names its words and what narrows it, and nothing else", () => {
  assert.equal(searchPath("стол & стул", NONE, NOW), `search/?q=${encodeURIComponent("стол")}+%26+${encodeURIComponent("стул")}`);
  assert.equal(searchPath("oak", { ...NONE, line: "3", period: "week" }, NOW), "search/?q=oak&line=3&from=2026-11-19");
});

test("groups without anything are left out, and filters are of messages", () => {
  const found = { clients: [1], dialogs: [], messages: [2] };
  assert.deepEqual(groupsOf(found, NONE).map(({ name }) => name), ["clients", "messages"]);
  assert.deepEqual(groupsOf(found, { ...NONE, operator: "5" }).map(({ name }) => name), ["messages"]);
  assert.equal(isNarrowed(NONE), false);
});

test("arrows walk through the rows and back to the field", () => {
  assert.equal(stepped(-1, 1, 3), 0);
  assert.equal(stepped(0, -1, 3), -1);
  assert.equal(stepped(2, 1, 3), 2);
  assert.equal(stepped(-1, 1, 0), -1);
});
