/** A press on a variable puts it into the automatic text that was edited last. */
let last = null;

export function insertVariables() {
  document.addEventListener("focusin", ({ target }) => { if (target.matches(".timeline textarea")) last = target; });
  document.addEventListener("mousedown", (event) => { if (event.target.closest("[data-variable]")) event.preventDefault(); });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-variable]");
    if (!button) return;
    const text = last?.isConnected ? last : document.querySelector(".timeline textarea");
    text.setRangeText(button.dataset.variable, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });
}
