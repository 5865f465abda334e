/** The doorbell. It may lose anything, so it only tells that something happened and how the line is. */
import { every } from "./ticker.js";

const LONGEST_PAUSE = 30_000;
const NOT_SIGNED_IN = 4401;
const NO_ACCESS = 4403;

export class Doorbell {
  #socket = null;
  #tries = 0;
  #timer = null;
  #heartbeatSeconds = 20;
  #heardAt = 0;
  #beatAt = 0;

  /** `onStatus` hears "open", "down", "signed-out" or "refused". */
  constructor(path, { onFrame, onStatus }) {
    this.url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
    this.onFrame = onFrame;
    this.onStatus = onStatus;
    every(1000, () => this.#beat());
    addEventListener("online", () => this.reconnect());
    addEventListener("offline", () => this.#socket?.close());
    document.addEventListener("visibilitychange", () => this.send({ type: "visibility", is_visible: !document.hidden }));
  }

  connect() {
    const socket = new WebSocket(this.url);
    this.#socket = socket;
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
      this.onStatus("down");
      const pause = Math.random() * Math.min(LONGEST_PAUSE, 1000 * 2 ** this.#tries);
      this.#tries += 1;
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
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const now = Date.now();
    if (this.#heardAt && now - this.#heardAt > this.#heartbeatSeconds * 2500) {
      this.onStatus("down");
      this.#restart();
    } else if (now - this.#beatAt >= this.#heartbeatSeconds * 1000) {
      this.#beatAt = now;
      this.#heartbeat();
    }
  }

  /** Whoever has the console in sight need not be woken by other means. */
  #heartbeat() {
    this.send({ type: "heartbeat", is_visible: !document.hidden });
  }
}
