import assert from "node:assert/strict";
import { test } from "node:test";
import { isQuiet, notifiesOf, soundsFor } from "../../static/console/core/alert_rules.js";
import { fit, ranked, swapped } from "../../static/console/core/fuzzy.js";
import { bindingsOf, commandOf, keyWord, whyNot, withKey } from "../../static/console/core/keys.js";

const press = (code, changes = {}) => ({ code, key: "", ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...changes });
const COMMANDS = [{ name: "answer", key: "KeyA" }, { name: "finish", key: "KeyE" }, { name: "spam" }, { name: "settings" }];
const KEYS = bindingsOf(COMMANDS);
const NOWHERE = { isWriting: false, isInList: true };
const WRITING = { isWriting: true, isInList: false };
const SETTINGS = {
  sound: { offer: true, message: false, mention: true, volume: 60 }, notifications: true, notify_of: { offer: true, message: true, mention: false },
  quiet_hours: { from: "22:00", until: "08:00", time_zone: "Europe/Moscow" },
};
const at = (utc) => Date.parse(`2026-11-25T${utc}:00Z`);

test("the palette opens from anywhere, in either layout, on a Mac too", () => {
  assert.equal(commandOf(press("KeyK", { ctrlKey: true, key: "л" }), KEYS, WRITING), "palette");
  assert.equal(commandOf(press("KeyK", { metaKey: true }), KEYS, WRITING), "palette");
  assert.equal(commandOf(press("KeyK", { ctrlKey: true, shiftKey: true }), KEYS, WRITING), null);
  assert.equal(commandOf(press("KeyA", { metaKey: true }), KEYS, NOWHERE), null);
});

test("G and a letter go to a tab, the letter alone does what it always does", () => {
  assert.equal(commandOf(press("KeyG"), KEYS, NOWHERE), "lead");
  assert.equal(commandOf(press("KeyA"), KEYS, { ...NOWHERE, isLed: true }), "tab:all");
  assert.equal(commandOf(press("KeyA"), KEYS, NOWHERE), "answer");
  assert.equal(commandOf(press("KeyG"), KEYS, WRITING), null);
});

test("Alt and a digit switch dialogs, while one writes too", () => {
  assert.equal(commandOf(press("Digit3", { altKey: true }), KEYS, WRITING), "dialog:3");
  assert.equal(commandOf(press("Digit0", { altKey: true }), KEYS, WRITING), null);
  assert.equal(commandOf(press("Digit3", { altKey: true, ctrlKey: true }), KEYS, WRITING), null, "AltGr types letters");
});

test("single letters can be switched off, the arrows and Ctrl stay", () => {
  const off = { ...NOWHERE, areSingleKeysOn: false };
  for (const code of ["KeyA", "KeyJ", "KeyG", "Slash"]) assert.equal(commandOf(press(code), KEYS, off), null);
  assert.equal(commandOf(press("Slash", { key: "?", shiftKey: true }), KEYS, off), null);
  assert.equal(commandOf(press("ArrowDown"), KEYS, off), "next");
  assert.equal(commandOf(press("KeyK", { ctrlKey: true }), KEYS, off), "palette");
});

test("a key that is given to another command is taken from the first", () => {
  const shortcuts = withKey("KeyE", COMMANDS[0], COMMANDS, {});
  assert.deepEqual(shortcuts, { finish: "", answer: "KeyE" });
  assert.deepEqual(bindingsOf(COMMANDS, shortcuts), { KeyE: "answer" });
});

test("the usual key is no choice, and none is one", () => {
  assert.deepEqual(withKey("KeyA", COMMANDS[0], COMMANDS, { answer: "KeyQ" }), {});
  assert.deepEqual(withKey("", COMMANDS[0], COMMANDS, {}), { answer: "" });
  assert.deepEqual(withKey("", COMMANDS[2], COMMANDS, { spam: "KeyX" }), {});
});

test("a conflict is told before it is made", () => {
  assert.equal(whyNot("KeyE", "answer", COMMANDS, {}), "finish");
  assert.equal(whyNot("KeyE", "answer", COMMANDS, { finish: "" }), null);
  assert.equal(whyNot("KeyA", "answer", COMMANDS, {}), null);
  assert.equal(whyNot("KeyJ", "answer", COMMANDS, {}), "reserved");
  assert.equal(whyNot("Enter", "answer", COMMANDS, {}), "unusable");
});

test("keys are named as they are printed", () => {
  assert.deepEqual(["KeyA", "Digit7", "Slash"].map(keyWord), ["A", "7", "/"]);
});

test("quiet hours go over midnight by the operator's own clock", () => {
  assert.deepEqual(["18:59", "19:00", "04:59", "05:00", "12:00"].map((clock) => isQuiet(SETTINGS, at(clock))), [false, true, true, false, false]);
  assert.equal(isQuiet({ quiet_hours: { from: "09:00", until: "10:00", time_zone: "UTC" } }, at("09:30")), true);
  assert.equal(isQuiet({ quiet_hours: null }, at("02:00")), false);
});

test("each occasion has a sound and a notification of its own, and the night has neither", () => {
  const [noon, night] = [at("12:00"), at("23:00")];
  assert.deepEqual(["offer", "assigned", "message", "mention"].map((reason) => soundsFor(SETTINGS, reason, noon)), [true, true, false, true]);
  assert.deepEqual(["offer", "message", "mention"].map((reason) => notifiesOf(SETTINGS, reason, noon)), [true, true, false]);
  assert.equal(soundsFor({ ...SETTINGS, sound: { ...SETTINGS.sound, volume: 0 } }, "offer", noon), false);
  assert.equal(soundsFor(SETTINGS, "offer", night) || notifiesOf(SETTINGS, "offer", night), false);
  assert.equal(notifiesOf({ ...SETTINGS, notifications: false }, "offer", noon), false);
});

test("a few letters find, in the wrong layout too", () => {
  assert.equal(swapped("jndtnbnm"), "ответить");
  assert.ok(fit("jndtn", "Ответить") > 0);
  assert.ok(fit("екфты", "Transfer") > 0);
  assert.ok(fit("ап", "Анна Петрова") > 0);
  assert.ok(fit("ретур", "Transfer") === 0);
  assert.equal(fit("", "Anything"), 1);
});

test("the beginning of a word is better than its middle", () => {
  const items = ["Client card", "Reply", "Card of a client", "Discard"].map((text) => ({ text }));
  assert.deepEqual(ranked(items, "card").map(({ text }) => text), ["Card of a client", "Client card", "Discard"].sort((a, b) => fit("card", b) - fit("card", a)));
  assert.equal(ranked(items, "card").at(-1).text, "Discard");
  assert.deepEqual(ranked(items, "zzz"), []);
});
