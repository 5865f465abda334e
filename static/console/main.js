/** The operators' console. Wires the parts together; every part has its own module. */
import * as actions from "./core/actions.js";
import { post } from "./core/api.js";
import { mergeMessages } from "./core/feed.js";
import { noteHeard, openLedger } from "./core/ledger.js";
import { afterPaint, insist, later, warm } from "./core/later.js";
import { Outbox } from "./core/outbox.js";
import { boot, fetchChanges, hear, isReady, readDictionaries, refetch, refill, sync } from "./core/session.js";
import { Doorbell } from "./core/socket.js";
import { expireTyping, knownRevisions } from "./core/state.js";
import { store } from "./core/store.js";
import { every, startTicking } from "./core/ticker.js";
import { addressed, leave, openDialog, startNavigation } from "./ui/navigation.js";
import { t } from "./core/i18n.js";
import { takeDraft, takeDrafts } from "./ui/drafts.js";
import "./loaders.js";
import "./ui/console_banner.js";
import "./ui/dialog_list.js";

const POLL = 5000;
const root = document.querySelector(".console");
const { state } = store;

const EFFECTS = {
  sync: () => sync(),
  changes: ({ dialogId }) => fetchChanges(dialogId),
  refill,
  refetch: ({ dialogId }) => refetch(dialogId).catch((error) => { if (error.status === 404 || error.status === 403) leave(); }),
  lost: ({ dialogId }) => { leave(); if (!state.released.has(dialogId)) actions.say(t("This dialog is no longer yours to see.")); },
  drafts: ({ drafts }) => takeDrafts(drafts),
  draft: ({ frame }) => takeDraft(frame),
  quickReplies: () => dispatchEvent(new Event("quick-replies:changed")),
  client: ({ clientId }) => document.querySelector("client-card").refresh?.(clientId),
  view: () => dispatchEvent(new Event("console:view")),
  dictionaries: () => readDictionaries(),
  callBacks: () => later("reminders").then(({ readDueCallBacks }) => readDueCallBacks(), () => {}),
  callBack: ({ callBack }) => later("reminders").then(({ remind }) => remind(callBack), () => {}),
  call: (effect) => later("alerts").then(({ call }) => call(effect, openDialog), () => {}),
};
store.onEffect = (effect) => EFFECTS[effect.kind](effect);

const doorbell = new Doorbell(root.dataset.socketPath, {
  onFrame: (frame) => { noteHeard(frame); hear(frame); },
  onStatus: (status, nextTryAt = null) => {
    if (status === "signed-out") location.reload();
    Object.assign(store.view, { connection: status, nextTryAt });
    store.touch("connection");
    if (status === "open") store.outbox?.flushAll();
  },
});
openLedger(() => ({
  connection: store.view.connection, revisions: knownRevisions(state), dialogId: state.feed?.dialogId ?? null, feedRevision: state.feed?.revision ?? 0,
  messages: state.feed?.messages.map(({ id, seq, dialog_id: dialogId, revision }) => [id, seq, dialogId, revision]) ?? [],
}));
store.ring = (frame) => doorbell.send(frame);

async function start() {
  startTicking(root.dataset.tickerUrl);
  doorbell.connect();
  if (addressed() !== null) later("conversation").catch(() => {});
  await bootPatiently();
  doorbell.reconnect();
  store.outbox = createOutbox();
  startNavigation();
  store.outbox.flushAll();
  store.touch("boot", "dialogs", "selection");
  every(1000, tick);
  afterPaint(fetchRest);
  // While the doorbell is out of order the console asks by itself.
  every(POLL, async () => { if (store.view.connection === "down" && await sync()) doorbell.reconnect(); });
}

/** The list is there and can be clicked; what follows finds its place kept for it. */
function fetchRest() {
  document.head.append(document.getElementById("later").content);
  for (const name of ["conversation", "card", "toasts", "presence"]) insist(name).then(() => store.touch("boot", "selection", "feed", "operators", "connection"));
  insist("shortcuts").then(({ startShortcuts }) => startShortcuts());
  insist("app").then(({ startApp }) => startApp(openDialog));
  insist("reminders").then(({ readDueCallBacks }) => readDueCallBacks());
  insist("alerts").then(({ startAlerts }) => startAlerts());
  insist("counters").then(({ startCounters }) => startCounters());
  insist("marking").then(({ startMarking }) => startMarking());
  insist("prefetch").then(({ startPrefetching }) => startPrefetching());
  warm();
}

async function bootPatiently() {
  while (!isReady()) {
    try {
      await boot();
    } catch (error) {
      if (error.isSignedOut) location.reload();
      store.view.connection = error.isTemporary ? "down" : "failed";
      store.touch("connection");
      if (!error.isTemporary) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 1000 + Math.random() * 2000); });
    }
  }
}

const createOutbox = () => new Outbox({
  storage: localStorage, owner: state.me.id,
  send: (entry) => post(`dialogs/${entry.dialog_id}/messages/`, {
    command_id: entry.command_id, text: entry.text, visibility: entry.visibility, reply_to: entry.reply_to?.id ?? null, is_private_reply: Boolean(entry.reply_to?.isPrivate), mentions: entry.mentions ?? [], is_formatted: entry.is_formatted ?? false, attachments: entry.attachments.map(({ id }) => id),
  }),
  onChange: () => store.touch("outbox"),
  onSent: (message) => { if (state.feed?.dialogs.has(message.dialog_id) || state.feed?.dialogId === message.dialog_id) { mergeMessages(state.feed, [message]); store.touch("feed"); } },
});

function tick() {
  if (expireTyping(state, Date.now())) store.touch("typing", "onlookers", "dialogs");
  store.touch("second");
}

start();
