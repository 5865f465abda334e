/** Which command a key means. By the physical key, so that it works in a Russian layout. Pure. */
const SINGLE = {
  KeyJ: "next", KeyK: "previous", ArrowDown: "next", ArrowUp: "previous", KeyA: "answer", KeyS: "skip", KeyT: "transfer", KeyE: "finish", KeyP: "pin",
  KeyB: "day", KeyN: "whisper", KeyR: "reply", KeyI: "card", Slash: "search",
};
const WHILE_WRITING = { ArrowDown: "openNext", ArrowUp: "openPrevious" };

/** Single letters count only when no field has the focus; arrows only in the list or nowhere. */
export function commandOf(event, { isWriting, isInList }) {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.metaKey) return null;
  if (event.ctrlKey) return WHILE_WRITING[event.code] ?? null;
  if (isWriting) return null;
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return "sheet";
  if (event.shiftKey || (event.code.startsWith("Arrow") && !isInList)) return null;
  return SINGLE[event.code] ?? null;
}
