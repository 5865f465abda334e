import assert from "node:assert/strict";
import { test } from "node:test";
import { boundScale, boundView, fitScale, LARGEST, picturesOf, zoomAt } from "../../static/console/core/zoom.js";
import { messageWith } from "./cast.mjs";

const stage = { width: 1000, height: 800 };

test("a large picture is fitted, a small one is shown as it is", () => {
  assert.equal(fitScale({ width: 4000, height: 1600 }, stage), 0.25);
  assert.equal(fitScale({ width: 100, height: 80 }, stage), 1);
});

test("what is under the pointer stays there while the scale changes", () => {
  const view = { scale: 1, x: 30, y: -20 };
  const point = { x: 200, y: 100 };
  const after = zoomAt(view, point, 3);

  const shown = (one) => [(point.x - one.x) / one.scale, (point.y - one.y) / one.scale];
  assert.deepEqual(shown(after).map(Math.round), shown(view).map(Math.round));
});

test("a picture neither leaves the window nor grows without end", () => {
  const picture = { width: 1000, height: 800 };

  assert.deepEqual(boundView({ scale: 2, x: 9000, y: -9000 }, picture, stage), { scale: 2, x: 500, y: -400 });
  assert.deepEqual(boundView({ scale: 0.5, x: 40, y: 40 }, picture, stage), { scale: 0.5, x: 0, y: 0 });
  assert.equal(boundScale(100, 1), LARGEST);
  assert.equal(boundScale(0.01, 0.25), 0.25);
});

test("the walk goes through all pictures that are there, in their order", () => {
  const file = (id, kind = "IMAGE", state = "READY") => ({ id, kind, state, url: `/files/${id}/` });
  const messages = [
    messageWith({ seq: 1, attachments: [file("a"), file("b", "FILE")] }), messageWith({ seq: 2, attachments: [file("c", "IMAGE", "LOST"), file("d")] }),
    messageWith({ seq: 3, attachments: [file("e")], deleted_at: "2026-11-22T11:56:00Z" }),
  ];

  assert.deepEqual(picturesOf(messages).map(({ id }) => id), ["a", "d"]);
});
