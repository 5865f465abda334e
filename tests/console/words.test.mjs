import assert from "node:assert/strict";
import { test } from "node:test";
import { Translator } from "../../static/console/core/i18n.js";
import { linkPieces } from "../../static/console/core/links.js";
import { countsOf, sectionsOf } from "../../static/console/core/lists.js";
import { serviceLine } from "../../static/console/core/words.js";
import { duration, urgency } from "../../static/console/core/time.js";
import { dialogWith, OLEG, OLGA } from "./cast.mjs";

const RUSSIAN = new Translator("ru", { Answer: "Ответить", "{count} file": ["{count} файл", "{count} файла", "{count} файлов"] });
const links = (text) => linkPieces(text).filter((piece) => piece.href).map((piece) => [piece.text, piece.href]);
const ids = (dialogs) => dialogs.map((dialog) => dialog.id);

test("Russian has three forms of a number", () => {
  const forms = [1, 3, 5, 11, 21, 22].map((count) => RUSSIAN.plural("{count} file", "{count} files", count));

  assert.deepEqual(forms, ["1 файл", "3 файла", "5 файлов", "11 файлов", "21 файл", "22 файла"]);
});

test("a text without a translation is shown in English", () => {
  assert.equal(RUSSIAN.text("Skip"), "Skip");
  assert.equal(RUSSIAN.text("Answer"), "Ответить");
  assert.equal(new Translator("en").plural("{count} file", "{count} files", 2), "2 files");
});

test("parameters are values, never patterns", () => {
  assert.equal(RUSSIAN.text("Hi, {name}", { name: "{other} $&" }), "Hi, {other} $&");
  assert.deepEqual(RUSSIAN.pieces("{who} joined", { who: "Olga" }), [{ text: "Olga", name: "who" }, { text: " joined" }]);
});

test("a name turns the direction of nothing after it", () => {
  assert.equal(RUSSIAN.text("To {name}: {text}", { name: "\u202eannA\u2066", text: "\u202b1" }), "To annA: 1");
});

test("addresses become links, the full stop after them does not", () => {
  assert.deepEqual(links("See https://loft.example/a?b=1."), [["https://loft.example/a?b=1", "https://loft.example/a?b=1"]]);
  assert.deepEqual(links("(www.loft.example/x_(y))"), [["www.loft.example/x_(y)", "https://www.loft.example/x_(y)"]]);
  assert.deepEqual(links("Write to anna@loft.example!"), [["anna@loft.example", "mailto:anna@loft.example"]]);
});

test("nothing but the web and mail becomes a link", () => {
  assert.deepEqual(links("javascript:alert(1) data:text/html,x file:///etc/passwd https://"), []);
  assert.deepEqual(linkPieces("<b>no</b>"), [{ text: "<b>no</b>" }]);
});

test("however long and odd a text is, its addresses are found at once", () => {
  const odd = ["a", "a@", "a.", "www.", "https://x.", "(", ")"].map((piece) => piece.repeat(100_000 / piece.length));
  const started = performance.now();

  for (const text of [...odd, `https://x${odd[6]}`, `https://x${".".repeat(100_000)}x`, `https://x${"(".repeat(50_000)}${")".repeat(60_000)}`]) linkPieces(text);

  // One of them alone took a minute when each letter was a new beginning.
  assert.ok(performance.now() - started < 5000);
});

test("a bracket and a full stop after an address are the sentence's", () => {
  assert.deepEqual(links("(see https://x.example/a_(b)).) or a.b+c@mail.example."), [["https://x.example/a_(b)", "https://x.example/a_(b)"], ["a.b+c@mail.example", "mailto:a.b+c@mail.example"]]);
});

test("timers grow from minutes to days and redden", () => {
  assert.deepEqual([42_000, 767_000, 3_910_000].map(duration), ["0:42", "12:47", "1:05:10"]);
  assert.equal(duration(3 * 86_400_000), "3 days");
  assert.deepEqual([119_000, 120_000, 300_000].map((waited) => urgency(waited)), ["", "warn", "bad"]);
});

test("a line's goal says when a timer warns, and when it is too late", () => {
  assert.deepEqual([44_000, 45_000, 59_000, 60_000].map((waited) => urgency(waited, 60)), ["", "warn", "warn", "bad"]);
  assert.deepEqual([400_000, 450_000, 600_000].map((waited) => urgency(waited, 600)), ["", "warn", "bad"]);
});

test("mine: offers first, then who waits longest, then the newest with the pinned on top", () => {
  const waiting = (id, at) => dialogWith({ id, waiting_since: at });
  const offered = dialogWith({ id: 1, owner_id: null, state: "OFFERED", offer: { operator_ids: [OLGA.id], started_at: null, expires_at: null } });
  const dialogs = [
    dialogWith({ id: 2, last_message_at: "2026-11-22T11:00:00Z", is_pinned: true }), dialogWith({ id: 3 }), waiting(4, "2026-11-22T11:58:00Z"),
    waiting(5, "2026-11-22T11:50:00Z"), offered, dialogWith({ id: 6, owner_id: OLEG.id }), dialogWith({ id: 7, owner_id: null, state: "QUEUED" }),
  ];

  const mine = sectionsOf(dialogs, "mine", OLGA);

  assert.deepEqual([mine.offers, mine.queue, mine.waiting, mine.work].map(ids), [[1], [], [5, 4], [2, 3]]);
  assert.deepEqual(ids(sectionsOf(dialogs, "waiting", OLGA).queue), [7]);
  assert.deepEqual(countsOf(dialogs, OLGA), { mine: 5, waiting: 4, all: 7, urgent: 3, others: 1 });
});


test("what a client thought of a dialog is said on the scale on which they were asked", () => {
  const said = (code, params) => serviceLine({ code, params }).pieces.map(({ text }) => text).join("");

  assert.equal(said("CLIENT_RATED", { scale: "LIKE", score: 1 }), "The client liked the conversation");
  assert.equal(said("CLIENT_RATED", { scale: "LIKE", score: 0 }), "The client did not like the conversation");
  assert.equal(said("CLIENT_RATED", { scale: "FIVE", score: 4 }), "The client rated the conversation: 4 of 5");
  assert.equal(said("SUPERVISOR_RATED", { supervisor: "Sergey", score: 3, comment: "" }), "Sergey rated the work: 3 of 5");
});
