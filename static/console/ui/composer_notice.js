/** What keeps a message from going out, before it is sent: its length, its words, the channel's window; and what to do instead. */
import { complain } from "../core/actions.js";
import { button, h, icon, setText } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { later } from "../core/later.js";
import { measured, refusedFile, refusedWords, replyWindow } from "../core/limits.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { duration, fileSize } from "../core/time.js";

export class ComposerNotice {
  constructor({ onAttachText, onWhisper }) {
    this.count = h("small", { class: "composer__count", role: "status" });
    this.words = h("span");
    this.act = h("span", { class: "composer__notice-act" });
    this.asFile = button("btn btn--link", t("Attach it as a text file"), onAttachText);
    this.template = button("btn btn--link", t("Choose a template"), () => later("templates").then(({ openTemplates }) => openTemplates(this.dialog)).catch(complain));
    this.whisper = button("btn btn--link", t("Whisper to colleagues"), onWhisper);
    this.element = h("div", { class: "composer__notice", role: "status", hidden: true }, icon("alert", 16), this.words, this.act);
  }

  /** Answers whether the text may be sent as it is. */
  show(text, { dialog, means, isWhisper, isFormatted, files }) {
    this.dialog = dialog;
    const measure = measured(text, { means, most: store.state.limits.text_length, isWhisper, isFormatted });
    const left = isWhisper ? null : replyWindow(dialog, means, serverNow(store.state));
    const refused = refusedWords(text, { means, isWhisper, isFormatted });
    const file = refusedFile(files, { means, isWhisper });
    this.#count(measure);
    this.#notice({ ...measure, refused, file }, left, means);
    return !measure.isOver && !refused && !file && left?.state !== "closed";
  }

  #count({ length, limit, parts, isNear, isOver }) {
    setText(this.count, parts > 1 && !isOver ? tn("goes out as {count} message", "goes out as {count} messages", parts) : isNear ? `${length} / ${limit}` : "");
    this.count.classList.toggle("composer__count--over", isOver);
  }

  #notice(measure, left, means) {
    const [words, act, look] = this.#said(measure, left, means);
    this.element.hidden = !words;
    this.element.className = `composer__notice composer__notice--${look}`;
    setText(this.words, words);
    if (this.act.firstChild !== act) this.act.replaceChildren(...(act ? [act] : []));
  }

  #said({ isOver, length, limit, refused, file }, left, means) {
    if (left?.state === "closed" && means.templates) return [t("The client wrote too long ago: only an approved template goes through until they write again."), this.template, "bad"];
    if (left?.state === "closed") return [t("The client wrote too long ago: this channel takes no messages until they write again. Call them, or write in another channel."), this.whisper, "bad"];
    if (isOver) return [t("Too long by {count} characters.", { count: length - limit }), means?.attachments === false ? null : this.asFile, "bad"];
    if (refused) return [refusal(refused, means), null, "bad"];
    if (file?.why === "size") return [t("“{name}” is too large for this channel: at most {size}.", { name: file.name, size: fileSize(file.most) }), null, "bad"];
    if (file) return [t("This channel takes no files of this type: “{name}”.", file), null, "bad"];
    if (left?.state === "soon") return [t("This channel takes messages for {time} more.", { time: duration(left.left) }), null, "warn"];
    return ["", null, "warn"];
  }
}

function refusal(why, means) {
  if (why === "hashtags") return tn("This channel takes at most {count} hashtag.", "This channel takes at most {count} hashtags.", means.most_hashtags);
  if (why === "links") return tn("This channel takes at most {count} link.", "This channel takes at most {count} links.", means.most_links);
  return t("This channel refuses texts in nothing but capital letters.");
}
