/** With `?ledger=1` the page keeps account of what it painted and when, for fault tests and measurements:
 *  `window.__ledger` holds [message id, seq, dialog id, time], `window.__ledgerTimes` the milliseconds from frame to
 *  bubble, `window.__paintTimes` those from any frame to the end of the paint that shows it. `window.__console()` says
 *  what the page knows. */
const isKept = typeof location !== "undefined" && new URLSearchParams(location.search).get("ledger") === "1";
const heard = new Map();
let unpainted = [];

if (isKept) {
  window.__ledger = [];
  window.__ledgerTimes = [];
  window.__paintTimes = [];
}

/** `describe` answers what the page knows at this moment. */
export function openLedger(describe) {
  if (isKept) window.__console = describe;
}

export function noteHeard(frame) {
  if (!isKept || frame.type !== "dialog.changed") return;
  const now = performance.now();
  for (const message of frame.messages) heard.set(message.id, now);
  if (!unpainted.length) requestAnimationFrame(afterPaint);
  unpainted.push(now);
}

/** A task that is posted while a frame is made runs when that frame has been laid out and painted. */
function afterPaint() {
  const painted = unpainted;
  unpainted = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    const now = performance.now();
    window.__paintTimes.push(...painted.map((at) => now - at));
  };
  port2.postMessage(null);
}

export function notePainted(message) {
  if (!isKept || message.id === null) return;
  const now = performance.now();
  window.__ledger.push([message.id, message.seq, message.dialog_id, now]);
  if (!heard.has(message.id)) return;
  window.__ledgerTimes.push(now - heard.get(message.id));
  performance.measure("frame-to-paint", { start: heard.get(message.id), end: now });
  heard.delete(message.id);
}
