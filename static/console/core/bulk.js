/** One command over many dialogs: a few at a time, and what became of each. Pure but for the command itself. */
const AT_ONCE = 4;

/** [{id, error}] in the order of `ids`; `act(id)` throws what is refused. */
export async function runAll(ids, act, onProgress = () => {}) {
  const outcomes = ids.map((id) => ({ id, error: null }));
  const waiting = [...outcomes];
  let done = 0;
  const work = async () => {
    for (let outcome = waiting.shift(); outcome; outcome = waiting.shift()) {
      await act(outcome.id).catch((error) => { outcome.error = error; });
      onProgress((done += 1), ids.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, work));
  return outcomes;
}

/** How many it was done for, and who was refused for which reason: [{words, ids}]. */
export function summaryOf(outcomes, wordsOf) {
  const refused = new Map();
  for (const { id, error } of outcomes.filter((outcome) => outcome.error)) {
    const words = wordsOf(error);
    refused.set(words, [...(refused.get(words) ?? []), id]);
  }
  return { done: outcomes.filter(({ error }) => !error).length, refused: [...refused].map(([words, ids]) => ({ words, ids })) };
}

/** From one row to another, both included, in the order of the list. */
export function rangeOf(order, from, to) {
  const [first, last] = [order.indexOf(from), order.indexOf(to)].sort((left, right) => left - right);
  return first < 0 ? [to] : order.slice(first, last + 1);
}
