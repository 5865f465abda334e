import assert from "node:assert/strict";
import { test } from "node:test";
import { Receipts } from "../../static/widget/receipts.js";

const soon = () => new Promise((resolve) => { setTimeout(resolve, 350); });

test("marks are told together, once, and only forward", async () => {
  const told = [];
  const receipts = new Receipts(async (wanted) => told.push(wanted));

  receipts.note({ delivered: 5, read: 0 });
  receipts.note({ delivered: 6, read: 5 });
  await soon();
  receipts.note({ delivered: 6, read: 5 });
  receipts.note({ delivered: 4 });
  await soon();

  assert.deepEqual(told, [{ delivered: 6, read: 5 }]);
});

test("what could not be told is told when the line is back", async () => {
  const told = [];
  let isDown = true;
  const receipts = new Receipts(async (wanted) => { if (isDown) throw new Error("offline"); told.push(wanted); });
  receipts.note({ delivered: 5 });
  await soon();
  isDown = false;
  receipts.again();
  await soon();
  receipts.again();

  assert.deepEqual(told, [{ delivered: 5, read: 0 }]);
});

test("what is noted while the last marks are under way is told after them", async () => {
  const told = [];
  const receipts = new Receipts(async (wanted) => {
    told.push(wanted);
    if (told.length === 1) receipts.note({ read: 5 });
    await Promise.resolve();
  });
  receipts.note({ delivered: 5 });
  await soon();
  await soon();

  assert.deepEqual(told, [{ delivered: 5, read: 0 }, { delivered: 5, read: 5 }]);
});
