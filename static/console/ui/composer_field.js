/** The place where one writes: what is typed, put in, marked. */
import { h } from "../core/dom.js";
import { toggleMark } from "../core/formatting.js";
import { t } from "../core/i18n.js";

const MARK_KEYS = { KeyB: "BOLD", KeyI: "ITALIC", KeyE: "CODE" };

export class ComposerField {
  constructor() {
    this.element = h("textarea", { class: "composer__input", rows: "1", "aria-label": t("Message"), enterkeyhint: "send", dir: "auto" });
  }

  get value() {
    return this.element.value;
  }

  set(text) {
    this.element.value = text;
  }

  /** In place of what stands between; the browser's own undo takes it back. */
  replace(start, end, text) {
    const { element } = this;
    element.focus();
    element.setSelectionRange(start, end);
    // The only way that keeps the history of the field; where it is gone the text is put in plainly.
    const isDone = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
    if (isDone && element.value.length < 2_000_000) return;
    element.setRangeText(text, start, end, "end");
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** At the cursor, apart from the words around it where it is whole lines. */
  insert(text, { at = null } = {}) {
    const { selectionStart, selectionEnd, value } = this.element;
    const start = at ?? selectionStart;
    const end = at ?? selectionEnd;
    const gap = start > 0 && !/\s$/.test(value.slice(0, start)) && text.length > 2 ? " " : "";
    this.replace(Math.min(start, value.length), Math.min(end, value.length), gap + text);
  }

  /** Types a sign that opens a list, apart from the word before it. */
  ask(sign) {
    const { value, selectionStart, selectionEnd } = this.element;
    const isApart = !selectionStart || /\s/.test(value[selectionStart - 1]);
    this.replace(selectionStart, selectionEnd, isApart ? sign : ` ${sign}`);
  }

  mark(mark) {
    const { selectionStart, selectionEnd, value } = this.element;
    const { text, start, end } = toggleMark(value, selectionStart, selectionEnd, mark);
    this.replace(0, value.length, text);
    this.element.setSelectionRange(start, end);
  }

  /** Which mark a key puts on what is selected, if any. */
  markOf(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
    if (event.shiftKey) return event.code === "KeyX" ? "STRUCK" : null;
    return MARK_KEYS[event.code] ?? null;
  }
}
