/** Modules that the first paint does without: fetched when they are wanted, warmed while nothing else is to do.
 *  None of them may import whoever loads it: hashed names can't go in a circle. */
const LOADERS = {
  transfer: () => import("../ui/transfer_picker.js"),
  why: () => import("../ui/why.js"),
  sheet: () => import("../ui/shortcut_sheet.js"),
};
const loaded = new Map();

/** The module by its name here; a fetch that failed is tried again at the next wish. */
export function later(name) {
  if (!loaded.has(name)) loaded.set(name, LOADERS[name]().catch((error) => { loaded.delete(name); throw error; }));
  return loaded.get(name);
}

/** Fetches the rest while the page is idle, so that it is there without a connection, too. */
export function warm(names = Object.keys(LOADERS)) {
  const [name, ...rest] = names;
  if (!name) return;
  const idle = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 200));
  idle(() => later(name).catch(() => {}).finally(() => warm(rest)));
}
