/** All emoji in a window over the place to write: search, groups, what was taken last. Arrows walk, Enter takes. */
import { h, icon, setAttribute } from "../core/dom.js";
import { emojiList, fittingEmoji, noteEmoji, recentEmoji, toned } from "../core/emoji.js";
import { t } from "../core/i18n.js";
import { nameOf } from "./emoji_suggestions.js";

const GROUPS = {
  RECENT: ["🕘", () => t("Recent")], SMILEYS: ["😀", () => t("Smileys and hearts")], PEOPLE: ["👋", () => t("People and hands")], NATURE: ["🐻", () => t("Animals and plants")],
  FOOD: ["🍎", () => t("Food and drink")], ACTIVITIES: ["⚽", () => t("Celebrations and sport")], TRAVEL: ["🚗", () => t("Travel and weather")], OBJECTS: ["💡", () => t("Objects")],
  SYMBOLS: ["✅", () => t("Signs")], FLAGS: ["🏁", () => t("Flags")],
};
const TONE = "emoji-tone";
const PARTS = 160;

export async function openEmojiPicker(anchor, onPick) {
  const picker = new EmojiPicker(anchor, onPick);
  await picker.open();
}

class EmojiPicker {
  #group = "RECENT";

  constructor(anchor, onPick) {
    this.anchor = anchor;
    this.onPick = onPick;
    this.tone = Number(localStorage.getItem(TONE)) || 0;
    this.search = h("input", { class: "search__input", type: "search", placeholder: t("Find an emoji"), "aria-label": t("Find an emoji"), autocomplete: "off", on: { input: () => this.#show(), keydown: (event) => this.#key(event) } });
    this.tones = h("button", { type: "button", class: "btn btn--icon btn--small", title: t("Skin colour"), "aria-label": t("Skin colour"), on: { click: () => this.#nextTone() } });
    this.tabs = h("div", { class: "emoji-picker__groups", role: "group", "aria-label": t("Groups") });
    this.grid = h("div", { class: "emoji-picker__grid", "aria-label": t("Emoji"), on: { keydown: (event) => this.#walk(event), click: ({ target }) => this.#take(target.closest("[data-sign]")) } });
    this.name = h("p", { class: "emoji-picker__name truncate", "aria-hidden": "true" });
    this.element = h("div", { class: "menu emoji-picker", popover: "auto", role: "dialog", "aria-label": t("Emoji") },
      h("div", { class: "emoji-picker__head" }, h("label", { class: "search" }, icon("search", 18), this.search), this.tones), this.tabs, this.grid, this.name);
    for (const event of ["focusin", "pointerover"]) this.grid.addEventListener(event, ({ target }) => { this.name.textContent = target.closest("[data-sign]")?.title ?? ""; });
    this.element.addEventListener("toggle", ({ newState }) => { if (newState === "closed") this.element.remove(); });
  }

  async open() {
    document.body.append(this.element);
    this.element.showPopover();
    this.#place();
    this.search.focus();
    try {
      const { groups, emoji } = await emojiList();
      this.all = emoji;
      this.groups = groups;
      this.known = new Map(emoji.map((one) => [one.sign, one]));
      this.#show();
    } catch {
      this.grid.replaceChildren(h("p", { class: "suggestions__words" }, t("No connection. Try again when the line is back.")));
    }
  }

  #place() {
    const { left, top } = this.anchor.getBoundingClientRect();
    const { width, height } = this.element.getBoundingClientRect();
    this.element.style.setProperty("left", `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`);
    this.element.style.setProperty("top", `${Math.max(8, top - height - 8)}px`);
  }

  #show() {
    const words = this.search.value;
    const found = words.trim() ? fittingEmoji(this.all, words, PARTS) : this.#ofGroup();
    this.tones.textContent = toned("👍", this.tone);
    this.tabs.replaceChildren(...Object.entries(GROUPS).map(([group, [sign, title]]) => h("button", {
      type: "button", class: "emoji-picker__group", title: title(), "aria-label": title(), "aria-pressed": String(!words.trim() && group === this.#group), on: { click: () => { this.#group = group; this.search.value = ""; this.#show(); } },
    }, sign)));
    this.grid.replaceChildren(...(found.length ? found.map((one, place) => this.#sign(one, place)) : [h("p", { class: "suggestions__words" }, t("No such emoji"))]));
    setAttribute(this.grid, "role", found.length ? "listbox" : "group");
    this.grid.scrollTop = 0;
  }

  #ofGroup() {
    if (this.#group === "RECENT") return recentEmoji().map((sign) => this.known.get(sign) ?? { sign, english: "", russian: "" });
    const group = this.groups.indexOf(this.#group);
    return this.all.filter((one) => one.group === group);
  }

  #sign(one, place) {
    const title = nameOf(one);
    return h("button", { type: "button", class: "emoji-picker__sign", role: "option", tabindex: place ? "-1" : "0", title, "aria-label": title || one.sign, data: { sign: toned(one.sign, this.tone) } }, toned(one.sign, this.tone));
  }

  #nextTone() {
    this.tone = (this.tone + 1) % 6;
    try { localStorage.setItem(TONE, String(this.tone)); } catch { /* asked again next time */ }
    this.#show();
  }

  #key(event) {
    const first = this.grid.querySelector("[data-sign]");
    if (event.key === "Enter" && !event.isComposing) this.#take(first);
    else if (event.key === "ArrowDown") first?.focus();
    else return;
    event.preventDefault();
  }

  #walk(event) {
    const signs = [...this.grid.querySelectorAll("[data-sign]")];
    const columns = signs.filter((sign) => sign.offsetTop === signs[0].offsetTop).length || 1;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = signs.indexOf(document.activeElement) + step;
    if (next < 0) this.search.focus();
    else signs[Math.min(next, signs.length - 1)].focus();
  }

  #take(button) {
    if (!button) return;
    const { sign } = button.dataset;
    noteEmoji(sign);
    this.element.hidePopover();
    this.onPick(sign);
  }
}
