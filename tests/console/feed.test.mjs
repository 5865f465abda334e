import assert from "node:assert/strict";
import { test } from "node:test";
import { createFeed, mergeChanged, mergeFrame, mergeMessages, mergePage, trimFeed } from "../../static/console/core/feed.js";
import { feedItems, movedEnd, windowOf } from "../../static/console/core/feed_items.js";
import { asMessage } from "../../static/console/core/outbox.js";
import { dialogWith, frameOf, messageWith, OLGA } from "./cast.mjs";

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

const site = { id: 8, kind: "livechat", name: "Shop" };
const beside = (changes = {}) => dialogWith({ id: 50, channel: site, revision: 1, ...changes });
const wholeFeed = (page = {}) => {
  const feed = createFeed(42, 1, 9);
  const own = { id: 42, revision: 1, channel: { id: 3, kind: "telegram", name: "@loft_bot" }, line: { id: 1, name: "Sales" }, closed_at: null };
  mergePage(feed, { messages: [messageWith()], has_earlier: false, has_later: false, dialogs: [own], ...page }, 1);
  return feed;
};

test("another dialog of the client stands in the same history, by the order of ids, with its channel", () => {
  const feed = wholeFeed();

  assert.equal(mergeFrame(feed, frameOf(beside(), [messageWith({ id: 1500, dialog_id: 50, text: "From the site" })], 0)), "applied");
  mergeMessages(feed, [messageWith({ id: 1600, seq: 2, text: "And here" })]);

  const items = feedItems(feed, [], 0).filter((item) => item.message);
  assert.deepEqual(items.map((item) => [item.message.text, item.channel?.name ?? null]), [["Hello!", null], ["From the site", "Shop"], ["And here", null]]);
});

test("what is said with other clients does not come up here", () => {
  const feed = wholeFeed();
  const other = beside({ client: { id: 10, name: "Boris" } });

  assert.equal(mergeFrame(feed, frameOf(other, [messageWith({ id: 1500, dialog_id: 50 })], 0)), "known");
  assert.equal(feed.messages.length, 1);
});

test("a dialog that was begun before it could be read is a hole, and so is a lost frame", () => {
  const feed = wholeFeed();

  assert.equal(mergeFrame(feed, frameOf(beside({ revision: 9 }), [messageWith({ id: 1500, dialog_id: 50 })], 8)), "hole");
  mergeFrame(feed, frameOf(beside(), [messageWith({ id: 1500, dialog_id: 50 })], 0));
  assert.equal(mergeFrame(feed, frameOf(beside({ revision: 4 }), [], 3)), "hole");
});

test("history.changed brings what only the history shows", () => {
  const feed = wholeFeed();
  const span = { id: 50, revision: 3, channel: site, line: { id: 1, name: "Sales" }, closed_at: null };

  assert.equal(mergeFrame(feed, { type: "history.changed", client_id: 9, span, from_revision: 0, messages: [messageWith({ id: 1500, dialog_id: 50 })] }), "applied");
  assert.equal(feed.messages.length, 2);
});

test("a frame that comes while the first page is read is not lost", () => {
  const feed = createFeed(42, 1, 9);

  mergeFrame(feed, frameOf(beside(), [messageWith({ id: 1500, dialog_id: 50 })], 0));
  mergePage(feed, { messages: [messageWith()], has_earlier: false, has_later: false, dialogs: [] }, 1);

  assert.deepEqual(feed.messages.map(({ id }) => id), [1001, 1500]);
});

test("what changed outside the pages that are read leaves no hole beside it", () => {
  const feed = wholeFeed({ messages: [messageWith({ id: 1100, seq: 100 }), messageWith({ id: 1101, seq: 101 })], has_earlier: true, has_later: true });

  mergeMessages(feed, [messageWith({ id: 1003, seq: 3, revision: 9 }), messageWith({ id: 1200, seq: 200, revision: 10 })]);

  assert.deepEqual(feed.messages.map(({ id }) => id), [1100, 1101]);
});

test("the end of a dialog says it once, under its last words, however dialogs interleave", () => {
  const feed = wholeFeed();
  mergeFrame(feed, frameOf(beside(), [messageWith({ id: 1500, dialog_id: 50, text: "Site 1" })], 0));
  mergeMessages(feed, [messageWith({ id: 1600, seq: 2, text: "Here" })]);
  const closed = beside({ revision: 2, state: "CLOSED", closed_at: "2026-11-22T11:59:00Z", close_reason: "CLIENT" });
  mergeFrame(feed, frameOf(closed, [messageWith({ id: 1700, dialog_id: 50, seq: 2, text: "Site 2" })]));
  mergeMessages(feed, [messageWith({ id: 1800, seq: 3, text: "Still here" })]);

  const items = feedItems(feed, [], 0);

  assert.deepEqual(shape(items), ["day", "bubble:Hello!", "bubble:Site 1", "bubble:Here", "bubble:Site 2", "end", "bubble:Still here"]);
  assert.equal(new Set(items.map(({ key }) => key)).size, items.length);
});

test("where more follows that is not read, a dialog ends with its last message only", () => {
  const span = { id: 42, revision: 1, channel: site, line: { id: 1, name: "Sales" }, closed_at: "2026-11-22T11:59:00Z", last_seq: 2 };
  const read = (...messages) => shape(feedItems(wholeFeed({ messages, has_later: true, dialogs: [span] }), [], 0));

  assert.deepEqual(read(messageWith()), ["day", "bubble:Hello!"]);
  assert.deepEqual(read(messageWith(), messageWith({ seq: 2, text: "Bye" })), ["day", "bubble:Hello!", "bubble:Bye", "end"]);
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

test("pictures of one album stand side by side, what has words of its own does not", () => {
  const picture = (seq, changes = {}) => messageWith({ seq, kind: "IMAGE", text: "", details: { album: "a" }, attachments: [{ kind: "IMAGE", state: "READY" }], ...changes });
  const feed = feedOf(picture(1, { text: "The scratch" }), picture(2), picture(3), picture(4, { details: { album: "b" } }), messageWith({ seq: 5 }), picture(6, { details: null }));

  const tiles = feedItems(feed, [], 0).filter((item) => item.isTile).map((item) => item.message.seq);

  assert.deepEqual(tiles, [2, 3]);
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
