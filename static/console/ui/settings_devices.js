/** Browsers that are woken while no console is open in them. */
import { complain } from "../core/actions.js";
import { button, h, icon, iconButton } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { canPush, forgetDevice, readDevices, wakeThisBrowser } from "../core/push.js";
import { whole } from "../core/time.js";
import { part } from "./settings_parts.js";

export function devicesPage() {
  const here = h("div", { class: "settings-page__here" }, h("p", { class: "empty" }, t("Loading…")));
  const list = h("div");
  const read = () => readDevices().then((answer) => { here.replaceChildren(...thisBrowser(answer, read)); list.replaceChildren(...rows(answer.devices, read)); }, (error) => { here.replaceChildren(); complain(error); });
  read();
  return [part(t("This browser"), here), part(t("All my browsers"), list)];
}

/** What can be done here, or why nothing can. */
function thisBrowser({ publicKey, devices }, read) {
  const words = h("p", {}, t("It can wake you when a client calls and no page of the console is in sight, even when all are closed."));
  if (!publicKey) return [words, h("p", { class: "notice" }, t("Not in this installation: the administrator has not set a key for it."))];
  if (!canPush()) return [words, h("p", { class: "notice notice--warn" }, t("Not in this browser, or not at this address: it needs https. On an iPhone, add the console to the home screen first."))];
  if (devices.some(({ isThis }) => isThis)) return [words, h("p", { class: "notice notice--ok" }, t("This browser wakes you."))];
  const note = h("p", { class: "notice notice--bad", role: "status", hidden: true });
  const wake = async () => {
    try {
      if (await wakeThisBrowser(publicKey)) return read();
      note.textContent = t("This browser does not let us show notifications. Allow them for this site in its settings.");
    } catch (error) {
      note.textContent = error.status ? error.message : t("The push service of this browser could not be reached. Try again later.");
    }
    note.hidden = false;
  };
  return [words, h("div", { class: "settings-row settings-row--start" }, button("btn btn--primary", t("Wake me in this browser"), wake)), note];
}

function rows(devices, read) {
  if (!devices.length) return [h("p", { class: "settings-part__none" }, t("None yet."))];
  return devices.map((device) => h("div", { class: "device" }, icon(/Android|iPhone|iPad/.test(device.device) ? "phone" : "screen"),
    h("span", {}, h("b", { class: "truncate" }, device.device || t("A browser")), h("small", {}, noteOf(device))),
    iconButton("trash", t("Do not wake me in {device}", { device: device.device }), () => forgetDevice(device).then(read, complain))));
}

function noteOf({ isThis, created_at: createdAt, failed_at: failedAt }) {
  if (failedAt) return t("Could not be reached on {time}", { time: whole(failedAt) });
  return isThis ? t("This browser") : t("since {time}", { time: whole(createdAt) });
}
