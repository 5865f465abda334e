/** Calls an operator: a sound, a desktop notification. One tab of a browser does it. */
import { notifiesOf, soundsFor } from "./alert_rules.js";
import { t } from "./i18n.js";
import { isOnScreen } from "./session.js";
import { serverNow } from "./state.js";
import { store } from "./store.js";
import { kindWord } from "./names.js";

const TONES = { offer: [660, 880], assigned: [660, 880], message: [660], invited: [880, 660], mention: [880, 660], snooze: [660, 550], call_back: [880, 660, 880] };
const ASKED = "console-notifications-asked";
const tabId = crypto.randomUUID?.() ?? String(Math.random());
/** Tabs of this browser that somebody looks at, with the dialog on them. */
const visibleTabs = new Map();
const channel = new BroadcastChannel("console-tabs");
let isLeader = !navigator.locks;
let audio = null;
let hasMissed = false;

export function startAlerts() {
  navigator.locks?.request("console-alerts", () => { isLeader = true; return new Promise(() => {}); });
  channel.onmessage = ({ data }) => {
    if (data.ask) tellVisibility();
    else if (data.isVisible) visibleTabs.set(data.tabId, data.dialogId);
    else visibleTabs.delete(data.tabId);
  };
  document.addEventListener("visibilitychange", () => { tellVisibility(); offerNotifications(); });
  addEventListener("pagehide", () => channel.postMessage({ tabId, isVisible: false }));
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => { audio ??= new AudioContext(); }, { once: true });
  tellVisibility();
  channel.postMessage({ ask: true });
  store.on(["selection"], tellVisibility);
}

const tellVisibility = () => channel.postMessage({ tabId, isVisible: !document.hidden, dialogId: store.state.selectedId });
const isSeen = (dialogId) => isOnScreen(dialogId) || [...visibleTabs.values()].includes(dialogId);

export function call({ reason, dialog }, onClick) {
  if (!isLeader || (["message", "mention"].includes(reason) && isSeen(dialog.id))) return;
  const { settings } = store.state;
  const now = serverNow(store.state);
  if (soundsFor(settings, reason, now)) play(reason, settings.sound.volume);
  if (!document.hidden || visibleTabs.size || !notifiesOf(settings, reason, now)) return;
  if (window.Notification?.permission === "granted") notify(reason, dialog, onClick);
  else hasMissed = true;
}

/** How it will sound; a press is what browsers want to have seen before they make a sound. */
export function tryOut(reason, volume) {
  audio ??= new AudioContext();
  audio.resume().then(() => play(reason, volume));
}

export const notificationsAre = () => (window.Notification ? Notification.permission : "impossible");

/** Asked when it is plain what for: something was missed while the page was hidden. Once; the settings ask again. */
function offerNotifications() {
  if (document.hidden || !hasMissed || notificationsAre() !== "default" || localStorage.getItem(ASKED)) return;
  hasMissed = false;
  localStorage.setItem(ASKED, "yes");
  dispatchEvent(new CustomEvent("console:say", { detail: {
    text: t("A client called while this page was hidden. Show notifications next time?"),
    action: { label: t("Show them"), act: () => Notification.requestPermission() }, isLasting: true,
  } }));
}

const TITLES = {
  offer: () => t("New request: {name}"), assigned: () => t("The dialog is yours now: {name}"), invited: () => t("A colleague invites you: {name}"), mention: () => t("A colleague calls you: {name}"), message: () => "{name}",
  snooze: () => t("Back from aside: {name}"), call_back: () => t("Time to call: {name}"),
};

/** A push that comes as well has the same tag and takes the same place. */
async function notify(reason, dialog, onClick) {
  const title = TITLES[reason]().replace("{name}", () => dialog.client.name);
  const options = {
    body: dialog.preview ? dialog.preview.text || kindWord(dialog.preview.kind) : "", tag: `dialog-${dialog.id}`, icon: dialog.client.photo_url ?? undefined,
    data: { dialogId: dialog.id },
  };
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration?.active) return registration.showNotification(title, options);
  const notification = new Notification(title, options);
  notification.onclick = () => {
    window.focus();
    onClick(dialog.id);
    notification.close();
  };
}

function play(reason, volume) {
  if (audio?.state !== "running") return;
  TONES[reason].forEach((frequency, index) => {
    const [tone, gain, start] = [audio.createOscillator(), audio.createGain(), audio.currentTime + index * 0.14];
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0.0001, start);
    gain.gain.exponentialRampToValueAtTime(Math.max(0.0002, 0.2 * (volume / 100)), start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.35);
    tone.connect(gain).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.4);
  });
}
