/** What lines let operators do: asked once in a while, since administrators change it rarely. */
import { get } from "./api.js";
import { store } from "./store.js";

const LASTS = 60_000;
const known = new Map();

/** The rules, or null until they are known; everything is painted again when they are. */
export function rulesOf(lineId) {
  const { rules, askedAt } = known.get(lineId) ?? { rules: null, askedAt: 0 };
  if (Date.now() - askedAt > LASTS) {
    known.set(lineId, { rules, askedAt: Date.now() });
    ask(lineId);
  }
  return rules;
}

async function ask(lineId) {
  try {
    known.set(lineId, { rules: await get(`lines/${lineId}/queue/`), askedAt: Date.now() });
    store.touch("dialogs");
  } catch {
    // Without an answer nothing is promised; the next look asks again.
  }
}
