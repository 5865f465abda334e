/** The service worker: static files and a page for when there is no line, pushes, and clicks on notifications.
 *  Answers of the API and pages with people's data are never kept. `CONFIG` comes from /sw.js, which loads this. */
const { version, offline, precached, icon, badge } = self.CONFIG;
const CACHE = `static-${version}`;
const HASHED = /^\/static\/.+\.[0-9a-f]{12}\.[a-z0-9]+$/;

self.addEventListener("install", (event) => {
  // Calls of the API go past us, where browsers know how.
  event.addRoutes?.([{ condition: { urlPattern: { pathname: "/api/*" } }, source: "network" }]);
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([offline, ...precached])));
});

self.addEventListener("activate", (event) => {
  const forget = async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    // The page is asked for while this starts, not after.
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  };
  event.waitUntil(forget());
});

self.addEventListener("message", ({ data }) => { if (data === "take-over") self.skipWaiting(); });

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (HASHED.test(url.pathname)) event.respondWith(fromCache(request));
  else if (request.mode === "navigate") event.respondWith(page(event));
  else if (precached.includes(url.pathname)) event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreSearch: true })));
});

const page = ({ request, preloadResponse }) => Promise.resolve(preloadResponse).then((answer) => answer ?? fetch(request)).catch(() => caches.match(offline));

/** A file whose name says what is in it never changes. */
async function fromCache(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) cache.put(request, answer.clone()).catch(() => {});
  return answer;
}

self.addEventListener("push", (event) => {
  const { title, body, dialog_id: dialogId } = event.data.json();
  event.waitUntil(show(title, body, dialogId));
});

/** Whoever looks at a console sees it there. A console out of sight has made its sound already. */
async function show(title, body, dialogId) {
  const consoles = await self.clients.matchAll({ type: "window" });
  if (consoles.some(({ visibilityState }) => visibilityState === "visible")) return;
  await self.registration.showNotification(title, { body, tag: `dialog-${dialogId}`, renotify: !consoles.length, icon, badge, data: { dialogId } });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.dialogId));
});

async function open(dialogId) {
  const consoles = (await self.clients.matchAll({ type: "window" })).filter(({ url }) => /^\/(dialogs\/\d+\/)?$/.test(new URL(url).pathname));
  const [found] = consoles.sort((left, right) => right.focused - left.focused);
  if (!found) return self.clients.openWindow(dialogId ? `/dialogs/${dialogId}/` : "/");
  if (dialogId) found.postMessage({ open: dialogId });
  return found.focus();
}
