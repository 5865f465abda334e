/** The top: who one talks to, and the way out. */
import { initials, setText } from "../../console/core/dom.js";

export class Head {
  constructor({ onClose }) {
    [this.face, this.note] = ["chat-face", "chat-note"].map((id) => document.getElementById(id));
    document.getElementById("close-button")?.addEventListener("click", onClose);
  }

  /** From an operator's first answer on it is a person that one talks to. */
  show(thread) {
    const name = thread.messages.findLast(({ author }) => author.kind === "OPERATOR" && author.name)?.author.name;
    if (!name) return;
    setText(this.note, name);
    if (this.face.dataset.name !== name) {
      this.face.dataset.name = name;
      this.face.replaceChildren(initials(name));
    }
  }
}
