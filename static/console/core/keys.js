/** Which command a key means. By the physical key, so that it works in a Russian layout. Pure. */
const WALKS = { KeyJ: "next", KeyK: "previous", ArrowDown: "next", ArrowUp: "previous" };
const WHILE_WRITING = { ArrowDown: "openNext", ArrowUp: "openPrevious", KeyK: "palette" };
/** After G: a tab of the list. */
export const PLACES = { KeyM: "mine", KeyW: "waiting", KeyA: "all", KeyC: "closed" };
export const LEADER = "KeyG";
/** These have a meaning that can't be given away. */
const RESERVED = new Set(["KeyJ", "KeyK", LEADER]);
const USABLE = /^(Key[A-Z]|Digit[0-9]|Slash|Period|Comma|Semicolon|Quote|BracketLeft|BracketRight)$/;
const SIGNS = { Slash: "/", Period: ".", Comma: ",", Semicolon: ";", Quote: "'", BracketLeft: "[", BracketRight: "]" };

/** `bindings` name the commands of single keys, `{KeyA: "answer"}`: those count only when no field has the focus, and
 *  not at all for whom they are switched off; arrows only in the list or nowhere. `isLed` after the leader. */
export function commandOf(event, bindings, { isWriting, isInList, isLed = false, areSingleKeysOn = true }) {
  if (event.defaultPrevented || event.isComposing) return null;
  if (event.metaKey && event.code !== "KeyK") return null;
  if (event.altKey) return !event.ctrlKey && /^Digit[1-9]$/.test(event.code) ? `dialog:${event.code.at(-1)}` : null;
  if (event.ctrlKey || event.metaKey) return event.shiftKey ? null : WHILE_WRITING[event.code] ?? null;
  return isWriting ? null : singleKey(event, bindings, { isInList, isLed, areSingleKeysOn });
}

function singleKey(event, bindings, { isInList, isLed, areSingleKeysOn }) {
  const isArrow = event.code.startsWith("Arrow");
  if (!areSingleKeysOn && !isArrow) return null;
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return "sheet";
  if (event.shiftKey || (isArrow && !isInList)) return null;
  if (isLed && PLACES[event.code]) return `tab:${PLACES[event.code]}`;
  if (event.code === LEADER) return "lead";
  return WALKS[event.code] ?? bindings[event.code] ?? null;
}

/** What each key does: the usual ones, but for those that somebody has chosen otherwise. */
export function bindingsOf(commands, shortcuts = {}) {
  return Object.fromEntries(commands.map((command) => [keyOf(command, shortcuts), command.name]).filter(([key]) => key));
}

export const keyOf = ({ name, key }, shortcuts = {}) => shortcuts[name] ?? key ?? "";

/** Why a key can't be a command's: null, "unusable", "reserved", or the name of whom it belongs to. */
export function whyNot(code, name, commands, shortcuts) {
  if (!USABLE.test(code)) return "unusable";
  if (RESERVED.has(code)) return "reserved";
  return commands.find((command) => command.name !== name && keyOf(command, shortcuts) === code)?.name ?? null;
}

/** The shortcuts after a command was given a key; whoever had it before has none. The usual key is not kept as a choice. */
export function withKey(code, { name, key }, commands, shortcuts) {
  const next = { ...shortcuts };
  const loser = code && commands.find((command) => command.name !== name && keyOf(command, shortcuts) === code);
  if (loser) next[loser.name] = "";
  if (code === (key ?? "")) delete next[name];
  else next[name] = code;
  return next;
}

/** A key as it is printed on the keyboard. */
export const keyWord = (code) => SIGNS[code] ?? code.replace(/^(Key|Digit)/, "");
