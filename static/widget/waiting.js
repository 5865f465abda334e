/** What a visitor reads while nobody has answered yet. Times are ranges: they are what the line usually needs. */
import { t, tn } from "../console/core/i18n.js";

const MINUTE = 60;
const HOUR = 3600;
const HOURS_FROM = 90 * MINUTE;

export const placeWords = ({ position }) => t("Your place in the queue: {position}", { position });

export function waitWords({ from_seconds: from, to_seconds: to }) {
  const unit = to > HOURS_FROM ? HOUR : MINUTE;
  const low = Math.floor(from / unit);
  const high = Math.ceil(to / unit);
  if (unit === HOUR) {
    return low ? tn("Usually {low}–{count} hour", "Usually {low}–{count} hours", high, { low }) : tn("Usually up to {count} hour", "Usually up to {count} hours", high);
  }
  if (high <= 1) return t("Usually less than a minute");
  return low ? tn("Usually {low}–{count} minute", "Usually {low}–{count} minutes", high, { low }) : tn("Usually up to {count} minute", "Usually up to {count} minutes", high);
}
