/** The page around our frame. Only the origin that the server let us be shown on is spoken and listened to. */
const KEPT_PATIENCE = 2000;

export class Host {
  page = { url: location.href, title: document.title, referrer: document.referrer };
  isOpen;
  onOpen = () => {};
  onClose = () => {};
  #onKept = () => {};

  constructor({ key, origin }) {
    Object.assign(this, { key, origin });
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

  /** What the page keeps for us, or nothing when it does not answer. */
  kept() {
    return new Promise((resolve) => {
      this.#onKept = resolve;
      setTimeout(() => resolve({}), KEPT_PATIENCE);
      this.tell("remember");
    });
  }

  #hear({ type, url, title, referrer, focus, values }) {
    if (type === "kept") this.#onKept(values ?? {});
    else if (type === "page") this.page = { url: String(url), title: String(title), referrer: String(referrer) };
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
