import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fittingEmoji, toned } from "../../static/console/core/emoji.js";
import { cleaned, counted, lengthOf, measured, refusedFile, refusedWords, replyWindow } from "../../static/console/core/limits.js";
import { fittingReplies } from "../../static/console/core/quick_replies.js";
import { mentionedIn, namedPieces, triggerAt } from "../../static/console/core/triggers.js";

const WORDING = JSON.parse(readFileSync(new URL("../wording.json", import.meta.url)));

const at = (text, more = {}) => triggerAt(text, text.length, { isWhisper: false, ...more });

test("a slash at the start of a word asks for quick replies", () => {
  assert.deepEqual(at("/"), { kind: "reply", query: "", start: 0 });
  assert.deepEqual(at("Hello /pri"), { kind: "reply", query: "pri", start: 6 });
  assert.deepEqual(at("/two words"), { kind: "reply", query: "two words", start: 0 });
  for (const text of ["and/or", "50 / 50", "/a/b", "https://loft.example", "/one\n", "// ", `/${"x".repeat(60)}`]) assert.equal(at(text), null, text);
});

test("an at sign calls colleagues in whispers only", () => {
  assert.deepEqual(at("Ask @Ол", { isWhisper: true }), { kind: "mention", query: "Ол", start: 4 });
  assert.deepEqual(at("@Olga Or", { isWhisper: true }), { kind: "mention", query: "Olga Or", start: 0 });
  assert.equal(at("Ask @Ол"), null);
  assert.equal(at("a@b", { isWhisper: true }), null);
});

test("a colon and two letters ask for emoji", () => {
  assert.deepEqual(at("Fine :smi"), { kind: "emoji", query: "smi", start: 5 });
  assert.deepEqual(at(":ул"), { kind: "emoji", query: "ул", start: 0 });
  for (const text of [":", ":s", ":)", "at 10:30", "time:now", "http://"]) assert.equal(at(text), null, text);
});

test("who is mentioned is read from the text, the longest name first", () => {
  const people = [{ id: 1, name: "Olga" }, { id: 2, name: "Olga Orlova" }, { id: 3, name: "Oleg" }];
  assert.deepEqual(mentionedIn("@Olga Orlova, and @Oleg!", people), [2, 3]);
  assert.deepEqual(mentionedIn("@Olga look", people), [1]);
  assert.deepEqual(mentionedIn("@Olgas and Oleg", people), []);
  assert.deepEqual(namedPieces("Ask @Olga Orlova, please", ["Olga", "Olga Orlova"]), [{ text: "Ask " }, { text: "@Olga Orlova", isName: true }, { text: ", please" }]);
});

const reply = (title, more = {}) => ({ title, shortcut: "", folder: "", text: "", scope: "COMPANY", line_id: null, used_count: 0, ...more });
const found = (query, replies, line = 1) => fittingReplies(replies, query, line).map(({ title }) => title);

test("quick replies are found by title, shortcut, folder and words, in the wrong layout, too", () => {
  const replies = [reply("Доставка", { text: "Привезём завтра" }), reply("Оплата", { shortcut: "pay", used_count: 5 }), reply("Приветствие", { folder: "Начало" })];
  assert.deepEqual(found("", replies), ["Оплата", "Доставка", "Приветствие"]);
  assert.deepEqual(found("дост", replies), ["Доставка"]);
  assert.deepEqual(found("ljcn", replies), ["Доставка"]);
  assert.deepEqual(found("pa", replies)[0], "Оплата");
  assert.deepEqual(found("зфн", replies)[0], "Оплата");
  assert.deepEqual(found("привез", replies), ["Доставка"]);
  assert.ok(found("начало", replies).includes("Приветствие"));
});

test("quick replies of another line are not offered", () => {
  const replies = [reply("Ours", { scope: "LINE", line_id: 1 }), reply("Theirs", { scope: "LINE", line_id: 2 }), reply("Mine", { scope: "PERSONAL" })];
  assert.deepEqual(found("", replies), ["Ours", "Mine"]);
});

test("emoji are found in both languages, whole names first", () => {
  const list = [
    { sign: "😃", english: "grinning face with big eyes", russian: "смеется" }, { sign: "🔥", english: "fire", russian: "огонь" },
    { sign: "🚒", english: "fire engine", russian: "пожарная машина" }, { sign: "🌲", english: "evergreen tree", russian: "ёлка" },
  ];
  assert.deepEqual(fittingEmoji(list, "fire").map(({ sign }) => sign), ["🔥", "🚒"]);
  assert.deepEqual(fittingEmoji(list, "елк").map(({ sign }) => sign), ["🌲"]);
  assert.deepEqual(fittingEmoji(list, " "), []);
});

test("a skin tone is put on hands and on nothing else", () => {
  assert.equal(toned("👍", 3), "👍🏽");
  assert.equal(toned("✌️", 1), "✌🏻");
  assert.equal(toned("🔥", 3), "🔥");
  assert.equal(toned("👍", 0), "👍");
});

const TELEGRAM = { text_length: 4096, length_unit: "utf16", is_split: true };
const SMS = { text_length: 10, length_unit: "bytes", is_split: false };
const over = (text, means, more = {}) => measured(text, { means, most: 10_000, isWhisper: false, isFormatted: false, ...more });

test("a text is counted as its channel counts", () => {
  assert.deepEqual(["characters", "utf16", "bytes"].map((unit) => lengthOf("я😀", unit)), [2, 3, 6]);
  assert.equal(over("яяяяя", SMS).isOver, false);
  assert.equal(over("яяяяяя", SMS).isOver, true);
  assert.equal(over("**яяяяя**", SMS, { isFormatted: true }).isOver, false);
  assert.equal(over("яяяяяя", SMS, { isWhisper: true }).isOver, false);
  assert.equal(over("x".repeat(10_001), SMS, { isWhisper: true }).isOver, true);
});

test("where the channel makes several messages of a long text it says how many", () => {
  assert.equal(over("x".repeat(4096), TELEGRAM).parts, 1);
  assert.deepEqual([over("x".repeat(5000), TELEGRAM).parts, over("x".repeat(5000), TELEGRAM).isOver], [2, false]);
  assert.equal(over("x".repeat(100_000), TELEGRAM).isOver, true);
});

test("the window in which a client may be written to", () => {
  const now = Date.parse("2026-01-02T10:00:00Z");
  const wrote = (at) => replyWindow({ client_wrote_at: at }, { reply_window_seconds: 86_400 }, now)?.state;
  assert.equal(wrote("2026-01-02T09:00:00Z"), "open");
  assert.equal(wrote("2026-01-01T11:00:00Z"), "soon");
  assert.equal(wrote("2026-01-01T10:00:00Z"), "closed");
  assert.equal(wrote(null), "closed");
  assert.equal(replyWindow({ client_wrote_at: null }, { reply_window_seconds: 0 }, now), null);
});

test("tags, links and capitals are counted as the server counts them", () => {
  for (const { text, hashtags, links, in_capitals: inCapitals } of WORDING) assert.deepEqual(counted(text), { hashtags, links, inCapitals }, text);
});

test("words that a channel refuses are told before they are sent", () => {
  const means = { most_hashtags: 1, most_links: 1, capitals_refused: true };
  const why = (text, more = {}) => refusedWords(text, { means, isWhisper: false, isFormatted: false, ...more });
  assert.equal(why("Hello #one"), null);
  assert.equal(why("#one #two"), "hashtags");
  assert.equal(why("https://a.example https://b.example"), "links");
  assert.equal(why("HELLO"), "capitals");
  assert.equal(why("HELLO", { isWhisper: true }), null);
  assert.equal(refusedWords("HELLO #a #b", { means: { most_hashtags: null, most_links: null, capitals_refused: false } }), null);
});

test("a file that its channel refuses is told before it is sent, and why", () => {
  const means = { attachments: true, upload_bytes: 50, media: [{ kind: "IMAGE", most_bytes: 10, mimes: ["image/png"] }, { kind: "VIDEO", most_bytes: 0, mimes: [] }] };
  const why = (file, more = {}) => refusedFile([{ name: "a", mime: "", size: 5, ...file }], { means, isWhisper: false, ...more })?.why ?? null;

  assert.deepEqual([why({ mime: "image/png" }), why({ mime: "image/png", size: 11 }), why({ mime: "image/gif" })], [null, "size", "type"]);
  assert.equal(why({ mime: "video/mp4" }), "type");
  assert.deepEqual([why({ mime: "text/plain; charset=utf-8", size: 50 }), why({ size: 51 })], [null, "size"]);
  assert.equal(why({ mime: "audio/ogg", kind: "IMAGE" }), "type");
  assert.equal(why({ mime: "video/mp4" }, { isWhisper: true }), null);
});

test("people may write for longer where the channel has a tag for them", () => {
  const now = Date.parse("2026-01-05T10:00:00Z");
  const means = { reply_window_seconds: 86_400, operator_window_seconds: 604_800 };
  assert.equal(replyWindow({ client_wrote_at: "2026-01-02T10:00:00Z" }, means, now).state, "open");
});

test("what no database takes is left out", () => {
  assert.equal(cleaned("a\0b\u202Ec"), "ab\u202Ec");
});
