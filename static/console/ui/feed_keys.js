/** Walking through the messages with the keyboard: Enter goes in and opens a message's menu, arrows move. */
const STEPS = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" };

export function walkFeed(event, list, views) {
  const message = event.target.matches(".message") ? event.target : null;
  if (event.key === "Enter" && (message || event.target === event.currentTarget)) {
    event.preventDefault();
    if (message) [...views.values()].find((view) => view.element === message).openMenu(message);
    else [...list.querySelectorAll(".message")].at(-1)?.focus();
  } else if (STEPS[event.key] && message) {
    event.preventDefault();
    neighbour(message, STEPS[event.key])?.focus();
  }
}

function neighbour(node, step) {
  let next = node[step];
  while (next && !next.matches(".message")) next = next[step];
  return next;
}
