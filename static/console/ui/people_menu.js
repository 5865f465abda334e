/** Everybody who is in a dialog, with what may be done about it. */
import { leaveDialog, takeOut } from "../core/actions.js";
import { avatar, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { isInvited, isMine } from "../core/lists.js";
import { peopleOf } from "../core/onlookers.js";
import { store } from "../core/store.js";
import { menuItem, openMenu } from "./menu.js";

const PARTS = { owner: () => t("Answers the client"), participant: () => t("Invited"), onlooker: () => t("Looks at the dialog") };

export function openPeople(anchor, dialog) {
  const { me } = store.state;
  const people = peopleOf(store.state, dialog);
  const isOpen = dialog.state !== "CLOSED";
  const decides = isMine(dialog, me) || me.role !== "OPERATOR";
  openMenu(anchor, [
    h("p", { class: "menu__title" }, t("In the dialog")),
    ...people.map(row),
    ...(decides ? people.filter(({ part }) => part === "participant").map(({ person }) => menuItem("exit", t("Take out {name}", { name: person.name }), () => takeOut(dialog.id, person.id))) : []),
    isOpen && decides && menuItem("adduser", t("Invite colleagues"), () => later("invite").then(({ openInvitation }) => openInvitation(dialog.id))),
    isOpen && isInvited(dialog, me) && menuItem("exit", t("Leave the dialog"), () => leaveDialog(dialog.id)),
  ].filter(Boolean));
}

const row = ({ person, part, isLooking }) => h("p", { class: "people__row" }, avatar(person, { size: "small" }),
  h("span", {}, h("b", { class: "truncate" }, person.name), h("small", {}, isLooking && part !== "onlooker" ? `${PARTS[part]()} · ${t("looking")}` : PARTS[part]())));
