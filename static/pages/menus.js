/** Menus that hang on the button that opens them. */
const MARGIN = 8;

function hang(menu, button) {
  const { right, top, bottom } = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const isBelow = bottom + height + MARGIN <= innerHeight || top < height;
  menu.style.setProperty("left", `${Math.max(MARGIN, right - width)}px`);
  menu.style.setProperty("top", `${isBelow ? bottom + 4 : top - height - 4}px`);
}

document.addEventListener("toggle", ({ target, newState }) => {
  if (newState !== "open" || !target.matches("[data-hangs]")) return;
  hang(target, document.querySelector(`[popovertarget="${target.id}"]`));
}, true);

document.addEventListener("click", ({ target }) => {
  const menu = target.closest(".menu__item")?.closest("[data-hangs]");
  if (menu?.matches(":popover-open")) menu.hidePopover();
});
