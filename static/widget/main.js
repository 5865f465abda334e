/** The visitors' chat, in a frame of somebody's site or on a page of its own. */
import { t } from "../console/core/i18n.js";
import { Conversation } from "./conversation.js";
import { Host } from "./host.js";
import { Line } from "./line.js";
import { Server } from "./server.js";
import { Shelf, usableStorage } from "./storage.js";
import { Composer } from "./ui/composer.js";
import { Contacts } from "./ui/contacts.js";
import { Feed } from "./ui/feed.js";
import { Finish } from "./ui/finish.js";
import { Head } from "./ui/head.js";
import { Waiting } from "./ui/waiting.js";

const config = JSON.parse(document.getElementById("config").textContent);
const host = new Host({ key: config.key, origin: config.parent_origin });
const shelf = new Shelf(await usableStorage(host), config.key);
const notice = document.getElementById("line-notice");
const PREVIEW = 160;

const server = new Server({ key: config.key, language: config.language, shelf, onForgotten: () => conversation.forget() });
const contacts = new Contacts({ shelf, onSaved: () => { say(t("Thank you. We see it with your next message.")); composer.focus(); } });
const conversation = new Conversation({
  server, shelf, details: () => ({ ...contacts.values, visit: host.visit() }), isSeen: () => host.isOpen && !document.hidden && feed.isAtEnd,
});
const feed = new Feed(conversation);
const head = new Head({ onClose: () => host.tell("close") });
const waiting = new Waiting();
const finish = new Finish(conversation);
const composer = new Composer({
  server, shelf, limits: config,
  onWrite: (message) => { conversation.write(message); line.open(); },
  onTyping: () => line.typing(),
  onBegin: () => host.tell("where"),
});
const line = new Line({ address, onFrame: (frame) => conversation.hear(frame), ask: () => conversation.catchUp(), onForgotten: async () => server.forget(await server.token()) });

async function address() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${location.host}/ws/chat/${config.key}/?token=${encodeURIComponent(await server.token())}`;
}

function opened(withFocus) {
  feed.toEnd();
  feed.paint();
  // On a touch screen a focused field would cover half of the chat with the keyboard.
  if (withFocus && !matchMedia("(pointer: coarse)").matches) composer.focus();
}

function tellUnread() {
  const unread = conversation.unread();
  const last = unread.at(-1);
  const words = last && [last.author.name, last.text.slice(0, PREVIEW) || t("File")].filter(Boolean).join(": ");
  host.tell("unread", { count: unread.length, text: words ?? "" });
}

function say(words) {
  notice.hidden = !words;
  notice.textContent = words;
}

let isStarted = false;
conversation.addEventListener("change", () => {
  head.show(conversation.thread);
  waiting.show(conversation.thread);
  finish.show();
  if (!host.isOpen) tellUnread();
  if (isStarted || !conversation.isBegun) return;
  isStarted = true;
  host.tell("started");
});
conversation.addEventListener("refused", ({ detail }) => contacts.refuse(detail));
conversation.addEventListener("line", ({ detail: isUp }) => say(isUp ? "" : t("No connection. What you write is kept and goes out by itself.")));
document.addEventListener("visibilitychange", () => conversation.noteSeen());
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  if (contacts.isShown) contacts.toggle(false);
  else host.tell("close");
});
Object.assign(host, { onOpen: opened, onClose: tellUnread });

/** Nothing is asked of the server before there is something to ask about. */
function start() {
  feed.paint();
  host.tell("ready");
  for (const button of document.querySelectorAll("button:disabled")) button.disabled = false;
  if (!server.isKnown && !conversation.isBegun) return;
  line.open();
  conversation.outbox.flushAll();
  conversation.catchUp();
}
start();
