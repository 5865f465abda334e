/** All keys on one sheet, as they are now. */
import { button, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { keyOf, keyWord } from "../core/keys.js";
import { store } from "../core/store.js";
import { openModal } from "./modal.js";

const list = () => [
  [[["J"], ["K"]], t("Next and previous dialog")], [[["Enter"]], t("Open the dialog")], [[["Ctrl", "↓"], ["Ctrl", "↑"]], t("The same while writing")],
  [[["Alt", "1"], ["Alt", "9"]], t("The first to the ninth dialog")], [[["G", "M"]], t("Go to my dialogs")], [[["G", "W"]], t("Go to those who wait")],
  [[["G", "A"]], t("Go to all dialogs")], [[["G", "C"]], t("Go to finished dialogs")],
];
const writing = (isCtrl) => [
  [[isCtrl ? ["Ctrl", "Enter"] : ["Enter"]], t("Send")], [[isCtrl ? ["Enter"] : ["Shift", "Enter"]], t("New line")],
  [[["↑"]], t("Change the last message, in an empty field")], [[["Esc"]], t("Leave the field, close")],
];

export function openShortcutSheet(commands, openKeys) {
  if (document.querySelector("dialog[open]")) return;
  const { settings } = store.state;
  const single = commands.filter((command) => keyOf(command, settings.shortcuts)).map((command) => [[[keyWord(keyOf(command, settings.shortcuts))]], command.title(null)]);
  const everywhere = [[[["Ctrl", "K"]], t("Find a command, a dialog or a page")], [[["?"]], t("Keys")]];
  const modal = openModal(t("Keys"), [
    settings.are_single_keys_on ? null : h("p", { class: "notice" }, t("Single letters are switched off in your settings.")),
    h("div", { class: "key-sheet" }, section(t("With a dialog"), single), section(t("In the list"), list()), section(t("While writing"), writing(settings.send_key === "CTRL_ENTER")), section(t("Everywhere"), everywhere)),
  ].filter(Boolean), { look: "modal modal--wide", foot: [button("btn btn--ghost", t("Change the keys…"), () => { modal.close(); openKeys(); })] });
  // It may be longer than the screen: the arrows move it.
  const body = modal.querySelector(".modal__body");
  for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", t("Keys")]]) body.setAttribute(name, value);
}

const section = (title, rows) => h("section", {}, h("h3", { class: "key-sheet__title" }, title),
  h("dl", { class: "keys" }, ...rows.flatMap(([combinations, words]) => [h("dt", {}, ...combinations.map(keys)), h("dd", {}, words)])));
const keys = (names) => h("span", { class: "keys__chord" }, ...names.map((name) => h("kbd", {}, name)));
