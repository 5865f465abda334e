/** Windows over the page. <dialog> keeps the focus inside, and gives it back. */
import { button, h, iconButton } from "../core/dom.js";
import { t } from "../core/i18n.js";

export function openModal(title, body, { foot = [], look = "modal" } = {}) {
  const dialog = h("dialog", { class: look, "aria-label": title, on: { close: () => dialog.remove() } },
    h("header", { class: "modal__head" }, h("h2", {}, title), iconButton("x", t("Close"), () => dialog.close())),
    h("div", { class: "modal__body" }, ...[body].flat()),
    foot.length ? h("footer", { class: "modal__foot" }, ...foot) : null);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before what can't be undone. */
export function confirmModal(title, words, label, act) {
  const confirm = button("btn btn--danger", label, () => { dialog.close(); act(); });
  const dialog = openModal(title, h("p", {}, words), { foot: [button("btn btn--ghost", t("Cancel"), () => dialog.close()), confirm] });
  confirm.focus();
}
