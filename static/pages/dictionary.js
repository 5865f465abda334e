/** The order of stages: by dragging or by the arrow keys on the grip; stored at once. */
const rowOf = (grip) => grip.closest("[data-row]");

const store = () => document.getElementById("stage-order").requestSubmit();

document.addEventListener("keydown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.code];
  if (!grip || !step) return;
  event.preventDefault();
  const row = rowOf(grip);
  const neighbour = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!neighbour) return;
  row[step < 0 ? "after" : "before"](neighbour);
  grip.focus();
  store();
});

/** The row itself stays in the document, or it would lose the pointer: the others go round it. */
document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button !== 0) return;
  const row = rowOf(grip);
  const before = [...row.parentElement.children].indexOf(row);
  const drag = ({ clientY }) => {
    row.classList.add("dictionary__row--dragged");
    const { previousElementSibling: above, nextElementSibling: below } = row;
    if (above && clientY < middle(above)) row.after(above);
    else if (below && clientY > middle(below)) row.before(below);
  };
  grip.setPointerCapture(event.pointerId);
  grip.addEventListener("pointermove", drag);
  grip.addEventListener("lostpointercapture", () => {
    grip.removeEventListener("pointermove", drag);
    row.classList.remove("dictionary__row--dragged");
    if ([...row.parentElement.children].indexOf(row) !== before) store();
  }, { once: true });
});

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}
