/** Who was considered in a decision, put together by what spoke for or against them. Pure. */
import { t } from "./i18n.js";

const TITLES = {
  OFFERED: () => t("Offered"), LATER: () => t("Available, their turn comes later"), ALREADY_OFFERED: () => t("Asked already in this round"), FULL: () => t("No free place"),
  PAUSED: () => t("On a break"), OFFLINE: () => t("Offline"), ABSENT: () => t("Absent"), NOT_STARTED: () => t("Day not started"), ENDED: () => t("Day ended"),
};
const SHOWN = 4;

/** [{verdict, title, people: [{name, why}], isLong}]; whoever was offered it comes first, the others as they were looked at. */
export function groupsOf(considered) {
  const groups = new Map();
  for (const { operator, verdict, why } of considered) {
    if (!groups.has(verdict)) groups.set(verdict, []);
    groups.get(verdict).push({ name: operator, why });
  }
  return [...groups]
    .sort(([left], [right]) => (right === "OFFERED") - (left === "OFFERED"))
    .map(([verdict, people]) => ({ verdict, title: TITLES[verdict]?.() ?? people[0].why, people, isLong: people.length > SHOWN }));
}

/** One reason for all of them needs to be said only once. */
export const isSaidByTitle = ({ people }) => new Set(people.map(({ why }) => why)).size === 1 && people.length > 1;
