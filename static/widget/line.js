/** The line to the server: a socket that rings, and where sockets are blocked a question every few seconds. */
const LONGEST_PAUSE = 30_000;
const POLL_AFTER_TRIES = 2;
const POLL_EVERY = 4000;
const POLL_HIDDEN_EVERY = 20_000;
const UNKNOWN_VISITOR = 4401;
const REFUSED = 4403;
const TYPING_EVERY = 3000;

export class Line {
  #socket = null;
  #tries = 0;
  #timer = null;
  #pollTimer = null;
  #heardAt = 0;
  #typedAt = 0;
  #heartbeat = 20_000;
  #beatTimer = null;
  isWanted = false;

  /** `address()` gives the socket's address; `ask()` brings the conversation up to date; `onForgotten` is for a token that is not known. */
  constructor({ address, onFrame, ask, onForgotten, pause = Math.random }) {
    Object.assign(this, { address, onFrame, ask, onForgotten, pause });
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.#socket?.close());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.wake(); });
  }

  /** From now on the line is kept up. */
  open() {
    if (this.isWanted) return;
    this.isWanted = true;
    this.#connect();
  }

  /** The network may be back: do not wait any longer. */
  wake() {
    if (!this.isWanted) return;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#beat();
    else if (this.#socket?.readyState !== WebSocket.CONNECTING) this.#connect();
  }

  typing() {
    if (this.#socket?.readyState !== WebSocket.OPEN || Date.now() - this.#typedAt < TYPING_EVERY) return;
    this.#typedAt = Date.now();
    this.#send({ type: "typing" });
  }

  async #connect() {
    clearTimeout(this.#timer);
    let url;
    try {
      url = await this.address();
    } catch {
      return this.#later();
    }
    if (this.#socket) return undefined;
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onmessage = ({ data }) => { if (socket === this.#socket) this.#hear(JSON.parse(data)); };
    socket.onclose = ({ code }) => { if (socket === this.#socket) this.#lose(code); };
    return undefined;
  }

  #hear(frame) {
    this.#heardAt = Date.now();
    if (frame.type === "hello") this.#isUp(frame.heartbeat_seconds * 1000);
    else if (frame.type === "resync") this.ask();
    else this.onFrame(frame);
  }

  #isUp(heartbeat) {
    this.#tries = 0;
    this.#heartbeat = heartbeat;
    clearInterval(this.#pollTimer);
    this.#pollTimer = null;
    clearInterval(this.#beatTimer);
    this.#beatTimer = setInterval(() => this.#beat(), heartbeat);
    this.ask();
  }

  /** A silent line is a dead line: routers forget connections without a word. */
  #beat() {
    if (Date.now() - this.#heardAt > this.#heartbeat * 2.5 && !document.hidden) this.#socket?.close();
    else this.#send({ type: "heartbeat" });
  }

  #send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #lose(code) {
    this.#socket = null;
    clearInterval(this.#beatTimer);
    if (code === REFUSED) this.isWanted = false;
    else if (code === UNKNOWN_VISITOR && this.#tries === 0) {
      this.#tries += 1;
      this.onForgotten();
      this.#connect();
    } else this.#later();
  }

  #later() {
    this.#tries += 1;
    const longest = Math.min(LONGEST_PAUSE, 500 * 2 ** this.#tries);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), longest * (0.3 + 0.7 * this.pause()));
    if (this.#tries >= POLL_AFTER_TRIES) this.#pollTimer ??= setInterval(() => this.#poll(), POLL_EVERY);
  }

  #polledAt = 0;
  #poll() {
    if (document.hidden && Date.now() - this.#polledAt < POLL_HIDDEN_EVERY) return;
    this.#polledAt = Date.now();
    this.ask();
  }
}
