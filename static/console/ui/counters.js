/** How many wait for this operator: in the page's title, on its icon, on the app's icon, beside the section in the rail. */
import { t } from "../core/i18n.js";
import { overview } from "../core/overview.js";
import { store } from "../core/store.js";

const pageTitle = document.title;
const link = document.querySelector("link[rel=icon]");
const plain = link?.href;
let shown = 0;

export function startCounters() {
  store.on(["dialogs", "boot"], show);
  show();
}

function show() {
  if (!store.state.me) return;
  const { urgent } = overview().counts;
  if (urgent === shown) return;
  shown = urgent;
  document.title = urgent ? `(${urgent}) ${pageTitle}` : pageTitle;
  if (link) link.href = urgent ? iconWith(urgent) : plain;
  // Where the console is installed as an app.
  navigator.setAppBadge?.(urgent).catch(() => {});
  for (const badge of document.querySelectorAll("[data-waiting-count]")) {
    badge.hidden = !urgent;
    badge.textContent = urgent;
    badge.title = t("Waiting for you: {count}", { count: urgent });
  }
}

/** Our own drawing: the colours of an icon in a browser's tab are nobody's theme. */
function iconWith(count) {
  const words = count > 99 ? "99" : String(count);
  const size = words.length > 1 ? 19 : 22;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#d0342c"/>`
    + `<text x="16" y="23" text-anchor="middle" font-family="system-ui, sans-serif" font-weight="700" font-size="${size}" fill="#fff">${words}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(drawing)}`;
}
