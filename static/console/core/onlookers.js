/** Who else has a dialog before them, and who of them is writing to the client just now. Pure.
 *  Nobody says goodbye for sure, so what was heard counts for a while only. */
const LOOKING_LASTS = 50_000;
const TYPING_LASTS = 6000;

/** `state.onlookers`: dialog → colleague → {name, until, typingUntil}. Answers whether somebody is new there. */
export function noteLooking(state, { dialog_id: dialogId, operator, is_over: isOver }, now) {
  if (operator.id === state.me?.id) return false;
  const known = state.onlookers.get(dialogId)?.get(operator.id);
  if (isOver) forget(state, dialogId, operator.id);
  else put(state, dialogId, operator, { until: now + LOOKING_LASTS, typingUntil: known?.typingUntil ?? 0 });
  return !known && !isOver;
}

/** Whoever types looks, too. */
export function noteTyping(state, dialogId, operator, now) {
  if (operator.id === state.me?.id) return;
  const known = state.onlookers.get(dialogId)?.get(operator.id);
  put(state, dialogId, operator, { until: Math.max(known?.until ?? 0, now + TYPING_LASTS), typingUntil: now + TYPING_LASTS });
}

export function noteWritten(state, dialogId, operatorId) {
  const known = state.onlookers.get(dialogId)?.get(operatorId);
  if (known) known.typingUntil = 0;
}

function put(state, dialogId, operator, times) {
  if (!state.onlookers.has(dialogId)) state.onlookers.set(dialogId, new Map());
  state.onlookers.get(dialogId).set(operator.id, { name: operator.name, ...times });
}

function forget(state, dialogId, operatorId) {
  const people = state.onlookers.get(dialogId);
  if (people?.delete(operatorId) && !people.size) state.onlookers.delete(dialogId);
}

/** Forgets whoever was not heard of for long; answers whether anything is different now. */
export function expireOnlookers(state, now) {
  let isChanged = false;
  for (const [dialogId, people] of state.onlookers) {
    for (const [operatorId, person] of people) {
      if (person.typingUntil && person.typingUntil <= now) { person.typingUntil = 0; isChanged = true; }
      if (person.until > now) continue;
      forget(state, dialogId, operatorId);
      isChanged = true;
    }
  }
  return isChanged;
}

const listed = (state, dialogId) => [...state.onlookers.get(dialogId) ?? []];
const personOf = (state, id, name = "?") => state.operators.get(id) ?? { id, name, color: id % 12, photo_url: null };

/** Colleagues who are writing to the client of the dialog at this moment. */
export const writersOf = (state, dialogId) => listed(state, dialogId)
  .filter(([, { typingUntil }]) => typingUntil > 0).map(([id, { name }]) => personOf(state, id, name));

/** Everybody in the dialog but me, each once: its owner, who was invited, who only looks. [{person, part, isLooking}] */
export function peopleOf(state, dialog) {
  const looking = new Map(listed(state, dialog.id));
  const parts = new Map();
  if (dialog.owner_id !== null) parts.set(dialog.owner_id, "owner");
  for (const id of dialog.participant_ids) if (!parts.has(id)) parts.set(id, "participant");
  for (const id of looking.keys()) if (!parts.has(id)) parts.set(id, "onlooker");
  parts.delete(state.me?.id);
  return [...parts].map(([id, part]) => ({ person: personOf(state, id, looking.get(id)?.name), part, isLooking: looking.has(id) }));
}
