/** How much of what is written its channel carries. Pure; the server asks the same of what it is sent. */
import { plainText } from "./formatting.js";

const NEAR = 0.8;
const SOON = 0.1;
const HOUR = 3_600_000;
const encoder = new TextEncoder();
const COUNT = {
  characters: (text) => { let count = 0; for (const _ of text) count += 1; return count; },
  utf16: (text) => text.length,
  bytes: (text) => encoder.encode(text).length,
};

export const lengthOf = (text, unit) => COUNT[unit ?? "characters"](text);

/** {length, limit, parts, isNear, isOver}: in the channel's own unit where the text goes to a channel. `most` is what
 *  the product itself takes, in characters; `parts` is more than one where the channel makes several messages of it. */
export function measured(text, { means, most, isWhisper, isFormatted }) {
  const whole = lengthOf(text, "characters");
  if (whole > most || isWhisper || !means) return standing(whole, most, 1);
  const length = lengthOf(isFormatted ? plainText(text) : text, means.length_unit);
  if (!means.is_split) return standing(length, Math.min(means.text_length, most), 1);
  const parts = Math.ceil(length / means.text_length);
  return parts > 1 ? { length: whole, limit: most, parts, isNear: true, isOver: false } : standing(length, means.text_length, 1);
}

const standing = (length, limit, parts) => ({ length, limit, parts, isNear: length >= limit * NEAR, isOver: length > limit });

const LINK = /(?:https?:\/\/|www\.)\S+/giu;
const HASHTAG = /(?<![\p{L}\p{N}_&])#[\p{Nd}_]*\p{L}/gu;

/** What public places count in a text; openlines/wording.py counts alike, both are held to tests/wording.json. */
export function counted(text) {
  const rest = text.replace(LINK, " ");
  const letters = [...rest].filter((letter) => letter.toLowerCase() !== letter.toUpperCase());
  return {
    links: (text.match(LINK) ?? []).length,
    hashtags: (rest.match(HASHTAG) ?? []).length,
    inCapitals: letters.length > 1 && letters.every((letter) => letter === letter.toUpperCase()),
  };
}

/** Why a channel would refuse a text however short it is: null, else "hashtags", "links" or "capitals". */
export function refusedWords(text, { means, isWhisper, isFormatted }) {
  if (isWhisper || !means) return null;
  const { hashtags, links, inCapitals } = counted(isFormatted ? plainText(text) : text);
  if (hashtags > (means.most_hashtags ?? Infinity)) return "hashtags";
  if (links > (means.most_links ?? Infinity)) return "links";
  return means.capitals_refused && inCapitals ? "capitals" : null;
}

const KINDS = { image: "IMAGE", video: "VIDEO", audio: "AUDIO" };

/** The first of the files that the channel would refuse, and why: null, else {why: "type" | "size", name, most}. */
export function refusedFile(files, { means, isWhisper }) {
  if (isWhisper || !means?.attachments) return null;
  for (const { name, mime, size, kind } of files) {
    const limit = means.media.find((one) => one.kind === (kind ?? KINDS[mime.split("/")[0]] ?? "FILE"));
    const most = Math.min(limit?.most_bytes ?? Infinity, means.upload_bytes);
    const [type] = mime.split(";");
    if (most === 0 || (limit?.mimes.length && !limit.mimes.includes(type))) return { why: "type", name, most };
    if (size > most) return { why: "size", name, most };
  }
  return null;
}

/** How long the client may still be written to: null where always, else {left, state: "open" | "soon" | "closed"}. */
export function replyWindow(dialog, means, now) {
  if (!means?.reply_window_seconds) return null;
  const seconds = Math.max(means.reply_window_seconds, means.operator_window_seconds ?? 0);
  const left = dialog.client_wrote_at ? Date.parse(dialog.client_wrote_at) + seconds * 1000 - now : 0;
  if (left <= 0) return { left: 0, state: "closed" };
  return { left, state: left < Math.max(HOUR, seconds * 1000 * SOON) ? "soon" : "open" };
}

/** Halves of characters and zeros are in no message: databases and channels refuse them. */
export const cleaned = (text) => (text.toWellFormed?.() ?? text).replaceAll("\0", "");
