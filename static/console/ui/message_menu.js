/** What can be done with one message. */
import { complain, deleteMessage, say } from "../core/actions.js";
import { t } from "../core/i18n.js";
import { dialogOf } from "../core/state.js";
import { store } from "../core/store.js";
import { menuItem, openMenu } from "./menu.js";
import { confirmModal } from "./modal.js";

export const isOwn = (message) => message.author.kind === "OPERATOR" && message.author.id === store.state.me.id;
const ask = (verb, message) => dispatchEvent(new CustomEvent(`composer:${verb}`, { detail: message }));

export function openMessageMenu(message, anchor, options) {
  // Pages that only show a conversation have no place to write in.
  const isOpen = document.querySelector("message-composer") && dialogOf(store.state, message.dialog_id)?.state === "ACTIVE";
  openMenu(anchor, [
    isQuotable(message) && menuItem("reply", t("Reply"), () => ask("reply", message)),
    message.text && menuItem("copy", t("Copy the text"), () => copy(message.text)),
    isOpen && isOwn(message) && message.text && menuItem("edit", t("Edit"), () => ask("edit", message)),
    isOpen && isOwn(message) && menuItem("trash", t("Delete"), () => confirmDelete(message), { isDanger: true }),
  ].filter(Boolean), options);
}

/** A channel knows the messages of its own thread alone, those of earlier dialogs in it included. */
function isQuotable({ dialog_id: id, visibility }) {
  const { feed, selectedId } = store.state;
  const isHere = id === selectedId || (feed?.dialogs.get(id)?.chat_id ?? -1) === feed?.dialogs.get(selectedId)?.chat_id;
  return isHere && visibility === "PUBLIC" && document.querySelector("message-composer") && dialogOf(store.state, selectedId)?.state === "ACTIVE";
}

function confirmDelete(message) {
  const words = message.visibility === "STAFF" ? t("The whisper disappears for your colleagues.") : t("The message disappears for the client, too, where the channel permits.");
  confirmModal(t("Delete this message?"), words, t("Delete"), () => deleteMessage(message));
}

/** The clipboard exists on secure pages only. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(t("Copied"));
  } catch {
    complain({ message: t("The browser does not let this page copy.") });
  }
}
