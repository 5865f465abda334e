/** Whether an occasion may make a sound, or show a notification, now. Pure. */
export const OCCASIONS = ["offer", "message", "mention"];
/** A dialog that becomes one's own is as urgent as one that is offered, and so is a call that is due; an invitation is a colleague's call. */
const LIKE = { assigned: "offer", call_back: "offer", invited: "mention", snooze: "message" };
export const occasionOf = (reason) => LIKE[reason] ?? reason;

const clocks = new Map();
function minuteOfDay(timeZone, now) {
  if (!clocks.has(timeZone)) clocks.set(timeZone, new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }));
  return minutes(clocks.get(timeZone).format(now));
}

const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** Hours over midnight end on the next day. */
export function isQuiet({ quiet_hours: quiet }, now) {
  if (!quiet) return false;
  const [clock, begin, end] = [minuteOfDay(quiet.time_zone, now), minutes(quiet.from), minutes(quiet.until)];
  return begin < end ? clock >= begin && clock < end : clock >= begin || clock < end;
}

export const soundsFor = (settings, reason, now) => Boolean(settings.sound[occasionOf(reason)]) && settings.sound.volume > 0 && !isQuiet(settings, now);
export const notifiesOf = (settings, reason, now) => settings.notifications && Boolean(settings.notify_of[occasionOf(reason)]) && !isQuiet(settings, now);
