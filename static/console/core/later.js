/** Modules that the first paint does without: fetched when they are wanted, warmed while nothing else is to do.
 *  Which there are, says loaders.js; it alone knows them, so that no hashed name goes in a circle. */
const RETRY = 2000;
const loaders = new Map();
const loaded = new Map();

/** Names with functions that import a module each. */
export const teach = (known) => { for (const [name, load] of Object.entries(known)) loaders.set(name, load); };

/** The module by its name; a fetch that failed is tried again at the next wish. */
export function later(name) {
  if (!loaded.has(name)) loaded.set(name, loaders.get(name)().catch((error) => { loaded.delete(name); throw error; }));
  return loaded.get(name);
}

/** The same for what the page can't be without: tried until it is there. */
export const insist = (name) => later(name).catch(() => new Promise((resolve) => { setTimeout(resolve, RETRY); }).then(() => insist(name)));

/** Fetches the rest while the page is idle, so that it is there without a connection, too. */
export function warm(names = [...loaders.keys()]) {
  const [name, ...rest] = names;
  if (!name) return;
  const idle = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 200));
  idle(() => later(name).catch(() => {}).finally(() => warm(rest)));
}

/** Runs it when what is known now is on screen; a hidden page paints nothing, and doesn't wait. */
export function afterPaint(act) {
  if (document.hidden) setTimeout(act, 0);
  else requestAnimationFrame(() => setTimeout(act, 0));
}
