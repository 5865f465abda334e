/** Where the client can be reached: phones and e-mails that can be changed here, accounts in channels, the page of a visitor. */
import { addAddress, copyText, removeAddress } from "../core/client_actions.js";
import { button, channelMark, h, icon, iconButton, setText } from "../core/dom.js";
import { t, translator } from "../core/i18n.js";
import { channelName, errorWords } from "../core/names.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { dayName, shortTime, whole } from "../core/time.js";
import { webLink } from "../core/links.js";
import { confirmModal } from "./modal.js";
import { section } from "./card_sections.js";

const SCHEMES = { phone: (value) => `tel:${value.replace(/[^+\d]/g, "")}`, email: (value) => `mailto:${value}` };
const SMALL = "btn btn--icon btn--ghost btn--small";
const isAddress = ({ kind }) => kind in SCHEMES;
const again = (clientId) => dispatchEvent(new CustomEvent("client:read", { detail: clientId }));

export function contactsSection(client) {
  const form = addForm(client);
  const add = button("", t("Add"), () => { form.hidden = !form.hidden; if (!form.hidden) form.querySelector("input").focus(); });
  const rows = once(client.identities.filter(isAddress)).map((identity) => addressRow(client, identity));
  return section(t("Contacts"), add, h("dl", { class: "facts-list" }, ...rows, client.language && fact(t("Language"), languageName(client.language)), fact(t("Known since"), dayName(client.created_at, serverNow(store.state)))), form);
}

/** What was merged may say the same twice: once as certain, once as claimed. */
const once = (identities) => [...new Map(identities.toSorted((left, right) => right.is_claimed - left.is_claimed || left.id - right.id).map((identity) => [`${identity.kind}:${identity.value}`, identity])).values()];
const fact = (label, words) => h("div", {}, h("dt", {}, label), h("dd", {}, words));

function languageName(code) {
  try {
    return new Intl.DisplayNames([translator.language], { type: "language" }).of(code);
  } catch {
    return code;
  }
}

function addressRow(client, identity) {
  const { kind, value, is_claimed: isClaimed } = identity;
  return h("div", { class: "address" }, h("dt", {}, kind === "phone" ? t("Phone") : t("E-mail")),
    h("dd", {}, h("a", { class: "truncate numeric", href: SCHEMES[kind](value) }, value), isClaimed && h("span", { class: "badge badge--warn", title: t("Another client has this address; this one says it is theirs.") }, t("not sure")),
      h("span", { class: "address__acts" }, iconButton("copy", t("Copy"), () => copyText(value), SMALL), iconButton("trash", t("Remove {value}", { value }), () => askToRemove(client, identity), SMALL))));
}

const askToRemove = (client, { id, value }) => confirmModal(t("Remove this address?"), t("{value} is no longer kept with {name}.", { value, name: client.name }), t("Remove"),
  () => removeAddress(client.id, id).then(() => again(client.id), (error) => dispatchEvent(new CustomEvent("console:say", { detail: { text: errorWords(error), isBad: true } }))));

function addForm(client) {
  const error = h("p", { class: "field__error", role: "alert" });
  const input = h("input", { class: "input", "aria-label": t("Phone or e-mail"), placeholder: t("+7 916 123-45-67 or name@example.com"), maxlength: "255", autocomplete: "off", on: { input: () => setText(error, "") } });
  const form = h("form", { class: "address-form", hidden: true, novalidate: true }, h("div", {}, input, h("button", { class: "btn btn--primary btn--small" }, t("Add"))), error);
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); form.hidden = true; } });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await addAddress(client.id, input.value.includes("@") ? "email" : "phone", input.value.trim());
      input.value = "";
      form.hidden = true;
      again(client.id);
    } catch (refusal) {
      setText(error, refusal.fields?.value?.[0] ?? errorWords(refusal));
      input.focus();
    }
  });
  return form;
}

export function channelsSection({ identities }) {
  const accounts = identities.filter((identity) => !isAddress(identity));
  if (!accounts.length) return null;
  return section(t("Channels of the client"), null, h("ul", { class: "identities" }, ...accounts.map(account)));
}

function account({ kind, value, title, channel_name: channel, last_seen_at: seenAt }) {
  const name = kind.toLowerCase();
  return h("li", { title: [channelName(name), channel, value].filter(Boolean).join(" · ") }, channelMark({ kind: name, name: channelName(name) }),
    h("span", { class: "identities__who" }, h("span", { class: "truncate" }, title || value), channel && h("small", { class: "truncate" }, channel)),
    iconButton("copy", t("Copy"), () => copyText(title || value), SMALL), h("small", { title: seenAt ? t("Last seen {time}", { time: whole(seenAt) }) : "" }, seenAt ? shortTime(seenAt, serverNow(store.state)) : ""));
}

/** Strangers' browsers say where they are: only web addresses become links, and they are opened without a trace. */
export function visitSection({ visit }) {
  if (!visit) return null;
  const { now, first } = visit;
  const device = [now.language && languageName(now.language), now.time_zone].filter(Boolean).join(" · ");
  const came = first.url && first.url !== now.url ? page(first.url, first.title) : null;
  const rows = [now.url && fact(t("Page"), page(now.url, now.title)), came && fact(t("Came by"), came), (first.referrer || now.referrer) && fact(t("From"), page(first.referrer || now.referrer)), device && fact(t("Browser"), device)];
  return section(t("On the website"), null, h("dl", { class: "facts-list" }, ...rows.filter(Boolean)));
}

function page(url, title = "") {
  const href = webLink(url);
  const words = title || url.replace(/^https?:\/\//, "");
  return href ? h("a", { class: "facts-list__page", href, target: "_blank", rel: "noopener noreferrer", title: url }, h("span", { class: "truncate" }, words), icon("expand", 12)) : h("span", { class: "truncate" }, words);
}
