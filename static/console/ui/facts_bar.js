/** Under the head: how fast we were, how long it lasts, how long the client waits now. */
import { h, icon, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { isMine } from "../core/lists.js";
import { runCommand } from "./commands.js";
import { People } from "./people.js";
import { goalOf, serverNow, tagsOf } from "../core/state.js";
import { store } from "../core/store.js";
import { duration, moment, parse, urgency } from "../core/time.js";
import { fewTags, tagChip } from "./tag_chips.js";

/** More would leave the line no room. */
const WHOLE_TAGS = 2;

export class FactsBar {
  constructor() {
    this.reply = fact(t("First reply"));
    this.length = fact(t("Dialog"));
    this.waitWords = h("span");
    this.wait = h("span", { class: "badge" }, icon("clock", 12), this.waitWords);
    this.line = h("span", { class: "facts__line truncate" });
    this.why = h("button", { type: "button", class: "facts__why only-desk", on: { click: () => later("why").then(({ explainDialog }) => explainDialog(this.dialog)) } });
    this.people = new People();
    this.aside = h("button", { type: "button", class: "badge badge--accent", hidden: true, on: { click: () => runCommand("wake") } }, icon("snooze", 12), h("span"));
    this.topic = h("button", { type: "button", class: "badge facts__topic truncate only-desk", hidden: true, on: { click: () => runCommand("topic") } });
    this.tags = h("button", { type: "button", class: "facts__tags only-desk", "aria-label": t("Tags of the dialog"), on: { click: () => runCommand("tags") } });
    this.subject = h("a", { class: "badge facts__subject truncate", hidden: true, target: "_blank", rel: "noopener noreferrer" });
    this.element = h("div", { class: "facts" }, this.subject, this.reply.element, this.length.element, this.wait, this.aside, this.topic, this.tags, h("span", { class: "spacer" }), this.people.element, this.line, this.why);
  }

  show(dialog) {
    this.dialog = dialog;
    setText(this.line, t("Line “{name}”", { name: dialog.line.name }));
    setText(this.why, isMine(dialog, store.state.me) ? t("Why me?") : t("Why?"));
    this.#showSubject(dialog);
    this.#showMarks(dialog);
    this.tick();
  }

  /** The post, video or offer below which the client writes. */
  #showSubject({ subject }) {
    this.subject.hidden = !subject;
    if (!subject) return;
    const words = [subject.title || t("Post"), subject.price].filter(Boolean).join(" · ");
    this.subject.replaceChildren(icon(subject.url ? "link" : "file", 12), h("span", { class: "truncate" }, words));
    this.subject.title = words;
    if (subject.url) this.subject.href = subject.url;
    else this.subject.removeAttribute("href");
  }

  #showMarks({ snooze, topic, tag_ids: tagIds, state }) {
    this.aside.hidden = !snooze || state === "CLOSED";
    setText(this.aside.lastChild, snooze?.until ? t("until {time}", { time: moment(snooze.until) }) : t("until they write"));
    this.aside.title = t("Take it up again");
    this.topic.hidden = !topic;
    setText(this.topic, topic?.name ?? "");
    const tags = tagsOf(store.state, tagIds);
    this.tags.replaceChildren(...(tags.length > WHOLE_TAGS ? fewTags(tags) : tags.length ? tags.map(tagChip) : [icon("tag", 16)]));
    this.tags.title = tags.map(({ name }) => name).join(", ") || t("Put tags on");
  }

  /** The line's name makes room for whoever is there. */
  showPeople(dialog) {
    this.people.show(dialog);
    this.line.hidden = !this.people.element.hidden;
  }

  tick() {
    const { opened_at: openedAt, first_replied_at: repliedAt, closed_at: closedAt, closing_at: closingAt, waiting_since: waitingSince } = this.dialog;
    const now = serverNow(store.state);
    this.reply.element.hidden = !repliedAt;
    setText(this.reply.value, repliedAt ? duration(parse(repliedAt) - parse(openedAt)) : "");
    setText(this.length.value, duration((parse(closedAt) ?? now) - parse(openedAt)));
    this.wait.hidden = !(waitingSince || closingAt) || Boolean(closedAt) || Boolean(this.dialog.snooze);
    if (this.wait.hidden) return;
    if (closingAt) {
      setText(this.waitWords, t("closes in {time}", { time: duration(parse(closingAt) - now) }));
      this.wait.className = "badge";
      return;
    }
    const waited = now - parse(waitingSince);
    const goal = goalOf(store.state, this.dialog);
    setText(this.waitWords, waitWords(waited, goal));
    this.wait.className = `badge badge--${urgency(waited, goal) || "accent"}`;
  }
}

/** How long the client waits, and how much of the line's goal is left. */
function waitWords(waited, goal) {
  const time = duration(waited);
  if (!goal) return t("waits {time}", { time });
  const left = goal * 1000 - waited;
  return left > 0 ? t("waits {time}, {left} left", { time, left: duration(left) }) : t("waits {time}, {over} too long", { time, over: duration(-left) });
}

function fact(label) {
  const value = h("b");
  return { element: h("span", {}, label, value), value };
}
