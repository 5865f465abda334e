/** Files on their way up: progress, cancel, try again. */
import { h, icon, iconButton } from "../../console/core/dom.js";
import { t } from "../../console/core/i18n.js";
import { fileSize } from "../../console/core/time.js";

const MOST = 10;

export class Uploads {
  #uploads = [];

  constructor({ server, limit, onChange }) {
    Object.assign(this, { server, limit, onChange });
    this.element = document.getElementById("uploads");
  }

  get isEmpty() { return this.#uploads.length === 0; }
  get isReady() { return this.#uploads.every((one) => one.state === "READY"); }

  add(files) {
    const room = MOST - this.#uploads.length;
    const fresh = [...files].slice(0, room).map((file) => ({ file, state: "SENDING", error: "", attachment: null, cancel: () => {} }));
    this.#uploads.push(...fresh);
    fresh.forEach((one) => this.#start(one));
    return files.length <= room;
  }

  /** Gives the uploaded files away, for a message. */
  take() {
    const attachments = this.#uploads.map((one) => one.attachment);
    this.#uploads = [];
    this.#show();
    return attachments;
  }

  async #start(one) {
    if (one.file.size > this.limit) return this.#fail(one, t("Larger than {size}", { size: fileSize(this.limit) }), true);
    const { promise, cancel } = this.server.upload(one.file, (progress) => { if (one.bar) one.bar.value = progress; });
    Object.assign(one, { state: "SENDING", error: "", cancel });
    this.#show();
    try {
      one.attachment = await promise;
      one.state = "READY";
    } catch (error) {
      if (error.code === "cancelled") return undefined;
      return this.#fail(one, error.message || t("The file could not be sent"), !error.isTemporary);
    }
    this.#show();
    return this.onChange();
  }

  #fail(one, words, isFinal) {
    Object.assign(one, { state: "FAILED", error: words, isFinal });
    this.#show();
    this.onChange();
  }

  #remove(one) {
    one.cancel();
    this.#uploads = this.#uploads.filter((other) => other !== one);
    this.#show();
    this.onChange();
  }

  #show() {
    this.element.hidden = this.isEmpty;
    this.element.replaceChildren(...this.#uploads.map((one) => this.#chip(one)));
  }

  #chip(one) {
    const { file, state, error } = one;
    one.bar = h("progress", { max: "1", value: "0", hidden: state !== "SENDING", "aria-label": file.name });
    const words = { FAILED: error, READY: fileSize(file.size) }[state] ?? t("Uploading…");
    return h("div", { class: `upload${state === "FAILED" ? " upload--failed" : ""}` }, icon(file.type.startsWith("image/") ? "image" : "file"),
      h("span", { class: "upload__words" }, h("b", { class: "truncate" }, file.name), h("small", { class: "truncate" }, words)),
      state === "FAILED" && !one.isFinal && iconButton("retry", t("Try again"), () => this.#start(one), "chat__tool chat__tool--small"),
      iconButton("x", t("Remove"), () => this.#remove(one), "chat__tool chat__tool--small"), one.bar);
  }
}
