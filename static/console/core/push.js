/** Whether this browser is woken while no console is open in it, and the person's other browsers. */
import { get, post, remove } from "./api.js";

const ENDPOINT = "console-push-endpoint";
export const canPush = () => Boolean(navigator.serviceWorker && window.PushManager && window.Notification);

async function subscription() {
  const registration = canPush() ? await navigator.serviceWorker.getRegistration() : null;
  return registration?.pushManager.getSubscription() ?? null;
}

/** {publicKey, devices}, each with `isThis`. */
export async function readDevices() {
  const [{ public_key: publicKey, devices }, own] = await Promise.all([get("push-subscriptions/"), subscription()]);
  return { publicKey, devices: devices.map((device) => ({ ...device, isThis: device.endpoint === own?.endpoint })) };
}

export async function wakeThisBrowser(publicKey) {
  if (await Notification.requestPermission() !== "granted") return false;
  const registration = await navigator.serviceWorker.ready;
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  await tell(made);
  return true;
}

export async function forgetDevice({ id, isThis }) {
  await remove(`push-subscriptions/${id}/`);
  if (!isThis) return;
  localStorage.removeItem(ENDPOINT);
  await (await subscription())?.unsubscribe();
}

async function tell(made) {
  const { endpoint, keys } = made.toJSON();
  await post("push-subscriptions/", { endpoint, public_key: keys.p256dh, secret: keys.auth, device: deviceName(navigator.userAgent) });
  localStorage.setItem(ENDPOINT, endpoint);
}

/** Browsers change their address at the push service as they please: the server learns the new one at the next start. */
export async function renewSubscription() {
  const known = localStorage.getItem(ENDPOINT);
  const own = known ? await subscription() : null;
  if (own && own.endpoint !== known) await tell(own);
}

const BROWSERS = [["Edg/", "Edge"], ["YaBrowser/", "Yandex Browser"], ["OPR/", "Opera"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]];
const SYSTEMS = [["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Windows", "Windows"], ["Mac OS", "macOS"], ["Linux", "Linux"]];
export function deviceName(userAgent) {
  const named = (list) => list.find(([sign]) => userAgent.includes(sign))?.[1];
  return [named(BROWSERS), named(SYSTEMS)].filter(Boolean).join(", ");
}
