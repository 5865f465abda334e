/** Finds by a few letters, in their order, also typed in the wrong keyboard layout. Pure. */
const LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё";
const SWAP = new Map([...LATIN].flatMap((letter, index) => [[letter, CYRILLIC[index]], [CYRILLIC[index], letter]]));
const WRONG_LAYOUT = 0.8;

const plain = (text) => text.toLowerCase().replaceAll("ё", "е");
/** The same keys in the other layout: "jndtnbnm" is «ответить». */
export const swapped = (text) => [...text.toLowerCase()].map((letter) => SWAP.get(letter) ?? letter).join("");

/** How well the letters fit, 0 for not at all. Beginnings of words count most, letters that stand together more. */
export function fit(query, text) {
  const wanted = plain(query).trim();
  if (!wanted) return 1;
  return Math.max(fitOne(wanted, plain(text)), fitOne(plain(swapped(wanted)), plain(text)) * WRONG_LAYOUT);
}

function fitOne(wanted, text) {
  const at = text.indexOf(wanted);
  if (at >= 0) return (isStart(text, at) ? 100 : 60) + wanted.length / (text.length + 1);
  let [score, place] = [0, -1];
  for (const letter of wanted) {
    if (letter === " ") continue;
    const next = bestPlace(text, letter, place);
    if (next < 0) return 0;
    score += isStart(text, next) ? 5 : next === place + 1 ? 3 : 0.2;
    place = next;
  }
  const average = score / wanted.length;
  return average >= 2 ? average * 5 : 0;
}

/** The next letter if it follows, else the next beginning of a word, else wherever it is. */
function bestPlace(text, letter, place) {
  if (text[place + 1] === letter) return place + 1;
  for (let at = text.indexOf(letter, place + 1); at >= 0; at = text.indexOf(letter, at + 1)) if (isStart(text, at)) return at;
  return text.indexOf(letter, place + 1);
}

const isStart = (text, at) => at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]);

/** Items with `text`, the best first; equally good ones stay in their order. */
export function ranked(items, query, limit = Infinity) {
  return items.map((item) => ({ item, score: fit(query, item.text) })).filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score).slice(0, limit).map(({ item }) => item);
}
