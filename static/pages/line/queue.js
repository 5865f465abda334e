/** The order of the queue: by dragging, by arrow keys, by buttons. The page is stored only when it is saved. */
import { t, tn } from "../../console/core/i18n.js";

const rows = () => document.getElementById("queue-rows");
const nameOf = (row) => row.querySelector(".queue__who b").textContent;

export function editQueue() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onGrip);
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches("[data-add]") && !document.getElementById("candidate").value) event.preventDefault();
  });
  document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target?.id === "queue-rows") changed(t("{name} is in the queue", { name: nameOf(rows().lastElementChild) }));
  });
}

function onClick(event) {
  const button = event.target.closest("[data-move], [data-remove]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("[data-entry]");
  if ("move" in button.dataset) return move(row, button.dataset.move === "up" ? -1 : 1);
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const name = nameOf(row);
  row.remove();
  (next?.querySelector("[data-remove]") ?? document.getElementById("candidate")).focus();
  changed(t("{name} is out of the queue", { name }));
}

function onKey(event) {
  const row = event.target.closest?.("[data-grip]")?.closest("[data-entry]");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.code];
  if (!row || !step) return;
  event.preventDefault();
  move(row, step);
}

/** Moves the neighbour rather than the row, so that the focus stays where it is. */
function move(row, step) {
  const neighbour = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!neighbour) return;
  row[step < 0 ? "after" : "before"](neighbour);
  tellPlace(row);
}

function onGrip(event) {
  const row = event.target.closest("[data-grip]")?.closest("[data-entry]");
  if (!row || event.button !== 0) return;
  const grip = event.target.closest("[data-grip]");
  const drag = ({ clientY }) => {
    row.classList.add("queue__row--dragged");
    const over = [...rows().children].find((other) => other !== row && isOver(other, clientY));
    if (over) cross(row, over);
  };
  const drop = () => {
    grip.removeEventListener("pointermove", drag);
    row.classList.remove("queue__row--dragged");
    tellPlace(row);
  };
  grip.setPointerCapture(event.pointerId);
  grip.addEventListener("pointermove", drag);
  grip.addEventListener("lostpointercapture", drop, { once: true });
}

/** The row itself stays in the document, or it would lose the pointer. */
function cross(row, over) {
  const isBelow = row.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
  let crossed = null;
  do {
    crossed = isBelow ? row.nextElementSibling : row.previousElementSibling;
    row[isBelow ? "before" : "after"](crossed);
  } while (crossed !== over);
}

function isOver(row, y) {
  const { top, height } = row.getBoundingClientRect();
  return y > top + height * 0.25 && y < top + height * 0.75;
}

function tellPlace(row) {
  const place = [...rows().children].indexOf(row) + 1;
  changed(t("{name}: place {place} of {count}", { name: nameOf(row), place, count: rows().childElementCount }));
}

/** Nobody counts twice who is in the queue by themselves and in a group. */
const countOf = (all, name) => new Set(all.flatMap((row) => row.dataset[name].split(" ").filter(Boolean))).size;

/** Who is in the queue can't be added again. */
function changed(words) {
  const all = [...rows().children];
  const inside = new Set(all.map((row) => row.dataset.entry));
  const choice = document.getElementById("candidate");
  for (const option of choice.options) option.hidden = option.disabled = inside.has(option.value);
  choice.value = "";
  document.querySelector("[data-queue-words]").textContent = words;
  const online = countOf(all, "online");
  const count = tn("{count} operator, on the line: {online}", "{count} operators, on the line: {online}", countOf(all, "people"), { online });
  document.querySelector("[data-queue-count]").textContent = count;
  document.dispatchEvent(new Event("line:changed"));
}
