/** Tells the server what this browser has and what it has shown: the operators' ticks. */
const PATIENCE = 300;

export class Receipts {
  #told = { delivered: 0, read: 0 };
  #wanted = { delivered: 0, read: 0 };
  #timer = null;

  constructor(send) {
    this.send = send;
  }

  note({ delivered = 0, read = 0 }) {
    this.#wanted = { delivered: Math.max(delivered, this.#wanted.delivered), read: Math.max(read, this.#wanted.read) };
    this.#soon();
  }

  #soon() {
    if (this.#isNew()) this.#timer ??= setTimeout(() => this.#tell(), PATIENCE);
  }

  #isNew = () => this.#wanted.delivered > this.#told.delivered || this.#wanted.read > this.#told.read;

  async #tell() {
    const wanted = this.#wanted;
    let isTold = true;
    try {
      await this.send(wanted);
      this.#told = wanted;
    } catch {
      isTold = false; // with the next message, or when the line is back
    }
    this.#timer = null;
    if (isTold) this.#soon();
  }

  /** The line is back. */
  again() {
    this.#soon();
  }
}
