/** What frames and answers mean for the feed on screen. Pure: answers what must be painted and what must be asked. */
import { mergeFrame, noteDialog } from "./feed.js";

export function followFeed({ feed }, frame) {
  if (!feed) return { topics: [], effects: [] };
  const outcome = mergeFrame(feed, frame);
  if (outcome === "hole") return { topics: ["feed"], effects: [{ kind: "refill" }] };
  if (outcome === "gap") return { topics: [], effects: [{ kind: "changes", dialogId: feed.dialogId }] };
  return { topics: outcome === "applied" ? ["feed"] : [], effects: [] };
}

/** The feed on screen may be behind its dialog, or behind others of its client. Who was away does not know
 *  of those that only the history shows. */
export function catchUp({ feed, open, closed }, { isReturning = false } = {}) {
  const dialog = feed && (open.get(feed.dialogId) ?? closed.get(feed.dialogId));
  if (!dialog || !feed.isLoaded) return [];
  noteDialog(feed, dialog);
  const others = [...feed.dialogs.values()].filter(({ id }) => id !== dialog.id);
  const isBehind = others.some(({ id, revision, closed_at: closedAt }) => (open.has(id) ? open.get(id).revision > revision : isReturning && !closedAt));
  return [feed.revision < dialog.revision && { kind: "changes", dialogId: dialog.id }, isBehind && { kind: "refill" }].filter(Boolean);
}
