/** A mail as the page that it was, in a frame where nothing runs and nothing is loaded. */
import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { openModal } from "./modal.js";

export function openMailPage(id, mail) {
  const title = mail?.subject || t("As it was sent");
  // The answer itself says the same once more (its policy has a sandbox).
  const frame = h("iframe", { class: "mail-page__frame", src: `/files/messages/${id}/`, sandbox: "allow-popups allow-popups-to-escape-sandbox", title, loading: "lazy", referrerpolicy: "no-referrer" });
  const note = h("p", { class: "mail-page__note" }, t("Pictures that the mail would load from elsewhere are left out: they tell its sender that it was opened."));
  return openModal(title, [note, frame], { look: "modal mail-page" });
}
