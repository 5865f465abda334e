/** Automatic texts: one language at a time, variables that go in where the cursor is, and what a client would read. */
import { filledIn } from "./fill_in.js";

const section = () => document.querySelector("[data-languages]");

export function editTexts() {
  showLanguage("");
  document.addEventListener("mousedown", (event) => { if (event.target.closest("[data-variable]")) event.preventDefault(); });
  document.addEventListener("click", onClick);
  document.addEventListener("input", ({ target }) => { if (target.closest("[data-languages]")) previewAll(); });
  document.body.addEventListener("htmx:afterSwap", ({ target }) => { if (target.id === "line-form") afterSwap(target); });
}

function onClick({ target }) {
  const tab = target.closest("[data-language]");
  if (tab) showLanguage(tab.dataset.language);
  const variable = target.closest("[data-variable]");
  if (variable) insert(variable);
}

/** A language that was just added is shown; one with a mistake comes before it. */
function afterSwap(form) {
  const added = form.dataset.addedLanguage ?? "";
  const wrong = form.querySelector("[data-said-in].field--invalid")?.dataset.saidIn;
  showLanguage(wrong ?? added);
  if (added) tabOf(added)?.focus();
}

const tabOf = (language) => section().querySelector(`.languages__tab[data-language="${language}"]`);

function showLanguage(language) {
  if (!tabOf(language)) return showLanguage("");
  for (const tab of section().querySelectorAll(".languages__tab")) tab.setAttribute("aria-pressed", tab.dataset.language === language);
  for (const field of section().querySelectorAll("[data-said-in]")) field.hidden = field.dataset.saidIn !== language;
  section().querySelector("[data-language-hint]").hidden = !language;
  for (const text of section().querySelectorAll("[data-text]")) hintAtMainWords(text);
  previewAll();
}

/** An empty translation shows the words that are said instead. */
function hintAtMainWords(text) {
  const [main, ...others] = text.querySelectorAll("textarea");
  for (const other of others) other.placeholder = main.value;
}

function insert(button) {
  const text = [...button.closest("[data-text]").querySelectorAll("textarea")].find((each) => !each.closest("[hidden]"));
  text.focus();
  text.setRangeText(button.dataset.variable, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The link goes at the end where the text does not place it. */
function withForm(text, words) {
  const sendsForm = text.closest(".timeline__step").querySelector("select[name$=_action]")?.value === "FORM";
  return sendsForm && !words.includes("{form}") ? `${words}\n{form}` : words;
}

function previewAll() {
  const examples = JSON.parse(document.getElementById("text-examples").textContent);
  examples.form = document.querySelector("[name=form_url]").value || examples.form;
  for (const text of section().querySelectorAll("[data-text]")) {
    const shown = text.querySelector("[data-said-in]:not([hidden]) textarea");
    const words = filledIn(withForm(text, shown.value || shown.placeholder), examples);
    text.querySelector("[data-preview-words]").textContent = words;
    text.querySelector("[data-preview]").hidden = !words || words === shown.value.trim();
  }
}
