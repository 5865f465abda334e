/** <message-composer>: one writes, Enter sends at once. Drafts, whispers, replies, edits and files included. */
import { editMessage } from "../core/actions.js";
import { button, h, icon, iconButton } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { store } from "../core/store.js";
import { ComposerContext } from "./composer_context.js";
import { ComposerMode } from "./composer_mode.js";
import { draftOf, keepDraft, saveDrafts } from "./drafts.js";
import { Sender } from "./sender.js";
import { UploadTray } from "./uploads.js";

const TYPING_PAUSE = 3000;
const COUNT_FROM = 0.8;
const HANDS_OFF = 3000;

customElements.define("message-composer", class extends HTMLElement {
  #dialogId = null;
  #typedAt = 0;
  #writtenAt = 0;

  connectedCallback() {
    this.mode = new ComposerMode(() => { this.#keep(); this.#look(); });
    this.context = new ComposerContext(() => { this.#keep(); this.text.focus(); });
    this.tray = new UploadTray((dialogId) => this.sender.release(dialogId));
    this.sender = new Sender(this.tray);
    this.text = h("textarea", { class: "composer__input", rows: "1", "aria-label": t("Message"), enterkeyhint: "send" });
    this.count = h("small", { class: "composer__count", role: "status" });
    this.picker = h("input", { type: "file", multiple: true, hidden: true, on: { change: () => { this.addFiles(this.picker.files); this.picker.value = ""; } } });
    this.send = button("btn btn--primary composer__send", t("Send"), () => this.submit(), icon("send", 18), t("Send"));
    this.append(this.mode.element, h("div", { class: "composer__extra" }, this.context.element, this.tray.element), this.text,
      h("div", { class: "composer__tools" }, iconButton("clip", t("Attach files"), () => this.picker.click()), h("span", { class: "spacer" }), this.count, this.send, this.picker));
    this.#listen();
  }

  #listen() {
    this.text.addEventListener("input", () => this.#typed());
    this.text.addEventListener("keydown", (event) => this.#key(event));
    this.text.addEventListener("paste", (event) => this.#paste(event));
    addEventListener("composer:reply", ({ detail }) => { if (detail.visibility === "PUBLIC" && !this.mode.isForced) this.mode.choose("PUBLIC"); this.context.reply(detail); });
    addEventListener("composer:edit", ({ detail }) => this.#startEdit(detail));
    this.text.addEventListener("blur", saveDrafts);
    store.on(["drafts"], () => this.#followDrafts());
    addEventListener("beforeunload", (event) => { if (this.tray.isBusyAnywhere()) event.preventDefault(); });
  }

  show(dialog, { onlyWhisper }) {
    this.mode.force(onlyWhisper, Boolean(this.text.value));
    this.#look();
    if (dialog.id === this.#dialogId) return;
    saveDrafts();
    this.#dialogId = dialog.id;
    this.context.clear();
    this.#showDraft();
    this.tray.show(dialog.id);
  }

  /** As it was left, here or on another device. */
  #showDraft() {
    const draft = draftOf(this.#dialogId);
    this.text.value = draft?.text ?? "";
    if (draft?.replyTo) this.context.quote(draft.replyTo);
    else this.context.clear();
    this.mode.choose(draft?.visibility ?? "PUBLIC");
    this.#showCount();
  }

  /** What is being typed here right now is newer than anything that comes. */
  #followDrafts() {
    const isTyping = this.#dialogId === null || this.context.editing || Date.now() - this.#writtenAt < HANDS_OFF;
    if (!isTyping && (draftOf(this.#dialogId)?.text ?? "") !== this.text.value) this.#showDraft();
  }

  toggleWhisper() {
    this.mode.choose(this.mode.visibility === "STAFF" ? "PUBLIC" : "STAFF");
    this.text.focus();
  }

  addFiles(files) {
    this.tray.add(this.#dialogId, [...files]);
    this.text.focus();
  }

  submit() {
    const text = this.text.value.trim();
    if (this.send.disabled) return;
    if (this.context.editing) return this.#finishEdit(text);
    if (!text && !this.tray.has(this.#dialogId)) return;
    const message = { dialogId: this.#dialogId, text, visibility: this.mode.visibility, replyTo: this.context.replyTo };
    this.context.clear();
    this.#setText("");
    this.sender.send(message);
  }

  #paste(event) {
    const { files } = event.clipboardData;
    if (!files.length) return;
    event.preventDefault();
    this.addFiles(files);
  }

  #startEdit(message) {
    if (!message) return;
    this.context.edit(message);
    this.#setText(message.text);
  }

  #finishEdit(text) {
    const message = this.context.editing;
    this.#cancelContext();
    if (text && text !== message.text) editMessage(message, text);
  }

  #cancelContext() {
    const wasEditing = this.context.editing;
    this.context.clear();
    if (wasEditing) this.#setText(draftOf(this.#dialogId)?.text ?? "");
  }

  #setText(text) {
    this.text.value = text;
    this.#writtenAt = Date.now();
    this.#keep();
    this.#showCount();
  }

  #keep() {
    if (this.context.editing || this.#dialogId === null) return;
    keepDraft(this.#dialogId, { text: this.text.value, visibility: this.mode.visibility, replyTo: this.context.replyTo });
  }

  #typed() {
    this.#writtenAt = Date.now();
    this.#keep();
    this.#showCount();
    if (this.mode.visibility !== "PUBLIC" || !this.text.value || Date.now() - this.#typedAt < TYPING_PAUSE) return;
    this.#typedAt = Date.now();
    store.ring({ type: "typing", dialog_id: this.#dialogId });
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      if (this.context.isEmpty) this.text.blur();
      else this.#cancelContext();
    } else if (event.key === "ArrowUp" && !this.text.value && this.context.isEmpty && !event.ctrlKey) {
      event.preventDefault();
      this.#startEdit(this.lastOwn());
    }
  }

  #look() {
    const isWhisper = this.mode.visibility === "STAFF";
    this.classList.toggle("composer--whisper", isWhisper);
    this.text.placeholder = isWhisper ? t("Whisper to your colleagues…") : t("Message…");
  }

  #showCount() {
    const limit = store.state.limits.text_length;
    const { length } = this.text.value;
    this.count.textContent = length > limit * COUNT_FROM ? `${length} / ${limit}` : "";
    this.count.classList.toggle("composer__count--over", length > limit);
    this.send.disabled = length > limit;
  }
});
