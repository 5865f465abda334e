/** A menu that hangs on a button: Escape and a click elsewhere close it, arrows walk through it. */
import { h, icon } from "../core/dom.js";

const MARGIN = 8;

export const menuItem = (iconName, label, choose, { isDanger = false, isChosen = false } = {}) => h("button", {
  type: "button", role: "menuitem", class: `menu__item${isDanger ? " menu__item--danger" : ""}`, "aria-checked": isChosen ? "true" : null, on: { click: choose },
}, icon(iconName, 18), label);

export function openMenu(anchor, content, { at = null, role = "menu" } = {}) {
  const menu = h("div", { class: "menu", popover: "auto", role }, ...content);
  document.body.append(menu);
  menu.addEventListener("toggle", ({ newState }) => { if (newState === "closed") menu.remove(); });
  menu.addEventListener("click", ({ target }) => { if (target.closest("[role=menuitem]")) menu.hidePopover(); });
  menu.addEventListener("keydown", (event) => walk(menu, event));
  menu.showPopover();
  const settle = () => place(menu, at ?? anchor.getBoundingClientRect());
  settle();
  // What comes from the server later makes it taller.
  menu.addEventListener("menu:grown", settle);
  menu.querySelector("[role=menuitem]")?.focus();
  return menu;
}

function place(menu, { left, right, top, bottom }) {
  const { width, height } = menu.getBoundingClientRect();
  const start = left + width + MARGIN > innerWidth ? Math.max(MARGIN, right - width) : left;
  const isBelow = bottom + height + MARGIN <= innerHeight || top < height;
  menu.style.setProperty("left", `${start}px`);
  menu.style.setProperty("top", `${Math.max(MARGIN, isBelow ? Math.min(bottom + 4, innerHeight - height - MARGIN) : top - height - 4)}px`);
}

function walk(menu, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  const index = items.indexOf(document.activeElement) + step;
  items.at(index % items.length)?.focus();
}
