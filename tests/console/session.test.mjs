import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { bootWith, dialogWith, frameOf, messageWith, NOW } from "./cast.mjs";

globalThis.document = { hidden: false, documentElement: { dataset: {}, lang: "en" }, getElementById: () => null, querySelector: () => null };
globalThis.requestAnimationFrame = (run) => setImmediate(run);
const { store } = await import("../../static/console/core/store.js");
const session = await import("../../static/console/core/session.js");

let server;
const asked = [];
globalThis.fetch = async (path, { body }) => {
  asked.push(path.replace("/api/v1/", ""));
  const answer = await server(path.replace("/api/v1/", ""), body && JSON.parse(body));
  return { ok: true, status: 200, headers: new Headers({ "Content-Type": "application/json" }), json: async () => answer };
};
const settled = (milliseconds = 20) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
const syncAnswer = (dialogs = []) => ({ dialogs, gone: [], operators: [], digest: null, server_time: null });
const page = (messages) => ({ messages, has_earlier: false, dialogs: [{ id: 42 }] });

beforeEach(async () => {
  server = async () => bootWith([dialogWith({ revision: 3 })]);
  await session.boot();
  store.onEffect = ({ kind, dialogId }) => ({ sync: session.sync, changes: () => session.fetchChanges(dialogId) })[kind]?.();
  asked.length = 0;
});

test("however often sync is wanted, one question is under way and one more follows", async () => {
  let answer;
  server = () => new Promise((resolve) => { answer = () => resolve(syncAnswer()); });

  const all = [session.sync(), session.sync(), session.sync()];
  await settled();
  assert.deepEqual(asked, ["console/sync/"]);
  answer();
  await settled();
  assert.deepEqual(asked, ["console/sync/", "console/sync/"]);
  answer();
  await Promise.all(all);
});

test("a frame that arrives while a page is read is not lost", async () => {
  let answer;
  server = (path) => (path.includes("changed_after")
    ? { messages: [messageWith({ seq: 2, revision: 4, text: "Meanwhile" })] } : new Promise((resolve) => { answer = () => resolve(page([messageWith()])); }));

  const opening = session.openFeed(42);
  await settled();
  store.take({ topics: [], effects: [] });
  session.hear(frameOf(dialogWith({ revision: 4 }), [messageWith({ seq: 2, revision: 4, text: "Meanwhile" })]));
  answer();
  await opening;
  await settled(350);

  assert.deepEqual(store.state.feed.messages.map((message) => message.text), ["Hello!", "Meanwhile"]);
  assert.equal(store.state.feed.revision, 4);
});

test("an HTTP answer that overtakes its frame asks for nothing when the frame follows", async () => {
  server = async () => page([messageWith()]);
  await session.openFeed(42);
  asked.length = 0;

  store.take({ topics: [], effects: [{ kind: "changes", dialogId: 42 }] });
  session.hear(frameOf(dialogWith({ revision: 4 }), [messageWith({ seq: 2, revision: 4 })]));
  await settled(350);

  assert.deepEqual(asked, []);
});

test("after a reconnect the console asks what it missed", async () => {
  server = async () => syncAnswer([dialogWith({ revision: 8, unread: 2 })]);

  session.hear({ type: "hello", server_time: new Date(NOW).toISOString(), heartbeat_seconds: 15 });
  await settled();

  assert.deepEqual(asked, ["console/sync/"]);
  assert.equal(store.state.open.get(42).unread, 2);
});

test("a sync that fails for a while is tried at the next sign of life", async () => {
  const { fetch } = globalThis;
  globalThis.fetch = async () => { throw new TypeError("network"); };
  assert.equal(await session.sync(), false);
  globalThis.fetch = fetch;

  server = async () => syncAnswer([dialogWith({ revision: 9 })]);
  assert.equal(await session.sync(), true);
  assert.equal(store.state.open.get(42).revision, 9);
});
