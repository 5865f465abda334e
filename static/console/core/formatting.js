/** Marks in what operators write: **bold**, _italic_, ~~struck~~, `code`. Pure; the server has the same rules in
 *  openlines/formatting.py, both are held to tests/formatting.json. Lengths are counted in code points. */
const MARKS = { "**": "BOLD", _: "ITALIC", "~~": "STRUCK", "`": "CODE" };
const SIGNS = { BOLD: "**", ITALIC: "_", STRUCK: "~~", CODE: "`" };
const TOKEN = /(?:https?:\/\/|www\.)[^\s<>"']+|\*+|_+|~+|`+|\n/gu;
const SPACE = /^[\p{Z}\t\n\v\f\r]/u;
const BEFORE_SPACE = /[\p{Z}\t\n\v\f\r]$/u;
const WORD = /^[\p{L}\p{N}\p{M}]/u;
const AFTER_WORD = /[\p{L}\p{N}\p{M}]$/u;

/** Runs of text under the same marks, in the order in which they are nested: [{text, marks}]. */
export function formattedPieces(text) {
  const tokens = tokensOf(text);
  pair(tokens);
  return runs(tokens);
}

export const plainText = (text) => formattedPieces(text).map((piece) => piece.text).join("");
export const hasMarks = (text) => formattedPieces(text).some(({ marks }) => marks.length);
/** What a list or a quote shows of a message. */
export const wordsOf = (message) => (message.is_formatted ? plainText(message.text) : message.text);

function tokensOf(text) {
  const tokens = [];
  let place = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const said = "*_~`\n".includes(found[0][0]) ? found[0] : withoutSigns(found[0]);
    if (found.index > place) tokens.push({ text: text.slice(place, found.index) });
    place = found.index + said.length;
    TOKEN.lastIndex = place;
    tokens.push(token(text, found.index, place));
  }
  if (place < text.length) tokens.push({ text: text.slice(place) });
  return tokens;
}

function withoutSigns(address) {
  let { length } = address;
  while ("*_~`".includes(address[length - 1])) length -= 1;
  return address.slice(0, length);
}

/** Two code units at most belong to the character beside a mark. */
function token(text, start, end) {
  const before = text.slice(Math.max(0, start - 2), start);
  const after = text.slice(end, end + 2);
  const mark = MARKS[text.slice(start, end)];
  return {
    text: text.slice(start, end), mark,
    canOpen: Boolean(mark && after && !SPACE.test(after) && !AFTER_WORD.test(before)),
    canClose: Boolean(mark && before && !BEFORE_SPACE.test(before) && !WORD.test(after)),
  };
}

/** `opened` is a stack of at most one mark of each kind. */
function pair(tokens) {
  const ends = endsOfCode(tokens);
  let opened = [];
  for (let place = 0; place < tokens.length; place += 1) {
    const one = tokens[place];
    if (one.text === "\n") opened = [];
    else if (one.mark === "CODE") {
      if (!one.canOpen || !ends[place]) continue;
      one.role = "open";
      place = ends[place];
      tokens[place].role = "close";
    } else if (one.canClose && opened.some(({ mark }) => mark === one.mark)) {
      // What was opened inside and is not closed by now stays as written.
      let start = opened.pop();
      while (start.mark !== one.mark) start = opened.pop();
      start.role = "open";
      one.role = "close";
    } else if (one.canOpen && !opened.some(({ mark }) => mark === one.mark)) opened.push(one);
  }
}

function endsOfCode(tokens) {
  const ends = new Array(tokens.length).fill(0);
  let following = 0;
  for (let place = tokens.length - 1; place >= 0; place -= 1) {
    ends[place] = following;
    if (tokens[place].text === "\n") following = 0;
    else if (tokens[place].mark === "CODE" && tokens[place].canClose) following = place;
  }
  return ends;
}

function runs(tokens) {
  const found = [];
  let marks = [];
  for (const { text, mark, role } of tokens) {
    if (role === "open") marks = [...marks, mark];
    else if (role === "close") marks = marks.slice(0, -1);
    else if (found.length && String(found.at(-1).marks) === String(marks)) found.at(-1).text += text;
    else found.push({ text, marks });
  }
  return found;
}

/** Puts a mark round what is selected, line by line, or takes it away again: {text, start, end}. */
export function toggleMark(text, start, end, mark) {
  const sign = SIGNS[mark];
  const { length } = sign;
  if (text.slice(start - length, start) === sign && text.slice(end, end + length) === sign) {
    return { text: text.slice(0, start - length) + text.slice(start, end) + text.slice(end + length), start: start - length, end: end - length };
  }
  const selected = text.slice(start, end);
  if (!selected.trim()) return { text: text.slice(0, start) + sign + sign + text.slice(end), start: start + length, end: start + length };
  const marked = selected.split("\n").map((line) => line.replace(/^(\s*)(.*?)(\s*)$/su, (whole, before, words, after) => (words ? before + sign + words + sign + after : whole))).join("\n");
  const isOneLine = !selected.includes("\n") && marked === sign + selected + sign;
  return { text: text.slice(0, start) + marked + text.slice(end), start: start + (isOneLine ? length : 0), end: start + marked.length - (isOneLine ? length : 0) };
}
