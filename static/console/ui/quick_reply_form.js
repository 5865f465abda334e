/** A quick reply to be written or changed: its name, short name, folder, words with variables, files. */
import { complain, say } from "../core/actions.js";
import { button, h, iconButton } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { quickReplies, saveQuickReply } from "../core/quick_replies.js";
import { store } from "../core/store.js";
import { openModal } from "./modal.js";
import { UploadTray } from "./uploads.js";

const VARIABLES = () => [["client", t("the client's name")], ["operator", t("my name")], ["line", t("the line")], ["number", t("the dialog's number")]];
const OWN = -1;
let forms = 0;

export async function openQuickReplyForm(reply = {}, onSaved = () => {}) {
  const folders = await quickReplies().then((all) => [...new Set(all.map(({ folder }) => folder).filter(Boolean))], () => []);
  new QuickReplyForm(reply, folders, onSaved).open();
}

class QuickReplyForm {
  constructor(reply, folders, onSaved) {
    this.reply = reply;
    this.onSaved = onSaved;
    this.kept = [...(reply.files ?? [])];
    const id = `quick-reply-${forms += 1}`;
    const field = (name, label, input, hint = "") => h("div", { class: "field", data: { field: name } }, h("label", { class: "field__label", for: `${id}-${name}` }, label), input, hint && h("p", { class: "field__hint" }, hint), h("p", { class: "field__error", hidden: true, role: "alert" }));
    const input = (name, value, more = {}) => h("input", { id: `${id}-${name}`, class: "input", value: value ?? "", autocomplete: "off", ...more });
    this.title = input("title", reply.title, { maxlength: "100", placeholder: t("The first words, if you leave it empty") });
    this.shortcut = input("shortcut", reply.shortcut, { maxlength: "32", placeholder: t("hello") });
    this.folder = input("folder", reply.folder, { maxlength: "100", list: `${id}-folders` });
    this.text = h("textarea", { id: `${id}-text`, class: "input", rows: "6", maxlength: "4096", dir: "auto" });
    this.text.value = reply.text ?? "";
    this.scope = this.#scopes(`${id}-scope`);
    this.tray = new UploadTray(() => {});
    this.tray.show(OWN);
    this.picker = h("input", { type: "file", multiple: true, hidden: true, on: { change: () => { this.tray.add(OWN, [...this.picker.files]); this.picker.value = ""; } } });
    this.files = h("div", { class: "quick-reply__files" });
    this.body = h("form", { class: "quick-reply", on: { submit: (event) => { event.preventDefault(); this.#save(); } } },
      field("text", t("Text"), this.text), this.#variables(),
      h("div", { class: "field-row" }, field("title", t("Name"), this.title), field("shortcut", t("Short name after /"), this.shortcut)),
      h("div", { class: "field-row" }, field("folder", t("Folder"), this.folder), this.scope ? field("scope", t("Whose it is"), this.scope) : h("span")),
      h("datalist", { id: `${id}-folders` }, ...folders.map((name) => h("option", { value: name }))),
      this.files, this.tray.element, h("p", {}, button("btn btn--ghost btn--small", t("Attach files"), () => this.picker.click())), this.picker, h("button", { type: "submit", hidden: true }));
    this.#showFiles();
  }

  open() {
    const save = button("btn btn--primary", t("Save"), () => this.#save());
    this.modal = openModal(this.reply.id ? t("Quick reply") : t("New quick reply"), this.body, { foot: [button("btn btn--ghost", t("Cancel"), () => this.modal.close()), save], look: "modal modal--wide" });
    this.text.focus();
  }

  /** What may be shared by whom is the server's matter; operators are not asked. */
  #scopes(id) {
    const { me, lines } = store.state;
    if (me.role === "OPERATOR") return null;
    const chosen = this.reply.scope === "LINE" ? `LINE:${this.reply.line_id}` : this.reply.scope ?? "PERSONAL";
    const options = [["PERSONAL", t("Only mine")], ...lines.map(({ id: line, name }) => [`LINE:${line}`, t("Line “{line}”", { line: name })]), ...(me.role === "ADMINISTRATOR" ? [["COMPANY", t("The whole company")]] : [])];
    return h("select", { id, class: "select" }, ...options.map(([value, label]) => h("option", { value, selected: value === chosen }, label)));
  }

  #variables() {
    const put = (name) => { this.text.focus(); this.text.setRangeText(`{${name}}`, this.text.selectionStart, this.text.selectionEnd, "end"); };
    return h("p", { class: "quick-reply__variables" }, ...VARIABLES().map(([name, words]) => h("button", { type: "button", class: "chip", title: words, on: { click: () => put(name) } }, `{${name}}`, h("small", {}, words))));
  }

  #showFiles() {
    this.files.replaceChildren(...this.kept.map((file) => h("div", { class: "upload" }, h("span", { class: "upload__words" }, h("b", { class: "truncate" }, file.name)), iconButton("x", t("Remove"), () => { this.kept = this.kept.filter((one) => one !== file); this.#showFiles(); }, "btn btn--icon btn--ghost btn--small"))));
  }

  async #save() {
    if (!this.tray.isReady(OWN)) return say(t("Wait until the files are there."));
    const [scope, line] = (this.scope?.value ?? "").split(":");
    const uploads = this.tray.take(OWN);
    const values = { text: this.text.value, title: this.title.value, shortcut: this.shortcut.value, folder: this.folder.value, attachments: uploads.map(({ id }) => id), files: this.kept.map(({ id }) => id), ...(scope ? { scope, line: line ? Number(line) : null } : {}) };
    try {
      await saveQuickReply(this.reply.id, values);
      this.modal.close();
      say(t("Saved. Type / and a few letters to use it."));
      this.onSaved();
    } catch (error) {
      this.tray.adopt(OWN, uploads);
      this.#refuse(error);
    }
  }

  #refuse(error) {
    let isShown = false;
    for (const field of this.body.querySelectorAll("[data-field]")) {
      const words = [error.fields?.[field.dataset.field] ?? []].flat().join(" ");
      field.classList.toggle("field--invalid", Boolean(words));
      field.querySelector(".field__error").textContent = words;
      field.querySelector(".field__error").hidden = !words;
      isShown ||= Boolean(words);
    }
    if (!isShown) complain(error);
  }
}
