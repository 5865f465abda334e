/** Hours of a line: bars follow the typed times, days are copied, special days come and go. */
import { translator } from "../../console/core/i18n.js";
import { barsOf, tidied } from "./week.js";

const SVG = "http://www.w3.org/2000/svg";
const MINUTE = 60_000;
const section = () => document.querySelector("[data-hours]");
const days = () => [...section().querySelectorAll("[data-day]")];

export function editHours() {
  document.addEventListener("input", ({ target }) => { if (target.matches("[data-day]")) drawWeek(); });
  document.addEventListener("change", onChange);
  document.addEventListener("click", onClick);
  document.body.addEventListener("htmx:afterSwap", ({ target }) => { if (target.id === "line-form") begin(); });
  setInterval(showLocalTime, MINUTE);
  begin();
}

function begin() {
  for (const button of section().querySelectorAll("[data-copy-day], [data-remove-special-day], [data-add-special-day]")) button.hidden = false;
  nameCountries();
  showLocalTime();
}

function onChange({ target }) {
  if (target.matches("[data-day], [name=special_hours]")) target.value = tidied(target.value);
  if (target.matches("[name=time_zone]")) showLocalTime();
}

function onClick({ target }) {
  const button = target.closest("[data-copy-day], [data-remove-special-day], [data-add-special-day]");
  if (!button) return;
  if ("copyDay" in button.dataset) copyDay(button.closest("[data-weekday]").querySelector("[data-day]").value);
  else if ("addSpecialDay" in button.dataset) addSpecialDay();
  else removeSpecialDay(button.closest("li"));
  document.dispatchEvent(new Event("line:changed"));
}

function copyDay(hours) {
  for (const input of days()) input.value = tidied(hours);
  drawWeek();
}

function addSpecialDay() {
  const row = section().querySelector("template[data-special-day]").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-remove-special-day]").hidden = false;
  section().querySelector("[data-special-days]").append(row);
  row.querySelector("input").focus();
}

function removeSpecialDay(row) {
  row.remove();
  section().querySelector("[data-add-special-day]").focus();
}

function drawWeek() {
  const bars = barsOf(days().map((input) => input.value));
  section().querySelectorAll("[data-bar]").forEach((svg, day) => svg.replaceChildren(...bars[day].map(rect)));
}

function rect([start, width]) {
  const drawn = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x: start, width, height: 16 })) drawn.setAttribute(name, value);
  return drawn;
}

function showLocalTime() {
  const timeZone = section().querySelector("[name=time_zone]").value;
  const clock = new Intl.DateTimeFormat(translator.language, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23", weekday: "short" });
  section().querySelector("[data-local-time]").textContent = clock.format(Date.now());
}

/** Countries by their names in the reader's language, in its order. */
function nameCountries() {
  const select = section().querySelector("[name=country]");
  const names = new Intl.DisplayNames([translator.language], { type: "region", fallback: "code" });
  const { value } = select;
  const options = [...select.options].filter((option) => option.value);
  for (const option of options) option.textContent = names.of(option.value);
  options.sort((one, other) => one.textContent.localeCompare(other.textContent, translator.language));
  select.append(...options);
  select.value = value;
}
