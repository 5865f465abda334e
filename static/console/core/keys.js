/** Which command a key means. By the physical key, so that it works in a Russian layout. Pure. */
const WALKS = { KeyJ: "next", KeyK: "previous", ArrowDown: "next", ArrowUp: "previous" };
const WHILE_WRITING = { ArrowDown: "openNext", ArrowUp: "openPrevious" };

/** `bindings` name the commands of single keys, `{KeyA: "answer"}`: those count only when no field has the focus;
 *  arrows only in the list or nowhere. */
export function commandOf(event, bindings, { isWriting, isInList }) {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.metaKey) return null;
  if (event.ctrlKey) return WHILE_WRITING[event.code] ?? null;
  if (isWriting) return null;
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return "sheet";
  if (event.shiftKey || (event.code.startsWith("Arrow") && !isInList)) return null;
  return WALKS[event.code] ?? bindings[event.code] ?? null;
}
