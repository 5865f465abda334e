import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts } from "../../static/console/core/drafts.js";

class Shelf {
  kept = new Map();
  get length() { return this.kept.size; }
  key(index) { return [...this.kept.keys()][index]; }
  getItem(key) { return this.kept.get(key) ?? null; }
  setItem(key, value) { this.kept.set(key, value); }
  removeItem(key) { this.kept.delete(key); }
}

const at = (second) => `2026-01-01T10:00:${String(second).padStart(2, "0")}.000Z`;

/** A desk with a server that keeps what it is sent; timers run when `pass` is called. */
function desk({ storage = new Shelf(), fail = () => null } = {}) {
  const sent = [];
  let waiting = [];
  const clock = { second: 0 };
  const drafts = new Drafts({
    storage, owner: 5, now: () => at(clock.second), onChange: () => {},
    send: async (id, draft, how) => { const error = fail(); if (error) throw error; sent.push({ id, text: draft.text, isLeaving: how.isLeaving }); },
    timer: (run) => { waiting.push(run); return waiting.length; },
  });
  const pass = async () => { const due = waiting; waiting = []; for (const run of due) await run(); };
  return { drafts, sent, storage, clock, pass };
}

const typed = (text, more = {}) => ({ text, visibility: "PUBLIC", ...more });
const told = (id, text, second) => ({ dialog_id: id, text, visibility: "PUBLIC", reply_to: null, updated_at: at(second) });

test("what is typed is kept at once and sent once a second", async () => {
  const { drafts, sent, pass } = desk();
  for (const text of ["G", "Go", "Good"]) drafts.keep(42, typed(text));
  assert.equal(drafts.of(42).text, "Good");
  assert.deepEqual(sent, []);
  await pass();
  assert.deepEqual(sent.map(({ text }) => text), ["Good"]);
});

test("a draft survives a reload, with its whisper and its quote", () => {
  const { drafts, storage } = desk();
  drafts.keep(42, { text: "Psst", visibility: "STAFF", replyTo: { id: 7 } });
  const again = desk({ storage }).drafts.of(42);
  assert.deepEqual([again.text, again.visibility, again.replyTo.id], ["Psst", "STAFF", 7]);
});

test("what the server says replaces what is older, never what is newer", () => {
  const { drafts, clock } = desk();
  clock.second = 10;
  drafts.keep(42, typed("typed here"));
  drafts.take({ dialog_id: 42, draft: told(42, "older", 5), updated_at: at(5) });
  assert.equal(drafts.of(42).text, "typed here");
  drafts.take({ dialog_id: 42, draft: told(42, "newer", 20), updated_at: at(20) });
  assert.equal(drafts.of(42).text, "newer");
  drafts.take({ dialog_id: 42, draft: null, updated_at: at(21) });
  assert.equal(drafts.of(42), null);
});

test("a sent draft is dropped on the server, too", async () => {
  const { drafts, sent, storage, pass } = desk();
  drafts.keep(42, typed("Hello"));
  await pass();
  drafts.keep(42, typed(""));
  assert.equal(drafts.of(42), null);
  await pass();
  assert.deepEqual(sent.map(({ text }) => text), ["Hello", ""]);
  assert.equal(storage.length, 0);
});

test("after an absence: what others dropped goes, what was not sent yet is sent", async () => {
  const offline = { isTemporary: true };
  let error = null;
  const { drafts, sent, pass, clock } = desk({ fail: () => error });
  drafts.keep(1, typed("saved before"));
  await pass();
  error = offline;
  clock.second = 30;
  drafts.keep(2, typed("typed offline"));
  await pass();
  error = null;
  drafts.takeAll([told(2, "older", 3), told(3, "from the phone", 4)]);
  await pass();
  assert.equal(drafts.of(1), null);
  assert.equal(drafts.of(2).text, "typed offline");
  assert.equal(drafts.of(3).text, "from the phone");
  assert.deepEqual(sent.map(({ text }) => text), ["saved before", "typed offline"]);
});

test("what the server refuses stays here", async () => {
  const { drafts, pass } = desk({ fail: () => ({ isTemporary: false }) });
  drafts.keep(42, typed("x".repeat(200_000)));
  await pass();
  assert.equal(drafts.of(42).text.length, 200_000);
});

test("a page that goes sends what waits", async () => {
  const { drafts, sent } = desk();
  drafts.keep(42, typed("Bye"));
  drafts.flush({ isLeaving: true });
  assert.deepEqual(sent, [{ id: 42, text: "Bye", isLeaving: true }]);
});

test("another tab's words are taken, a broken copy is nothing", () => {
  const storage = new Shelf();
  storage.setItem("draft:5:9", "{not json");
  const { drafts } = desk({ storage });
  assert.equal(drafts.of(9), null);
  storage.setItem("draft:5:42", JSON.stringify({ text: "there", visibility: "PUBLIC", replyTo: null, updatedAt: at(50), isSaved: true }));
  drafts.reload("draft:5:42");
  assert.equal(drafts.of(42).text, "there");
  drafts.reload("draft:6:42");
});
