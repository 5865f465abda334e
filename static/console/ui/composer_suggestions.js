/** Looks at the words before the cursor and offers what they ask for. What is offered comes from modules of its own. */
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { triggerAt } from "../core/triggers.js";
import { Suggestions } from "./suggestions.js";

const SOURCES = { reply: "replySuggestions", mention: "mentionSuggestions", emoji: "emojiSuggestions" };

export class ComposerSuggestions {
  #asked = null;
  #closedAt = null;

  constructor(composer) {
    this.composer = composer;
    this.list = new Suggestions(composer, composer.text);
  }

  /** The words or the cursor have moved. */
  async look() {
    const { text } = this.composer;
    const isCaret = text.selectionStart === text.selectionEnd && document.activeElement === text;
    const asked = isCaret ? triggerAt(text.value, text.selectionStart, { isWhisper: this.composer.isWhisper }) : null;
    this.#asked = asked;
    if (!asked) {
      this.#closedAt = null;
      return this.list.close();
    }
    if (this.#closedAt === `${asked.kind}:${asked.start}`) return;
    const { label, sections, foot, words } = await later(SOURCES[asked.kind]).then(({ suggest }) => suggest(asked, this.composer)).catch(() => ({ label: "", words: t("No connection. Try again when the line is back.") }));
    if (this.#asked !== asked) return;
    if (words) this.list.say(words);
    else if (sections.some(({ options }) => options.length)) this.list.show(label, sections, { foot });
    else this.list.close();
  }

  /** Escape closes the list for this very sign; the next one opens it again. */
  key(event) {
    const wasOpen = this.list.isOpen;
    const isTaken = this.list.key(event);
    if (wasOpen && !this.list.isOpen && event.key === "Escape" && this.#asked) this.#closedAt = `${this.#asked.kind}:${this.#asked.start}`;
    return isTaken;
  }

  close() {
    this.#asked = null;
    this.list.close();
  }
}
