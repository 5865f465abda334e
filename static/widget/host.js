/** The page around our frame. Only the origin that the server let us be shown on is spoken and listened to. */
export class Host {
  page = { url: location.href, title: document.title, referrer: document.referrer };
  isOpen;

  constructor({ key, origin, onOpen, onClose }) {
    Object.assign(this, { key, origin, onOpen, onClose });
    this.isFramed = Boolean(origin) && parent !== window;
    this.isOpen = !this.isFramed;
    if (!this.isFramed) return;
    addEventListener("message", ({ origin: from, source, data }) => {
      if (from === origin && source === parent && data?.chat === key) this.#hear(data);
    });
  }

  tell(type, fields) {
    if (this.isFramed) parent.postMessage({ chat: this.key, type, ...fields }, this.origin);
  }

  #hear({ type, url, title, referrer, focus }) {
    if (type === "page") this.page = { url: String(url), title: String(title), referrer: String(referrer) };
    else if (type === "open") {
      this.isOpen = true;
      this.onOpen(Boolean(focus));
    } else if (type === "close") {
      this.isOpen = false;
      this.onClose();
    }
  }

  /** Where the visitor is, as far as their browser tells. */
  visit() {
    return { ...this.page, language: navigator.language, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "" };
  }
}
