/** Rows of what a search found: people and messages, with what was looked for lit up. */
import { avatar, h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { shortTime } from "../core/time.js";
import { kindWord } from "../core/words.js";
import { openDialog } from "./navigation.js";

const READY_WITHIN = 10_000;

const lit = (pieces) => pieces.map(({ text, is_hit: isHit }) => (isHit ? h("mark", { class: "found__hit" }, text) : text));

export function clientRow(client) {
  const face = avatar({ name: client.name, photo_url: client.photo_url, color: client.color });
  const body = [
    h("span", { class: "dialog-row__line" }, h("span", { class: "dialog-row__name" }, h("span", { class: "truncate" }, ...lit(client.pieces)), client.is_vip && h("span", { class: "vip" }, icon("star", 14, t("Important client"))))),
    h("span", { class: "dialog-row__line" }, h("span", { class: "dialog-row__text truncate" }, ...(client.address ? lit(client.address.pieces) : [t("Client")]))),
  ];
  if (client.dialog_id === null) return h("a", { class: "dialog-row found__row", href: `/crm/clients/${client.id}/` }, face, h("span", {}, ...body));
  return row(face, body, () => openDialog(client.dialog_id));
}

export function messageRow(message) {
  const { dialog, author } = message;
  const isWhisper = message.visibility === "STAFF";
  const words = message.pieces.length ? lit(message.pieces) : [kindWord(message.kind)];
  const face = avatar(dialog.client, { channel: dialog.channel });
  return row(face, [
    h("span", { class: "dialog-row__line" }, h("span", { class: "dialog-row__name" }, h("span", { class: "truncate" }, dialog.client.name)), h("time", { datetime: message.at }, shortTime(message.at, serverNow(store.state)))),
    h("span", { class: "found__text" }, isWhisper && icon("eyeoff", 14, t("Whisper")), author.kind !== "CLIENT" && h("span", { class: "dialog-row__voice" }, `${voiceOf(author)} `), ...words),
  ], () => openMessage(dialog.id, message.message_id));
}

const row = (face, body, open) => h("button", { type: "button", class: "dialog-row found__row", on: { click: open } }, face, h("span", {}, ...body));

function voiceOf(author) {
  if (author.kind === "BOT") return t("Auto:");
  return author.id === store.state.me.id ? t("You:") : t("{name}:", { name: author.name });
}

/** Opens the dialog, and when it is there goes to the message in it, however far back that stands. */
export async function openMessage(dialogId, messageId) {
  openDialog(dialogId);
  const giveUp = Date.now() + READY_WITHIN;
  while (Date.now() < giveUp && store.state.selectedId === dialogId) {
    const { feed } = document.querySelector("conversation-pane");
    if (feed && store.state.feed?.dialogId === dialogId && store.state.feed.isLoaded) return feed.jumpTo(messageId);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}
