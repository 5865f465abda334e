/** How my console behaves: sounds and notifications, keys, devices. What is changed counts at once, everywhere. */
import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { store } from "../core/store.js";
import { openModal } from "./modal.js";
import { alertsPage } from "./settings_alerts.js";
import { devicesPage } from "./settings_devices.js";
import { keysPage } from "./settings_keys.js";

const PAGES = [
  ["alerts", () => t("Sounds and notifications"), alertsPage], ["keys", () => t("Keyboard"), keysPage], ["devices", () => t("Devices"), devicesPage],
];
let shown = null;

export function openSettingsSheet(page, commands) {
  if (document.querySelector("dialog[open]")) return;
  const tabs = PAGES.map(([name, title, build]) => h("button", { type: "button", role: "tab", id: `settings-tab-${name}`, class: "tabs__tab", "aria-controls": "settings-page", on: { click: () => show(name, build) } }, title()));
  const panel = h("div", { class: "settings-page", id: "settings-page", role: "tabpanel" });
  const show = (name, build) => {
    for (const tab of tabs) tab.setAttribute("aria-selected", String(tab.id === `settings-tab-${name}`));
    panel.setAttribute("aria-labelledby", `settings-tab-${name}`);
    shown = () => panel.replaceChildren(...build(commands));
    shown();
  };
  const list = h("div", { class: "tabs", role: "tablist", on: { keydown: (event) => walk(event, tabs) } }, ...tabs);
  const modal = openModal(t("Settings of my console"), [list, panel], { look: "modal modal--wide settings-sheet" });
  modal.addEventListener("close", () => { shown = null; });
  const [name, , build] = PAGES.find(([one]) => one === page);
  show(name, build);
  tabs.find((tab) => tab.id === `settings-tab-${name}`).focus();
}

/** Another tab or device has changed them; what has the focus is left alone. */
store.on(["settings"], () => { if (shown && !document.activeElement?.closest(".settings-page")) shown(); });

function walk(event, tabs) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = tabs.at((tabs.indexOf(document.activeElement) + step) % tabs.length);
  next.focus();
  next.click();
}
