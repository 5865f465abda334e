/** Which dialogs stand where in the list. Pure. */
export const isMine = (dialog, me) => dialog.owner_id === me.id;
/** I was invited into what somebody else answers, or will. */
export const isInvited = (dialog, me) => dialog.participant_ids.includes(me.id);
export const writesTo = (dialog, me) => isMine(dialog, me) || (dialog.owner_id !== null && isInvited(dialog, me));
export const isOfferedTo = (dialog, me) => Boolean(dialog.offer?.operator_ids.includes(me.id));
export const isFree = (dialog) => dialog.owner_id === null && dialog.state !== "CLOSED";
/** Supervisors take over; operators do where the line's rules let them, and only what somebody has. */
export const mayTakeOver = (dialog, me, rules) => dialog.state !== "CLOSED" && !isMine(dialog, me)
  && (me.role !== "OPERATOR" || (dialog.owner_id !== null && Boolean(rules?.colleagues_take_over)));
export const mayReturn = (dialog, me) => dialog.state === "ACTIVE" && (isMine(dialog, me) || me.role !== "OPERATOR");
export const isClosing = (dialog) => Boolean(dialog.closing_at) && dialog.state !== "CLOSED";
export const waitsForUs = (dialog) => dialog.waiting_since !== null && dialog.state !== "CLOSED";

/** Times are ISO 8601 in UTC of one length: as texts they stand in order, and need no parsing. */
const compare = (left, right) => (left === right ? 0 : left < right ? -1 : 1);
const byTime = (field) => (left, right) => compare(left[field] ?? "", right[field] ?? "") || left.id - right.id;
const LONGEST_FIRST = byTime("waiting_since");
const NEWEST_FIRST = (left, right) => right.is_pinned - left.is_pinned || byTime("last_message_at")(right, left);
const SOONEST_FIRST = (left, right) => compare(left.offer.expires_at ?? "~", right.offer.expires_at ?? "~") || left.id - right.id;

const TABS = {
  mine: (dialog, me) => isMine(dialog, me) || isInvited(dialog, me),
  waiting: (dialog) => isFree(dialog) || waitsForUs(dialog),
  all: () => true,
};

/** Sections of a tab: offered to me, in the queue, waiting for us, in work. */
export function sectionsOf(dialogs, tab, me) {
  const offers = dialogs.filter((dialog) => isOfferedTo(dialog, me)).sort(SOONEST_FIRST);
  const rest = dialogs.filter((dialog) => !isOfferedTo(dialog, me) && TABS[tab](dialog, me));
  const [free, owned] = [rest.filter(isFree), rest.filter((dialog) => !isFree(dialog))];
  return {
    offers,
    queue: free.sort(byTime("opened_at")),
    waiting: owned.filter(waitsForUs).sort(LONGEST_FIRST),
    work: owned.filter((dialog) => !waitsForUs(dialog)).sort(NEWEST_FIRST),
  };
}

export function countsOf(dialogs, me) {
  const mine = dialogs.filter((dialog) => TABS.mine(dialog, me) || isOfferedTo(dialog, me));
  return {
    mine: mine.length,
    waiting: dialogs.filter((dialog) => isFree(dialog) || waitsForUs(dialog)).length,
    all: dialogs.length,
    urgent: mine.filter((dialog) => isOfferedTo(dialog, me) || (isMine(dialog, me) && waitsForUs(dialog))).length,
  };
}

/** The order in which the keyboard walks through a list. */
export const flatten = ({ offers, queue, waiting, work }) => [...offers, ...queue, ...waiting, ...work];

/** "Everything" is worth a tab to those who may see more than their own and the waiting ones. */
export const seesAll = (dialogs, me) => me.role !== "OPERATOR"
  || dialogs.some((dialog) => !TABS.mine(dialog, me) && !TABS.waiting(dialog));
