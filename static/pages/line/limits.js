/** How many dialogs at once: one more or less by the buttons or the arrow keys. Nothing typed is no limit. */
const FIRST = 5;
const MOST = 1000;

/** Below one there is no limit any more. */
export function stepped(typed, step) {
  const limit = Number.parseInt(typed, 10);
  if (Number.isNaN(limit)) return String(FIRST);
  const next = Math.min(MOST, limit + step);
  return next < 1 ? "" : String(next);
}

export function editLimits() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-step]");
    if (button) change(button.closest(".stepper").querySelector("[data-limit]"), Number(button.dataset.step));
  });
  document.addEventListener("keydown", (event) => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.code];
    if (!step || !event.target.matches?.("[data-limit]")) return;
    event.preventDefault();
    change(event.target, step);
  });
}

function change(input, step) {
  input.value = stepped(input.value, step);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
