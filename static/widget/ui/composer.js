/** Where the visitor writes: Enter sends, files by button, paste and drop; a draft survives leaving the page. */
import { setText } from "../../console/core/dom.js";
import { t } from "../../console/core/i18n.js";
import { Uploads } from "./uploads.js";

export class Composer {
  #isHeld = false;

  constructor({ server, shelf, limits, onWrite, onTyping, onBegin }) {
    Object.assign(this, { shelf, limits, onWrite, onTyping, onBegin });
    [this.form, this.text, this.picker, this.error] = ["composer", "text", "files", "composer-error"].map((id) => document.getElementById(id));
    this.uploads = new Uploads({ server, limit: limits.upload_bytes, onChange: () => this.#release() });
    this.text.value = shelf.get("draft", "");
    this.#listen();
    this.#fit();
  }

  #listen() {
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.text.addEventListener("input", () => this.#typed());
    this.text.addEventListener("keydown", (event) => this.#key(event));
    this.text.addEventListener("paste", (event) => this.#take(event, event.clipboardData));
    document.addEventListener("dragover", (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
    document.addEventListener("drop", (event) => this.#take(event, event.dataTransfer));
    document.getElementById("attach").addEventListener("click", () => this.picker.click());
    this.picker.addEventListener("change", () => { this.#addFiles(this.picker.files); this.picker.value = ""; });
  }

  focus() {
    this.text.focus();
  }

  #take(event, source) {
    if (!source?.files.length) return;
    event.preventDefault();
    this.#addFiles(source.files);
  }

  #addFiles(files) {
    this.#say(this.uploads.add(files) ? "" : t("At most 10 files in one message"));
    this.focus();
  }

  #typed() {
    if (this.text.value.length <= 1) this.onBegin();
    if (this.text.value) this.onTyping();
    this.shelf.set("draft", this.text.value || null);
    this.#say("");
    this.#fit();
  }

  /** Browsers without field-sizing grow the field by hand. */
  #fit() {
    if (CSS.supports("field-sizing", "content")) return;
    this.text.style.setProperty("height", "auto");
    this.text.style.setProperty("height", `${this.text.scrollHeight}px`);
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  submit() {
    const text = this.text.value.trim();
    if (!text && this.uploads.isEmpty) return;
    if (text.length > this.limits.text_length) {
      this.#say(t("The message is too long: at most {limit} characters", { limit: this.limits.text_length }));
      return;
    }
    this.#isHeld = !this.uploads.isReady;
    if (this.#isHeld) {
      this.#say(t("The message goes out when its files are there"));
      return;
    }
    this.onWrite({ text, attachments: this.uploads.take() });
    this.text.value = "";
    this.#typed();
  }

  /** The files of a message that was sent too early are there now, or gone. */
  #release() {
    if (!this.#isHeld || !this.uploads.isReady) return;
    this.submit();
  }

  #say(words) {
    this.error.hidden = !words;
    setText(this.error, words);
  }
}
