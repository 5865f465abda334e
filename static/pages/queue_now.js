/** The clocks of the queue page tick by themselves; the page asks for the rest. */
import { setText } from "../console/core/dom.js";
import { duration, urgency } from "../console/core/time.js";

const page = document.getElementById("queue-now");

function tick() {
  const now = Date.now();
  for (const element of page.querySelectorAll("[data-since]")) {
    const passed = now - Date.parse(element.dataset.since);
    setText(element, duration(passed));
    if (element.closest("[data-waiting]")) element.dataset.urgency = urgency(passed);
  }
  for (const element of page.querySelectorAll("[data-until]")) setText(element, duration(Date.parse(element.dataset.until) - now));
}

document.body.addEventListener("htmx:afterSettle", tick);
document.querySelector("[data-queue-choice] select")?.addEventListener("change", ({ target }) => location.assign(target.value));
setInterval(tick, 1000);
tick();
