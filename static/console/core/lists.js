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
/** Whoever had a closed dialog, or steers its line, goes on with it. */
export const mayReopen = (dialog, me) => dialog.state === "CLOSED" && (isMine(dialog, me) || me.role !== "OPERATOR");
export const isClosing = (dialog) => Boolean(dialog.closing_at) && dialog.state !== "CLOSED";
/** Put aside by its operator: it neither waits nor is in work until it is back. */
export const isAside = (dialog) => dialog.snooze !== null && dialog.state !== "CLOSED";
export const waitsForUs = (dialog) => dialog.waiting_since !== null && dialog.state !== "CLOSED" && !isAside(dialog);

/** Times are ISO 8601 in UTC of one length: as texts they stand in order, and need no parsing. */
const compare = (left, right) => (left === right ? 0 : left < right ? -1 : 1);
const byTime = (field) => (left, right) => compare(left[field] ?? "", right[field] ?? "") || left.id - right.id;
const LONGEST_FIRST = byTime("waiting_since");
const NEWEST_FIRST = (left, right) => right.is_pinned - left.is_pinned || byTime("last_message_at")(right, left);
const SOONEST_FIRST = (left, right) => compare(left.offer.expires_at ?? "~", right.offer.expires_at ?? "~") || left.id - right.id;

/** The sections of a tab in their order, and how each is sorted. */
export const ORDERS = {
  offers: SOONEST_FIRST,
  waiting: LONGEST_FIRST,
  queue: byTime("opened_at"),
  work: NEWEST_FIRST,
  aside: (left, right) => compare(left.snooze?.until ?? "~", right.snooze?.until ?? "~") || left.id - right.id,
};

const TABS = {
  mine: (dialog, me) => isMine(dialog, me) || isInvited(dialog, me),
  waiting: (dialog) => isFree(dialog) || waitsForUs(dialog),
  all: () => true,
};

/** Where a dialog stands in a tab, or null where it is none of it. What is offered to me stands in each. */
export function sectionOf(dialog, tab, me) {
  if (isOfferedTo(dialog, me)) return "offers";
  if (!TABS[tab]?.(dialog, me)) return null;
  if (isFree(dialog)) return "queue";
  if (isAside(dialog)) return "aside";
  return waitsForUs(dialog) ? "waiting" : "work";
}

/** As what a dialog is counted. */
export function marksOf(dialog, me) {
  const [isOffered, isOwn, isWaiting] = [isOfferedTo(dialog, me), isMine(dialog, me), waitsForUs(dialog)];
  const isInMine = TABS.mine(dialog, me);
  return [
    "all",
    (isInMine || isOffered) && "mine",
    (isWaiting || isFree(dialog)) && "waiting",
    (isOffered || (isOwn && isWaiting)) && "urgent",
    !isInMine && !TABS.waiting(dialog) && "others",
  ].filter(Boolean);
}

export const noCounts = () => ({ all: 0, mine: 0, waiting: 0, urgent: 0, others: 0 });

/** Everything anew; a list that lives is kept by a ListIndex. */
export function sectionsOf(dialogs, tab, me) {
  const placed = dialogs.map((dialog) => ({ dialog, section: sectionOf(dialog, tab, me) }));
  const inSection = (name) => placed.filter(({ section }) => section === name).map(({ dialog }) => dialog);
  return Object.fromEntries(Object.entries(ORDERS).map(([name, order]) => [name, inSection(name).sort(order)]));
}

export function countsOf(dialogs, me) {
  const counts = noCounts();
  for (const dialog of dialogs) for (const mark of marksOf(dialog, me)) counts[mark] += 1;
  return counts;
}

/** The order in which the keyboard walks through a list. */
export const flatten = (sections) => Object.keys(ORDERS).flatMap((name) => sections[name]);

/** "Everything" is worth a tab to those who may see more than their own and the waiting ones. */
export const seesAll = (counts, me) => me.role !== "OPERATOR" || counts.others > 0;
