/** What the client's card does. Refusals are the caller's to show, where they belong. */
import { complain, say } from "./actions.js";
import { get, patch, post, remove } from "./api.js";
import { t } from "./i18n.js";

export const addAddress = (clientId, kind, value) => post(`clients/${clientId}/addresses/`, { kind, value });
export const removeAddress = (clientId, identityId) => remove(`clients/${clientId}/addresses/${identityId}/`);
export const saveNotes = (clientId, notes, known) => patch(`clients/${clientId}/`, { notes, known_notes: known });
export const filesOf = (clientId, kind, cursor) => get(`clients/${clientId}/files/?${new URLSearchParams({ kind, cursor: cursor ?? "" })}`);
export const similarTo = (clientId) => get(`clients/${clientId}/similar/`);

/** Offers the way back at once: whoever merged the wrong two sees it now. */
export async function mergeClients(kept, absorbed) {
  const { merge_id: mergeId } = await post(`clients/${kept.id}/merge/`, { absorbed_id: absorbed.id });
  say(t("{name} is now one client with {other}", { name: kept.name, other: absorbed.name }), { action: { label: t("Undo"), act: () => undoMerge(mergeId) } });
}

export async function undoMerge(mergeId) {
  try {
    await post(`merges/${mergeId}/undo/`);
    say(t("Two clients again, as before"));
  } catch (error) {
    complain(error);
  }
}

/** The clipboard exists on secure pages only. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(t("Copied"));
  } catch {
    complain({ message: t("The browser does not let this page copy.") });
  }
}

/** A medium that was lost on the way: the channel is asked for it once more. */
export const fetchAgain = (attachmentId) => post(`attachments/${attachmentId}/fetch/`).then(() => say(t("The channel is asked again")), complain);
