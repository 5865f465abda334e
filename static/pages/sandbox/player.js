/** One customer: a column with the chat as they see it, and their composer. */
import { avatar, button, h, icon, iconButton, keyed } from "../../console/core/dom.js";
import { t } from "../../console/core/i18n.js";
import { Bubble } from "./bubble.js";
import { newId } from "./ids.js";

const TEN = () => [
  t("Hello!"), t("I have a question about my order."), t("I placed it on Monday."), t("The number is 4512."), t("There is no word of the delivery."),
  t("Can you look, please?"), t("I could come for it myself."), t("Are you open on Saturday?"), t("And is there parking?"), t("Thank you, I'll wait."),
];
const NEAR_THE_END = 80;
const colorOf = (chat) => [...chat].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 12;

export class Player {
  constructor(member, act) {
    this.member = member;
    this.act = act;
    this.seen = [];
    this.pending = [];
    this.views = new Map();
    this.element = this.#draw();
    this.#paint();
  }

  update() {}

  begin() {
    this.element.scrollIntoView({ inline: "nearest", block: "nearest" });
    this.text.focus();
  }

  show(messages) {
    const arrived = new Set(messages.map((message) => message.client_message_id));
    this.pending = this.pending.filter(({ id }) => !arrived.has(id));
    this.seen = messages;
    this.#paint();
  }

  #draw() {
    const { member } = this;
    this.feed = h("div", { class: "player__feed", role: "log", tabindex: "0", "aria-label": t("Chat of {name}", { name: member.name }) });
    this.error = h("p", { class: "player__error", role: "alert", hidden: true });
    this.text = h("textarea", { rows: 1, maxlength: 10000, placeholder: t("Message"), "aria-label": t("Write as {name}", { name: member.name }), on: { keydown: (event) => this.#key(event) } });
    this.file = h("input", { type: "file", multiple: true, hidden: true, on: { change: () => this.#sendFiles() } });
    return h("section", { class: "player", "aria-label": member.name },
      h("header", { class: "player__head" }, avatar({ name: member.name, color: colorOf(member.chat) }, { size: "medium" }),
        h("span", {}, h("b", { class: "truncate" }, member.name), h("small", { class: "truncate" }, [member.phone, member.email].filter(Boolean).join(" · ") || t("customer"))),
        iconButton("x", t("Stop playing {name}", { name: member.name }), () => this.act.leave(member), "btn btn--icon btn--small")),
      this.feed, this.error,
      h("div", { class: "player__composer" }, this.text, this.file, h("div", { class: "player__tools" },
        iconButton("clip", t("Send a picture or a file"), () => this.file.click()),
        button("btn btn--ghost btn--small", t("Write 10 messages at once"), () => this.#send(TEN().map((text) => ({ text }))), t("10 messages")),
        h("span", { class: "spacer" }),
        button("btn btn--primary btn--small", t("Send"), () => this.#sendText(), icon("send", 16)))));
  }

  #key(event) {
    if (event.code !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#sendText();
  }

  async #sendText() {
    const text = this.text.value.trim();
    if (!text) return;
    this.text.value = "";
    if (!(await this.#send([{ text }])) && !this.text.value) this.text.value = text;
    this.text.focus();
  }

  async #sendFiles() {
    const files = [...this.file.files];
    this.file.value = "";
    try {
      const stored = await Promise.all(files.map((file) => this.act.upload(this.member, file)));
      await this.#send(stored.map(({ id }) => ({ text: "", attachments: [id] })));
    } catch (error) {
      this.#say(error.message);
    }
  }

  async #press({ text, payload }) {
    try {
      await this.act.send(this.member, [{ id: newId(), press: payload, text, attachments: [] }]);
    } catch (error) {
      this.#say(error.message);
    }
  }

  /** Whether the messages are in the inbox. */
  async #send(messages) {
    const sent = messages.map((message) => ({ attachments: [], ...message, id: newId() }));
    this.pending.push(...sent.filter(({ text }) => text));
    this.#say("");
    this.#paint();
    try {
      await this.act.send(this.member, sent);
      return true;
    } catch (error) {
      const lost = new Set(sent.map(({ id }) => id));
      this.pending = this.pending.filter(({ id }) => !lost.has(id));
      this.#say(error.message);
      this.#paint();
      return false;
    }
  }

  #say(words) {
    this.error.textContent = words;
    this.error.hidden = !words;
  }

  #paint() {
    const { feed } = this;
    const isAtEnd = feed.scrollHeight - feed.scrollTop - feed.clientHeight < NEAR_THE_END;
    const waiting = this.pending.map(({ id, text }) => ({ key: id, author: "CLIENT", text, attachments: [], created_at: Date.now(), isPending: true }));
    const items = [...this.seen.map((message) => ({ ...message, key: message.client_message_id ?? message.id })), ...waiting];
    keyed(feed, items, this.views, (message) => new Bubble(message, (pressed) => this.#press(pressed)));
    feed.querySelector(".empty")?.remove();
    if (!items.length) feed.append(h("p", { class: "empty" }, t("Nothing is written yet.")));
    if (isAtEnd) feed.scrollTop = feed.scrollHeight;
  }
}
