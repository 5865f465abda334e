/** With `?ledger=1` the page keeps account of what it painted and when, for fault tests and measurements:
 *  `window.__ledger` holds [message id, seq, dialog id, time], `window.__ledgerTimes` the milliseconds from frame to paint. */
const isKept = new URLSearchParams(location.search).get("ledger") === "1";
const heard = new Map();

if (isKept) {
  window.__ledger = [];
  window.__ledgerTimes = [];
}

export function noteHeard(frame) {
  if (!isKept || frame.type !== "dialog.changed") return;
  for (const message of frame.messages) heard.set(message.id, performance.now());
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
