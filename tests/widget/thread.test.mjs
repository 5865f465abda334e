import assert from "node:assert/strict";
import { test } from "node:test";
import {
  applyFrame, canFinish, createThread, isUpToDate, knownRevisions, mergeAnswer, oldestId, takeSent, threadItems, unreadAfter, waitingNow,
} from "../../static/widget/thread.js";

const message = (id, changes = {}) => ({
  id, dialog: 42, seq: id, revision: id, client_message_id: null, author: { kind: "OPERATOR", name: "Olga" }, kind: "TEXT", text: `text ${id}`,
  reply_to: null, attachments: [], created_at: `2026-11-23T12:00:${String(id).padStart(2, "0")}Z`, edited_at: null, deleted_at: null, ...changes,
});
const own = (id, changes = {}) => message(id, { author: { kind: "VISITOR", name: "" }, client_message_id: `c${id}`, ...changes });
const dialog = (revision, changes = {}) => ({ number: 42, revision, read_seq: 0, is_open: true, is_closing: false, waiting: null, ...changes });
const page = (messages, dialogs, changes = {}) => ({ messages, dialogs, has_earlier: false, is_reset: true, ...changes });
const frame = (from, revision, messages, changes = {}) => ({ from_revision: from, dialog: dialog(revision, changes), messages });
const loaded = (...answer) => {
  const thread = createThread();
  mergeAnswer(thread, page(...answer));
  return thread;
};
const texts = (thread) => thread.messages.map(({ text }) => text);
const shown = (thread, pending = []) => threadItems(thread, pending).filter(({ kind }) => kind === "message");

test("a frame that follows what is known is applied", () => {
  const thread = loaded([own(1)], [dialog(1)]);

  assert.equal(applyFrame(thread, frame(1, 3, [message(3)])), true);
  assert.deepEqual(texts(thread), ["text 1", "text 3"]);
  assert.equal(knownRevisions(thread), "42:3");
});

test("a frame behind a gap is not, and the server is asked from what is known", () => {
  const thread = loaded([own(1)], [dialog(1)]);

  assert.equal(applyFrame(thread, frame(2, 3, [message(3)])), false);
  assert.deepEqual(texts(thread), ["text 1"]);
  assert.equal(knownRevisions(thread), "42:1");
});

test("frames that overlap or come late change nothing back", () => {
  const thread = loaded([own(1), message(2, { revision: 5, text: "edited" })], [dialog(5, { read_seq: 2 })]);

  assert.equal(applyFrame(thread, frame(1, 2, [message(2)])), true);
  assert.deepEqual(texts(thread), ["text 1", "edited"]);
  assert.deepEqual(thread.dialogs.get(42), dialog(5, { read_seq: 2 }));
});

test("before the first page every frame is a reason to ask", () => {
  assert.equal(applyFrame(createThread(), frame(0, 1, [own(1)])), false);
});

test("a new dialog begins without a gap, an old one that is not on screen is left alone", () => {
  const thread = loaded([own(1)], [dialog(1)]);

  assert.equal(applyFrame(thread, { from_revision: 0, dialog: dialog(1, { number: 43 }), messages: [own(9, { dialog: 43 })] }), true);
  assert.equal(applyFrame(thread, { from_revision: 7, dialog: dialog(8, { number: 41 }), messages: [message(8, { dialog: 41 })] }), true);
  assert.deepEqual(texts(thread), ["text 1", "text 9"]);
  assert.equal(knownRevisions(thread), "42:1,43:1");
});

test("what was just sent is shown, and what the dialog said meanwhile is still asked for", () => {
  const thread = loaded([], []);
  takeSent(thread, { message: own(1), dialog: dialog(4) });

  assert.deepEqual(texts(thread), ["text 1"]);
  assert.equal(knownRevisions(thread), "42:0");
});

test("a message that is on its way and stored already is one bubble under one key", () => {
  const thread = loaded([own(1)], [dialog(1)]);
  const pending = { ...own(1), id: null, dialog: 0, state: "PENDING" };

  assert.deepEqual(shown(thread, [pending]).map(({ key, tick }) => [key, tick]), [["c1", "SENT"]]);
  assert.deepEqual(shown(createThread(), [pending]).map(({ key, tick }) => [key, tick]), [["c1", "PENDING"]]);
});

test("ticks follow the operators' read mark, and only the visitor's own words have them", () => {
  const thread = loaded([own(1), own(2), message(3)], [dialog(3, { read_seq: 1 })]);

  assert.deepEqual(shown(thread).map(({ tick }) => tick), ["READ", "SENT", null]);
  applyFrame(thread, frame(3, 3, [], { read_seq: 2 }));
  assert.deepEqual(shown(thread).map(({ tick }) => tick), ["READ", "READ", null]);
});

test("earlier pages go before, and a long absence starts anew", () => {
  const thread = loaded([message(5)], [dialog(5)], { has_earlier: true });
  mergeAnswer(thread, page([message(3), message(4)], [], { is_reset: false, has_earlier: false }));
  assert.deepEqual([texts(thread), oldestId(thread), thread.hasEarlier], [["text 3", "text 4", "text 5"], 3, false]);

  mergeAnswer(thread, page([message(90)], [dialog(90)], { has_earlier: true }));
  assert.deepEqual([texts(thread), thread.hasEarlier], [["text 90"], true]);
});

test("changes leave the word on earlier messages as it was", () => {
  const thread = loaded([message(5)], [dialog(5)], { has_earlier: true });
  mergeAnswer(thread, page([message(6)], [dialog(6)], { is_reset: false, has_earlier: null }));

  assert.equal(thread.hasEarlier, true);
});

test("a heartbeat tells when something was missed", () => {
  const thread = loaded([own(1)], [dialog(1)]);

  assert.equal(isUpToDate(thread, null), true);
  assert.equal(isUpToDate(thread, dialog(1, { read_seq: 1 })), true);
  assert.equal(shown(thread)[0].tick, "READ");
  assert.equal(isUpToDate(thread, dialog(2)), false);
  assert.equal(isUpToDate(thread, dialog(1, { number: 43 })), false);
});

test("what staff wrote after the last look is unread", () => {
  const thread = loaded([message(1), own(2), message(3), message(4, { deleted_at: "2026-11-23T12:01:00Z" })], [dialog(4)]);

  assert.deepEqual(unreadAfter(thread, 1).map(({ id }) => id), [3]);
});

test("days and ends of dialogs stand between the messages, groups by voice", () => {
  const thread = loaded(
    [own(1), own(2), message(3), own(4, { dialog: 43, created_at: "2026-11-24T12:00:00Z" })],
    [dialog(3, { is_open: false }), dialog(4, { number: 43 })],
  );

  const items = threadItems(thread, []);
  assert.deepEqual(items.map(({ kind }) => kind), ["day", "message", "message", "message", "end", "day", "message"]);
  assert.deepEqual(shown(thread).map(({ isFirst }) => isFirst), [true, false, true, true]);
});

test("the last dialog's end is told until the visitor writes again", () => {
  const thread = loaded([own(1)], [dialog(1, { is_open: false })]);
  const pending = { ...own(2), id: null, dialog: 0, state: "PENDING" };

  assert.equal(threadItems(thread, []).at(-1).kind, "end");
  assert.equal(threadItems(thread, [pending]).at(-1).kind, "message");
});

test("a place in the queue stays what it was until somebody says another", () => {
  const place = { position: 3, wait: null };
  const thread = loaded([own(1)], [dialog(1, { waiting: place })]);
  const { waiting: _none, ...silent } = dialog(2);

  applyFrame(thread, { from_revision: 1, dialog: silent, messages: [] });
  assert.deepEqual(waitingNow(thread), place);
  isUpToDate(thread, dialog(2, { waiting: { position: 2, wait: null } }));
  assert.equal(waitingNow(thread).position, 2);
  applyFrame(thread, frame(2, 3, [message(3)]));
  assert.equal(waitingNow(thread), null);
});

test("what is finished waits no longer", () => {
  assert.equal(waitingNow(createThread()), null);
  assert.equal(waitingNow(loaded([own(1)], [dialog(1, { is_open: false, waiting: { position: 1, wait: null } })])), null);
});

test("what is open can be finished, what is finished or about to be can not", () => {
  assert.equal(canFinish(createThread()), false);
  const thread = loaded([own(1)], [dialog(1)]);
  assert.equal(canFinish(thread), true);

  applyFrame(thread, frame(1, 2, [message(2)], { is_closing: true }));
  assert.equal(canFinish(thread), false);
  applyFrame(thread, frame(1, 1, [], { is_closing: false }));
  assert.equal(canFinish(thread), false, "news that come late");
  applyFrame(thread, frame(2, 3, [own(3)], { is_closing: false }));
  assert.equal(canFinish(thread), true, "the visitor wrote on");
  applyFrame(thread, frame(3, 4, [], { is_open: false }));
  assert.equal(canFinish(thread), false);
});
