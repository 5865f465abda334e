/** The drafts of whoever works here. */
import { put } from "../core/api.js";
import { Drafts } from "../core/drafts.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";

const MOST_KEPT_ALIVE = 15_000;
let drafts = null;

/** A page that goes may still send a little. */
const send = (dialogId, { text, visibility, replyTo, updatedAt }, { isLeaving }) => put(
  `dialogs/${dialogId}/draft/`, { text, visibility, reply_to: replyTo?.id ?? null, updated_at: updatedAt }, { keepalive: isLeaving && text.length < MOST_KEPT_ALIVE },
);

function all() {
  drafts ??= new Drafts({ storage: localStorage, owner: store.state.me.id, send, now: () => new Date(serverNow(store.state)).toISOString(), onChange: () => store.touch("drafts") });
  return drafts;
}

addEventListener("storage", ({ key }) => { if (drafts) drafts.reload(key); });
addEventListener("pagehide", () => drafts?.flush({ isLeaving: true }));
document.addEventListener("visibilitychange", () => { if (document.hidden) drafts?.flush({ isLeaving: true }); });

export const draftOf = (dialogId) => all().of(dialogId);
export const keepDraft = (dialogId, draft) => all().keep(dialogId, draft);
export const saveDrafts = () => all().flush();
export const takeDrafts = (told) => all().takeAll(told);
export const takeDraft = (frame) => all().take(frame);
