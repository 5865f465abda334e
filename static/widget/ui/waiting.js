/** Above the composer: the visitor's place in the queue, until somebody has the dialog. */
import { setText } from "../../console/core/dom.js";
import { waitingNow } from "../thread.js";
import { placeWords, waitWords } from "../waiting.js";

export class Waiting {
  constructor() {
    [this.element, this.place, this.time] = ["waiting", "waiting-place", "waiting-time"].map((id) => document.getElementById(id));
  }

  show(thread) {
    const waiting = waitingNow(thread);
    this.element.hidden = !waiting;
    if (!waiting) return;
    setText(this.place, placeWords(waiting));
    setText(this.time, waiting.wait ? waitWords(waiting.wait) : "");
  }
}
