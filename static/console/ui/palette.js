/** Everything by a few letters: commands, tabs, dialogs, clients, pages. Arrows and Enter do. */
import { get } from "../core/api.js";
import { avatar, h, icon } from "../core/dom.js";
import { ranked, swapped } from "../core/fuzzy.js";
import { t } from "../core/i18n.js";
import { keyOf, keyWord } from "../core/keys.js";
import { store } from "../core/store.js";
import { openMessage } from "./found_rows.js";
import { openDialog } from "./navigation.js";

const PAUSE = 200;
const SHOWN = { commands: 7, dialogs: 7, pages: 5, found: 12 };
const RECENT = 5;
const { state } = store;

/** `commands` are those that make sense now, each with its `subject`. */
export function openPalette(commands) {
  if (!document.querySelector("dialog[open]")) new Palette(commands).open();
}

class Palette {
  #options = [];
  #chosen = 0;
  #found = [];
  #asked = 0;

  constructor(commands) {
    this.sources = { commands: commands.map(commandItem), dialogs: [...state.open.values()].map(dialogItem), pages: pageItems() };
    this.input = h("input", {
      class: "search__input", type: "text", role: "combobox", placeholder: t("Command, client or page"), "aria-label": t("Command, client or page"),
      "aria-expanded": "true", "aria-controls": "palette-options", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false",
      on: { input: () => this.#ask(), keydown: (event) => this.#key(event) },
    });
    this.list = h("div", { id: "palette-options", class: "palette__options", role: "listbox", "aria-label": t("Found") });
    this.dialog = h("dialog", { class: "modal palette", "aria-label": t("Find a command, a dialog or a page"), on: { close: () => this.dialog.remove() } },
      h("label", { class: "search palette__search" }, icon("search", 18), this.input, h("kbd", { class: "only-desk" }, "Esc")), this.list);
    this.dialog.addEventListener("click", ({ target }) => { if (target === this.dialog) this.dialog.close(); });
  }

  open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.input.focus();
    this.#show();
  }

  /** What the console knows is there at once; the rest is the server's, a moment later. */
  #ask() {
    this.#found = [];
    this.#chosen = 0;
    this.#show();
    const words = this.input.value.trim();
    const asked = this.#asked += 1;
    clearTimeout(this.timer);
    if (words.length < 2) return;
    this.timer = setTimeout(async () => {
      const found = await foundBy(words);
      const items = found.length ? found : await foundBy(swapped(words));
      if (asked !== this.#asked) return;
      this.#found = items.slice(0, SHOWN.found);
      this.#show();
    }, PAUSE);
  }

  #show() {
    const words = this.input.value.trim();
    const groups = words ? this.#matches(words) : this.#usual();
    this.#options = groups.flatMap(([, items]) => items);
    this.list.replaceChildren(...groups.filter(([, items]) => items.length).map(([title, items]) => this.#group(title, items)));
    if (!this.#options.length) this.list.replaceChildren(h("p", { class: "empty" }, t("Nothing found")));
    this.#choose(Math.min(this.#chosen, this.#options.length - 1));
  }

  #matches(words) {
    const { commands, dialogs, pages } = this.sources;
    const local = ranked(dialogs, words, SHOWN.dialogs);
    const others = this.#found.filter(({ key }) => !local.some((item) => item.key === key));
    const [actions, people] = [[t("Commands"), ranked(commands, words, SHOWN.commands)], [t("Dialogs"), local]];
    return [actions, people, [t("Found on the server"), others], [t("Pages"), ranked(pages, words, SHOWN.pages)]];
  }

  #usual() {
    const { commands, dialogs, pages } = this.sources;
    const recent = recentKeys().map((key) => [...commands, ...dialogs, ...pages].find((item) => item.key === key)).filter(Boolean);
    return [[t("Recent"), recent], [t("Commands"), commands.filter((item) => !recent.includes(item))], [t("Pages"), pages.filter((item) => !recent.includes(item))]];
  }

  #group(title, items) {
    return h("div", { role: "group", "aria-label": title }, h("h3", { class: "targets__title", "aria-hidden": "true" }, title), ...items.map((item) => h("div", {
      id: `palette-${this.#options.indexOf(item)}`, role: "option", class: "palette__option", "aria-selected": "false", on: { click: () => this.#run(item) },
    }, h("span", { class: "palette__sign" }, item.sign()), h("span", { class: "truncate" }, item.title), item.note ? h("small", { class: "truncate" }, item.note) : null, item.keys ? h("kbd", { class: "only-desk" }, item.keys) : null)));
  }

  #choose(index) {
    this.#chosen = Math.max(0, index);
    for (const option of this.list.querySelectorAll("[role=option]")) {
      const isChosen = option.id === `palette-${this.#chosen}`;
      option.setAttribute("aria-selected", String(isChosen));
      if (isChosen) option.scrollIntoView({ block: "nearest" });
    }
    if (this.#options.length) this.input.setAttribute("aria-activedescendant", `palette-${this.#chosen}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[event.key];
    const { length } = this.#options;
    if (step && length) this.#choose(Math.abs(step) === 1 ? (this.#chosen + step + length) % length : Math.min(length - 1, this.#chosen + step));
    else if (event.key === "Enter" && !event.isComposing && length) this.#run(this.#options[this.#chosen]);
    else return;
    event.preventDefault();
  }

  #run(item) {
    this.dialog.close();
    noteRecent(item.key);
    item.run();
  }
}

/** The name in the code is English, so that a command is found in both languages. */
const commandItem = ({ name, title, icon: sign, subject, run, key }) => {
  const words = title(subject);
  const ownKey = state.settings.are_single_keys_on ? keyOf({ name, key }, state.settings.shortcuts) : "";
  return { key: `command:${name}`, title: words, text: `${words} ${name.replace(/[A-Z-]/g, " $&").toLowerCase()}`, sign: () => icon(sign, 18), keys: ownKey && keyWord(ownKey), run: () => run(subject) };
};
const dialogItem = (dialog) => ({
  key: `dialog:${dialog.id}`, title: dialog.client.name, text: `${dialog.client.name} ${dialog.line.name} #${dialog.id}`, note: dialog.preview?.text || dialog.line.name,
  sign: () => avatar(dialog.client, { size: "small", channel: dialog.channel }), run: () => openDialog(dialog.id),
});
const foundBy = (words) => get(`search/?${new URLSearchParams({ q: words })}`)
  .then(({ clients, messages }) => [...clients.results.map(clientItem), ...messages.results.map(messageItem)], () => []);
const together = (pieces) => pieces.map(({ text }) => text).join("");
const clientItem = (client) => ({
  key: client.dialog_id ? `dialog:${client.dialog_id}` : `client:${client.id}`, title: client.name || `#${client.id}`, note: client.address ? together(client.address.pieces) : t("Client card"),
  sign: () => avatar({ ...client, name: client.name || "#" }, { size: "small" }), run: () => (client.dialog_id ? openDialog(client.dialog_id) : location.assign(`/crm/clients/${client.id}/`)),
});
const messageItem = ({ dialog, message_id: id, pieces }) => ({ ...dialogItem(dialog), key: `message:${id}`, note: together(pieces), run: () => openMessage(dialog.id, id) });
/** The sections that this person has are in the rail already. */
const pageItems = () => [...document.querySelectorAll(".rail__link")].map((link) => ({
  key: `page:${link.getAttribute("href")}`, title: link.title, text: link.title, sign: () => icon("right", 18), run: () => location.assign(link.href),
}));

const recentName = () => `palette:${state.me.id}`;
function recentKeys() {
  try { return JSON.parse(localStorage.getItem(recentName())) ?? []; } catch { return []; }
}
function noteRecent(key) {
  try { localStorage.setItem(recentName(), JSON.stringify([key, ...recentKeys().filter((one) => one !== key)].slice(0, RECENT))); } catch { /* a full storage costs the order, no command */ }
}
