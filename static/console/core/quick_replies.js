/** Quick replies: asked for when they are wanted, kept until somebody changes one. */
import { get, patch, post, remove } from "./api.js";
import { fit, swapped } from "./fuzzy.js";

let known = null;

export function quickReplies() {
  known ??= get("quick-replies/").catch((error) => { known = null; throw error; });
  return known;
}
const forget = () => { known = null; };
globalThis.addEventListener?.("quick-replies:changed", forget);

export const useQuickReply = (id, dialogId) => post(`quick-replies/${id}/use/`, { dialog_id: dialogId });
export const saveQuickReply = (id, values) => (id ? patch(`quick-replies/${id}/`, values) : post("quick-replies/", values)).finally(forget);
export const removeQuickReply = (id) => remove(`quick-replies/${id}/`).finally(forget);

/** Those that fit the words and the dialog's line, the best first; without words the most used first. Pure. */
export function fittingReplies(replies, query, lineId) {
  const wanted = query.trim().toLowerCase();
  const offered = replies.filter((reply) => reply.scope !== "LINE" || lineId === null || reply.line_id === lineId);
  const scored = offered.map((reply) => ({ reply, score: scoreOf(reply, wanted) })).filter(({ score }) => score > 0);
  return scored.sort((left, right) => right.score - left.score || right.reply.used_count - left.reply.used_count).map(({ reply }) => reply);
}

function scoreOf({ title, shortcut, folder, text }, wanted) {
  if (!wanted) return 1;
  const spoken = [wanted, swapped(wanted)];
  if (shortcut && spoken.includes(shortcut)) return 500;
  if (shortcut && spoken.some((word) => shortcut.startsWith(word))) return 300;
  const words = text.toLowerCase();
  return Math.max(fit(wanted, title) * 2, fit(wanted, folder), spoken.some((word) => words.includes(word)) ? 20 : 0);
}
