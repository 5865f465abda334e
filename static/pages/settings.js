/** What all settings pages do by themselves: the drawer, passing words, copying, the first field to mend. */
import { h, icon } from "../console/core/dom.js";
import { t } from "../console/core/i18n.js";

const SHOWN_FOR = 6000;
const drawer = document.getElementById("drawer");

export function say(words, { isBad = false } = {}) {
  const toast = h("div", { class: `toast${isBad ? " toast--bad" : ""}`, data: { toast: "" } }, icon(isBad ? "alert" : "check", 18), h("span", {}, words));
  document.getElementById("toasts").append(toast);
  letToastsPass();
}

/** Above the drawer, which lies above everything: the last to be shown is on top. */
function raiseToasts() {
  const toasts = document.getElementById("toasts");
  toasts.setAttribute("popover", "manual");
  if (toasts.matches(":popover-open")) toasts.hidePopover();
  if (toasts.childElementCount) toasts.showPopover();
}

function letToastsPass() {
  raiseToasts();
  for (const toast of document.querySelectorAll("[data-toast]:not([data-passing])")) {
    toast.dataset.passing = "";
    setTimeout(() => toast.remove(), SHOWN_FOR);
  }
}

/** The drawer is emptied when it closes, so that nothing in it goes on asking the server. */
function closeDrawer() {
  drawer.close();
}
drawer.addEventListener("close", () => drawer.replaceChildren());
drawer.addEventListener("mousedown", (event) => { if (event.target === drawer) closeDrawer(); });
document.body.addEventListener("drawer-close", () => { if (drawer.open) closeDrawer(); });

function showDrawer() {
  if (!drawer.open) drawer.showModal();
  const first = drawer.querySelector("[autofocus], .field--invalid :is(input, select, textarea)") ?? drawer.querySelector("#drawer-title");
  first?.focus();
}

function showFirstMistake(root) {
  const mistake = root.querySelector?.(".field--invalid :is(input, select, textarea), [aria-invalid=true]");
  const place = mistake ?? root.querySelector?.(".form-refusal");
  place?.scrollIntoView({ block: "center" });
  mistake?.focus({ preventScroll: true });
}

async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    say(t("Copied."));
  } catch {
    getSelection().selectAllChildren(source);
    say(t("Press Ctrl+C to copy."), { isBad: true });
  }
}

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close-drawer]");
  if (closer && drawer.contains(closer)) {
    event.preventDefault();
    closeDrawer();
  }
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
});

document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
  const isSwapped = detail.xhr.getResponseHeader("HX-Reswap") !== "none";
  if (detail.target === drawer && isSwapped) showDrawer();
  else if (detail.xhr.status === 422) showFirstMistake(document);
  letToastsPass();
});
document.body.addEventListener("htmx:oobAfterSwap", letToastsPass);

document.body.addEventListener("htmx:responseError", ({ detail }) => {
  const isPlain = detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  const words = isPlain && detail.xhr.responseText.length < 500 ? detail.xhr.responseText : t("The server could not do this. Nothing was changed.");
  say(words, { isBad: true });
});
const sayOffline = () => say(t("The server does not answer. Nothing was changed."), { isBad: true });
document.body.addEventListener("htmx:sendError", sayOffline);
document.body.addEventListener("htmx:timeout", sayOffline);

letToastsPass();
if (document.querySelector(".field--invalid, .form-refusal")) showFirstMistake(document);
