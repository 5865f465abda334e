/** Pictures, files, sounds, places and people inside a message. */
import { h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { fileSize } from "../core/time.js";
import { kindIcon, kindWord } from "../core/names.js";
import { openPicture } from "./modal.js";

const LARGEST = { width: 260, height: 300 };

export function mediaOf(message) {
  return [
    ...message.attachments.map((attachment) => (attachment.state === "READY" && PAINT[attachment.kind] ? PAINT[attachment.kind](attachment) : fileCard(attachment))),
    message.location && place(message.location),
    message.contact && person(message.contact),
  ].filter(Boolean);
}

const PAINT = {
  IMAGE: (image) => picture(image, h("button", { type: "button", class: "picture", title: t("Enlarge"), on: { click: () => openPicture(image) } })),
  STICKER: (image) => picture(image, h("span", { class: "picture picture--sticker" }), 160),
  VOICE: (sound) => h("div", { class: "attachment--media" }, h("audio", { controls: true, preload: "none", src: sound.url, "aria-label": kindWord("VOICE") })),
  AUDIO: (sound) => h("div", { class: "attachment--media" }, h("b", {}, sound.name), h("audio", { controls: true, preload: "none", src: sound.url, "aria-label": sound.name })),
  VIDEO: (film) => h("div", { class: "attachment--media" }, h("video", { controls: true, preload: "metadata", src: film.url, "aria-label": film.name })),
};

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

function fileCard({ kind, state, url, name, size }) {
  const words = { PENDING: t("Being fetched…"), LOST: t("Could not be fetched") }[state] ?? fileSize(size);
  const inside = [h("span", { class: "attachment__sign" }, icon(kindIcon(kind), 20)), h("span", {}, h("b", {}, name || kindWord(kind)), h("small", {}, words))];
  return url ? h("a", { class: "attachment", href: url, download: name || true, target: "_blank", rel: "noopener" }, ...inside) : h("span", { class: "attachment" }, ...inside);
}

function place({ latitude, longitude, title }) {
  const position = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const address = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return h("a", { class: "attachment", href: address, target: "_blank", rel: "noopener noreferrer" },
    h("span", { class: "attachment__sign" }, icon("place", 20)), h("span", {}, h("b", {}, title || t("Location")), h("small", {}, position)));
}

function person({ name, phone }) {
  return h("a", { class: "attachment", href: `tel:${phone.replace(/[^+\d]/g, "")}` },
    h("span", { class: "attachment__sign" }, icon("user", 20)), h("span", {}, h("b", {}, name || t("Contact")), h("small", {}, phone)));
}
