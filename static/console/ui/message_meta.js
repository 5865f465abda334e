/** When a message was written, whether it was changed, and how far it came. */
import { h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { clock, whole } from "../core/time.js";

const TICKS = {
  PENDING: ["clock", () => t("Waits to be sent")], QUEUED: ["clock", () => t("Being sent")], SENDING: ["clock", () => t("Being sent")],
  SENT: ["check", () => t("Sent")], DELIVERED: ["checks", () => t("Delivered")], READ: ["checks", () => t("Read")],
  FAILED: ["alert", () => t("Not delivered")], REFUSED: ["alert", () => t("Not sent")], UNKNOWN: ["question", () => t("Perhaps not delivered")],
};

export function messageMeta({ message, isRead }) {
  return h("span", { class: "message__meta" }, message.edited_at && !message.deleted_at ? h("span", {}, t("edited")) : null,
    h("time", { datetime: message.created_at, title: whole(message.created_at) }, clock(message.created_at)), tick(message, isRead));
}

function tick({ delivery, author }, isRead) {
  if (!delivery || author.kind === "CLIENT") return null;
  const state = isRead && ["SENT", "DELIVERED"].includes(delivery.state) ? "READ" : delivery.state;
  const [name, words] = TICKS[state] ?? TICKS.SENT;
  const drawing = icon(name, 16, words());
  drawing.classList.add(`message__tick--${state}`);
  return drawing;
}
