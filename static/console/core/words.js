/** Codes of the contract in the reader's words. */
import { pieces, t, tn } from "./i18n.js";
import { channelName } from "./names.js";
import { duration, moment } from "./time.js";

export { channelName, errorWords, kindIcon, kindWord, standingWords } from "./names.js";

const RETURNED = {
  OFFLINE: () => t("{operator} is offline: the dialog is back in the queue"),
  PAUSED: () => t("{operator} is on a break: the dialog is back in the queue"),
  DAY_ENDED: () => t("{operator} ended the day: the dialog is back in the queue"),
  DAY_NOT_STARTED: () => t("{operator} has not started the day: the dialog is back in the queue"),
  ABSENT: () => t("{operator} is absent: the dialog is back in the queue"),
  DISMISSED: () => t("{operator} no longer works here: the dialog is back in the queue"),
  UNANSWERED: () => t("{operator} did not answer the client in time: the dialog is back in the queue"),
};

/** [icon, text]; a text may depend on its parameters. */
const SERVICE = {
  DIALOG_OPENED: ["right", () => t("Request No. {number} from {channel} to the line “{line}”")],
  DIALOG_OFFERED: ["bolt", ({ operator, operators }) => (operator ? t("Offered to {operator}") : tn("Offered to {operators} operator", "Offered to {operators} operators", operators, {}))],
  OFFER_EXPIRED: ["clock", () => t("{operator} did not answer in time")],
  OFFER_SKIPPED: ["right", () => t("{operator} skipped the dialog")],
  DIALOG_QUEUED: ["inbox", () => t("Nobody is free: the dialog waits in the queue")],
  OFF_HOURS: ["clock", ({ is_waiting: isWaiting, opening }) => {
    if (!isWaiting) return t("Outside the hours: the client was told");
    return opening ? t("Outside the hours: the dialog waits for the opening, {time}") : t("Outside the hours: the dialog waits in the queue");
  }],
  DIALOG_ACCEPTED: ["hand", () => t("{operator} took the dialog after {time}")],
  DIALOG_TRANSFERRED: ["transfer", () => t("{from} handed the dialog to {to}")],
  TRANSFER_OFFERED: ["transfer", () => t("{from} offers the dialog to {to}")],
  TRANSFERRED_TO_LINE: ["transfer", () => t("{from} handed the dialog to the line “{line}”")],
  TRANSFERRED_TO_GROUP: ["transfer", () => t("{from} handed the dialog to the group “{group}”")],
  DIALOG_TAKEN_OVER: ["takeover", ({ from }) => (from ? t("{operator} took the dialog over from {from}") : t("{operator} took the dialog over"))],
  OPERATOR_INVITED: ["adduser", ({ operator, by }) => (operator === by ? t("{operator} joined the dialog") : t("{by} invited {operator}"))],
  OPERATOR_LEFT: ["exit", () => t("{operator} left the dialog")],
  OPERATOR_REMOVED: ["exit", () => t("{by} took {operator} out of the dialog")],
  RETURNED_TO_QUEUE: ["inbox", returnedWords],
  LEAD_CREATED: ["funnel", () => t("Lead created: “{lead}”")],
  DIALOG_FINISHED: ["check", () => t("{operator} finished the dialog")],
  CLOSED_BY_SILENCE: ["clock", ({ minutes }) => tn("Finished by itself: {count} minute of silence", "Finished by itself: {count} minutes of silence", minutes)],
  CLOSED_BY_CLIENT: ["check", () => t("The client finished the conversation")],
  CLOSED_AT_ONCE: ["check", () => t("{operator} closed the dialog without waiting for an answer")],
  REOPENED_BY_CLIENT: ["right", () => t("The client has answered: the dialog goes on")],
  DIALOG_REOPENED: ["retry", () => t("{operator} reopened the dialog")],
  REOPENED_BY_OPERATOR: ["right", () => t("{operator} has written: the dialog goes on")],
  NOBODY_ANSWERED: ["clock", ({ count }) => (count > 1 ? t("Nobody has answered for {time}, {count} times by now") : t("Nobody has answered for {time}"))],
  OWED_SOON: ["alert", ({ days }) => tn("Nobody has answered for long: the dialog closes in {count} day", "Nobody has answered for long: the dialog closes in {count} days", days)],
  OWED_TOO_LONG: ["clock", ({ days }) => tn("Closed: nobody has answered for {count} day", "Closed: nobody has answered for {count} days", days)],
  CLIENT_RATED: ["star", ({ scale, score }) => {
    if (scale === "LIKE") return score ? t("The client liked the conversation") : t("The client did not like the conversation");
    return t("The client rated the conversation: {score} of 5");
  }],
  RATING_COMMENTED: ["star", () => t("The client on the rating: “{comment}”")],
  SUPERVISOR_RATED: ["star", ({ comment }) => (comment ? t("{supervisor} rated the work: {score} of 5. “{comment}”") : t("{supervisor} rated the work: {score} of 5"))],
  SNOOZED: ["snooze", ({ until }) => (until ? t("{operator} put the dialog aside until {until}") : t("{operator} put the dialog aside until the client writes"))],
  SNOOZE_OVER: ["snooze", () => t("The dialog is back: its time has come")],
  MARKED_AS_SPAM: ["ban", () => t("{operator} marked the dialog as spam")],
  COMMENT_HIDE_ASKED: ["eyeoff", () => t("{operator} has the comment hidden")],
  COMMENT_UNHIDE_ASKED: ["eye", () => t("{operator} has the comment shown again")],
  COMMENT_DELETE_ASKED: ["trash", () => t("{operator} has the comment removed")],
  COMMENT_NOT_MODERATED: ["alert", () => t("The channel refused: {reason}")],
  ARRIVAL_CONFIRMED: ["check", () => t("{operator} says that the message arrived")],
  CLIENT_BLOCKED_US: ["ban", () => t("The client has blocked us: messages will not arrive")],
  CLIENT_UNBLOCKED_US: ["check", () => t("The client has unblocked us")],
};

function returnedWords({ reason, operator, by }) {
  if (reason === "BY_HAND") return by && by !== operator ? t("{by} returned the dialog of {operator} to the queue") : t("{operator} returned the dialog to the queue");
  return (RETURNED[reason] ?? RETURNED.OFFLINE)();
}

/** {icon, pieces: [{text, name?}]}; an unknown code of a newer server is still shown. */
export function serviceLine({ code, params }) {
  const [icon, template] = SERVICE[code] ?? ["info", () => code];
  const values = { ...params };
  if (params.kind) values.channel = channelName(params.kind);
  if (params.seconds != null) values.time = duration(params.seconds * 1000);
  if (params.opening) values.time = moment(params.opening);
  if (params.until) values.until = moment(params.until);
  if (params.title) values.lead = params.title;
  return { icon, pieces: pieces(template(values), values) };
}

export const usualBreaks = () => [t("Lunch"), t("Short break"), t("Meeting"), t("Training")];

export const workingDayWord = (day) => ({ NOT_STARTED: t("Day not started"), STARTED: t("At work"), ENDED: t("Day ended") })[day];
export const outcomeWord = (outcome) => ({ OFFERED: t("Offered"), QUEUED: t("Waits in the queue"), ASSIGNED: t("Has an operator"), RETURNED: t("Back to the queue") })[outcome] ?? outcome;

export const closeWord = (reason) => ({
  OPERATOR: t("Finished by an operator"), CLIENT: t("Finished by the client"), SILENCE: t("Finished after silence"), SPAM: t("Marked as spam"),
  OWED_TOO_LONG: t("Closed without an answer"),
})[reason] ?? t("Finished");

const ERRORS = {
  BLOCKED: () => t("The client has blocked us."), TOKEN_REVOKED: () => t("The channel is no longer connected: its token was revoked."),
  WINDOW: () => t("The client wrote too long ago: wait until they write again, or send a template."),
  LATER: () => t("The channel's limit is used up for now: it goes out by itself later."),
  PERMANENT: () => t("The channel refused this message."), EXPIRED_RETRIES: () => t("The channel could not be reached."),
};
/** Why a message did not arrive. One frame serves readers of all languages, so the code counts, not its words. */
export const failureWords = ({ code, message } = {}) => ERRORS[code]?.() ?? (message || t("Not sent."));
