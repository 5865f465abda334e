/** Colleagues after an `@` in a whisper: those of the dialog first, then whoever is there. */
import { standingOf } from "../core/day.js";
import { avatar, h } from "../core/dom.js";
import { fit } from "../core/fuzzy.js";
import { t } from "../core/i18n.js";
import { store } from "../core/store.js";
import { standingWords } from "../core/words.js";

const MOST = 8;

export function suggest({ query, start }, composer) {
  const { dialog } = composer;
  const inside = new Set([dialog.owner_id, ...(dialog.participant_ids ?? [])]);
  const rank = (person) => (inside.has(person.id) ? 0 : standingOf(person) === "ONLINE" ? 1 : 2);
  const people = [...store.state.operators.values()].filter(({ id }) => id !== store.state.me.id)
    .map((person) => ({ person, score: fit(query, person.name) })).filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score || rank(left.person) - rank(right.person) || left.person.name.localeCompare(right.person.name));
  const take = ({ name }) => {
    composer.suggestions.close();
    composer.replace(start, start + query.length + 1, `@${name} `);
  };
  return { label: t("Colleagues"), sections: [{ options: people.slice(0, MOST).map(({ person }) => option(person, inside.has(person.id), take)) }] };
}

function option(person, isInside, take) {
  const face = avatar(person, { size: "small" });
  face.append(h("i", { class: `presence-dot presence-dot--${standingOf(person)}` }));
  return { key: `mention-${person.id}`, look: "mention-option", take: () => take(person), content: [face, h("b", { class: "truncate" }, person.name), h("small", { class: "truncate" }, isInside ? t("in this dialog") : standingWords(person))] };
}
