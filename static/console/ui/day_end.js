/** Going home: what becomes of the dialogs that I have. */
import { giveBack, takeStep } from "../core/actions.js";
import { avatar, button, h } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { isMine, mayReturn } from "../core/lists.js";
import { store } from "../core/store.js";
import { openModal } from "./modal.js";

const SHOWN = 6;

/** Ends it at once when nothing is left; pinned dialogs stay with whoever pinned them and are not asked about. */
export function endDay() {
  const { open, me } = store.state;
  const left = [...open.values()].filter((dialog) => isMine(dialog, me) && mayReturn(dialog, me) && !dialog.is_pinned);
  if (!left.length) takeStep("end");
  else ask(left);
}

function ask(left) {
  const end = async (isReturning) => {
    modal.close();
    if (isReturning) await Promise.all(left.map(({ id }) => giveBack(id, t("My working day is over."))));
    takeStep("end");
  };
  const modal = openModal(t("End the day"), [
    h("p", {}, tn("You still have {count} open dialog.", "You still have {count} open dialogs.", left.length, {})),
    h("ul", { class: "left-over" }, ...left.slice(0, SHOWN).map(({ client, channel }) => h("li", {}, avatar(client, { size: "small", channel }), h("span", { class: "truncate" }, client.name))),
      left.length > SHOWN ? h("li", {}, t("and {count} more", { count: left.length - SHOWN })) : null),
    h("p", { class: "left-over__note" }, t("If you keep them, they wait for you; a client who writes meanwhile goes to a colleague where the line says so.")),
  ], { foot: [button("btn btn--ghost", t("Cancel"), () => modal.close()), button("btn btn--secondary", t("Keep them"), () => end(false)), button("btn btn--primary", t("Return them to the queue"), () => end(true))] });
}
