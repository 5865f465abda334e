/** Which topics a dialog can be finished with, and by which key. Pure. */
const MOST_KEYS = 9;

/** What can be chosen in the dialog's line, its own ones first, in the order of the server. */
export const topicsFor = (dialog, topics) => [
  ...topics.filter(({ line_id: lineId }) => lineId === dialog.line.id),
  ...topics.filter(({ line_id: lineId }) => lineId === null),
];

const ruleOf = (dialog, lines) => lines.find(({ id }) => id === dialog.line.id)?.topic_rule ?? "MAY";

/** Whether whoever finishes is asked: where the line wants it, there is a choice, and none was made yet. */
export const asksForTopic = (dialog, { lines, topics }) => ruleOf(dialog, lines) !== "NEVER" && !dialog.topic && !dialog.closing_at
  && topicsFor(dialog, topics).length > 0;
export const insistsOnTopic = (dialog, { lines, topics }) => ruleOf(dialog, lines) === "MUST" && topicsFor(dialog, topics).length > 0;

/** The place in a numbered list that a physical key means, or null. */
export function placeOfKey({ code, ctrlKey, altKey, metaKey }) {
  const number = Number(code?.match(/^(?:Digit|Numpad)([1-9])$/)?.[1] ?? NaN);
  return number && !ctrlKey && !altKey && !metaKey ? number - 1 : null;
}

export const keyOfPlace = (place) => (place < MOST_KEYS ? String(place + 1) : "");
