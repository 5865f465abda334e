/** Approved texts and their gaps, as the server fills them. Pure. */
const GAP = /\{\{\s*(\d{1,4})\s*\}\}/g;

/** The text in pieces, [{text} or {gap}]: gaps by their place among the values, however they are numbered. */
export function piecesOf(body) {
  const numbers = [...new Set([...body.matchAll(GAP)].map(([, number]) => Number(number)))].sort((left, right) => left - right);
  const pieces = [];
  let end = 0;
  for (const found of body.matchAll(GAP)) {
    if (found.index > end) pieces.push({ text: body.slice(end, found.index) });
    pieces.push({ gap: numbers.indexOf(Number(found[1])) });
    end = found.index + found[0].length;
  }
  if (end < body.length) pieces.push({ text: body.slice(end) });
  return pieces;
}

/** Those with all the words in their name or text, whatever the order. */
export function foundTemplates(templates, words) {
  const wanted = words.trim().toLowerCase().split(/\s+/);
  return templates.filter(({ name, body }) => {
    const whole = `${name.replaceAll("_", " ")} ${name} ${body}`.toLowerCase();
    return wanted.every((word) => whole.includes(word));
  });
}

/** The first words of a text, gaps as an ellipsis. */
export const startOf = (body) => piecesOf(body).map(({ text }) => text ?? "…").join("").replaceAll(/\s+/g, " ");
