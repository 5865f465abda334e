/** How one writes and which key does what; a key that is taken says whose it is. */
import { button, h, iconButton } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { keyOf, keyWord, whyNot, withKey } from "../core/keys.js";
import { changeSettings } from "../core/settings.js";
import { store } from "../core/store.js";
import { choice, part, switchRow } from "./settings_parts.js";

const settings = () => store.state.settings;

export function keysPage(commands) {
  const list = h("div", { class: "key-list" });
  const fill = () => list.replaceChildren(...commands.filter(isRebindable).map((command) => row(command, commands, fill)));
  fill();
  return [
    part(t("While writing"),
      choice(t("The message is sent by"), [["ENTER", t("Enter; Shift and Enter begin a new line")], ["CTRL_ENTER", t("Ctrl and Enter; Enter begins a new line")]], settings().send_key, (key) => changeSettings({ send_key: key })),
      switchRow(t("Five seconds to take it back"), t("A message waits for five seconds before it goes out"), settings().undo_seconds > 0, (isOn) => changeSettings({ undo_seconds: isOn ? 5 : 0 }))),
    part(t("Keys"),
      switchRow(t("Single letters are commands"), t("While no field has the focus. Without them Ctrl and K still find everything."), settings().are_single_keys_on, (isOn) => { list.toggleAttribute("inert", !isOn); changeSettings({ are_single_keys_on: isOn }); }),
      list,
      h("div", { class: "settings-row settings-row--end" }, button("btn btn--ghost btn--small", t("All keys as they were"), () => { changeSettings({ shortcuts: {} }); fill(); }))),
  ];
}

/** Tabs are reached by G and a letter; the palette has its own key. */
const isRebindable = ({ name }) => !name.startsWith("tab-") && name !== "palette" && name !== "sheet";

function row(command, commands, refill) {
  const words = command.title(null);
  const key = keyOf(command, settings().shortcuts);
  const note = h("small", { class: "key-list__note", role: "status" });
  const press = h("button", {
    type: "button", class: "key-list__key", "aria-label": t("Key of “{command}”: {key}", { command: words, key: key ? keyWord(key) : t("none") }),
    on: { click: () => listen(), keydown: (event) => take(event), blur: () => show(key) },
  });
  let isListening = false;
  const show = (code) => { isListening = false; press.replaceChildren(code ? h("kbd", {}, keyWord(code)) : h("span", {}, t("none"))); press.classList.remove("key-list__key--listening"); };
  const listen = () => { isListening = true; press.replaceChildren(t("Press a key…")); press.classList.add("key-list__key--listening"); };
  const set = (code) => { changeSettings({ shortcuts: withKey(code, command, commands, settings().shortcuts) }); refill(); document.getElementById(`key-of-${command.name}`)?.focus(); };
  const take = (event) => {
    if (!isListening || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return show(key);
    const reason = whyNot(event.code, command.name, commands, settings().shortcuts);
    if (reason === null) set(event.code);
    else explain(reason, event.code);
  };
  const explain = (reason, code) => {
    const owner = commands.find(({ name }) => name === reason);
    if (!owner) return note.replaceChildren(reason === "reserved" ? t("This key walks through the list.") : t("Choose a letter, a digit or a sign."));
    note.replaceChildren(t("“{command}” has this key.", { command: owner.title(null) }), " ", button("btn btn--link", t("Take it"), () => set(code)));
  };
  press.id = `key-of-${command.name}`;
  show(key);
  return h("div", { class: "key-list__row" }, h("span", {}, words, note), press, iconButton("x", t("No key for “{command}”", { command: words }), () => set(""), `btn btn--icon btn--small${key ? "" : " invisible"}`));
}
