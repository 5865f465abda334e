/** <message-composer>: one writes, Enter sends at once. Its parts: mode, context, files, field, tools, suggestions. */
import { button, h, icon } from "../core/dom.js";
import { hasMarks, plainText } from "../core/formatting.js";
import { t } from "../core/i18n.js";
import { meansOf } from "../core/kinds.js";
import { cleaned } from "../core/limits.js";
import { answeredSubject } from "../core/mail.js";
import { store } from "../core/store.js";
import { mentionedIn } from "../core/triggers.js";
import { ComposerContext } from "./composer_context.js";
import { ComposerDrafts } from "./composer_drafts.js";
import { ComposerEdits } from "./composer_edits.js";
import { ComposerField } from "./composer_field.js";
import { ComposerMode } from "./composer_mode.js";
import { ComposerNotice } from "./composer_notice.js";
import { ComposerSuggestions } from "./composer_suggestions.js";
import { ComposerTools } from "./composer_tools.js";
import { Sender } from "./sender.js";
import { UploadTray } from "./uploads.js";

const TYPING_PAUSE = 3000;

customElements.define("message-composer", class extends HTMLElement {
  dialog = null;
  #typedAt = 0;
  #formatting = [];

  connectedCallback() {
    this.mode = new ComposerMode(() => { this.drafts.keep(); this.#look(); });
    this.context = new ComposerContext(() => { this.drafts.keep(); this.text.focus(); });
    this.tray = new UploadTray((dialogId) => { this.sender.release(dialogId); this.#measure(); });
    this.sender = new Sender(this.tray);
    this.field = new ComposerField();
    this.text = this.field.element;
    this.drafts = new ComposerDrafts(this);
    this.edits = new ComposerEdits(this);
    this.tools = new ComposerTools(this);
    this.notice = new ComposerNotice({ onAttachText: () => this.#attachText(), onWhisper: () => this.toggleWhisper() });
    this.send = button("btn btn--primary composer__send", t("Send"), () => this.submit(), icon("send", 18), t("Send"));
    this.append(this.mode.element, h("div", { class: "composer__extra" }, this.notice.element, this.context.element, this.tray.element), this.text,
      h("div", { class: "composer__tools" }, this.tools.element, h("span", { class: "spacer" }), this.notice.count, this.send));
    this.suggestions = new ComposerSuggestions(this);
    this.#listen();
  }

  #listen() {
    this.text.addEventListener("input", () => this.#typed());
    this.text.addEventListener("click", () => this.suggestions.look());
    this.text.addEventListener("keydown", (event) => this.#key(event));
    this.text.addEventListener("paste", (event) => this.#paste(event));
    this.text.addEventListener("blur", () => this.suggestions.close());
    addEventListener("composer:reply", ({ detail }) => { if (detail.visibility === "PUBLIC" && !this.mode.isForced) this.mode.choose("PUBLIC"); this.context.reply(detail); });
    addEventListener("composer:private", ({ detail }) => { if (!this.mode.isForced) this.mode.choose("PUBLIC"); this.context.replyInPrivate(detail); });
    addEventListener("composer:insert", ({ detail }) => { if (!this.hidden) this.insert(detail.text); });
    addEventListener("beforeunload", (event) => { if (this.tray.isBusyAnywhere()) event.preventDefault(); });
    store.on(["kinds", "settings"], () => this.#look());
    store.on(["feed"], () => { if (this.dialog?.channel.kind === "email") this.#look(); });
    store.on(["second"], () => { if (!this.hidden && this.means?.reply_window_seconds) this.#measure(); });
  }

  get isWhisper() {
    return this.mode.visibility === "STAFF";
  }

  get means() {
    return this.dialog && meansOf(this.dialog.channel);
  }

  show(dialog, { onlyWhisper }) {
    const isAnother = dialog.id !== this.dialog?.id;
    if (isAnother) this.drafts.save();
    this.dialog = dialog;
    this.mode.force(onlyWhisper, Boolean(this.text.value) && !isAnother);
    if (isAnother) {
      this.suggestions.close();
      this.tray.show(dialog.id);
      this.drafts.show();
    }
    this.#look();
  }

  toggleWhisper() {
    this.mode.choose(this.isWhisper ? "PUBLIC" : "STAFF");
    this.text.focus();
  }

  addFiles(files) {
    if (!this.isWhisper && this.means?.attachments === false) return;
    this.tray.add(this.dialog.id, [...files]);
    this.text.focus();
  }

  /** Files that are on the server already: of a quick reply, of a message that was taken back. */
  adopt = (attachments) => this.tray.adopt(this.dialog.id, attachments);
  replace = (start, end, text) => this.field.replace(start, end, text);
  insert = (text, options) => this.field.insert(text, options);
  ask = (sign) => this.field.ask(sign);

  setText(text) {
    this.field.set(text);
    this.drafts.typed();
    this.#measure();
  }

  submit() {
    if (this.send.disabled) return;
    this.suggestions.close();
    const text = cleaned(this.text.value).trim();
    const isFormatted = this.#formatting.length > 0 && hasMarks(text);
    if (this.context.editing) return this.edits.finish(text, isFormatted);
    if (!text && !this.tray.has(this.dialog.id)) return;
    const mentions = this.isWhisper ? mentionedIn(text, store.state.operators.values()) : [];
    const message = { dialogId: this.dialog.id, text, visibility: this.mode.visibility, replyTo: this.context.replyTo, mentions, isFormatted, words: isFormatted ? plainText(text) : text };
    this.context.clear();
    this.setText("");
    this.sender.send(message);
  }

  #attachText() {
    this.addFiles([new File([cleaned(this.text.value)], `${t("Message")}.txt`, { type: "text/plain" })]);
    this.setText("");
  }

  #paste(event) {
    const { files } = event.clipboardData;
    if (!files.length) return;
    event.preventDefault();
    this.addFiles(files);
  }

  #typed() {
    this.drafts.typed();
    this.#measure();
    this.suggestions.look();
    if (this.isWhisper || !this.text.value || Date.now() - this.#typedAt < TYPING_PAUSE) return;
    this.#typedAt = Date.now();
    store.ring({ type: "typing", dialog_id: this.dialog.id });
  }

  #key(event) {
    if (event.isComposing || this.suggestions.key(event)) return;
    const mark = this.field.markOf(event);
    if (mark && this.#formatting.includes(mark)) this.field.mark(mark);
    else if (this.mode.sends(event)) this.submit();
    else if (event.key === "Escape" && !this.context.isEmpty) this.edits.cancel();
    else if (event.key === "Escape") this.text.blur();
    else if (event.key === "ArrowUp" && !this.text.value && this.context.isEmpty && !event.ctrlKey) this.edits.start(this.lastOwn());
    else return;
    event.preventDefault();
  }

  #look() {
    this.classList.toggle("composer--whisper", this.isWhisper);
    this.text.placeholder = this.isWhisper ? t("Whisper to your colleagues, @ calls one…") : this.#invitation();
    this.mode.hint();
    this.#formatting = this.tools.show({ means: this.means, isWhisper: this.isWhisper });
    this.#measure();
  }

  /** A mail goes out under the subject of the one that it answers. */
  #invitation() {
    const subject = this.dialog?.channel.kind === "email" ? answeredSubject(store.state.feed?.messages ?? []) : "";
    return subject ? t("Answer to “{subject}”…", { subject }) : t("Message…");
  }

  #measure() {
    if (!this.dialog) return;
    this.send.disabled = !this.notice.show(this.text.value, { dialog: this.dialog, means: this.means, isWhisper: this.isWhisper, isFormatted: this.#formatting.length > 0, files: this.tray.filesOf(this.dialog.id) });
  }
});
