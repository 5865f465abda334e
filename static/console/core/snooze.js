/** Until when something is put off, in the reader's own time zone. Pure: "now" is a Date. */
const EVENING = 18;
const MORNING = 9;
const MONDAY = 1;

const at = (now, days, hour) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);

/** [{name, time}], soonest first; only what lies ahead, and nothing twice. */
export function snoozeTimes(now) {
  const toMonday = (MONDAY - now.getDay() + 7) % 7 || 7;
  const hour = new Date(now.getTime() + 3_600_000);
  const evening = at(now, 0, EVENING);
  const times = [
    { name: "hour", time: hour },
    evening - now > 3_600_000 && { name: "evening", time: evening },
    { name: "tomorrow", time: at(now, 1, MORNING) },
    toMonday > 1 && { name: "monday", time: at(now, toMonday, MORNING) },
  ];
  return times.filter(Boolean);
}

/** What <input type="datetime-local"> holds for a moment, by the reader's clock. */
export function localValue(date) {
  const pad = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** The moment that such a field means, or null for none at all. */
export function momentOf(value) {
  const date = new Date(value);
  return value && !Number.isNaN(date.getTime()) ? date : null;
}
