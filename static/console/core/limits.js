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

/** How long the client may still be written to: null where always, else {left, state: "open" | "soon" | "closed"}. */
export function replyWindow(dialog, means, now) {
  const seconds = means?.reply_window_seconds;
  if (!seconds) return null;
  const left = dialog.client_wrote_at ? Date.parse(dialog.client_wrote_at) + seconds * 1000 - now : 0;
  if (left <= 0) return { left: 0, state: "closed" };
  return { left, state: left < Math.max(HOUR, seconds * 1000 * SOON) ? "soon" : "open" };
}

/** Halves of characters and zeros are in no message: databases and channels refuse them. */
export const cleaned = (text) => (text.toWellFormed?.() ?? text).replaceAll("\0", "");
