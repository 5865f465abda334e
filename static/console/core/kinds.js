/** What each channel can carry: asked once, after the first paint. */
import { get } from "./api.js";
import { store } from "./store.js";

const RETRY = 10_000;
let known = null;
let asked = null;

/** What a channel can carry, or null until that is known; everything is painted again when it is. */
export function meansOf({ id, kind }) {
  if (!known) asked ??= ask();
  return known?.get(id) ?? known?.get(kind) ?? null;
}

/** By kind, and by id for the channels that differ from theirs. */
const byKindAndChannel = (kinds) => new Map(kinds.flatMap((means) => [[means.kind, means], ...means.channels.map((own) => [own.channel, own])]));

async function ask() {
  try {
    known = byKindAndChannel(await get("channel-kinds/"));
    store.touch("kinds");
  } catch {
    setTimeout(() => { asked = null; }, RETRY);
  }
}
