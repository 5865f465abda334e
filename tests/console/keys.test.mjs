import assert from "node:assert/strict";
import { test } from "node:test";
import { commandOf } from "../../static/console/core/keys.js";
import { serviceLine, failureWords } from "../../static/console/core/words.js";

const press = (code, changes = {}) => ({ code, key: "", ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...changes });
const KEYS = { KeyA: "answer", KeyE: "finish", KeyR: "reply", KeyS: "skip", Slash: "search" };
const NOWHERE = { isWriting: false, isInList: true };
const WRITING = { isWriting: true, isInList: false };
const said = (code, params) => serviceLine({ code, params }).pieces.map((piece) => piece.text).join("");

test("a key means the same in a Russian layout", () => {
  assert.equal(commandOf(press("KeyA", { key: "ф" }), KEYS, NOWHERE), "answer");
  assert.equal(commandOf(press("Slash", { key: "." }), KEYS, NOWHERE), "search");
});

test("single letters mean nothing while one writes, the walk with Ctrl does", () => {
  assert.equal(commandOf(press("KeyE"), KEYS, WRITING), null);
  assert.equal(commandOf(press("ArrowDown"), KEYS, WRITING), null);
  assert.equal(commandOf(press("ArrowDown", { ctrlKey: true }), KEYS, WRITING), "openNext");
});

test("the browser's own shortcuts stay the browser's", () => {
  assert.equal(commandOf(press("KeyR", { ctrlKey: true }), KEYS, NOWHERE), null);
  assert.equal(commandOf(press("KeyS", { metaKey: true }), KEYS, NOWHERE), null);
  assert.equal(commandOf(press("KeyA", { isComposing: true }), KEYS, NOWHERE), null);
});

test("the question mark opens the sheet in either layout", () => {
  assert.equal(commandOf(press("Slash", { key: "?", shiftKey: true }), KEYS, NOWHERE), "sheet");
  assert.equal(commandOf(press("Digit7", { key: "?", shiftKey: true }), KEYS, NOWHERE), "sheet");
});

test("service lines are put together in words from codes", () => {
  assert.equal(said("DIALOG_OPENED", { number: 7, channel: "@loft_bot", kind: "telegram", line: "Sales" }), "Request No. 7 from Telegram to the line “Sales”");
  assert.equal(said("DIALOG_ACCEPTED", { operator: "Olga", seconds: 42 }), "Olga took the dialog after 0:42");
  assert.equal(said("DIALOG_OFFERED", { operators: 3 }), "Offered to 3 operators");
  assert.equal(said("CLOSED_BY_SILENCE", { minutes: 1 }), "Finished by itself: 1 minute of silence");
  assert.equal(said("A_CODE_OF_TOMORROW", {}), "A_CODE_OF_TOMORROW");
});

test("a failure is told by its code, whatever language the server spoke", () => {
  assert.equal(failureWords({ code: "BLOCKED", message: "Клиент…" }), "The client has blocked us.");
  assert.equal(failureWords({ code: "NEW", message: "Too many stickers" }), "Too many stickers");
});
