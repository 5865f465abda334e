/** The row below the text: files, emoji, quick replies, marks; only what the channel can carry. */
import { h, icon, iconButton } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";

const MARKS = [["BOLD", "bold", () => t("Bold"), "Ctrl+B"], ["ITALIC", "italic", () => t("Italic"), "Ctrl+I"], ["STRUCK", "struck", () => t("Struck through"), "Ctrl+Shift+X"], ["CODE", "code", () => t("Code"), "Ctrl+E"]];

export class ComposerTools {
  constructor(composer) {
    this.picker = h("input", { type: "file", multiple: true, hidden: true, on: { change: () => { composer.addFiles(this.picker.files); this.picker.value = ""; } } });
    this.attach = tool("clip", t("Attach files"), () => this.picker.click());
    this.emoji = tool("smile", t("Emoji"), () => later("emojiPicker").then(({ openEmojiPicker }) => openEmojiPicker(this.emoji, (sign) => composer.insert(sign))), "composer__tool only-desk");
    this.emoji.setAttribute("aria-haspopup", "dialog");
    this.replies = tool("bolt", `${t("Quick replies")} (/)`, () => composer.ask("/"));
    this.mention = tool("at", `${t("Call a colleague")} (@)`, () => composer.ask("@"));
    this.marks = MARKS.map(([mark, name, title, keys]) => {
      const one = tool(name, `${title()} (${keys})`, () => composer.field.mark(mark), "composer__tool composer__tool--mark only-desk");
      one.dataset.mark = mark;
      return one;
    });
    this.rule = h("span", { class: "composer__rule only-desk" });
    this.element = h("div", { class: "composer__tools-row" }, this.attach, this.emoji, this.replies, this.mention, this.rule, ...this.marks, this.picker);
  }

  /** Colleagues see every mark; a channel not yet known shows none. */
  show({ means, isWhisper }) {
    const formatting = isWhisper ? MARKS.map(([mark]) => mark) : means?.formatting ?? [];
    for (const one of this.marks) one.hidden = !formatting.includes(one.dataset.mark);
    this.rule.hidden = !formatting.length;
    this.mention.hidden = !isWhisper;
    const takesFiles = isWhisper || (means?.attachments ?? true);
    this.attach.disabled = !takesFiles;
    this.attach.title = takesFiles ? t("Attach files") : t("This channel takes no files");
    return formatting;
  }
}

/** The text keeps its cursor while a tool is used by the mouse. */
function tool(name, title, act, look = "composer__tool") {
  const button = iconButton(name, title, act, `btn btn--icon ${look}`);
  button.replaceChildren(icon(name, 20));
  button.addEventListener("mousedown", (event) => event.preventDefault());
  return button;
}
