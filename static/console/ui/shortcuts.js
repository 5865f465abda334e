/** The keyboard does everything that the mouse does. */
import { bindingsOf, commandOf } from "../core/keys.js";
import { store } from "../core/store.js";
import { COMMANDS, runCommand, shownKey } from "./commands.js";
import { keepFocus } from "./focus_keeper.js";
import { openDialog } from "./navigation.js";

const LED_FOR = 1500;
let bindings = bindingsOf(COMMANDS);
let ledAt = 0;

export function startShortcuts() {
  const learn = () => { bindings = bindingsOf(COMMANDS, store.state.settings.shortcuts); };
  learn();
  store.on(["settings"], learn);
  keepFocus();
  addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open], [popover]:popover-open")) return;
    const command = commandOf(event, bindings, situation(event.target));
    ledAt = command === "lead" ? Date.now() : 0;
    if (command && perform(command) !== false) event.preventDefault();
  });
  addEventListener("click", (event) => { closeMenu(event.target); if (runCommand(event.target.closest?.("[data-command]")?.dataset.command)) event.preventDefault(); });
  for (const sign of ["pointerover", "focusin"]) addEventListener(sign, ({ target }) => showHint(target.closest?.("[data-hint]")));
  if (/^#(settings|palette|tab-\w+)$/.test(location.hash)) runCommand(location.hash.slice(1));
}

/** A popover would stay above what was opened from it. */
const closeMenu = (target) => { if (target.closest?.("[data-command]")) target.closest("[popover]")?.hidePopover(); };

const situation = (target) => ({
  isWriting: target.matches?.("input, textarea, select, [contenteditable]") ?? false,
  isInList: target === document.body || Boolean(target.closest?.("dialog-list")),
  isLed: Date.now() - ledAt < LED_FOR, areSingleKeysOn: store.state.settings?.are_single_keys_on ?? true,
});

function perform(command) {
  const [what, which] = command.split(":");
  return which ? WITH[what](which) : (WALKS[command] ?? runCommand)(command);
}

/** A button tells the key that does the same, whatever it is by now. */
function showHint(element) {
  if (!element) return;
  const key = shownKey(element.dataset.hint);
  const word = element.getAttribute("aria-label") ?? element.textContent;
  element.title = key ? `${word} (${key})` : word;
  element.toggleAttribute("aria-keyshortcuts", Boolean(key));
  if (key) element.setAttribute("aria-keyshortcuts", key);
}

const list = () => document.querySelector("dialog-list");

/** The next one after the row that has the focus, else after the dialog on screen. */
function step(by) {
  const { order } = list();
  const focused = order.indexOf(Number(document.activeElement?.closest("dialog-list [data-dialog]")?.dataset.dialog));
  const from = focused >= 0 ? focused : order.indexOf(store.state.selectedId);
  return order[Math.min(order.length - 1, Math.max(0, from + by))] ?? null;
}

function focusRow(by) {
  const id = step(by);
  if (id !== null) list().focusRow(id);
}

function openRow(by) {
  const id = step(by);
  if (document.activeElement?.closest("dialog-list")) document.activeElement.blur();
  if (id === null) return;
  openDialog(id);
  list().reveal(id);
}

const WALKS = { next: () => focusRow(1), previous: () => focusRow(-1), openNext: () => openRow(1), openPrevious: () => openRow(-1), lead: () => true };
const WITH = {
  tab: (tab) => runCommand(`tab-${tab}`),
  dialog: (number) => { const id = list().order[number - 1]; return id ? openDialog(id) : false; },
};
