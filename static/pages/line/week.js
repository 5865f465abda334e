/** Hours of a week as they are typed, for the bars. Pure; the server reads them again. */
const TYPED = /^\s*(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?\s*$/;
const DAY = 24 * 60;

/** [[start, end], …] in minutes; null when it can't be read. */
export function readIntervals(text) {
  if (!text.trim()) return [];
  const intervals = text.split(/[,;]/).map(readInterval);
  return intervals.includes(null) ? null : intervals;
}

function readInterval(part) {
  const typed = part.match(TYPED);
  if (!typed) return null;
  const [start, end] = [Number(typed[1]) * 60 + Number(typed[2] ?? 0), Number(typed[3]) * 60 + Number(typed[4] ?? 0)];
  return start < DAY && end <= DAY ? [start, end] : null;
}

/** [[start, width], …] for each of the days; a night is drawn in both of its days. */
export function barsOf(texts) {
  const bars = texts.map(() => []);
  texts.forEach((text, day) => {
    for (const [start, end] of readIntervals(text) ?? []) {
      if (end > start) {
        bars[day].push([start, end - start]);
        continue;
      }
      bars[day].push([start, DAY - start]);
      bars[(day + 1) % texts.length].push([0, end]);
    }
  });
  return bars;
}

/** "9-13,14.00-18" → "09:00–13:00, 14:00–18:00"; what can't be read stays as it is. */
export function tidied(text) {
  const intervals = readIntervals(text);
  if (intervals === null) return text;
  const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  return intervals.map(([start, end]) => `${clock(start)}–${clock(end)}`).join(", ");
}
