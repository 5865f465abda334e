/** The list of emoji: fetched once, kept by the browser; what was taken last is remembered here. */
const RECENT = "emoji-recent";
const MOST_RECENT = 24;
const TONES = ["", "🏻", "🏼", "🏽", "🏾", "🏿"];
const POPULAR = ["👍", "🙏", "😊", "❤️", "👌", "🔥", "😂", "🎉"];
let known = null;

export function emojiList() {
  known ??= fetch(document.querySelector(".console").dataset.emojiUrl).then((answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }).then(({ groups, emoji }) => ({ groups, emoji: emoji.map(([sign, group, english, russian]) => ({ sign, group, english, russian })) }))
    .catch((error) => { known = null; throw error; });
  return known;
}

/** The best first: whole words before beginnings of words before parts; in either language. Pure. */
export function fittingEmoji(list, query, limit = 60) {
  const wanted = query.toLowerCase().replaceAll("ё", "е").replaceAll("_", " ").trim();
  if (!wanted) return [];
  const scored = list.map((one) => ({ one, score: Math.max(scoreOf(one.english, wanted), scoreOf(one.russian.replaceAll("ё", "е"), wanted)) }));
  return scored.filter(({ score }) => score).sort((left, right) => right.score - left.score).slice(0, limit).map(({ one }) => one);
}

function scoreOf(names, wanted) {
  return Math.max(...names.split(", ").map((name) => {
    if (name === wanted) return 10;
    const at = ` ${name}`.indexOf(` ${wanted}`);
    if (at < 0) return name.includes(wanted) ? 1 : 0;
    return (at === 0 ? 8 : 6) - Math.min(2, name.length / 20);
  }));
}

export function recentEmoji() {
  try {
    const kept = JSON.parse(localStorage.getItem(RECENT));
    return Array.isArray(kept) && kept.length ? kept : POPULAR;
  } catch {
    return POPULAR;
  }
}

export function noteEmoji(sign) {
  try {
    localStorage.setItem(RECENT, JSON.stringify([sign, ...recentEmoji().filter((one) => one !== sign)].slice(0, MOST_RECENT)));
  } catch { /* nothing is lost with it */ }
}

/** Hands and people in another skin colour: the tone stands after the first character. Pure. */
export function toned(sign, tone) {
  const [first, ...rest] = [...sign];
  if (!tone || TONES.some((one) => one && sign.includes(one)) || !/^\p{Emoji_Modifier_Base}$/u.test(first)) return sign;
  return first + TONES[tone] + rest.join("").replace(/^\uFE0F/u, "");
}
