/** How this operator's console behaves: chosen once, followed by all their consoles. */
import { get, patch } from "./api.js";
import { complain } from "./actions.js";
import { store } from "./store.js";

const { state } = store;
let lastChange = Promise.resolve();

/** At once on this screen, then on the server, which tells the others; a refusal takes it back. */
export function changeSettings(changes) {
  const merged = Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, isNested(name) ? { ...state.settings[name], ...value } : value]));
  take({ ...state.settings, ...merged });
  lastChange = lastChange.then(() => save(changes));
  return lastChange;
}

const isNested = (name) => name === "sound" || name === "notify_of";

async function save(changes) {
  try {
    await patch("me/settings/", changes);
    return true;
  } catch (error) {
    const before = await get("me/settings/").catch(() => null);
    if (before) take(before);
    complain(error);
    return false;
  }
}

function take(settings) {
  state.settings = settings;
  store.touch("settings");
}
