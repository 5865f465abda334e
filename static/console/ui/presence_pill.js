/** The operator's day: at work, on a break with its reason, gone home; sounds and notifications live here too. */
import { readDay, readFigures, takeStep } from "../core/actions.js";
import { nextSteps, sinceOf, standingOf } from "../core/day.js";
import { button, h, icon, setText } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { isMine } from "../core/lists.js";
import { store } from "../core/store.js";
import { clock } from "../core/time.js";
import { standingWords, usualBreaks } from "../core/words.js";
import { runCommand } from "./commands.js";
import { endDay } from "./day_end.js";
import { figuresOf } from "./day_figures.js";
import { menuItem, openMenu } from "./menu.js";
import { openModal } from "./modal.js";

const LONGEST_REASON = 100;

customElements.define("presence-pill", class extends HTMLElement {
  connectedCallback() {
    this.word = h("span", { class: "truncate" });
    this.pill = h("button", { type: "button", class: "presence", "aria-haspopup": "menu", on: { click: () => this.open() } }, h("i"), this.word, icon("chev", 16));
    this.replaceChildren(this.pill);
    store.on(["boot", "operators", "connection"], () => this.#show());
    this.hidden = true;
  }

  #show() {
    const { me } = store.state;
    if (!me) return;
    this.hidden = false;
    const seen = store.view.connection === "open" ? me : { ...me, presence: "OFFLINE", is_absent: false, working_day: "" };
    const standing = standingOf(seen);
    this.pill.className = `presence presence--${standing}`;
    setText(this.word, standingWords(seen));
    for (const dot of document.querySelectorAll("[data-presence-dot]")) dot.className = `presence-dot presence-dot--${standing}`;
  }

  open() {
    const note = h("p", { class: "menu__note" }, load());
    const figures = h("section", { class: "figures", "aria-label": t("My day"), hidden: true });
    const steps = [
      h("p", { class: "menu__title" }, standingWords(store.state.me)), note,
      ...nextSteps(store.state.me).flatMap((step) => STEPS[step]()),
      h("div", { class: "menu__rule" }),
      menuItem("phone", t("Call-backs"), () => runCommand("callBacks")),
      menuItem("bell", t("Sounds and notifications…"), () => runCommand("settings")),
    ];
    const menu = openMenu(this.pill, [h("div", { role: "menu", "aria-label": t("Working day and breaks") }, ...steps), figures], { role: "group" });
    // The menu opens at once; what the server says comes a moment later, below what can be pressed.
    readDay().then((day) => note.replaceChildren(...dayLines(day)), () => {});
    readFigures().then((today) => { figures.replaceChildren(...figuresOf(today)); figures.hidden = false; menu.dispatchEvent(new Event("menu:grown")); }, () => {});
  }
});

const STEPS = {
  start: () => [menuItem("play", t("Start the day"), () => takeStep("start"))],
  resume: () => [menuItem("play", t("Back to work"), () => takeStep("resume"))],
  pause: () => [
    h("p", { class: "menu__title" }, t("Take a break")),
    ...usualBreaks().map((reason) => menuItem("cup", reason, () => takeStep("pause", { reason }))),
    menuItem("edit", t("Another break…"), askForReason),
  ],
  end: () => [menuItem("exit", t("End the day"), endDay)],
};

function load() {
  const open = [...store.state.open.values()].filter((dialog) => isMine(dialog, store.state.me)).length;
  return tn("{count} open dialog with you", "{count} open dialogs with you", open);
}

function dayLines(day) {
  const since = sinceOf(day);
  const until = day.is_absent && day.absent_until ? new Date(`${day.absent_until}T00:00`).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long" }) : null;
  return [
    since && t("since {time}", { time: clock(since) }),
    until && t("absent until {date}", { date: until }),
    day.dialog_limit ? t("{load}, at most {limit} at once", { load: load(), limit: day.dialog_limit }) : load(),
  ].filter(Boolean).flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

function askForReason() {
  const field = h("input", { class: "input", id: "break-reason", maxlength: LONGEST_REASON, autocomplete: "off", required: true });
  const form = h("form", { class: "field", on: { submit: (event) => { event.preventDefault(); modal.close(); takeStep("pause", { reason: field.value }); } } },
    h("label", { class: "field__label", for: "break-reason" }, t("Why? Colleagues see it.")), field);
  const modal = openModal(t("A break"), form, {
    foot: [button("btn btn--ghost", t("Cancel"), () => modal.close()), button("btn btn--primary", t("Take the break"), () => form.requestSubmit())],
  });
  field.focus();
}
