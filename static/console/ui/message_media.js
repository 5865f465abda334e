/** Pictures, files, sounds, places and people inside a message. */
import { button, h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { fileSize } from "../core/time.js";
import { kindIcon, kindWord } from "../core/names.js";
import { later } from "../core/later.js";
import { picturesOf } from "../core/zoom.js";
import { store } from "../core/store.js";
import { complain } from "../core/actions.js";
import { copyText, fetchAgain } from "../core/client_actions.js";

const LARGEST = { width: 260, height: 300 };

export function mediaOf(message) {
  return [
    ...message.attachments.map((attachment) => (attachment.state === "READY" && PAINT[attachment.kind] ? PAINT[attachment.kind](attachment) : fileCard(attachment))),
    message.location && place(message.location),
    message.contact && person(message.contact),
  ].filter(Boolean);
}

const PAINT = {
  IMAGE: (image) => picture(image, h("button", { type: "button", class: "picture", title: t("Enlarge"), on: { click: () => enlarge(image) } })),
  STICKER: (image) => picture(image, h("span", { class: "picture picture--sticker" }), 160),
  VOICE: (sound) => player(sound, kindWord("VOICE")),
  AUDIO: (sound) => h("div", { class: "attachment--media" }, h("b", {}, sound.name), player(sound, sound.name || kindWord("AUDIO"))),
  VIDEO: (film) => h("div", { class: "attachment--media" }, h("video", { controls: true, preload: "metadata", src: film.url, "aria-label": film.name })),
};

/** All pictures of the history that is read here are one walk apart. */
function enlarge(image) {
  const pictures = picturesOf(store.state.feed?.messages ?? []);
  later("zoom").then(({ openViewer }) => openViewer(pictures.some(({ id }) => id === image.id) ? pictures : [image], image.id)).catch(complain);
}

/** Until its face is fetched, the browser's own one. */
function player({ url, duration }, label) {
  later("player").catch(() => {});
  return h("sound-player", { class: "player", data: { duration: duration ?? "" } }, h("audio", { controls: true, preload: "none", src: url, "aria-label": label }));
}

/** Its size is known beforehand, so that the feed does not jump when it loads. */
function picture(image, frame, largest = LARGEST.width) {
  const [width, height] = [image.width || 240, image.height || 180];
  const scale = Math.min(1, largest / width, LARGEST.height / height);
  frame.style.setProperty("width", `${Math.max(64, Math.round(width * scale))}px`);
  frame.style.setProperty("aspect-ratio", `${width} / ${height}`);
  frame.style.setProperty("max-width", "calc(100% + 16px)");
  frame.append(h("img", { src: image.url, alt: image.name || kindWord(image.kind), loading: "lazy", decoding: "async" }));
  return frame;
}

const STATES = { PENDING: () => t("Being fetched…"), LOST: () => t("Could not be fetched from the channel") };
function fileCard({ id, kind, state, url, name, size }) {
  const ending = name.match(/\.([\p{L}\p{N}]{1,6})$/u)?.[1].toUpperCase();
  const words = STATES[state]?.() ?? [ending, fileSize(size)].filter(Boolean).join(" · ");
  const inside = [h("span", { class: "attachment__sign" }, icon(state === "LOST" ? "alert" : kindIcon(kind), 20)), h("span", {}, h("b", {}, name || kindWord(kind)), h("small", {}, words, state === "LOST" && again(id)))];
  return url ? h("a", { class: "attachment", href: url, download: name || true, target: "_blank", rel: "noopener" }, ...inside) : h("span", { class: `attachment attachment--${state}` }, ...inside);
}

const again = (id) => button("btn btn--link attachment__again", t("Try again"), () => fetchAgain(id));

function place({ latitude, longitude, title }) {
  const position = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const address = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return h("a", { class: "attachment", href: address, target: "_blank", rel: "noopener noreferrer" },
    h("span", { class: "attachment__sign" }, icon("place", 20)), h("span", {}, h("b", {}, title || t("Location")), h("small", {}, position)));
}

function person({ name, phone }) {
  const number = phone.replace(/[^+\d]/g, "");
  return h("div", { class: "attachment" }, h("span", { class: "attachment__sign" }, icon("user", 20)),
    h("span", {}, h("b", {}, name || t("Contact")), h("small", { class: "numeric" }, phone),
      h("span", { class: "attachment__acts" }, h("a", { href: `tel:${number}` }, t("Call")), h("a", { href: `sms:${number}` }, t("Write")), button("btn btn--link", t("Copy"), () => copyText(phone)))));
}
