/** What each channel kind can carry: asked once, after the first paint. */
import { get } from "./api.js";
import { store } from "./store.js";

const RETRY = 10_000;
let known = null;
let asked = null;

/** The means of a kind, or null until they are known; everything is painted again when they are. */
export function meansOf(kind) {
  if (!known) asked ??= ask();
  return known?.get(kind) ?? null;
}

async function ask() {
  try {
    known = new Map((await get("channel-kinds/")).map((means) => [means.kind, means]));
    store.touch("kinds");
  } catch {
    setTimeout(() => { asked = null; }, RETRY);
  }
}
