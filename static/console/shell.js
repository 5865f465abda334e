/** What every signed-in page has: the user's menu with theme, density and language, installing, signing out. */
import { get, patch, remove } from "./core/api.js";

const root = document.documentElement;
const chosen = { theme: root.dataset.theme.toUpperCase(), density: root.dataset.density.toUpperCase(), language: root.lang };

const APPLY = {
  theme: (value) => { root.dataset.theme = value.toLowerCase(); },
  density: (value) => { root.dataset.density = value.toLowerCase(); },
  language: () => location.reload(),
};

function showChoices() {
  for (const group of document.querySelectorAll("[data-choice]")) {
    for (const button of group.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === chosen[group.dataset.choice]));
    }
  }
}

async function choose(what, value) {
  const before = chosen[what];
  chosen[what] = value;
  if (what !== "language") APPLY[what](value);
  showChoices();
  try {
    await patch("me/", { [what]: value });
    if (what === "language") APPLY.language();
  } catch {
    chosen[what] = before;
    if (what !== "language") APPLY[what](before);
    showChoices();
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-choice] button");
  if (button) choose(button.closest("[data-choice]").dataset.choice, button.value);
});
showChoices();

/** The browser says when it would install us; the menu offers it from then on. */
let installing = null;
const installButton = document.querySelector("[data-install]");
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  installing = event;
  installButton.hidden = false;
});
installButton?.addEventListener("click", () => installing?.prompt().finally(() => { installButton.hidden = true; }));
// Browsers of Apple's phones have no such event.
if (navigator.standalone === false) document.querySelector("[data-install-by-hand]").hidden = false;

/** Whoever signs out is not woken here any more; a server that is slow to hear it does not keep them. */
document.querySelector("[data-sign-out]")?.addEventListener("submit", async (event) => {
  if (!navigator.serviceWorker?.controller) return;
  event.preventDefault();
  await Promise.race([stopWaking().catch(() => {}), new Promise((resolve) => { setTimeout(resolve, 1500); })]);
  event.target.submit();
});

async function stopWaking() {
  const registration = await navigator.serviceWorker.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription();
  if (!subscription) return;
  const { devices } = await get("push-subscriptions/");
  await Promise.all(devices.filter(({ endpoint }) => endpoint === subscription.endpoint).map(({ id }) => remove(`push-subscriptions/${id}/`)));
  await subscription.unsubscribe();
}
