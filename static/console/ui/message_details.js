/** What a channel tells beside the words: whose they were, where they stand, what the client thinks of them. */
import { h, icon } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";

/** Above the words. */
export function detailsAbove({ details, is_private_reply: isPrivate }) {
  return [
    isPrivate && note("eyeoff", t("Private reply")),
    details?.forwarded_from && note("right", t("Forwarded from {name}", { name: details.forwarded_from })),
    details?.quote && h("blockquote", { class: "message__said" }, details.quote),
    details?.start_payload && note("link", t("Came by the link “{name}”", { name: details.start_payload })),
  ].filter(Boolean);
}

/** Below the words. */
export function detailsBelow({ details, reactions, hidden_at: hiddenAt, deleted_at: deletedAt }) {
  return [
    details?.transcript && h("p", { class: "message__transcript" }, details.transcript),
    hiddenAt && !deletedAt && note("eyeoff", t("Hidden from others")),
    reactions?.length ? h("span", { class: "message__reactions" }, ...reactions.map(reaction)) : null,
  ].filter(Boolean);
}

/** A kind of message that we can't show; the provider's word for it helps who looks it up there. */
export function unshowable({ details }) {
  const kind = details?.provider_kind;
  return kind ? t("The client sent something that can't be shown here: {kind}. Look in the messenger itself.", { kind }) : t("The client sent something that can't be shown here.");
}

const note = (name, words) => h("span", { class: "message__note" }, icon(name, 12), words);
const reaction = ({ emoji, number }) => h("span", { class: "message__reaction", title: tn("{count} reaction", "{count} reactions", number) }, emoji, number > 1 && h("small", {}, String(number)));
