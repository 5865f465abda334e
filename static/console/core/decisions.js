/** Who was considered in a decision, put together by what spoke for or against them. Pure. */
import { t } from "./i18n.js";

const TITLES = {
  OFFERED: () => t("Offered"), LATER: () => t("Available, their turn comes later"), ALREADY_OFFERED: () => t("Asked already in this round"), FULL: () => t("No free place"),
  PAUSED: () => t("On a break"), OFFLINE: () => t("Offline"), ABSENT: () => t("Absent"), NOT_STARTED: () => t("Day not started"), ENDED: () => t("Day ended"),
};
const COUNTED = new Set(["OFFERED", "LATER", "FULL"]);
const SHOWN = 4;

/** [{verdict, title, people: [{name, detail}], isLong}]; whoever was offered it comes first, the others as they were looked at. */
export function groupsOf(considered) {
  const groups = new Map();
  for (const one of considered) {
    if (!groups.has(one.verdict)) groups.set(one.verdict, []);
    groups.get(one.verdict).push({ name: one.operator, why: one.why, detail: detailOf(one) });
  }
  return [...groups]
    .sort(([left], [right]) => (right === "OFFERED") - (left === "OFFERED"))
    .map(([verdict, people]) => ({ verdict, title: TITLES[verdict]?.() ?? people[0].why, people, isLong: people.length > SHOWN }));
}

/** What the title does not say: where turns and places decided, how many they had. */
function detailOf({ verdict, share, taken, limit }) {
  if (!COUNTED.has(verdict)) return "";
  return [share != null && t("given today: {count}", { count: share }), limit != null && t("{count} of {limit} dialogs", { count: taken, limit })].filter(Boolean).join(", ");
}
