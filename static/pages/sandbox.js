/** Plays the customers of a sandbox channel, several at once. What they see comes from the server, twice a second at most. */
import { keyed } from "../console/core/dom.js";
import { Server } from "./sandbox/server.js";
import { Cast } from "./sandbox/cast.js";
import { askForNewcomer } from "./sandbox/newcomer.js";
import { Player } from "./sandbox/player.js";

const PAUSE = 1000;
const PAUSE_IN_BACKGROUND = 5000;
const page = document.querySelector("[data-sandbox]");
const server = new Server(page.dataset.sandbox);
const cast = new Cast(page.dataset.key);
const players = new Map();
let known = [];
let timer = 0;

const act = { send, leave };

function paint() {
  const items = cast.members.map((member) => ({ ...member, key: member.chat }));
  keyed(page.querySelector("[data-players]"), items, players, (member) => new Player(member, act));
}

async function look() {
  clearTimeout(timer);
  try {
    const news = await server.state(cast.members.map((member) => member.chat));
    page.querySelector("[data-offline]").hidden = true;
    if (news) show(news);
  } catch {
    page.querySelector("[data-offline]").hidden = false;
  }
  clearTimeout(timer);
  timer = setTimeout(look, document.hidden ? PAUSE_IN_BACKGROUND : PAUSE);
}

function show({ customers, conversations }) {
  known = customers;
  if (!cast.members.length) cast.start(customers);
  paint();
  for (const [chat, player] of players) player.show(conversations[chat] ?? []);
}

/** Resolves when the messages are in the inbox; rejects with words for the customer's column. */
async function send(member, messages) {
  await server.write(messages.map((message) => ({ chat: member.chat, name: member.name, phone: member.phone, email: member.email, ...message })));
  setTimeout(look, 150);
}
act.upload = (member, file) => server.upload(member.chat, file);

function leave(member) {
  cast.remove(member.chat);
  paint();
}

function join(member) {
  cast.add(member);
  server.forget();
  paint();
  look();
  players.get(member.chat).begin();
}

page.querySelector("[data-new-customer]").addEventListener("click", () => {
  const absent = known.filter(({ chat }) => !cast.has(chat));
  askForNewcomer({ suggestion: cast.freeName(known), known: absent, join });
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
paint();
look();
