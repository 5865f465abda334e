/** Files on their way up, per dialog: progress, cancel, try again. */
import { upload } from "../core/api.js";
import { h, icon, iconButton } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { store } from "../core/store.js";
import { fileSize } from "../core/time.js";
import { errorWords } from "../core/names.js";

export class UploadTray {
  #uploads = new Map();
  #held = new Set();
  #dialogId = null;

  constructor(onChange) {
    this.onChange = onChange;
    this.element = h("div", { class: "composer__uploads", hidden: true, "aria-live": "polite" });
    store.on(["connection"], () => this.#retryOffline());
  }

  add(dialogId, files) {
    const uploads = files.map((file) => ({ file, dialogId, state: "WAITING", progress: 0, error: "", attachment: null, cancel: () => {} }));
    this.#uploads.set(dialogId, [...this.#of(dialogId), ...uploads]);
    uploads.forEach((one) => this.#start(one));
    this.show(dialogId);
    this.onChange(dialogId);
  }

  /** Files that the server has already. */
  adopt(dialogId, attachments) {
    const files = attachments.map((attachment) => ({ file: { name: attachment.name, size: attachment.size, type: attachment.mime }, dialogId, state: "READY", progress: 1, error: "", attachment, cancel: () => {} }));
    if (files.length) this.#uploads.set(dialogId, [...this.#of(dialogId), ...files]);
    this.#repaint(dialogId);
    this.onChange(dialogId);
  }

  show(dialogId) {
    this.#dialogId = dialogId;
    const uploads = this.#of(dialogId);
    this.element.hidden = !uploads.length;
    this.element.replaceChildren(...uploads.map((one) => this.#chip(one)));
  }

  /** What a channel has to be able to take; of what is on its way the browser tells. */
  filesOf = (dialogId) => this.#of(dialogId).map(({ file, attachment }) => ({ name: file.name, size: attachment?.size ?? file.size, mime: attachment?.mime ?? file.type, kind: attachment?.kind }));
  has = (dialogId) => this.#of(dialogId).length > 0;
  isReady = (dialogId) => this.#of(dialogId).every((one) => one.state === "READY");
  isBusyAnywhere = () => [...this.#uploads.values()].flat().some((one) => one.state === "SENDING");

  /** Gives the uploaded files away, for a message. */
  take(dialogId) {
    const attachments = this.#of(dialogId).map((one) => one.attachment);
    this.#uploads.delete(dialogId);
    this.#repaint(dialogId);
    return attachments;
  }

  hold(dialogId, isHeld) {
    this.#held[isHeld ? "add" : "delete"](dialogId);
    this.#repaint(dialogId);
  }

  #of = (dialogId) => this.#uploads.get(dialogId) ?? [];

  async #start(one) {
    const limit = store.state.limits.upload_bytes;
    if (limit && one.file.size > limit) return this.#fail(one, t("Larger than {size}", { size: fileSize(limit) }), true);
    const { promise, cancel } = upload(one.file, (progress) => { one.progress = progress; if (one.bar) one.bar.value = progress; });
    Object.assign(one, { state: "SENDING", progress: 0, error: "", cancel });
    this.#repaint(one.dialogId);
    try {
      one.attachment = await promise;
      one.state = "READY";
    } catch (error) {
      return this.#fail(one, errorWords(error), !error.isTemporary, error.isOffline);
    }
    this.#repaint(one.dialogId);
    this.onChange(one.dialogId);
  }

  #fail(one, words, isFinal, isOffline = false) {
    Object.assign(one, { state: "FAILED", error: words, isFinal, isOffline });
    this.#repaint(one.dialogId);
  }

  #remove(one) {
    one.cancel();
    this.#uploads.set(one.dialogId, this.#of(one.dialogId).filter((other) => other !== one));
    this.#repaint(one.dialogId);
    this.onChange(one.dialogId);
  }

  #retryOffline() {
    if (store.view.connection !== "open") return;
    [...this.#uploads.values()].flat().filter((one) => one.state === "FAILED" && one.isOffline).forEach((one) => this.#start(one));
  }

  #repaint(dialogId) {
    if (dialogId === this.#dialogId) this.show(dialogId);
  }

  #chip(one) {
    const { file, state, attachment, error } = one;
    const isPicture = attachment?.kind === "IMAGE" && attachment.url;
    one.bar = h("progress", { max: "1", value: String(one.progress), hidden: state !== "SENDING", "aria-label": file.name });
    const words = { FAILED: error, READY: fileSize(file.size) }[state] ?? (this.#held.has(one.dialogId) ? t("Is sent when uploaded…") : t("Uploading…"));
    return h("div", { class: `upload${state === "FAILED" ? " upload--failed" : ""}` },
      isPicture ? h("img", { src: attachment.url, alt: "" }) : icon(file.type.startsWith("image/") ? "image" : "file", 22),
      h("span", { class: "upload__words" }, h("b", { class: "truncate" }, file.name), h("small", { class: "truncate" }, words)),
      state === "FAILED" && !one.isFinal && iconButton("retry", t("Try again"), () => this.#start(one), "btn btn--icon btn--ghost btn--small"),
      iconButton("x", t("Remove"), () => this.#remove(one), "btn btn--icon btn--ghost btn--small"), one.bar);
  }
}
