import assert from "node:assert/strict";
import { test } from "node:test";
import { expireOnlookers, peopleOf, writersOf } from "../../static/console/core/onlookers.js";
import * as State from "../../static/console/core/state.js";
import { bootWith, dialogWith, frameOf, messageWith, NOW, OLEG, OLGA } from "./cast.mjs";

function consoleOf(...dialogs) {
  const state = State.createState();
  State.applyBoot(state, bootWith(dialogs), NOW);
  return state;
}

const looks = (changes = {}) => ({ type: "viewing", dialog_id: 42, operator: { id: OLEG.id, name: OLEG.name }, is_over: false, ...changes });
const types = (author) => ({ type: "typing", dialog_id: 42, author });
const there = (state, dialog = dialogWith()) => peopleOf(state, dialog).map(({ person, part, isLooking }) => [person.name, part, isLooking]);

test("who looks is there until they look away, or are not heard of", () => {
  const state = consoleOf(dialogWith());

  State.applyFrame(state, looks(), NOW);
  assert.deepEqual(there(state), [[OLEG.name, "onlooker", true]]);
  State.applyFrame(state, looks({ is_over: true }), NOW);
  assert.deepEqual(there(state), []);

  State.applyFrame(state, looks(), NOW);
  assert.equal(expireOnlookers(state, NOW + 49_000), false);
  assert.equal(expireOnlookers(state, NOW + 50_000), true);
  assert.deepEqual(there(state), []);
});

test("who comes to the dialog on screen is answered once", () => {
  const state = consoleOf(dialogWith(), dialogWith({ id: 43 }));
  state.selectedId = 42;

  const first = State.applyFrame(state, looks(), NOW).effects;
  const again = State.applyFrame(state, looks(), NOW + 20_000).effects;
  const elsewhere = State.applyFrame(state, looks({ dialog_id: 43 }), NOW).effects;

  assert.deepEqual([first, again, elsewhere], [[{ kind: "view", dialogId: 42 }], [], []]);
});

test("what I look at myself is no news", () => {
  const state = consoleOf(dialogWith());
  state.selectedId = 42;

  assert.deepEqual(State.applyFrame(state, looks({ operator: { id: OLGA.id, name: OLGA.name } }), NOW).effects, []);
  assert.deepEqual(there(state), []);
});

test("a colleague who types is a writer for six seconds or until the message comes", () => {
  const state = consoleOf(dialogWith());
  const oleg = { kind: "OPERATOR", id: OLEG.id, name: OLEG.name };
  const writers = () => writersOf(state, 42).map(({ name }) => name);

  State.applyFrame(state, types(oleg), NOW);
  assert.deepEqual(writers(), [OLEG.name]);
  assert.equal(State.expireTyping(state, NOW + 6000), true);
  assert.deepEqual(writers(), []);

  State.applyFrame(state, types(oleg), NOW);
  State.applyFrame(state, frameOf(dialogWith({ revision: 2 }), [messageWith({ seq: 2, revision: 2, author: oleg })]), NOW);
  assert.deepEqual(writers(), []);
});

test("a client and a colleague type at the same time", () => {
  const state = consoleOf(dialogWith());

  State.applyFrame(state, types({ kind: "CLIENT", id: 9, name: "Anna" }), NOW);
  State.applyFrame(state, types({ kind: "OPERATOR", id: OLEG.id, name: OLEG.name }), NOW);

  assert.equal(state.typing.get(42).author.kind, "CLIENT");
  assert.equal(writersOf(state, 42).length, 1);
});

test("everybody in a dialog is there once, by what they are in it", () => {
  const state = consoleOf();
  const dialog = dialogWith({ owner_id: OLEG.id, participant_ids: [OLGA.id, 77] });

  State.applyFrame(state, looks(), NOW);

  assert.deepEqual(there(state, dialog), [[OLEG.name, "owner", true], ["?", "participant", false]]);
});

test("an invitation calls, and a mention in a whisper calls instead of it", () => {
  const before = dialogWith({ owner_id: OLEG.id });
  const invited = dialogWith({ owner_id: OLEG.id, revision: 2, participant_ids: [OLGA.id] });
  const whisper = (changes = {}) => messageWith({ seq: 2, revision: 2, visibility: "STAFF", author: { kind: "OPERATOR", id: OLEG.id, name: OLEG.name }, mentions: [OLGA.id], ...changes });
  const reasons = (state, ...frame) => State.applyFrame(state, frameOf(...frame), NOW).effects.filter(({ kind }) => kind === "call").map(({ reason }) => reason);

  assert.deepEqual(reasons(consoleOf(), invited), ["invited"]);
  assert.deepEqual(reasons(consoleOf(before), invited, [whisper()]), ["mention"]);
  assert.deepEqual(reasons(consoleOf(before), dialogWith({ owner_id: OLEG.id, revision: 2 }), [whisper()]), ["mention"]);
  assert.deepEqual(reasons(consoleOf(invited), dialogWith({ ...invited, revision: 3 }), [whisper()]), [], "heard of already");
  assert.deepEqual(reasons(consoleOf(invited), dialogWith({ ...invited, revision: 3 }), [whisper({ revision: 3, edited_at: "2026-11-22T12:00:00Z" })]), []);
  assert.deepEqual(reasons(consoleOf(before), dialogWith({ owner_id: OLEG.id, revision: 2 }), [whisper({ mentions: [OLEG.id] })]), []);
});

test("a client's word calls who was invited, too", () => {
  const dialog = dialogWith({ owner_id: OLEG.id, participant_ids: [OLGA.id] });
  const state = consoleOf(dialog);

  const [call] = State.applyFrame(state, frameOf({ ...dialog, revision: 2, unread: 1 }), NOW).effects;

  assert.equal(call.reason, "message");
});
