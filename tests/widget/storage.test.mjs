import assert from "node:assert/strict";
import { test } from "node:test";
import { Shelf, usableStorage } from "../../static/widget/storage.js";

const refused = () => { throw new Error("SecurityError"); };

test("where a browser refuses storage, the page around the frame keeps everything", async () => {
  const kept = [];
  const host = { isFramed: true, kept: async () => ({ "openlines:k:draft": '"Hello"' }), tell: (type, fields) => kept.push([type, fields]) };
  const shelf = new Shelf(await usableStorage(host, refused), "k");

  assert.equal(shelf.get("draft"), "Hello");
  shelf.set("read", 7);
  shelf.set("draft", null);
  assert.deepEqual(kept, [["keep", { name: "openlines:k:read", value: "7" }], ["keep", { name: "openlines:k:draft", value: null }]]);
});

test("on a page of our own the memory of the page has to do", async () => {
  const shelf = new Shelf(await usableStorage({ isFramed: false }, refused), "k");
  shelf.set("read", 7);

  assert.equal(shelf.get("read"), 7);
});

test("what was spoiled by somebody counts as nothing", async () => {
  const storage = await usableStorage({ isFramed: false }, refused);
  storage.setItem("openlines:k:contacts", "{");

  assert.deepEqual(new Shelf(storage, "k").get("contacts", {}), {});
});
