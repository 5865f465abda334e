/** What an operator can do, told once: the keys, the menu of a conversation and the palette all draw from this list.
 *
 *  {name, icon, title(dialog), key, about(), run(dialog), inMenu, isDanger}: `about` answers the dialog that is meant,
 *  true where none is needed, or null while the command makes no sense; `key` is a physical key, for single letters. */
import { answer, createLead, finish, leaveDialog, pin, reopen, say, skip, takeOver } from "../core/actions.js";
import { t } from "../core/i18n.js";
import { keyOf, keyWord } from "../core/keys.js";
import { later } from "../core/later.js";
import { rulesOf } from "../core/line_rules.js";
import { isAside, isClosing, isFree, isInvited, isMine, isOfferedTo, mayReopen, mayReturn, mayTakeOver } from "../core/lists.js";
import { wake } from "../core/marks.js";
import { dialogOf } from "../core/state.js";
import { store } from "../core/store.js";
import { asksForTopic, topicsFor } from "../core/topics.js";
import { confirmModal } from "./modal.js";
import { openCard, openDialog } from "./navigation.js";

const { state } = store;
const always = () => true;
const chosen = () => dialogOf(state, state.selectedId);
const only = (dialog, holds) => (dialog && holds(dialog) ? dialog : null);
const isOpen = (dialog) => dialog.state !== "CLOSED";
const mayRule = (dialog) => isMine(dialog, state.me) || state.me.role !== "OPERATOR";
const composer = () => document.querySelector("message-composer:not([hidden])");
const composing = () => (composer() ? true : null);

/** The dialog on screen if it can be taken, else the offer that is due first. */
const takeable = () => only(chosen(), (dialog) => isOfferedTo(dialog, state.me) || ["QUEUED", "NEW"].includes(dialog.state))
  ?? [...state.open.values()].find((dialog) => isOfferedTo(dialog, state.me)) ?? null;
const offered = () => only(takeable(), (dialog) => isOfferedTo(dialog, state.me));
const ruled = () => only(chosen(), (dialog) => isOpen(dialog) && mayRule(dialog));
const inWork = () => only(ruled(), (dialog) => dialog.state === "ACTIVE");

/** The row that has the focus, else the dialog on screen. */
const markable = () => state.open.get(Number(document.activeElement?.closest(".dialog-list__rows [data-dialog]")?.dataset.dialog)) ?? state.open.get(state.selectedId);

/** Once more ends the time in which the client may answer the goodbye. */
export const finishWord = (dialog) => (dialog && isClosing(dialog) ? t("Close now") : t("Finish"));

const TABS = {
  mine: () => t("Go to my dialogs"), waiting: () => t("Go to those who wait"), all: () => t("Go to all dialogs"), closed: () => t("Go to finished dialogs"),
};
const tabOf = (tab) => document.querySelector(`dialog-list [role=tab][data-tab="${tab}"]:not([hidden])`);

const formOf = (dialog) => state.lines.find(({ id }) => id === dialog.line.id)?.form_url;
/** Phones that the card knows are offered; without them the number is typed in. */
const noteCall = ({ id, client }) => later("callBack").then(({ openCallBack }) => openCallBack({ client, dialogId: id, phones: document.querySelector("client-card").phones ?? [] }));

/** At once, or with the topic that the line wants to know. */
export const finishDialog = (dialog) => (asksForTopic(dialog, state) ? later("topic").then(({ finishWithTopic }) => finishWithTopic(dialog)) : finish(dialog.id));

export const COMMANDS = [
  { name: "answer", icon: "check", title: () => t("Answer"), key: "KeyA", about: takeable, run: ({ id }) => answer(id).then((dialog) => dialog && openDialog(id)) },
  { name: "skip", icon: "right", title: () => t("Skip"), key: "KeyS", about: offered, run: ({ id }) => skip(id) },
  { name: "finish", icon: "check", title: finishWord, key: "KeyE", inMenu: true, about: () => only(ruled(), (dialog) => !isFree(dialog)), run: (dialog) => finishDialog(dialog) },
  { name: "transfer", icon: "transfer", title: () => t("Transfer"), key: "KeyT", inMenu: true, about: () => ruled() ?? takeable(), run: ({ id }) => later("transfer").then(({ openTransfer }) => openTransfer(id)) },
  { name: "invite", icon: "adduser", title: () => t("Invite colleagues"), key: "KeyV", inMenu: true, about: ruled, run: ({ id }) => later("invite").then(({ openInvitation }) => openInvitation(id)) },
  { name: "leave", icon: "exit", title: () => t("Leave the dialog"), inMenu: true, about: () => only(chosen(), (dialog) => isOpen(dialog) && isInvited(dialog, state.me)), run: ({ id }) => leaveDialog(id) },
  { name: "pin", icon: "pin", title: (dialog) => (dialog?.is_pinned ? t("Unpin") : t("Pin")), key: "KeyP", inMenu: true, about: ruled, run: ({ id }) => pin(id) },
  { name: "return", icon: "retry", title: () => t("Return to the queue"), inMenu: true, about: () => only(chosen(), (dialog) => mayReturn(dialog, state.me)), run: ({ id }) => later("transfer").then(({ openReturn }) => openReturn(id)) },
  { name: "takeOver", icon: "takeover", title: () => t("Take over"), inMenu: true, about: () => only(chosen(), (dialog) => mayTakeOver(dialog, state.me, rulesOf(dialog.line.id))), run: ({ id }) => takeOver(id) },
  { name: "reopen", icon: "retry", title: () => t("Reopen"), inMenu: true, about: () => only(chosen(), (dialog) => mayReopen(dialog, state.me)), run: ({ id }) => reopen(id) },
  { name: "lead", icon: "funnel", title: () => t("Create a lead"), inMenu: true, about: chosen, run: ({ id }) => createLead(id).then((lead) => lead && say(t("Lead created: “{lead}”", { lead: lead.title }))) },
  { name: "why", icon: "question", title: () => t("Why this operator?"), inMenu: true, about: chosen, run: (dialog) => later("why").then(({ explainDialog }) => explainDialog(dialog)) },
  { name: "rate", icon: "star", title: () => t("Rate the work"), inMenu: true, about: () => only(chosen(), () => state.me.role !== "OPERATOR"), run: (dialog) => later("rate").then(({ rateDialog }) => rateDialog(dialog)) },
  { name: "tags", icon: "tag", title: () => t("Tags"), key: "KeyL", inMenu: true, about: chosen, run: (dialog) => later("tags").then(({ openDialogTags }) => openDialogTags(dialog)) },
  { name: "topic", icon: "flag", title: () => t("Topic"), inMenu: true, about: () => only(chosen(), (dialog) => mayRule(dialog) && topicsFor(dialog, state.topics).length > 0), run: (dialog) => later("topic").then(({ chooseTopic }) => chooseTopic(dialog)) },
  { name: "snooze", icon: "snooze", title: () => t("Put aside"), key: "KeyZ", inMenu: true, about: () => only(inWork(), (dialog) => !isClosing(dialog)), run: (dialog) => later("snooze").then(({ openSnooze }) => openSnooze(dialog)) },
  { name: "wake", icon: "snooze", title: () => t("Take it up again"), inMenu: true, about: () => only(ruled(), isAside), run: ({ id }) => wake(id) },
  { name: "callBack", icon: "phone", title: () => t("Call back"), key: "KeyC", inMenu: true, about: chosen, run: (dialog) => noteCall(dialog) },
  { name: "callBacks", icon: "phone", title: () => t("Call-backs"), about: always, run: () => later("callBacks").then(({ openCallBacks }) => openCallBacks()) },
  { name: "form", icon: "form", title: () => t("Send the link to the form"), inMenu: true, about: () => only(composing() && chosen(), (dialog) => Boolean(formOf(dialog))), run: (dialog) => dispatchEvent(new CustomEvent("composer:insert", { detail: { text: formOf(dialog) } })) },
  { name: "spam", icon: "ban", title: () => t("Finish as spam"), inMenu: true, isDanger: true, about: inWork, run: (dialog) => confirmSpam(dialog) },
  { name: "whisper", icon: "eyeoff", title: () => t("Whisper or reply"), key: "KeyN", about: composing, run: () => composer().toggleWhisper() },
  { name: "saveReply", icon: "bolt", title: () => t("Save the text as a quick reply"), inMenu: true, about: () => composer()?.text.value.trim() || null, run: (text) => later("quickReplyForm").then(({ openQuickReplyForm }) => openQuickReplyForm({ text })) },
  { name: "quickReplies", icon: "bolt", title: () => t("My quick replies"), about: always, run: () => later("quickReplies").then(({ openQuickReplies }) => openQuickReplies()) },
  { name: "reply", icon: "reply", title: () => t("Reply"), key: "KeyR", about: composing, run: () => composer().text.focus() },
  { name: "card", icon: "info", title: () => t("Client card"), key: "KeyI", about: chosen, run: () => openCard() },
  { name: "search", icon: "search", title: () => t("Search"), key: "Slash", about: always, run: () => document.querySelector("dialog-list .search__input").focus() },
  { name: "filters", icon: "filter", title: () => t("Filters"), key: "KeyF", about: always, run: () => document.querySelector("dialog-list").openFilters() },
  { name: "mark", icon: "check", title: () => t("Choose several dialogs"), key: "KeyX", about: () => markable() ?? null, run: ({ id }) => later("marking").then(({ toggleMark }) => toggleMark(id)) },
  { name: "day", icon: "clock", title: () => t("Working day and breaks"), key: "KeyB", about: () => (document.querySelector("presence-pill:not([hidden])") ? true : null), run: () => document.querySelector("presence-pill").open() },
  ...["mine", "waiting", "all", "closed"].map((tab) => ({ name: `tab-${tab}`, icon: "inbox", title: () => TABS[tab](), about: () => tabOf(tab), run: (element) => { element.click(); element.focus(); } })),
  { name: "palette", icon: "bolt", title: () => t("Find a command, a dialog or a page"), about: always, run: () => later("palette").then(({ openPalette }) => openPalette(offeredNow())) },
  { name: "settings", icon: "gear", title: () => t("Settings of my console"), about: always, run: () => openSettings("alerts") },
  { name: "sheet", icon: "keyboard", title: () => t("Keys"), about: always, run: () => later("sheet").then(({ openShortcutSheet }) => openShortcutSheet(COMMANDS, () => openSettings("keys"))) },
];
const BY_NAME = new Map(COMMANDS.map((command) => [command.name, command]));

/** What makes sense at this moment, with what it is about. */
const offeredNow = () => COMMANDS.filter(({ name }) => name !== "palette").map((command) => ({ ...command, subject: command.about() })).filter(({ subject }) => subject);
const openSettings = (page) => later("settings").then(({ openSettingsSheet }) => openSettingsSheet(page, COMMANDS));

/** The key that does it at present, as it is printed; empty where there is none. */
export function shownKey(name) {
  const { settings } = state;
  return settings?.are_single_keys_on && BY_NAME.has(name) ? keyWord(keyOf(BY_NAME.get(name), settings.shortcuts)) : "";
}

/** Does it if it makes sense now; answers whether it did. */
export function runCommand(name) {
  const command = BY_NAME.get(name);
  const subject = command?.about();
  if (!subject) return false;
  command.run(subject);
  return true;
}

const confirmSpam = (dialog) => confirmModal(t("Finish as spam?"), t("The dialog with {name} is finished and does not count in the reports.", { name: dialog.client.name }), t("Finish as spam"), () => finishAsSpam(dialog.id));

async function finishAsSpam(dialogId) {
  if (await finish(dialogId, true)) say(t("Finished as spam"), { action: { label: t("Undo"), act: () => reopen(dialogId) } });
}
