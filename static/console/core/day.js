/** An operator's day: where somebody stands, and what they may do next. Pure. */

/** Absent, on a break, gone home or (not) at a console: the one word that colleagues need. */
export function standingOf({ presence, working_day: day, is_absent: isAbsent }) {
  if (isAbsent) return "ABSENT";
  if (presence === "PAUSED") return "PAUSED";
  if (day === "ENDED") return "ENDED";
  return presence;
}

/** The steps that make sense from here, in the order of a menu. Breaks are there without a working day, too. */
export function nextSteps({ presence, working_day: day }) {
  const isPaused = presence === "PAUSED";
  return [
    isPaused && "resume",
    day !== "STARTED" && "start",
    !isPaused && day !== "ENDED" && "pause",
    day === "STARTED" && "end",
  ].filter(Boolean);
}

/** Since when it has been like this: the break's beginning, else the day's beginning or end. */
export function sinceOf({ working_day: day, is_paused: isPaused, started_at: startedAt, ended_at: endedAt, paused_at: pausedAt }) {
  if (isPaused) return pausedAt;
  return day === "ENDED" ? endedAt : startedAt;
}

/** What a command answered, as the operator that everyone sees: a console is open, since it asked. */
export const asOperator = ({ working_day, pause_reason, is_absent, is_paused: isPaused }) => ({
  working_day, pause_reason, is_absent, presence: isPaused ? "PAUSED" : "ONLINE",
});
