/** The board of leads: cards move by drag, from a menu, or by Shift and the arrows; the board keeps itself fresh. */
import { patch } from "../console/core/api.js";
import { t } from "../console/core/i18n.js";
import { Doorbell } from "../console/core/socket.js";
import { every, startTicking } from "../console/core/ticker.js";
import { errorWords } from "../console/core/words.js";
import { menuItem, openMenu } from "../console/ui/menu.js";
import { say } from "./settings.js";

// A hint may be lost, and a busy day rings all the time.
const SELDOM = 30_000;
const OFTEN = 4000;
const live = document.querySelector("[data-live]");
const board = () => document.querySelector("[data-board]");
const columns = () => [...board().querySelectorAll("[data-stage]")];
const columnOf = (card) => card.closest("[data-stage]");
let dragged = null;
let moving = 0;
let refreshedAt = Date.now();
let isStale = false;

async function move(card, column) {
  const before = columnOf(card);
  if (!column || column === before) return;
  const hadFocus = card.contains(document.activeElement);
  column.querySelector("[data-cards]").prepend(card);
  column.querySelector(".column__nothing")?.remove();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (hadFocus) card.querySelector("a").focus();
  moving += 1;
  try {
    await patch(`leads/${card.dataset.lead}/`, { stage: Number(column.dataset.stage) });
    say(t("Moved to “{stage}”", { stage: column.dataset.name }));
  } catch (error) {
    say(errorWords(error), { isBad: true });
  } finally {
    moving -= 1;
  }
  refresh();
}

function offerStages(button) {
  const card = button.closest("[data-lead]");
  const own = columnOf(card);
  const items = columns().map((column) => menuItem(column === own ? "check" : "right", column.dataset.name, () => move(card, column), { isChosen: column === own }));
  openMenu(button, items);
}

/** Not while somebody is busy with the board: what they hold would be pulled out of their hands. */
const isBusy = () => dragged || moving || document.hidden || document.querySelector(".menu:popover-open, dialog[open]");

async function refresh() {
  if (isBusy()) return;
  isStale = false;
  refreshedAt = Date.now();
  const places = new Map(columns().map((column) => [column.dataset.stage, column.querySelector("[data-cards]").scrollTop]));
  const left = board().scrollLeft;
  const focused = document.activeElement?.closest("[data-lead]")?.dataset.lead;
  await htmx.ajax("GET", location.pathname + location.search, { target: board(), swap: "outerHTML" });
  for (const column of columns()) column.querySelector("[data-cards]").scrollTop = places.get(column.dataset.stage) ?? 0;
  board().scrollLeft = left;
  if (focused) document.getElementById(`lead-${focused}`)?.focus({ preventScroll: true });
}

document.addEventListener("dragstart", ({ target, dataTransfer }) => {
  const card = target.closest?.("[data-lead]");
  if (!card) return;
  dragged = card;
  dataTransfer.effectAllowed = "move";
  dataTransfer.setData("text/plain", card.querySelector("a").href);
  requestAnimationFrame(() => card.classList.add("lead-card--dragged"));
});

function mark(column) {
  for (const one of columns()) one.classList.toggle("column--target", one === column);
}

document.addEventListener("dragover", (event) => {
  const column = dragged && event.target.closest?.("[data-stage]");
  if (column) event.preventDefault();
  if (dragged) mark(column && column !== columnOf(dragged) ? column : null);
});

document.addEventListener("drop", (event) => {
  const column = dragged && event.target.closest?.("[data-stage]");
  if (!column) return;
  event.preventDefault();
  const card = dragged;
  letGo();
  move(card, column);
});

function letGo() {
  dragged?.classList.remove("lead-card--dragged");
  dragged = null;
  mark(null);
}
document.addEventListener("dragend", letGo);

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-move]");
  if (button) offerStages(button);
});

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-lead]");
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.code];
  if (!card || !step || !event.shiftKey) return;
  event.preventDefault();
  const all = columns();
  move(card, all[all.indexOf(columnOf(card)) + step]);
});

/** Links between board and list carry the filters along. */
document.body.addEventListener("htmx:pushedIntoHistory", () => {
  for (const link of document.querySelectorAll("[data-view-link]")) {
    const view = new URL(link.href).searchParams.get("view");
    const query = new URLSearchParams(location.search);
    query.delete("view");
    query.delete("page");
    if (view) query.set("view", view);
    link.search = query.toString();
  }
});

// What was unfolded with "Show more" would fold up again, so such a board waits for a reload.
let isUnfolded = false;
document.addEventListener("click", ({ target }) => { if (target.closest("[data-more]")) isUnfolded = true; });

new Doorbell(live.dataset.socketPath, {
  onFrame: ({ type }) => { if (["dialog.changed", "client.changed", "hello"].includes(type)) isStale = true; },
  onStatus: (status) => { if (status === "signed-out") location.reload(); },
}).connect();
startTicking(live.dataset.tickerUrl);
every(1000, () => {
  const age = Date.now() - refreshedAt;
  if (!isUnfolded && (age > SELDOM || (isStale && age > OFTEN))) refresh();
});
