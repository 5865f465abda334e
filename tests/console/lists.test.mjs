import assert from "node:assert/strict";
import { test } from "node:test";

import { ListIndex } from "../../static/console/core/list_index.js";
import { countsOf, flatten, mayReopen, sectionOf, sectionsOf, seesAll, writesTo } from "../../static/console/core/lists.js";
import { scrollToShow, visibleRows } from "../../static/console/core/row_window.js";
import { dialogWith, OLEG, OLGA } from "./cast.mjs";

const at = (minute) => `2026-11-22T11:${String(minute).padStart(2, "0")}:00Z`;
const offerTo = (...ids) => ({ operator_ids: ids, started_at: at(0), expires_at: at(50) });
const namesOf = (sections) => Object.fromEntries(Object.entries(sections).map(([name, dialogs]) => [name, dialogs.map(({ id }) => id)]));

test("a dialog stands where the operator looks for it", () => {
  assert.equal(sectionOf(dialogWith({ owner_id: null, state: "OFFERED", offer: offerTo(OLGA.id) }), "mine", OLGA), "offers");
  assert.equal(sectionOf(dialogWith({ waiting_since: at(1) }), "mine", OLGA), "waiting");
  assert.equal(sectionOf(dialogWith(), "mine", OLGA), "work");
  assert.equal(sectionOf(dialogWith(), "waiting", OLGA), null);
  assert.equal(sectionOf(dialogWith({ owner_id: null, state: "QUEUED", waiting_since: at(1) }), "waiting", OLGA), "queue");
  assert.equal(sectionOf(dialogWith({ owner_id: OLEG.id }), "mine", OLGA), null);
  assert.equal(sectionOf(dialogWith({ owner_id: OLEG.id }), "closed", OLGA), null);
});

test("who waits longest is first, pinned dialogs head what is in work", () => {
  const sections = sectionsOf([
    dialogWith({ id: 1, waiting_since: at(5) }), dialogWith({ id: 2, waiting_since: at(3) }),
    dialogWith({ id: 3, last_message_at: at(1), is_pinned: true }), dialogWith({ id: 4, last_message_at: at(9) }),
  ], "mine", OLGA);

  assert.deepEqual(flatten(sections).map(({ id }) => id), [2, 1, 3, 4]);
});

test("all is worth a tab when there is more than the own and the waiting ones", () => {
  assert.equal(seesAll(countsOf([dialogWith()], OLGA), OLGA), false);
  assert.equal(seesAll(countsOf([dialogWith({ owner_id: OLEG.id })], OLGA), OLGA), true);
  assert.equal(seesAll(countsOf([], OLGA), { ...OLGA, role: "SUPERVISOR" }), true);
});

/** Reproducible randomness. */
function dice(seed) {
  let state = seed;
  return (sides) => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor((state / 2147483648) * sides); };
}

function randomDialog(roll, id) {
  const state = ["ACTIVE", "ACTIVE", "QUEUED", "OFFERED", "NEW"][roll(5)];
  const owner = state === "ACTIVE" ? [OLGA.id, OLEG.id][roll(2)] : null;
  return dialogWith({
    id, state, owner_id: owner, line: { id: roll(3), name: "Line" }, is_pinned: roll(6) === 0,
    offer: state === "OFFERED" ? { ...offerTo([OLGA.id, OLEG.id][roll(2)]), expires_at: roll(3) ? at(roll(60)) : null } : null,
    waiting_since: roll(2) ? at(roll(60)) : null, opened_at: at(roll(60)), last_message_at: at(roll(60)),
  });
}

test("lists kept by changes equal lists made anew, whatever happens", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const roll = dice(seed);
    const [open, index] = [new Map(), new ListIndex()];
    let tab = "mine";
    let line = null;
    for (let step = 0; step < 80; step += 1) {
      for (let change = roll(4); change >= 0; change -= 1) {
        const id = 1 + roll(25);
        if (roll(4) === 0) open.delete(id);
        else open.set(id, randomDialog(roll, id));
      }
      if (roll(15) === 0) tab = ["mine", "waiting", "all", "closed"][roll(4)];
      if (roll(15) === 0) line = [null, 0, 1, 2][roll(4)];
      const isWanted = (dialog) => line === null || dialog.line.id === line;
      index.update(open, { me: OLGA, tab, key: `${tab}:${line}`, isWanted });

      const dialogs = [...open.values()];
      const shown = dialogs.filter((dialog) => isWanted(dialog) || sectionOf(dialog, tab, OLGA) === "offers");
      assert.deepEqual(namesOf(index.sections), namesOf(sectionsOf(shown, tab, OLGA)), `seed ${seed}, step ${step}`);
      assert.deepEqual(index.counts, countsOf(dialogs, OLGA));
      for (const [name, list] of Object.entries(index.sections)) list.forEach((dialog, at_) => assert.deepEqual(index.placeOf(dialog.id), { section: name, index: at_ }));
    }
  }
});

test("an unchanged dialog costs no change of the lists", () => {
  const open = new Map([[1, dialogWith({ id: 1 })], [2, dialogWith({ id: 2 })]]);
  const index = new ListIndex().update(open, { me: OLGA, tab: "mine" });
  const { version } = index;

  assert.equal(index.update(new Map(open), { me: { ...OLGA, presence: "PAUSED" }, tab: "mine" }).version, version);
  open.set(2, dialogWith({ id: 2, revision: 2, unread: 1 }));
  assert.ok(index.update(open, { me: OLGA, tab: "mine" }).version > version);
});

test("of a thousand rows those near the view are on the page", () => {
  const sections = [{ name: "waiting", count: 10 }, { name: "work", count: 990 }];
  const look = { tops: { waiting: 30, work: 700 }, rowHeight: 64, height: 640 };

  assert.deepEqual(visibleRows(sections, { ...look, scrollTop: 0 }), [{ name: "waiting", from: 0, to: 10 }, { name: "work", from: 0, to: 6 }]);
  assert.deepEqual(visibleRows(sections, { ...look, scrollTop: 32_700 }), [{ name: "waiting", from: 10, to: 10 }, { name: "work", from: 494, to: 516 }]);
  assert.deepEqual(visibleRows(sections, { ...look, scrollTop: 99_999_999 }).at(-1), { name: "work", from: 990, to: 990 });
});

test("a row is scrolled to only as far as it needs to be seen", () => {
  const look = { rowHeight: 64, headHeight: 30, scrollTop: 1000, height: 640 };

  assert.equal(scrollToShow({ ...look, top: 1200 }), 1000);
  assert.equal(scrollToShow({ ...look, top: 1010 }), 980);
  assert.equal(scrollToShow({ ...look, top: 1600 }), 1024);
  assert.equal(scrollToShow({ ...look, top: 10 }), 0);
});

test("what I was invited into is among mine, is answered by me, and urges its operator only", () => {
  const shared = dialogWith({ owner_id: OLEG.id, participant_ids: [OLGA.id], waiting_since: at(1) });

  assert.equal(sectionOf(shared, "mine", OLGA), "waiting");
  const { mine, urgent } = countsOf([shared], OLGA);
  assert.deepEqual([mine, urgent], [1, 0]);
  assert.equal(writesTo(shared, OLGA), true);
  assert.equal(writesTo({ ...shared, owner_id: null, state: "QUEUED" }, OLGA), false);
  assert.equal(writesTo(dialogWith({ owner_id: OLEG.id }), OLGA), false);
});

test("who had a closed dialog, or steers its line, may reopen it", () => {
  const closed = dialogWith({ state: "CLOSED", close_reason: "SPAM" });

  assert.equal(mayReopen(closed, OLGA), true);
  assert.equal(mayReopen(closed, OLEG), false);
  assert.equal(mayReopen(closed, { ...OLEG, role: "SUPERVISOR" }), true);
  assert.equal(mayReopen(dialogWith(), OLGA), false);
});
