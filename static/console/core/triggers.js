/** What the characters before the cursor ask for: `/` quick replies, `@` colleagues, `:` emoji. Pure. */
const LONGEST = 40;
const TRIGGERS = [
  { kind: "reply", pattern: /(?:^|\s)\/([^\s/](?:[^\n/]*)|)$/u },
  { kind: "mention", pattern: /(?:^|[\s(])@([\p{L}\p{N}_.-]*(?: [\p{L}\p{N}_.-]*)?)$/u, isWhisper: true },
  { kind: "emoji", pattern: /(?:^|[\s(]):([\p{L}+][\p{L}\p{N}_+-]+)$/u },
];

/** {kind, query, start} where `start` is the place of the sign; null where nothing is asked for. */
export function triggerAt(text, caret, { isWhisper }) {
  const from = Math.max(0, caret - LONGEST - 2);
  const before = text.slice(from, caret);
  for (const { kind, pattern, isWhisper: only } of TRIGGERS) {
    const found = (!only || isWhisper) && before.match(pattern);
    if (!found || (from > 0 && found.index === 0 && !/^[\s(]/u.test(found[0]))) continue;
    return { kind, query: found[1], start: caret - found[1].length - 1 };
  }
  return null;
}

/** Ids of the colleagues whose names stand after an `@`; of two with one name the first. */
export function mentionedIn(text, people) {
  const found = [];
  let rest = text;
  for (const { id, name } of [...people].sort((left, right) => right.name.length - left.name.length)) {
    const parts = rest.split(`@${name}`);
    if (!parts.slice(1).some((part) => !/^[\p{L}\p{N}]/u.test(part))) continue;
    found.push(id);
    rest = parts.join("\n");
  }
  return found;
}

/** A whisper's text in pieces, so that the names of those it calls can be painted: [{text}, {text, isName}]. */
export function namedPieces(text, names) {
  let found = [{ text }];
  for (const name of [...names].sort((left, right) => right.length - left.length)) found = found.flatMap((piece) => (piece.isName ? [piece] : split(piece.text, `@${name}`)));
  return found;
}

const split = (text, name) => text.split(name).flatMap((part, index) => [...(index ? [{ text: name, isName: true }] : []), ...(part ? [{ text: part }] : [])]);
