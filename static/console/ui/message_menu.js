/** What can be done with one message. */
import { complain, deleteMessage, moderateComment, say } from "../core/actions.js";
import { h } from "../core/dom.js";
import { wordsOf } from "../core/formatting.js";
import { t } from "../core/i18n.js";
import { meansOf } from "../core/kinds.js";
import { later } from "../core/later.js";
import { dialogOf } from "../core/state.js";
import { store } from "../core/store.js";
import { menuItem, openMenu } from "./menu.js";
import { confirmModal } from "./modal.js";

export const isOwn = (message) => message.author.kind === "OPERATOR" && message.author.id === store.state.me.id;
/** Supervisors and administrators may see which way a message took; the server decides about the line. */
const steersIt = ({ id, author }) => id && author.kind !== "SYSTEM" && store.state.me.role !== "OPERATOR";
const ask = (verb, message) => dispatchEvent(new CustomEvent(`composer:${verb}`, { detail: message }));

export function openMessageMenu(message, anchor, options) {
  // Pages that only show a conversation have no place to write in.
  const composer = document.querySelector("message-composer");
  const dialog = dialogOf(store.state, message.dialog_id);
  const isChangeable = composer && dialog?.state === "ACTIVE" && isOwn(message);
  const can = isChangeable ? meansFor(message, dialog) : {};
  openMenu(anchor, [
    isQuotable(message) && menuItem("reply", t("Reply"), () => ask("reply", message)),
    ...commentItems(message, composer, dialog),
    message.text && menuItem("copy", t("Copy the text"), () => copy(wordsOf(message))),
    message.text && composer && menuItem("bolt", t("Save as a quick reply"), () => later("quickReplyForm").then(({ openQuickReplyForm }) => openQuickReplyForm({ text: message.text }))),
    steersIt(message) && menuItem("clock", t("Trace"), () => open(`/settings/messages/${message.id}/trace/`, "_blank", "noopener")),
    isChangeable && can.edit && message.text && menuItem("edit", t("Edit"), () => ask("edit", message)),
    isChangeable && can.delete && menuItem("trash", t("Delete"), () => confirmDelete(message), { isDanger: true }),
    isChangeable && !(can.edit && can.delete) && h("p", { class: "menu__note", role: "none" }, can.edit ? t("This channel can't take back what was sent.") : t("This channel can't change what was sent.")),
  ].filter(Boolean), options);
}

/** Public comments of clients: answered in private, hidden, removed, where the channel can. */
function commentItems(message, composer, dialog) {
  const means = composer && dialog && message.author.kind === "CLIENT" && message.id ? meansOf(dialog.channel) : null;
  if (!means) return [];
  return [
    means.private_reply && dialog.state === "ACTIVE" && menuItem("eyeoff", t("Reply privately"), () => ask("private", message)),
    means.hide && (message.hidden_at ? menuItem("eye", t("Show to everyone again"), () => moderateComment(message, "UNHIDE")) : menuItem("eyeoff", t("Hide from others"), () => moderateComment(message, "HIDE"))),
    means.delete_theirs && menuItem("trash", t("Remove the comment"), () => confirmRemoval(message), { isDanger: true }),
  ];
}

function confirmRemoval(message) {
  confirmModal(t("Remove this comment?"), t("It disappears for everybody, and can't be brought back."), t("Remove"), () => moderateComment(message, "DELETE"));
}

/** Colleagues forget a whisper at once; what a client has is their channel's matter. */
const meansFor = ({ visibility }, { channel }) => (visibility === "STAFF" ? { edit: true, delete: true } : meansOf(channel) ?? { edit: true, delete: true });

/** A channel knows the messages of its own thread alone, those of earlier dialogs in it included. */
function isQuotable({ dialog_id: id, visibility }) {
  const { feed, selectedId } = store.state;
  const isHere = id === selectedId || (feed?.dialogs.get(id)?.chat_id ?? -1) === feed?.dialogs.get(selectedId)?.chat_id;
  return isHere && visibility === "PUBLIC" && document.querySelector("message-composer") && dialogOf(store.state, selectedId)?.state === "ACTIVE" && repliesIn(dialogOf(store.state, selectedId));
}

const repliesIn = ({ channel }) => meansOf(channel)?.reply ?? true;

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
