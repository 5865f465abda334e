/** Calls an operator: a sound, a desktop notification, the number in the title. One tab of a browser does it. */
import { t } from "./i18n.js";
import { countsOf } from "./lists.js";
import { isOnScreen } from "./session.js";
import { store } from "./store.js";
import { kindWord } from "./names.js";

const tabId = crypto.randomUUID?.() ?? String(Math.random());
const visibleTabs = new Set();
const channel = new BroadcastChannel("console-tabs");
let isLeader = !navigator.locks;
let audio = null;

export const isSoundOn = () => localStorage.getItem("console-sound") !== "off";
export const switchSound = (isOn) => localStorage.setItem("console-sound", isOn ? "on" : "off");
export const canNotify = () => "Notification" in window && Notification.permission === "default";
export const askToNotify = () => Notification.requestPermission();

export function startAlerts() {
  navigator.locks?.request("console-alerts", () => { isLeader = true; return new Promise(() => {}); });
  channel.onmessage = ({ data }) => {
    if (data.ask) tellVisibility();
    else visibleTabs[data.isVisible ? "add" : "delete"](data.tabId);
  };
  document.addEventListener("visibilitychange", tellVisibility);
  addEventListener("pagehide", () => channel.postMessage({ tabId, isVisible: false }));
  addEventListener("pointerdown", () => { audio ??= new AudioContext(); }, { once: true });
  tellVisibility();
  channel.postMessage({ ask: true });
  store.on(["dialogs", "boot"], showTitle);
}

const tellVisibility = () => channel.postMessage({ tabId, isVisible: !document.hidden });

export function call({ reason, dialog }, onClick) {
  if (!isLeader || (reason === "message" && isOnScreen(dialog.id))) return;
  if (isSoundOn()) play(reason === "message" ? [660] : [660, 880]);
  if (document.hidden && !visibleTabs.size && window.Notification?.permission === "granted") notify(reason, dialog, onClick);
}

function notify(reason, dialog, onClick) {
  const titles = { offer: t("New request: {name}"), assigned: t("The dialog is yours now: {name}"), message: "{name}" };
  const notification = new Notification(titles[reason].replace("{name}", () => dialog.client.name), {
    body: dialog.preview ? dialog.preview.text || kindWord(dialog.preview.kind) : "", tag: `dialog-${dialog.id}`, icon: dialog.client.photo_url ?? undefined,
  });
  notification.onclick = () => {
    window.focus();
    onClick(dialog.id);
    notification.close();
  };
}

function play(tones) {
  if (audio?.state !== "running") return;
  tones.forEach((frequency, index) => {
    const [tone, volume, start] = [audio.createOscillator(), audio.createGain(), audio.currentTime + index * 0.14];
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.35);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.4);
  });
}

const pageTitle = document.title;
function showTitle() {
  const { open, me } = store.state;
  if (!me) return;
  const { urgent } = countsOf([...open.values()], me);
  document.title = urgent ? `(${urgent}) ${pageTitle}` : pageTitle;
  for (const badge of document.querySelectorAll("[data-waiting-count]")) {
    badge.hidden = !urgent;
    badge.textContent = urgent;
  }
}
