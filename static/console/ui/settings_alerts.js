/** Sounds, notifications on the desktop, quiet hours. */
import { notificationsAre, tryOut } from "../core/alerts.js";
import { OCCASIONS } from "../core/alert_rules.js";
import { button, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { changeSettings } from "../core/settings.js";
import { store } from "../core/store.js";
import { part, switchRow } from "./settings_parts.js";

const WORDS = {
  offer: () => [t("New requests"), t("A dialog is offered to me or becomes mine")],
  message: () => [t("Messages of clients"), t("In my own dialogs")],
  mention: () => [t("Mentions"), t("A colleague calls me in a whisper")],
};
const USUAL_NIGHT = { from: "22:00", until: "08:00" };
const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function alertsPage() {
  const { settings } = store.state;
  return [sounds(settings), notifications(settings), quietHours(settings)];
}

function sounds({ sound }) {
  const volume = h("input", { class: "range", type: "range", min: "0", max: "100", step: "5", value: String(sound.volume), "aria-label": t("Volume"), on: { change: () => changeSettings({ sound: { volume: Number(volume.value) } }) } });
  return part(t("Sounds"),
    h("label", { class: "settings-volume" }, h("span", {}, t("Volume")), volume),
    ...OCCASIONS.map((occasion) => h("div", { class: "settings-row" },
      switchRow(...WORDS[occasion](), sound[occasion], (isOn) => changeSettings({ sound: { [occasion]: isOn } })),
      button("btn btn--ghost btn--small", t("Try it"), () => tryOut(occasion, Number(volume.value))))));
}

function notifications({ notifications: isOn, notify_of: of }) {
  const list = h("div", { class: "settings-nested" }, ...OCCASIONS.map((occasion) => switchRow(WORDS[occasion]()[0], null, of[occasion], (isWanted) => changeSettings({ notify_of: { [occasion]: isWanted } }))));
  list.toggleAttribute("inert", !isOn);
  const main = switchRow(t("Show notifications"), t("When no page of the console is in sight"), isOn, (isWanted) => { list.toggleAttribute("inert", !isWanted); changeSettings({ notifications: isWanted }); });
  return part(t("Notifications on the desktop"), main, list, permission());
}

/** What the browser says has the last word. */
function permission() {
  const place = h("div");
  const show = () => place.replaceChildren(...PERMISSIONS[notificationsAre()](show));
  show();
  return place;
}

const PERMISSIONS = {
  granted: (show) => [h("div", { class: "settings-row" }, h("p", { class: "notice notice--ok" }, t("This browser may show them.")), button("btn btn--ghost btn--small", t("Try it"), () => { showExample(); show(); }))],
  default: (show) => [h("div", { class: "settings-row" }, h("p", { class: "notice notice--warn" }, t("This browser has not been asked yet.")), button("btn btn--secondary btn--small", t("Allow"), () => Notification.requestPermission().then(show)))],
  denied: () => [h("p", { class: "notice notice--bad" }, t("This browser does not let us show them. Allow notifications for this site in its settings, beside the address."))],
  impossible: () => [h("p", { class: "notice" }, t("This browser can't show notifications for this address: it needs https."))],
};

async function showExample() {
  const registration = await navigator.serviceWorker?.getRegistration();
  const words = [t("This is how it will look"), { body: t("Good afternoon! Is the oak table still there?"), tag: "example" }];
  if (registration?.active) registration.showNotification(...words);
  else new Notification(...words);
}

function quietHours({ quiet_hours: quiet }) {
  const clock = (name, words, value) => h("label", { class: "field" }, h("span", { class: "field__label" }, words), h("input", { class: "input", type: "time", name, value, required: true, on: { change: () => save() } }));
  const form = h("form", { class: "field-row settings-nested", hidden: !quiet }, clock("from", t("From"), (quiet ?? USUAL_NIGHT).from), clock("until", t("Until"), (quiet ?? USUAL_NIGHT).until));
  const zone = quiet?.time_zone ?? ownZone();
  const save = () => {
    const [from, until] = [form.elements.from.value, form.elements.until.value];
    if (form.checkValidity() && from !== until) changeSettings({ quiet_hours: { from, until, time_zone: zone } });
  };
  const main = switchRow(t("No sounds and no notifications at these hours"), t("By the clock of {zone}", { zone }), Boolean(quiet), (isOn) => {
    form.hidden = !isOn;
    if (isOn) save();
    else changeSettings({ quiet_hours: null });
  });
  return part(t("Quiet hours"), main, form);
}
