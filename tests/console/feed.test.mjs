import assert from "node:assert/strict";
import { test } from "node:test";
import { createFeed, mergeChanged, mergeMessages, mergePage, trimFeed } from "../../static/console/core/feed.js";
import { feedItems, movedEnd, windowOf } from "../../static/console/core/feed_items.js";
import { asMessage } from "../../static/console/core/outbox.js";
import { messageWith, OLGA } from "./cast.mjs";

const feedOf = (...messages) => {
  const feed = createFeed(42, 1);
  mergePage(feed, { messages, has_earlier: false, dialogs: [{ id: 41, closed_at: "2026-10-03T10:00:00Z" }, { id: 42, closed_at: null }] }, 1);
  return feed;
};
const byOlga = (changes) => messageWith({ author: { kind: "OPERATOR", id: OLGA.id, name: OLGA.name }, ...changes });
const entry = (changes = {}) => ({
  dialog_id: 42, command_id: "c-1", text: "Good morning!", visibility: "PUBLIC", reply_to: null, attachments: [],
  created_at: "2026-11-22T11:56:00Z", state: "QUEUED", error: null, ...changes,
});
const shape = (items) => items.map((item) => item.kind + (item.message ? `:${item.message.text}` : ""));

test("the optimistic bubble is replaced by the stored message under the same key", () => {
  const feed = feedOf(messageWith());
  const pending = [asMessage(entry(), OLGA)];
  const before = feedItems(feed, pending, 0);

  mergeMessages(feed, [byOlga({ seq: 2, revision: 2, text: "Good morning!", command_id: "c-1" })]);
  const after = feedItems(feed, pending, 0);

  assert.deepEqual(shape(before), ["day", "bubble:Hello!", "bubble:Good morning!"]);
  assert.deepEqual(after.map((item) => item.key), before.map((item) => item.key));
  assert.equal(after.at(-1).message.id, 1002);
});

test("an older state of a message never replaces a newer one", () => {
  const feed = feedOf(byOlga({ revision: 5, delivery: { state: "READ", error: null } }));

  assert.equal(mergeMessages(feed, [byOlga({ revision: 4, delivery: { state: "SENT", error: null } })]), false);
  assert.equal(feed.messages[0].delivery.state, "READ");
});

test("messages that come in disorder stand in order", () => {
  const feed = feedOf();

  mergeMessages(feed, [messageWith({ seq: 3 }), messageWith({ seq: 1 }), messageWith({ seq: 2 }), messageWith({ seq: 9, id: 900, dialog_id: 41 })]);

  assert.deepEqual(feed.messages.map((message) => [message.dialog_id, message.seq]), [[41, 9], [42, 1], [42, 2], [42, 3]]);
});

test("the answer to changed_after moves the feed's revision forward", () => {
  const feed = feedOf(messageWith());

  mergeChanged(feed, [messageWith({ revision: 6, text: "Hello, edited" }), messageWith({ seq: 2, revision: 8 })], 7);

  assert.equal(feed.revision, 8);
  assert.equal(feed.messages[0].text, "Hello, edited");
});

test("days and ends of earlier dialogs stand between the messages", () => {
  const feed = feedOf(messageWith({ id: 900, dialog_id: 41, seq: 1, created_at: "2026-10-03T09:00:00Z", text: "Old" }), messageWith());

  assert.deepEqual(shape(feedItems(feed, [], 0)), ["day", "bubble:Old", "end", "day", "bubble:Hello!"]);
});

test("bubbles of one voice are grouped, a whisper breaks the group", () => {
  const feed = feedOf(messageWith(), messageWith({ seq: 2 }), byOlga({ seq: 3, visibility: "STAFF" }), messageWith({ seq: 4 }));

  const items = feedItems(feed, [], 0).filter((item) => item.kind === "bubble");

  assert.deepEqual(items.map((item) => [item.isFirst, item.isLast]), [[true, false], [false, true], [true, true]]);
});

test("what the client has read is marked", () => {
  const items = feedItems(feedOf(byOlga({ seq: 1 }), byOlga({ seq: 2, id: 1002 })), [], 1);

  assert.deepEqual(items.filter((item) => item.message).map((item) => item.isRead), [true, false]);
});

test("a window holds its size and moves by steps to both ends", () => {
  const items = Array.from({ length: 500 }, (_, index) => ({ key: `m${index}` }));

  assert.deepEqual([windowOf(items, null, 200).start, windowOf(items, null, 200).isAtEnd], [300, true]);
  const older = movedEnd(items, null, -100, 200);
  assert.equal(older, "m399");
  assert.deepEqual([windowOf(items, older, 200).start, windowOf(items, older, 200).end], [200, 400]);
  assert.equal(movedEnd(items, older, -1000, 200), "m199");
  assert.equal(movedEnd(items, older, 100, 200), null);
});

test("a very long feed forgets its oldest messages and knows that they exist", () => {
  const feed = feedOf(...Array.from({ length: 1001 }, (_, index) => messageWith({ id: index + 1, seq: index + 1 })));

  assert.equal(trimFeed(feed), true);
  assert.deepEqual([feed.messages.length, feed.keys.size, feed.hasEarlier], [500, 500, true]);
});
