/** What a console knows, and how boot, sync and frames change it. Pure: no DOM, no network.
 *  Every `apply…` answers `{topics, effects}`: what must be painted and what must be asked. */
import { calls, mentionsIn } from "./calling.js";
import { catchUp, followFeed } from "./feed_following.js";
import { expireOnlookers, noteLooking, noteTyping, noteWritten } from "./onlookers.js";

const TYPING_LASTS = 6000;

export const createState = () => ({
  me: null, operators: new Map(), lines: [], tags: [], topics: [], troubles: [], limits: { upload_bytes: 0, text_length: 4096 }, settings: null,
  open: new Map(), closed: new Map(), typing: new Map(), onlookers: new Map(), claimed: new Set(), released: new Set(), feed: null, selectedId: null,
  clockOffset: 0, arrivals: 0, suspectedAt: null,
});

export const dialogOf = (state, id) => state.open.get(id) ?? state.closed.get(id) ?? null;
export const goalOf = (state, dialog) => state.lines.find(({ id }) => id === dialog.line.id)?.reply_goal_seconds ?? null;
/** What keeps a channel from working, or null where nothing is known to: told once for all dialogs of it. */
export const troubleOf = ({ troubles }, channel) => troubles.find(({ id }) => id === channel.id)?.state ?? null;
/** Tags of a dialog or a client that there still are, in their order. */
export const tagsOf = ({ tags }, ids) => ids.map((id) => tags.find((tag) => tag.id === id)).filter(Boolean);
export const serverNow = (state) => Date.now() + state.clockOffset;
export const ownDigest = (state) => ({
  dialogs: state.open.size, revisions: [...state.open.values()].reduce((sum, dialog) => sum + dialog.revision, 0),
});
export const knownRevisions = (state) => Object.fromEntries([...state.open].map(([id, dialog]) => [id, dialog.revision]));

export function applyBoot(state, boot, now) {
  state.me = boot.me;
  state.operators = new Map(boot.operators.map((operator) => [operator.id, operator]));
  applyDictionaries(state, boot);
  state.limits = boot.limits;
  state.settings = boot.settings;
  state.open = new Map(boot.dialogs.map((dialog) => [dialog.id, dialog]));
  setClock(state, boot.server_time, now);
  return { topics: ["boot", "dialogs", "operators", "settings"], effects: [{ kind: "drafts", drafts: boot.drafts }] };
}

/** What dialogs name by their ids, as of now. */
export function applyDictionaries(state, { lines, tags, topics, troubles }) {
  Object.assign(state, { lines, tags, topics, troubles });
  return { topics: ["dictionaries", "dialogs"], effects: [] };
}

/** `sent` is what was known when the question was asked: what arrived since then is newer than the answer. */
export function applySync(state, answer, sent, now) {
  const isUntouched = (id) => state.open.get(id)?.revision === sent[id];
  for (const { id } of answer.dialogs) if (sent[id] && isUntouched(id)) state.open.set(id, { ...state.open.get(id), revision: 0 });
  const effects = answer.dialogs.flatMap((dialog) => putDialog(state, dialog));
  for (const id of answer.gone.filter((one) => state.open.has(one) && isUntouched(one))) {
    if (id === state.selectedId) effects.push({ kind: "refetch", dialogId: id });
    state.open.delete(id);
  }
  for (const operator of answer.operators) putOperator(state, operator);
  setClock(state, answer.server_time, now);
  state.suspectedAt = null;
  return { topics: ["dialogs", "operators"], effects: [...effects, { kind: "drafts", drafts: answer.drafts }, ...catchUp(state, { isReturning: true })] };
}

/** A dialog that came over HTTP: its messages may be missing in the feed on screen. */
export function applyDialog(state, dialog) {
  return { topics: ["dialogs"], effects: [...putDialog(state, dialog), ...catchUp(state)] };
}

export function applyFrame(state, frame, now) {
  const apply = FRAMES[frame.type];
  if (!apply) return { topics: [], effects: [] };
  if (!["hello", "heartbeat", "typing", "viewing"].includes(frame.type)) state.arrivals += 1;
  return apply(state, frame, now);
}

const FRAMES = {
  hello: (state, frame, now) => { setClock(state, frame.server_time, now); return { topics: [], effects: [{ kind: "sync" }, { kind: "dictionaries" }, { kind: "callBacks" }] }; },
  resync: () => ({ topics: [], effects: [{ kind: "sync" }] }),
  "dialog.changed": changeDialog,
  "history.changed": followFeed,
  "dialog.gone": (state, { dialog_id: id }) => forget(state, id),
  typing: (state, { dialog_id: id, author }, now) => {
    if (author.kind === "OPERATOR") noteTyping(state, id, author, now);
    else state.typing.set(id, { author, until: now + TYPING_LASTS });
    return { topics: [author.kind === "OPERATOR" ? "onlookers" : "dialogs", "typing"], effects: [] };
  },
  // Who comes learns at once who is there already: those answer.
  viewing: (state, frame, now) => {
    const isNews = noteLooking(state, frame, now) && frame.dialog_id === state.selectedId;
    return { topics: ["onlookers"], effects: isNews ? [{ kind: "view", dialogId: frame.dialog_id }] : [] };
  },
  "operator.changed": (state, { operator }) => { putOperator(state, operator); return { topics: ["operators", "dialogs"], effects: [] }; },
  "settings.changed": (state, { settings }) => { state.settings = settings; return { topics: ["settings"], effects: [] }; },
  "quick_replies.changed": () => ({ topics: [], effects: [{ kind: "quickReplies" }] }),
  "draft.changed": (state, frame) => ({ topics: [], effects: [{ kind: "draft", frame }] }),
  "dictionaries.changed": () => ({ topics: [], effects: [{ kind: "dictionaries" }] }),
  "call_back.due": (state, { call_back: callBack }) => ({ topics: [], effects: [{ kind: "callBack", callBack }] }),
  "call_backs.changed": () => ({ topics: ["callBacks"], effects: [{ kind: "callBacks" }] }),
  "client.changed": ({ feed }, { client_id: clientId, has_moved: hasMoved }) => ({
    topics: [], effects: [{ kind: "client", clientId }, ...(hasMoved && feed?.clientId === clientId ? [{ kind: "refill", isAnew: true }] : [])],
  }),
  heartbeat: (state, frame, now) => { setClock(state, frame.server_time, now); return { topics: [], effects: compareDigest(state, frame.digest) }; },
};

function changeDialog(state, frame) {
  const topics = ["dialogs"];
  const mentions = mentionsIn(frame, dialogOf(state, frame.dialog.id), state.me);
  const effects = putDialog(state, frame.dialog).filter(({ reason }) => !mentions.length || reason !== "invited").concat(mentions);
  const followed = followFeed(state, frame);
  topics.push(...followed.topics);
  effects.push(...followed.effects);
  const writer = state.typing.get(frame.dialog.id)?.author.kind;
  if (frame.messages.some((message) => message.author.kind === writer)) state.typing.delete(frame.dialog.id);
  for (const { author } of frame.messages) if (author.kind === "OPERATOR") noteWritten(state, frame.dialog.id, author.id);
  return { topics, effects };
}

function forget(state, id) {
  state.open.delete(id);
  state.closed.delete(id);
  state.typing.delete(id);
  return { topics: ["dialogs"], effects: id === state.selectedId ? [{ kind: "lost", dialogId: id }] : [] };
}

/** Takes a dialog if it is newer than the known one; answers whom to call to it. */
function putDialog(state, dialog) {
  const known = dialogOf(state, dialog.id);
  if (known && dialog.revision <= known.revision) return [];
  const isClosed = dialog.state === "CLOSED";
  state[isClosed ? "open" : "closed"].delete(dialog.id);
  if (!isClosed) state.open.set(dialog.id, dialog);
  else if (known || dialog.id === state.selectedId) state.closed.set(dialog.id, dialog);
  return isClosed ? [] : calls(dialog, known, state);
}

function putOperator(state, operator) {
  state.operators.set(operator.id, operator);
  if (operator.id === state.me?.id) state.me = { ...state.me, ...operator };
}

/** Two different digests in a row with nothing arriving between them mean that a hint was lost. */
function compareDigest(state, digest) {
  const own = ownDigest(state);
  if (digest.dialogs === own.dialogs && digest.revisions === own.revisions) state.suspectedAt = null;
  else if (state.suspectedAt !== state.arrivals) state.suspectedAt = state.arrivals;
  else return [{ kind: "sync" }];
  return [];
}

const setClock = (state, serverTime, now) => { if (serverTime) state.clockOffset = Date.parse(serverTime) - now; };

/** Forgets who stopped typing or looking; answers whether anybody did. */
export function expireTyping(state, now) {
  const before = state.typing.size;
  const hasGone = expireOnlookers(state, now);
  for (const [id, { until }] of state.typing) if (until <= now) state.typing.delete(id);
  return state.typing.size !== before || hasGone;
}
