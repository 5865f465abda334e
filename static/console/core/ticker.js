/** Seconds that are not throttled: browsers slow the timers of hidden pages down to one a minute, which would
 *  take an operator off line, but not those of workers. */
const listeners = [];

export function every(milliseconds, listener) {
  listeners.push({ milliseconds, listener, at: Date.now() });
}

function tick() {
  const now = Date.now();
  for (const entry of listeners) {
    if (now - entry.at < entry.milliseconds - 50) continue;
    entry.at = now;
    entry.listener();
  }
}

export function startTicking(workerUrl) {
  try {
    const worker = new Worker(workerUrl);
    worker.onmessage = tick;
    worker.onerror = () => setInterval(tick, 1000);
  } catch {
    setInterval(tick, 1000);
  }
}
