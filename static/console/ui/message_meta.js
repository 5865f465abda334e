/** When a message was written, whether it was changed, and how far it came. */
import { channelMark, h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { clock, whole } from "../core/time.js";
import { channelName } from "../core/words.js";

const TICKS = {
  PENDING: ["clock", () => t("Waits to be sent")], QUEUED: ["clock", () => t("Being sent")], SENDING: ["clock", () => t("Being sent")],
  SENT: ["check", () => t("Sent")], DELIVERED: ["checks", () => t("Delivered")], READ: ["checks", () => t("Read")],
  FAILED: ["alert", () => t("Not delivered")], REFUSED: ["alert", () => t("Not sent")], UNKNOWN: ["question", () => t("Perhaps not delivered")],
};

export function messageMeta({ message, isRead, channel }) {
  return h("span", { class: "message__meta" }, channel && foreignMark(channel), message.edited_at && !message.deleted_at ? h("span", {}, t("edited")) : null,
    h("time", { datetime: message.created_at, title: whole(message.created_at) }, clock(message.created_at)), tick(message, isRead));
}

/** It came by another channel than the dialog on screen. */
function foreignMark(channel) {
  const mark = channelMark(channel);
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", t("In another channel: {name}", { name: channel.name }));
  mark.title = `${channelName(channel.kind)} · ${channel.name}`;
  return mark;
}

function tick({ delivery, author }, isRead) {
  if (!delivery || author.kind === "CLIENT") return null;
  const state = isRead && ["SENT", "DELIVERED"].includes(delivery.state) ? "READ" : delivery.state;
  const [name, words] = TICKS[state] ?? TICKS.SENT;
  const drawing = icon(name, 16, words());
  drawing.classList.add(`message__tick--${state}`);
  return drawing;
}
