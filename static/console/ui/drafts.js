/** What was begun and not sent, per dialog: {text, visibility}. Kept on this computer, shared by its tabs.
 *  A begun whisper stays a whisper. */
import { store } from "../core/store.js";

let drafts = null;
const prefix = () => `draft:${store.state.me.id}:`;

function all() {
  if (drafts) return drafts;
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix()));
  drafts = new Map(keys.map((key) => [Number(key.slice(prefix().length)), JSON.parse(localStorage.getItem(key))]));
  return drafts;
}

addEventListener("storage", ({ key }) => {
  if (!drafts || !key?.startsWith(prefix())) return;
  drafts = null;
  store.touch("drafts");
});

export const draftOf = (dialogId) => all().get(dialogId) ?? null;

export function keepDraft(dialogId, text, visibility) {
  const kept = text.trim() ? { text, visibility } : null;
  const before = draftOf(dialogId);
  if (before?.text === kept?.text && before?.visibility === kept?.visibility) return;
  if (kept) all().set(dialogId, kept);
  else all().delete(dialogId);
  try {
    if (kept) localStorage.setItem(prefix() + dialogId, JSON.stringify(kept));
    else localStorage.removeItem(prefix() + dialogId);
  } catch { /* a full storage must not stop anyone from writing */ }
  store.touch("drafts");
}
