/** Emoji after a `:` and a few letters. */
import { h } from "../core/dom.js";
import { emojiList, fittingEmoji, noteEmoji } from "../core/emoji.js";
import { t, translator } from "../core/i18n.js";

const MOST = 8;

export async function suggest({ query, start }, composer) {
  const { emoji } = await emojiList();
  const take = ({ sign }) => {
    noteEmoji(sign);
    composer.suggestions.close();
    composer.replace(start, start + query.length + 1, sign);
  };
  return { label: t("Emoji"), sections: [{ options: fittingEmoji(emoji, query, MOST).map((one) => ({ key: one.sign, look: "emoji-option", take: () => take(one), content: [h("span", { class: "emoji-option__sign" }, one.sign), nameOf(one)] })) }] };
}

export const nameOf = (one) => (translator.language === "ru" ? one.russian : one.english.split(", ")[0]);
