/** What a mail shows around its words: subject, addresses, what it quotes, and the page that it was. */
import { button, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { complain } from "../core/actions.js";
import { readersOf } from "../core/mail.js";

export function mailHead({ details }) {
  const mail = details?.mail;
  if (!mail) return null;
  const readers = readersOf(mail);
  return h("div", { class: "mail" },
    mail.subject && h("b", { class: "mail__subject" }, mail.subject),
    h("small", { class: "mail__people" }, [mail.from_name, mail.from].filter(Boolean).join(" · "),
      readers.length > 0 && h("span", {}, t("Also to: {people}", { people: readers.join(", ") }))));
}

export function mailFoot({ id, details }) {
  if (!details?.quoted_text && !details?.has_html && !details?.too_large) return null;
  return h("div", { class: "mail__foot" },
    details.too_large && h("span", { class: "message__text message__text--gone" }, t("This mail is too large to be taken in. Read it in the mailbox.")),
    details.quoted_text && h("details", { class: "mail__quote" }, h("summary", {}, t("Quoted text")), h("div", { class: "message__text" }, details.quoted_text)),
    details.has_html && button("btn btn--link mail__page", t("As it was sent"), () => later("mailPage").then(({ openMailPage }) => openMailPage(id, details.mail)).catch(complain)));
}
