/** Channels, kinds of messages, standings and errors in the reader's words: those that the list needs before all others. */
import { standingOf } from "./day.js";
import { t } from "./i18n.js";

const CHANNELS = {
  telegram: () => "Telegram", vk: () => t("VK"), vk_comments: () => t("VK comments"), messenger: () => "Facebook Messenger",
  facebook_comments: () => t("Facebook comments"), instagram: () => "Instagram Direct", instagram_comments: () => t("Instagram comments"),
  botframework: () => "Bot Framework", youtube: () => t("YouTube comments"), avito: () => t("Avito"), custom: () => t("Own integration"),
  whatsapp: () => "WhatsApp", viber: () => "Viber", email: () => t("E-mail"),
  website: () => t("Website chat"), widget: () => t("Website chat"), livechat: () => t("Website chat"), ok: () => t("Odnoklassniki"), max: () => "MAX",
  sandbox: () => t("Sandbox"),
};
export const channelName = (kind) => CHANNELS[kind]?.() ?? kind;

const KINDS = {
  IMAGE: ["image", () => t("Photo")], FILE: ["file", () => t("File")], AUDIO: ["mic", () => t("Audio")], VIDEO: ["video", () => t("Video")],
  VOICE: ["mic", () => t("Voice message")], STICKER: ["smile", () => t("Sticker")], LOCATION: ["place", () => t("Location")],
  CONTACT: ["user", () => t("Contact")], UNSUPPORTED: ["question", () => t("Message of an unknown kind")],
};
export const kindWord = (kind) => KINDS[kind]?.[1]() ?? "";
export const kindIcon = (kind) => KINDS[kind]?.[0] ?? "file";

const STANDINGS = {
  ONLINE: () => t("Online"), PAUSED: () => t("On a break"), ENDED: () => t("Day ended"), ABSENT: () => t("Absent"), OFFLINE: () => t("Offline"),
};
/** Where somebody is; a break by its reason where there is one. */
export function standingWords(person) {
  const standing = standingOf(person);
  return (standing === "PAUSED" && person.pause_reason) || STANDINGS[standing]();
}

export const errorWords = (error) => error.message || (error.isOffline ? t("No connection. Try again when the line is back.") : t("Something went wrong. Try again."));
