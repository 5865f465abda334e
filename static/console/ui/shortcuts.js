/** The keyboard does everything that the mouse does. */
import { commandOf } from "../core/keys.js";
import { store } from "../core/store.js";
import { COMMANDS, runCommand } from "./commands.js";
import { openDialog } from "./navigation.js";

const BINDINGS = Object.fromEntries(COMMANDS.filter(({ key }) => key).map(({ key, name }) => [key, name]));

export function startShortcuts() {
  addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open], [popover]:popover-open")) return;
    const { target } = event;
    const command = commandOf(event, BINDINGS, {
      isWriting: target.matches?.("input, textarea, select, [contenteditable]") ?? false,
      isInList: target === document.body || Boolean(target.closest?.("dialog-list")),
    });
    if (command && (WALKS[command] ?? runCommand)(command) !== false) event.preventDefault();
  });
}

const rows = () => [...document.querySelectorAll("dialog-list [data-dialog]")].filter((row) => row.offsetParent);

/** The row that has the focus, else the one of the dialog on screen. */
function step(by) {
  const all = rows();
  const focused = all.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : all.findIndex((row) => Number(row.dataset.dialog) === store.state.selectedId);
  return all[Math.min(all.length - 1, Math.max(0, from + by))];
}

const focusRow = (by) => step(by)?.focus() ?? true;
const openRow = (by) => {
  document.activeElement?.closest("dialog-list") && document.activeElement.blur();
  const row = step(by);
  if (row) openDialog(Number(row.dataset.dialog));
};

const WALKS = { next: () => focusRow(1), previous: () => focusRow(-1), openNext: () => openRow(1), openPrevious: () => openRow(-1) };
