/** The facts beside a conversation: asked for again when somebody changed them; what one is typing stays. */
const side = document.querySelector("[data-side]");
const form = () => side.querySelector("[data-form]");
const PATIENCE = 400;
let timer = null;

/** Every field that keeps what it began with differs from it or not. */
function isTouched() {
  const values = new FormData(form());
  return [...values.keys()].some((name) => name.startsWith("initial-") && (values.get(name) ?? "") !== (values.get(name.slice(8)) ?? ""));
}

document.body.addEventListener("client-changed", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const isBusy = isTouched() || form().contains(document.activeElement);
    htmx.ajax("GET", `${side.dataset.side}${isBusy ? "" : "?form=1"}`, { target: side, swap: "none" });
  }, PATIENCE);
});
