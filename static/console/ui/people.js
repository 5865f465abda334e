/** Who else is in the dialog: its operator, who was invited, who looks at it. A button, behind which there is more. */
import { avatar, h, icon, setAttribute, setText } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { later } from "../core/later.js";
import { isInvited } from "../core/lists.js";
import { peopleOf } from "../core/onlookers.js";
import { store } from "../core/store.js";

const SHOWN = 3;

export class People {
  #shown = "";

  constructor() {
    this.faces = h("span", { class: "people__faces" });
    this.words = h("span", { class: "truncate" });
    this.element = h("button", { type: "button", class: "people", hidden: true, "aria-haspopup": "menu", on: { click: () => this.#open() } }, this.faces, this.words);
  }

  show(dialog) {
    this.dialog = dialog;
    const isHelping = isInvited(dialog, store.state.me);
    const people = peopleOf(store.state, dialog).filter(({ part, isLooking }) => part !== "owner" || isLooking || isHelping);
    this.element.hidden = !people.length;
    if (!people.length) return;
    const key = JSON.stringify(people);
    if (key === this.#shown) return;
    this.#shown = key;
    this.faces.replaceChildren(...people.slice(0, SHOWN).map(face));
    setText(this.words, wordsFor(people));
    setAttribute(this.element, "title", people.map(({ person }) => person.name).join(", "));
  }

  #open() {
    later("people").then(({ openPeople }) => openPeople(this.element, this.dialog)).catch(() => {});
  }
}

function face({ person, isLooking }) {
  const element = avatar(person, { size: "tiny" });
  if (isLooking) element.append(h("i", { class: "people__eye" }, icon("eye", 12)));
  return element;
}

function wordsFor(people) {
  const [{ person: { name }, part, isLooking }] = people;
  if (people.length > 1) return tn("{count} colleague here", "{count} colleagues here", people.length);
  if (part === "owner" && !isLooking) return t("with {name}", { name });
  return part === "participant" ? t("{name} is in the dialog, too", { name }) : t("{name} is looking, too", { name });
}
