/** What calls an operator: what they are offered, what becomes theirs, where they are invited or named, what clients write. Pure. */
/** How far the clocks here and there may be apart. */
const LENIENCE = 5000;
const isInvited = (dialog, me) => Boolean(dialog?.participant_ids.includes(me));
const isOffered = (dialog, me) => Boolean(dialog?.offer?.operator_ids.includes(me));

/** `known` is the dialog as it was known until now, or null. */
export function calls(dialog, known, { me, claimed }) {
  const reason = reasonOf(dialog, known, me?.id, claimed);
  return reason ? [{ kind: "call", reason, dialog }] : [];
}

function reasonOf(dialog, known, me, claimed) {
  if (isOffered(dialog, me)) return isOffered(known, me) ? null : "offer";
  if (dialog.owner_id !== me && !isInvited(dialog, me)) return null;
  if (dialog.owner_id !== me && !isInvited(known, me) && known?.owner_id !== me) return "invited";
  if (dialog.owner_id === me && known?.owner_id !== me && !claimed.has(dialog.id)) return "assigned";
  if (dialog.unread > (known?.unread ?? 0) && dialog.preview?.author === "CLIENT") return "message";
  return hasWoken(dialog, known) ? "snooze" : null;
}

/** It was put aside until a time, and nobody took it up before that had come: its line in the feed says so, too. */
const hasWoken = (dialog, known) => Boolean(known?.snooze?.until) && !dialog.snooze && Date.parse(known.snooze.until) <= Date.now() + LENIENCE;

/** A whisper that was not heard of yet names the operator. */
export function mentionsIn({ dialog, messages, from_revision: fromRevision }, known, me) {
  const before = known?.revision ?? fromRevision;
  const isNew = ({ revision, edited_at: editedAt, deleted_at: deletedAt }) => revision > before && !editedAt && !deletedAt;
  const isCalled = messages.some((message) => isNew(message) && message.author.id !== me?.id && message.mentions.includes(me?.id));
  return isCalled ? [{ kind: "call", reason: "mention", dialog }] : [];
}
