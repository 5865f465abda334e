/** The console as an app: its service worker, new versions of it, and clicks on notifications. */
import { t } from "./i18n.js";
import { renewSubscription } from "./push.js";

const IDLE_WITHIN = 5000;

/** Only secure addresses have service workers; elsewhere the console does without. */
export async function startApp(openDialog) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  workers.addEventListener("message", ({ data }) => { if (data.open) openDialog(data.open); });
  await new Promise((resolve) => { (globalThis.requestIdleCallback ?? setTimeout)(resolve, { timeout: IDLE_WITHIN }); });
  const registration = await workers.register("/sw.js").catch(() => null);
  if (!registration) return;
  if (registration.waiting && workers.controller) offerReload(registration.waiting);
  registration.addEventListener("updatefound", () => follow(registration.installing));
  setInterval(() => registration.update().catch(() => {}), 3_600_000);
  renewSubscription().catch(() => {});
}

function follow(worker) {
  worker.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) offerReload(worker);
  });
}

function offerReload(worker) {
  const act = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    worker.postMessage("take-over");
  };
  dispatchEvent(new CustomEvent("console:say", { detail: { text: t("There is a new version of the console."), action: { label: t("Reload"), act }, isLasting: true } }));
}
