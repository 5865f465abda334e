/** The keyboard does everything that the mouse does. */
import { answer, finish, pin, skip } from "../core/actions.js";
import { commandOf } from "../core/keys.js";
import { isMine, isOfferedTo, isFree } from "../core/lists.js";
import { dialogOf } from "../core/state.js";
import { store } from "../core/store.js";
import { openCard, openDialog } from "./navigation.js";
import { openTransfer } from "./transfer_picker.js";
import { openShortcutSheet } from "./shortcut_sheet.js";

export function startShortcuts() {
  addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open], [popover]:popover-open")) return;
    const { target } = event;
    const command = commandOf(event, {
      isWriting: target.matches?.("input, textarea, select, [contenteditable]") ?? false,
      isInList: target === document.body || Boolean(target.closest?.("dialog-list")),
    });
    if (command && COMMANDS[command]() !== false) event.preventDefault();
  });
}

const composer = () => document.querySelector("message-composer:not([hidden])");
const rows = () => [...document.querySelectorAll("dialog-list [data-dialog]")].filter((row) => row.offsetParent);
const offered = () => {
  const { state } = store;
  const chosen = dialogOf(state, state.selectedId);
  if (chosen && (isOfferedTo(chosen, state.me) || chosen.state === "QUEUED" || chosen.state === "NEW")) return chosen;
  return [...state.open.values()].find((dialog) => isOfferedTo(dialog, state.me)) ?? null;
};
const owned = () => {
  const chosen = dialogOf(store.state, store.state.selectedId);
  return chosen && chosen.state !== "CLOSED" && (isMine(chosen, store.state.me) || store.state.me.role !== "OPERATOR") ? chosen : null;
};

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
const withDialog = (dialog, act) => (dialog ? act(dialog) : false);

const COMMANDS = {
  next: () => focusRow(1), previous: () => focusRow(-1), openNext: () => openRow(1), openPrevious: () => openRow(-1),
  answer: () => withDialog(offered(), ({ id }) => { answer(id).then((dialog) => dialog && openDialog(id)); }),
  skip: () => withDialog(offered(), (dialog) => (isOfferedTo(dialog, store.state.me) ? void skip(dialog.id) : false)),
  transfer: () => withDialog(owned() ?? offered(), ({ id }) => openTransfer(id)),
  finish: () => withDialog(owned(), (dialog) => (isFree(dialog) ? false : void finish(dialog.id))),
  pin: () => withDialog(owned(), ({ id }) => void pin(id)),
  whisper: () => composer()?.toggleWhisper() ?? Boolean(composer()),
  reply: () => composer()?.text.focus() ?? Boolean(composer()),
  card: () => openCard(),
  search: () => document.querySelector("dialog-list .search__input").focus(),
  day: () => document.querySelector("presence-pill:not([hidden])")?.open(),
  sheet: () => openShortcutSheet(),
};
