import assert from "node:assert/strict";
import { test } from "node:test";
import { createFeed, mergePage } from "../../static/console/core/feed.js";
import * as State from "../../static/console/core/state.js";
import { bootWith, dialogWith, frameOf, messageWith, NOW, OLEG, OLGA } from "./cast.mjs";

function consoleOf(...dialogs) {
  const state = State.createState();
  State.applyBoot(state, bootWith(dialogs), NOW);
  return state;
}

test("a channel's trouble is told once for all its dialogs, until it is over", () => {
  const state = consoleOf(dialogWith(), dialogWith({ id: 43 }));
  const { channel } = dialogWith();
  const { lines, tags, topics } = bootWith([]);
  assert.equal(State.troubleOf(state, channel), null);

  State.applyDictionaries(state, { lines, tags, topics, troubles: [{ id: channel.id, state: "PAUSED" }] });
  assert.equal(State.troubleOf(state, channel), "PAUSED");

  State.applyDictionaries(state, { lines, tags, topics, troubles: [] });
  assert.equal(State.troubleOf(state, channel), null);
});

function consoleReading(dialog, messages) {
  const state = consoleOf(dialog);
  state.selectedId = dialog.id;
  state.feed = createFeed(dialog.id, dialog.revision);
  mergePage(state.feed, { messages, has_earlier: false, dialogs: [{ id: dialog.id }] }, dialog.revision);
  return state;
}

const kinds = ({ effects }) => effects.map((effect) => effect.kind);
const texts = (state) => state.feed.messages.map((message) => message.text);

test("a frame brings its dialog and its message", () => {
  const state = consoleReading(dialogWith(), [messageWith()]);

  const { topics } = State.applyFrame(state, frameOf(dialogWith({ revision: 2, last_seq: 2 }), [messageWith({ seq: 2, revision: 2, text: "More" })]), NOW);

  assert.deepEqual(topics, ["dialogs", "feed"]);
  assert.deepEqual(texts(state), ["Hello!", "More"]);
  assert.equal(state.open.get(42).last_seq, 2);
});

test("the same frame twice changes nothing the second time", () => {
  const state = consoleReading(dialogWith(), [messageWith()]);
  const frame = frameOf(dialogWith({ revision: 2 }), [messageWith({ seq: 2, revision: 2 })]);
  State.applyFrame(state, frame, NOW);

  const { topics, effects } = State.applyFrame(state, frame, NOW);

  assert.deepEqual([topics, effects], [["dialogs"], []]);
  assert.equal(state.feed.messages.length, 2);
});

test("an older frame that comes late is dropped", () => {
  const state = consoleOf(dialogWith({ revision: 9, unread: 3 }));

  State.applyFrame(state, frameOf(dialogWith({ revision: 8, unread: 1 })), NOW);

  assert.equal(state.open.get(42).unread, 3);
});

test("a gap takes the dialog and asks for the feed's changes", () => {
  const state = consoleReading(dialogWith(), [messageWith()]);

  const answer = State.applyFrame(state, frameOf(dialogWith({ revision: 5 }), [messageWith({ seq: 4, revision: 5 })]), NOW);

  assert.deepEqual(kinds(answer), ["changes"]);
  assert.equal(state.open.get(42).revision, 5);
  assert.deepEqual(texts(state), ["Hello!"]);
});

test("a hole in seq is a gap even when the revisions fit", () => {
  const state = consoleReading(dialogWith(), [messageWith()]);

  const answer = State.applyFrame(state, frameOf(dialogWith({ revision: 2 }), [messageWith({ seq: 3, revision: 2 })]), NOW);

  assert.deepEqual(kinds(answer), ["changes"]);
});

test("messages of a frame still count when an HTTP answer brought the dialog first", () => {
  const state = consoleReading(dialogWith(), [messageWith()]);
  const answered = dialogWith({ revision: 2, answered_at: "2026-11-22T11:59:00Z" });

  const early = State.applyDialog(state, answered);
  State.applyFrame(state, frameOf(answered, [messageWith({ seq: 2, revision: 2, text: "joined" })]), NOW);

  assert.deepEqual(kinds(early), ["changes"]);
  assert.deepEqual(texts(state), ["Hello!", "joined"]);
});

test("a closed dialog leaves the open ones and stays on screen", () => {
  const state = consoleReading(dialogWith(), [messageWith()]);

  State.applyFrame(state, frameOf(dialogWith({ revision: 2, state: "CLOSED", close_reason: "OPERATOR" })), NOW);

  assert.equal(state.open.size, 0);
  assert.equal(State.dialogOf(state, 42).close_reason, "OPERATOR");
});

test("a dialog that is gone is forgotten, and the screen is told", () => {
  const state = consoleReading(dialogWith(), [messageWith()]);

  const answer = State.applyFrame(state, { type: "dialog.gone", dialog_id: 42 }, NOW);

  assert.deepEqual(kinds(answer), ["lost"]);
  assert.equal(State.dialogOf(state, 42), null);
});

test("sync brings what differs and takes what is gone", () => {
  const state = consoleOf(dialogWith(), dialogWith({ id: 43 }));
  const sent = State.knownRevisions(state);

  State.applySync(state, { dialogs: [dialogWith({ revision: 7 }), dialogWith({ id: 44 })], gone: [43], operators: [OLEG], server_time: null }, sent, NOW);

  assert.deepEqual(State.knownRevisions(state), { 42: 7, 44: 1 });
});

test("what arrived while sync was asked is newer than its answer", () => {
  const state = consoleOf(dialogWith(), dialogWith({ id: 43 }));
  const sent = State.knownRevisions(state);
  State.applyFrame(state, frameOf(dialogWith({ revision: 9 })), NOW);
  State.applyFrame(state, frameOf(dialogWith({ id: 43, revision: 2 })), NOW);

  State.applySync(state, { dialogs: [dialogWith({ revision: 7 })], gone: [43], operators: [], server_time: null }, sent, NOW);

  assert.deepEqual(State.knownRevisions(state), { 42: 9, 43: 2 });
});

test("after a restore from backup sync may bring an older revision", () => {
  const state = consoleOf(dialogWith({ revision: 9 }));

  State.applySync(state, { dialogs: [dialogWith({ revision: 4 })], gone: [], operators: [], server_time: null }, { 42: 9 }, NOW);

  assert.equal(state.open.get(42).revision, 4);
});

test("digests that differ twice in a row ask for sync, once is not enough", () => {
  const state = consoleOf(dialogWith({ revision: 3 }));
  const heartbeat = { type: "heartbeat", digest: { dialogs: 1, revisions: 4 }, server_time: "2026-11-22T12:00:00Z" };

  assert.deepEqual(kinds(State.applyFrame(state, heartbeat, NOW)), []);
  assert.deepEqual(kinds(State.applyFrame(state, heartbeat, NOW)), ["sync"]);
});

test("a frame between two different digests starts the count again", () => {
  const state = consoleOf(dialogWith({ revision: 3 }));
  const heartbeat = { type: "heartbeat", digest: { dialogs: 1, revisions: 9 }, server_time: null };
  State.applyFrame(state, heartbeat, NOW);
  State.applyFrame(state, frameOf(dialogWith({ revision: 4 })), NOW);

  assert.deepEqual(kinds(State.applyFrame(state, heartbeat, NOW)), []);
  assert.deepEqual(State.ownDigest(state), { dialogs: 1, revisions: 4 });
});

test("an offer calls its operator once", () => {
  const state = consoleOf();
  const offered = dialogWith({ state: "OFFERED", owner_id: null, offer: { operator_ids: [OLGA.id], started_at: null, expires_at: null } });

  assert.equal(State.applyFrame(state, frameOf(offered), NOW).effects[0].reason, "offer");
  assert.deepEqual(kinds(State.applyFrame(state, frameOf({ ...offered, revision: 2 }), NOW)), []);
});

test("a client's message calls the owner, a colleague's does not", () => {
  const state = consoleOf(dialogWith(), dialogWith({ id: 43, owner_id: OLEG.id }));

  assert.deepEqual(kinds(State.applyFrame(state, frameOf(dialogWith({ revision: 2, unread: 1 })), NOW)), ["call"]);
  assert.deepEqual(kinds(State.applyFrame(state, frameOf(dialogWith({ id: 43, revision: 2, owner_id: OLEG.id, unread: 1 })), NOW)), []);
});

test("a whisper that names me calls me once, my own does not", () => {
  const state = consoleOf(dialogWith({ owner_id: OLEG.id }));
  const whisper = (changes) => messageWith({ seq: 2, revision: 2, visibility: "STAFF", author: { kind: "OPERATOR", id: OLEG.id, name: "Oleg" }, mentions: [state.me.id], ...changes });
  const hear = (revision, message) => State.applyFrame(state, frameOf(dialogWith({ owner_id: OLEG.id, revision, last_seq: message.seq }), [message]), NOW).effects.filter(({ kind }) => kind === "call");

  assert.deepEqual(hear(2, whisper()).map(({ reason }) => reason), ["mention"]);
  assert.deepEqual(hear(3, whisper({ revision: 3, edited_at: "later" })), []);
  assert.deepEqual(hear(4, whisper({ seq: 3, revision: 4, author: { kind: "OPERATOR", id: state.me.id, name: "Olga" } })), []);
});

test("a dialog that a colleague hands over calls, one that I took myself does not", () => {
  const state = consoleOf(dialogWith({ owner_id: OLEG.id }), dialogWith({ id: 43, owner_id: OLEG.id }));
  state.claimed.add(43);

  assert.equal(State.applyFrame(state, frameOf(dialogWith({ revision: 2 })), NOW).effects[0].reason, "assigned");
  assert.deepEqual(kinds(State.applyFrame(state, frameOf(dialogWith({ id: 43, revision: 2 })), NOW)), []);
});

test("typing is shown for six seconds or until the message comes", () => {
  const state = consoleOf(dialogWith());
  const typing = { type: "typing", dialog_id: 42, author: { kind: "CLIENT", id: 9, name: "Anna" } };
  State.applyFrame(state, typing, NOW);

  assert.equal(State.expireTyping(state, NOW + 5000), false);
  assert.equal(State.expireTyping(state, NOW + 6000), true);
  State.applyFrame(state, typing, NOW);
  State.applyFrame(state, frameOf(dialogWith({ revision: 2 }), [messageWith({ seq: 2, revision: 2 })]), NOW);
  assert.equal(state.typing.size, 0);
});

test("an unknown frame is ignored", () => {
  assert.deepEqual(State.applyFrame(consoleOf(), { type: "weather.changed" }, NOW), { topics: [], effects: [] });
});
