import assert from "node:assert/strict";
import { test } from "node:test";

class Line {
  static OPEN = 1; static CONNECTING = 0;
  static made = [];
  readyState = Line.CONNECTING;
  sent = [];
  constructor() { Line.made.push(this); }
  send(frame) { this.sent.push(JSON.parse(frame)); }
  close() { this.readyState = 3; }
  opens() { this.readyState = Line.OPEN; this.onmessage({ data: JSON.stringify({ type: "hello", heartbeat_seconds: 15 }) }); }
  breaks(code = 1006) { this.readyState = 3; this.onclose({ code }); }
}
const listeners = {};
Object.assign(globalThis, {
  WebSocket: Line, location: { protocol: "https:", host: "desk.example" },
  document: { hidden: false, addEventListener: (name, act) => { listeners[name] = act; } },
  addEventListener: (name, act) => { listeners[name] = act; },
});
const { Doorbell, pauseBefore } = await import("../../static/console/core/socket.js");

function bell() {
  Line.made = [];
  const statuses = [];
  const doorbell = new Doorbell("/ws/console/", { onFrame: () => {}, onStatus: (status, nextTryAt) => statuses.push([status, nextTryAt]) });
  doorbell.connect();
  return { statuses, line: () => Line.made.at(-1) };
}

test("pauses grow to half a minute, anywhere between nothing and their whole", () => {
  assert.deepEqual([0, 1, 4, 5, 9].map((tries) => pauseBefore(tries, 1)), [1000, 2000, 16000, 30000, 30000]);
  assert.equal(pauseBefore(9, 0), 0);
});

test("a line that breaks says when it is tried again, and at a word at once", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const { statuses, line } = bell();
  line().opens();
  line().breaks();

  const [status, nextTryAt] = statuses.at(-1);
  assert.equal(status, "down");
  assert.ok(nextTryAt >= 1_000_000 && nextTryAt <= 1_001_000);
  listeners["console:try-now"]();
  assert.equal(Line.made.length, 2);
  context.mock.timers.tick(5000);
  assert.equal(Line.made.length, 2, "the pause that was cut short is over");
});

test("who lost the right does not come back", () => {
  const { statuses, line } = bell();
  line().breaks(4403);

  assert.deepEqual(statuses, [["refused", undefined]]);
  assert.equal(Line.made.length, 1);
});

test("the server hears whether the console is in sight", () => {
  const { line } = bell();
  line().opens();
  document.hidden = true;
  listeners.visibilitychange();

  assert.deepEqual(line().sent, [{ type: "heartbeat", is_visible: true }, { type: "visibility", is_visible: false }]);
  document.hidden = false;
});
