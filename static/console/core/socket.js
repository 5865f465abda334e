/** The doorbell. It may lose anything, so it only tells that something happened and how the line is. */
import { every } from "./ticker.js";

const LONGEST_PAUSE = 30_000;
const LONGEST_CONNECTING = 10_000;
const NOT_SIGNED_IN = 4401;
const NO_ACCESS = 4403;

export class Doorbell {
  #socket = null;
  #tries = 0;
  #timer = null;
  #heartbeatSeconds = 20;
  #heardAt = 0;
  #beatAt = 0;
  #startedAt = 0;

  /** `onStatus` hears "open", "down" with the time of the next try, "signed-out" or "refused". */
  constructor(path, { onFrame, onStatus }) {
    this.url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
    this.onFrame = onFrame;
    this.onStatus = onStatus;
    every(1000, () => this.#beat());
    addEventListener("online", () => this.reconnect());
    addEventListener("console:try-now", () => this.reconnect());
    addEventListener("offline", () => this.#socket?.close());
    document.addEventListener("visibilitychange", () => this.send({ type: "visibility", is_visible: !document.hidden }));
  }

  connect() {
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    this.#startedAt = Date.now();
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = ({ code }) => { if (socket === this.#socket) this.#lose(code); };
  }

  /** At once, because there is a sign that the line is back. */
  reconnect() {
    if (this.#socket?.readyState !== WebSocket.OPEN && this.#socket?.readyState !== WebSocket.CONNECTING) this.#restart();
  }

  send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #hear(frame) {
    this.#heardAt = Date.now();
    if (frame.type === "hello") {
      this.#tries = 0;
      this.#heartbeatSeconds = frame.heartbeat_seconds;
      this.#beatAt = Date.now();
      this.#heartbeat();
      this.onStatus("open");
    }
    this.onFrame(frame);
  }

  #lose(code) {
    this.#socket = null;
    if (code === NOT_SIGNED_IN) this.onStatus("signed-out");
    else if (code === NO_ACCESS) this.onStatus("refused");
    else {
      const pause = pauseBefore(this.#tries);
      this.#tries += 1;
      this.onStatus("down", Date.now() + pause);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#restart(), pause);
    }
  }

  #restart() {
    clearTimeout(this.#timer);
    const old = this.#socket;
    this.#socket = null;
    old?.close();
    this.connect();
  }

  /** A silent line is a dead line: routers forget connections without a word. */
  #beat() {
    const now = Date.now();
    if (this.#socket?.readyState === WebSocket.CONNECTING && now - this.#startedAt > LONGEST_CONNECTING) this.#giveUp();
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    if (this.#heardAt && now - this.#heardAt > this.#heartbeatSeconds * 2500) {
      this.onStatus("down", now);
      this.#restart();
    } else if (now - this.#beatAt >= this.#heartbeatSeconds * 1000) {
      this.#beatAt = now;
      this.#heartbeat();
    }
  }

  /** Nobody has said no: somewhere on the way packets just vanish. */
  #giveUp() {
    const old = this.#socket;
    this.#lose(0);
    old.close();
  }

  /** Whoever has the console in sight need not be woken by other means. */
  #heartbeat() {
    this.send({ type: "heartbeat", is_visible: !document.hidden });
  }
}

/** Full jitter: a thousand consoles that lost one server don't come back in one moment. */
export const pauseBefore = (tries, chance = Math.random()) => chance * Math.min(LONGEST_PAUSE, 1000 * 2 ** tries);
