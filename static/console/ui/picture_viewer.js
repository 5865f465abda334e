/** A picture as large as the window, and the way through all of them: wheel, pinch, keys and buttons do the same. */
import { button, h, icon, iconButton, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { whole } from "../core/time.js";
import { boundScale, boundView, fitScale, zoomAt } from "../core/zoom.js";

const STEP = 1.4;
const SWIPE = 60;

/** `pictures` as attachments have them; `chosen` is the id of the one to begin with. */
export function openViewer(pictures, chosen) {
  new Viewer(pictures, Math.max(0, pictures.findIndex(({ id }) => id === chosen))).open();
}

class Viewer {
  #view = { scale: 1, x: 0, y: 0 };
  #pointers = new Map();
  #isFitted = true;

  constructor(pictures, index) {
    this.pictures = pictures;
    this.image = h("img", { class: "viewer__image", draggable: "false", on: { load: () => this.#fit(), error: () => this.#fail() } });
    this.failure = h("p", { class: "viewer__failure", hidden: true }, t("The picture could not be shown."));
    this.stage = h("div", { class: "viewer__stage", on: { wheel: (event) => this.#wheel(event), dblclick: (event) => this.#toggle(this.#point(event)), pointerdown: (event) => this.#press(event), pointermove: (event) => this.#drag(event), pointerup: (event) => this.#release(event), pointercancel: (event) => this.#release(event) } }, this.image, this.failure);
    this.title = h("p", { class: "viewer__title truncate" });
    this.count = h("span", { class: "numeric", role: "status" });
    this.scale = button("btn viewer__scale numeric", t("Fit to the window or real size"), () => this.#toggle(), h("span"));
    this.download = h("a", { class: "btn btn--icon", title: t("Download"), "aria-label": t("Download") }, icon("down"));
    this.previous = iconButton("back", t("Previous picture"), () => this.#go(-1), "btn btn--icon viewer__previous");
    this.next = iconButton("right", t("Next picture"), () => this.#go(1), "btn btn--icon viewer__next");
    this.dialog = h("dialog", { class: "viewer", "aria-label": t("Picture"), on: { close: () => this.#close(), keydown: (event) => this.#key(event) } },
      this.stage,
      h("header", { class: "viewer__bar" }, this.title, this.count, iconButton("minus", t("Smaller"), () => this.#by(1 / STEP)), this.scale, iconButton("plus", t("Larger"), () => this.#by(STEP)), this.download, iconButton("x", t("Close"), () => this.dialog.close())),
      this.previous, this.next);
    this.observer = new ResizeObserver(() => (this.#isFitted ? this.#fit() : this.#put(this.#view)));
    this.#show(index);
  }

  open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.observer.observe(this.stage);
  }

  #close() {
    this.observer.disconnect();
    this.dialog.remove();
  }

  #show(index) {
    const picture = this.pictures[index];
    this.index = index;
    this.failure.hidden = true;
    this.image.hidden = false;
    this.image.alt = picture.name || t("Picture");
    this.image.src = picture.url;
    setText(this.title, [picture.name, picture.author, picture.at && whole(picture.at)].filter(Boolean).join(" · "));
    setText(this.count, this.pictures.length > 1 ? t("{number} of {all}", { number: index + 1, all: this.pictures.length }) : "");
    Object.assign(this.download, { href: picture.url, download: picture.name || "" });
    this.previous.hidden = index === 0;
    this.next.hidden = index === this.pictures.length - 1;
    if (this.image.complete && this.image.naturalWidth) this.#fit();
  }

  #go(step) {
    if (this.pictures[this.index + step]) this.#show(this.index + step);
  }

  #fail() {
    this.image.hidden = true;
    this.failure.hidden = false;
  }

  get #size() { return { width: this.image.naturalWidth || 1, height: this.image.naturalHeight || 1 }; }
  get #room() { return { width: this.stage.clientWidth, height: this.stage.clientHeight }; }

  #fit() {
    this.#put({ scale: fitScale(this.#size, this.#room), x: 0, y: 0 });
    this.#isFitted = true;
  }

  #put(view) {
    this.#isFitted = false;
    this.#view = boundView(view, this.#size, this.#room);
    const { scale, x, y } = this.#view;
    this.image.style.setProperty("transform", `translate(-50%, -50%) translate(${x}px, ${y}px) scale(${scale})`);
    this.stage.classList.toggle("viewer__stage--loose", scale > fitScale(this.#size, this.#room));
    setText(this.scale.firstChild, t("{percent} %", { percent: Math.round(scale * 100) }));
  }

  #by(factor, point = { x: 0, y: 0 }) {
    this.#put(zoomAt(this.#view, point, boundScale(this.#view.scale * factor, fitScale(this.#size, this.#room))));
  }

  #toggle(point = { x: 0, y: 0 }) {
    if (this.#isFitted) this.#put(zoomAt(this.#view, point, this.#view.scale < 1 ? 1 : 2));
    else this.#fit();
  }

  #point({ clientX, clientY }) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }

  #wheel(event) {
    event.preventDefault();
    this.#by(Math.exp(-event.deltaY / 300), this.#point(event));
  }

  #press(event) {
    this.stage.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#point(event));
    this.begun = this.#pointers.size === 1 && this.#isFitted ? this.#point(event) : null;
  }

  /** One finger pans, two pinch: the middle between them stays under them. */
  #drag(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const point = this.#point(event);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, point);
    if (other) this.#by(distance(point, other) / Math.max(1, distance(before, other)), { x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 });
    else if (!this.#isFitted) this.#put({ scale: this.#view.scale, x: this.#view.x + point.x - before.x, y: this.#view.y + point.y - before.y });
  }

  /** A swipe over a picture that fits goes to the next one. */
  #release(event) {
    this.#pointers.delete(event.pointerId);
    const moved = this.begun && event.type === "pointerup" ? this.#point(event).x - this.begun.x : 0;
    this.begun = null;
    if (Math.abs(moved) > SWIPE) this.#go(moved < 0 ? 1 : -1);
  }

  #key(event) {
    const act = { ArrowLeft: () => this.#go(-1), ArrowRight: () => this.#go(1), Equal: () => this.#by(STEP), NumpadAdd: () => this.#by(STEP), Minus: () => this.#by(1 / STEP), NumpadSubtract: () => this.#by(1 / STEP), Digit0: () => this.#fit(), Digit1: () => this.#put(zoomAt(this.#view, { x: 0, y: 0 }, 1)) }[event.code];
    event.stopPropagation();
    if (!act || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  }
}

const distance = (left, right) => Math.hypot(left.x - right.x, left.y - right.y);
