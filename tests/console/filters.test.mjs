import assert from "node:assert/strict";
import { test } from "node:test";

import { rangeOf, runAll, summaryOf } from "../../static/console/core/bulk.js";
import { activeFilters, askedFilters, isWantedBy, readFilters, writeFilters } from "../../static/console/core/filters.js";
import { dialogWith, OLEG, OLGA } from "./cast.mjs";

test("filters come from an address, and nonsense does not", () => {
  const filters = readFilters(new URLSearchParams("line=1&owner=5&state=waiting&tag=x&channel=-3&rating=best&ledger=1"));

  assert.deepEqual(filters, { line: 1, owner: 5, state: "waiting" });
  assert.equal(String(writeFilters(new URLSearchParams("ledger=1&tag=7"), filters)), "ledger=1&line=1&owner=5&state=waiting");
});

test("live dialogs are narrowed by all that is chosen together", () => {
  const wanted = (filters) => isWantedBy(filters, "all");
  const dialog = dialogWith({ tag_ids: [4], waiting_since: "2026-11-22T11:58:00Z", unread: 2 });

  assert.ok(wanted({})(dialog));
  assert.ok(wanted({ line: 1, channel: 3, owner: OLGA.id, tag: 4, state: "waiting" })(dialog));
  assert.ok(wanted({ state: "unread" })(dialog));
  for (const other of [{ line: 2 }, { channel: 4 }, { owner: OLEG.id }, { tag: 5 }, { state: "queue" }, { state: "work" }, { state: "pinned" }]) assert.equal(wanted({ line: 1, ...other })(dialog), false);
});

test("closed dialogs are asked for by their topic and rating, live ones by their state", () => {
  const filters = { line: 1, state: "waiting", topic: 2, rating: "bad" };

  assert.deepEqual(activeFilters(filters, "mine"), ["line", "state"]);
  assert.deepEqual(activeFilters(filters, "closed"), ["line", "topic", "rating"]);
  assert.deepEqual(askedFilters(filters, "closed"), { line: 1, topic: 2, rating: "bad" });
  assert.ok(isWantedBy({ topic: 2 }, "mine")(dialogWith()));
});

test("a command over many dialogs runs a few at a time and tells what became of each", async () => {
  let [running, most] = [0, 0];
  const progress = [];
  const outcomes = await runAll([1, 2, 3, 4, 5, 6, 7], async (id) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => { setTimeout(resolve, id % 3); });
    running -= 1;
    if (id % 3 === 0) throw new Error("Somebody else answers");
    if (id === 7) throw new Error("No connection");
  }, (done, all) => progress.push(`${done}/${all}`));

  assert.equal(most, 4);
  assert.equal(progress.at(-1), "7/7");
  assert.deepEqual(outcomes.map(({ id }) => id), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(summaryOf(outcomes, ({ message }) => message), { done: 4, refused: [{ words: "Somebody else answers", ids: [3, 6] }, { words: "No connection", ids: [7] }] });
});

test("a range goes either way, and begins anew where its beginning is gone", () => {
  assert.deepEqual(rangeOf([5, 6, 7, 8], 6, 8), [6, 7, 8]);
  assert.deepEqual(rangeOf([5, 6, 7, 8], 8, 6), [6, 7, 8]);
  assert.deepEqual(rangeOf([5, 6, 7, 8], 99, 6), [6]);
  assert.deepEqual(rangeOf([5, 6, 7, 8], null, 6), [6]);
});
