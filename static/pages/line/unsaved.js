/** Tells of unsaved changes, keeps them from being lost, saves by Ctrl+S. */
const IGNORED = new Set(["csrfmiddlewaretoken", "candidate", "language", "seen"]);
let stored = "";

const form = () => document.getElementById("line-form");
const state = () => new URLSearchParams([...new FormData(form())].filter(([name]) => !IGNORED.has(name))).toString();
const isUnsaved = () => form().dataset.unsaved === "1" || state() !== stored;

function show() {
  form().querySelector("[data-save-bar]").hidden = !isUnsaved();
}

function remember() {
  stored = state();
  show();
}

function warn(event) {
  if (isUnsaved()) event.preventDefault();
}

/** Whoever changes the form without an input event says so by "line:changed". */
export function keepUnsaved() {
  remember();
  for (const kind of ["input", "change", "line:changed"]) {
    document.addEventListener(kind, ({ target }) => { if (target === document || form().contains(target)) show(); });
  }
  document.body.addEventListener("htmx:afterSwap", ({ target }) => { if (target.id === "line-form") remember(); });
  addEventListener("beforeunload", warn);
  document.addEventListener("click", ({ target }) => { if (target.closest("[data-undo]")) removeEventListener("beforeunload", warn); });
  document.addEventListener("keydown", (event) => {
    if (event.code !== "KeyS" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    if (isUnsaved()) form().requestSubmit();
  });
}
