/** The time left to answer an offer, as a ring that empties. */
import { h, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { duration, parse } from "../core/time.js";

export class Ring {
  element = h("span", { class: "ring", role: "timer" });

  update({ offer, opened_at: openedAt }, now) {
    const end = parse(offer?.expires_at);
    const start = parse(offer?.started_at ?? openedAt);
    const left = end === null ? null : Math.max(0, end - now);
    const share = left === null ? 100 : Math.min(100, (left / Math.max(1, end - start)) * 100);
    setText(this.element, duration(left ?? now - start));
    this.element.style.setProperty("--progress", share.toFixed(1));
    this.element.classList.toggle("ring--warn", share < 40 && share >= 15);
    this.element.classList.toggle("ring--bad", share < 15);
    this.element.title = left === null ? t("Waiting") : t("Time left to answer");
  }
}
