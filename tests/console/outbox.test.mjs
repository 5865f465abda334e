import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../static/console/core/outbox.js";

class MemoryStorage {
  map = new Map();
  get length() { return this.map.size; }
  key(index) { return [...this.map.keys()][index]; }
  getItem(key) { return this.map.get(key) ?? null; }
  setItem(key, value) { this.map.set(key, value); }
  removeItem(key) { this.map.delete(key); }
}

const entry = (commandId, changes = {}) => ({
  command_id: commandId, dialog_id: 42, text: commandId, visibility: "PUBLIC", reply_to: null, attachments: [],
  created_at: `2026-11-22T12:00:0${commandId.at(-1)}Z`, ...changes,
});
const settled = () => new Promise((resolve) => { setImmediate(resolve); });

function outboxWith(send, storage = new MemoryStorage()) {
  const sent = [];
  const timers = [];
  const outbox = new Outbox({ storage, owner: 5, send, onChange: () => {}, onSent: (message) => sent.push(message), timer: (run) => timers.push(run) });
  return { outbox, sent, timers, storage };
}

test("messages of one dialog go out one after another", async () => {
  const started = [];
  const { outbox, sent } = outboxWith(async (one) => { started.push(one.command_id); return one.command_id; });

  outbox.add(entry("c1"));
  outbox.add(entry("c2"));
  assert.deepEqual(started, ["c1"]);
  await settled();

  assert.deepEqual(sent, ["c1", "c2"]);
  assert.deepEqual(outbox.entries, []);
});

test("while the line is down messages wait, and go out under the same ids in the same order", async () => {
  let isDown = true;
  const tried = [];
  const { outbox, sent } = outboxWith(async (one) => {
    tried.push(one.command_id);
    if (isDown) throw Object.assign(new Error("offline"), { isTemporary: true });
    return one.command_id;
  });
  outbox.add(entry("c1"));
  outbox.add(entry("c2"));
  await settled();
  isDown = false;
  outbox.flushAll();
  await settled();

  assert.deepEqual(tried, ["c1", "c1", "c2"]);
  assert.deepEqual(sent, ["c1", "c2"]);
});

test("a failed try comes back by itself", async () => {
  const { outbox, timers } = outboxWith(async () => { throw Object.assign(new Error(), { isTemporary: true }); });
  outbox.add(entry("c1"));
  await settled();

  assert.equal(timers.length, 1);
  assert.equal(outbox.entries[0].state, "QUEUED");
});

test("a reload keeps what was not acknowledged", async () => {
  const { outbox, storage } = outboxWith(async () => { throw Object.assign(new Error(), { isTemporary: true }); });
  outbox.add(entry("c2"));
  outbox.add(entry("c1"));
  await settled();

  const { outbox: reloaded, sent } = outboxWith(async (one) => one.command_id, storage);
  reloaded.flushAll();
  await settled();

  assert.deepEqual(sent, ["c1", "c2"]);
  assert.equal(storage.length, 0);
});

test("a refusal stays with its reason, the next message goes out, a retry keeps the id", async () => {
  const tried = [];
  const { outbox } = outboxWith(async (one) => {
    tried.push(one.command_id);
    if (one.command_id === "c1") throw Object.assign(new Error("The dialog is finished."), { isTemporary: false, code: "dialog_closed" });
  });
  outbox.add(entry("c1"));
  outbox.add(entry("c2"));
  await settled();

  assert.deepEqual(outbox.entries.map((one) => [one.command_id, one.state, one.error.message]), [["c1", "REFUSED", "The dialog is finished."]]);
  outbox.retry("c1");
  await settled();
  assert.deepEqual(tried, ["c1", "c2", "c1"]);
});

test("a held message waits, can be taken back once, and keeps its place", async () => {
  const clock = { now: 1000 };
  const storage = new MemoryStorage();
  const sent = [];
  const timers = [];
  const make = () => new Outbox({ storage, owner: 5, now: () => clock.now, send: async (one) => { sent.push(one.command_id); return one; }, onChange: () => {}, onSent: () => {}, timer: (run) => timers.push(run) });
  const outbox = make();
  outbox.add(entry("c1"), 5000);
  outbox.add(entry("c2"), 5000);
  outbox.add(entry("c3"));
  await settled();
  assert.deepEqual(sent, []);

  assert.equal(outbox.recall("c1").text, "c1");
  assert.equal(outbox.recall("c1"), null);
  clock.now = 7000;
  timers.splice(0).forEach((run) => run());
  await settled();
  assert.deepEqual(sent, ["c2", "c3"]);
  assert.equal(outbox.recall("c2"), null);
});

test("a held message survives a reload, and is sent by no tab when another one took it back", async () => {
  const clock = { now: 1000 };
  const storage = new MemoryStorage();
  const sent = [];
  const make = () => new Outbox({ storage, owner: 5, now: () => clock.now, send: async (one) => { sent.push(one.command_id); return one; }, onChange: () => {}, onSent: () => {}, timer: () => {} });
  const first = make();
  first.add(entry("c1"), 5000);
  first.add(entry("c2"), 5000);
  const other = make();
  first.recall("c1");
  clock.now = 7000;
  other.flushAll();
  await settled();
  assert.deepEqual(sent, ["c2"]);
  assert.equal(other.entries.length, 0);
});
