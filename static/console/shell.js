/** What every signed-in page has: the user's menu with theme, density and language. */
import { patch } from "./core/api.js";

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
