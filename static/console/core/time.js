/** Times as people read them. Pure: "now" is always an argument, in milliseconds. */
import { t, tn, translator } from "./i18n.js";

const DAY = 86_400_000;
const days = new Map();
const format = (options) => new Intl.DateTimeFormat(translator.language, options);
const CLOCK = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY_AND_MONTH = format({ day: "numeric", month: "long" });
const SHORT_DAY = format({ day: "numeric", month: "short" });
const WITH_YEAR = format({ day: "numeric", month: "long", year: "numeric" });
const MOMENT = format({ weekday: "short", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const WHOLE = format({ dateStyle: "long", timeStyle: "medium" });

export const parse = (iso) => (iso ? Date.parse(iso) : null);
export const clock = (iso) => CLOCK.format(parse(iso));
export const moment = (iso) => MOMENT.format(parse(iso));
export const whole = (iso) => WHOLE.format(parse(iso));

/** 0:42, 12:47, 1:05:10; from a day on in words. */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const pad = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours >= 24) return tn("{count} day", "{count} days", Math.floor(hours / 24));
  return hours ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** The reader's day of a moment. Asked for every message on every paint, so remembered per minute. */
export function dayKey(iso) {
  const minute = iso.slice(0, 16);
  if (days.size > 5000) days.clear();
  if (!days.has(minute)) days.set(minute, new Date(iso).toDateString());
  return days.get(minute);
}

export function dayName(iso, now) {
  const day = new Date(iso);
  if (day.toDateString() === new Date(now).toDateString()) return t("Today");
  if (day.toDateString() === new Date(now - DAY).toDateString()) return t("Yesterday");
  return (day.getFullYear() === new Date(now).getFullYear() ? DAY_AND_MONTH : WITH_YEAR).format(day);
}

/** The time of today's things, the day of older ones. */
export function shortTime(iso, now) {
  if (!iso) return "";
  return dayKey(iso) === new Date(now).toDateString() ? clock(iso) : SHORT_DAY.format(parse(iso));
}

/** How urgent a waiting client is: "warn" from three quarters of the goal, "bad" from the goal on; without one from two and five minutes. */
export function urgency(milliseconds, goalSeconds = null) {
  const [soon, late] = goalSeconds ? [goalSeconds * 750, goalSeconds * 1000] : [120_000, 300_000];
  if (milliseconds >= late) return "bad";
  return milliseconds >= soon ? "warn" : "";
}

export function fileSize(bytes) {
  if (bytes == null) return "";
  const number = (value, digits) => new Intl.NumberFormat(translator.language, { maximumFractionDigits: digits }).format(value);
  if (bytes < 1_048_576) return t("{size} KB", { size: number(Math.max(1, bytes / 1024), 0) });
  return t("{size} MB", { size: number(bytes / 1_048_576, 1) });
}
