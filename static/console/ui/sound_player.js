/** <sound-player>: a voice message or a piece of music. The browser's own player inside plays; this is its face. */
import { button, h, icon, iconButton, setAttribute, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { duration } from "../core/time.js";

const SPEEDS = [1, 1.5, 2];
const KEY = "console:speed";
const chosenSpeed = () => (SPEEDS.includes(Number(localStorage.getItem(KEY))) ? Number(localStorage.getItem(KEY)) : 1);
let playing = null;

customElements.define("sound-player", class extends HTMLElement {
  connectedCallback() {
    if (this.range) return;
    this.audio = this.querySelector("audio");
    this.audio.controls = false;
    const label = this.audio.getAttribute("aria-label");
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", label);
    this.play = iconButton("play", t("Play"), () => this.#toggle(), "btn btn--icon player__play");
    this.range = h("input", { type: "range", class: "player__range", min: "0", max: "1000", value: "0", step: "1", "aria-label": t("Position"), on: { input: () => this.#seek(), keydown: (event) => event.stopPropagation() } });
    this.time = h("span", { class: "player__time numeric" });
    this.speed = button("player__speed numeric", t("Speed"), () => this.#faster(), h("span"));
    this.append(this.play, h("div", { class: "player__body" }, this.range, h("div", { class: "player__foot" }, this.time, this.speed)));
    for (const event of ["play", "pause", "ended", "timeupdate", "durationchange", "ratechange"]) this.audio.addEventListener(event, () => this.#show());
    this.audio.addEventListener("error", () => this.#fail());
    this.#show();
  }

  disconnectedCallback() {
    this.audio?.pause();
  }

  /** Only one speaks at a time. */
  #toggle() {
    if (!this.audio.paused) return this.audio.pause();
    if (playing !== this.audio) playing?.pause();
    playing = this.audio;
    this.audio.playbackRate = chosenSpeed();
    this.audio.play().catch(() => {});
  }

  /** Streams say how long they are only at their end; the channel knew before. */
  get #length() {
    return Number.isFinite(this.audio.duration) && this.audio.duration > 0 ? this.audio.duration : Number(this.dataset.duration) || 0;
  }

  #seek() {
    if (this.#length) this.audio.currentTime = (this.range.value / 1000) * this.#length;
  }

  #faster() {
    const speed = SPEEDS[(SPEEDS.indexOf(chosenSpeed()) + 1) % SPEEDS.length];
    localStorage.setItem(KEY, speed);
    this.audio.playbackRate = speed;
    this.#show();
  }

  #show() {
    const { paused: isPaused, currentTime: at } = this.audio;
    if (this.isPaused !== isPaused) this.play.replaceChildren(icon(isPaused ? "play" : "pause"));
    this.isPaused = isPaused;
    for (const name of ["title", "aria-label"]) setAttribute(this.play, name, isPaused ? t("Play") : t("Pause"));
    const share = this.#length ? Math.min(1, at / this.#length) : 0;
    if (document.activeElement !== this.range || !isPaused) this.range.value = Math.round(share * 1000);
    this.range.style.setProperty("--share", `${share * 100}%`);
    const [now, all] = [duration(at * 1000), duration(this.#length * 1000)];
    this.range.setAttribute("aria-valuetext", t("{time} of {length}", { time: now, length: all }));
    setText(this.time, at > 0 ? `${now} / ${all}` : this.#length ? all : "");
    setText(this.speed.firstChild, `${chosenSpeed()}×`);
  }

  #fail() {
    this.replaceChildren(h("a", { class: "attachment", href: this.audio.src, download: "" }, h("span", { class: "attachment__sign" }, icon("alert", 20)), h("span", {}, h("b", {}, t("The browser can't play this")), h("small", {}, t("Download it to listen")))));
  }
});
