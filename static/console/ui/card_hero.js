/** The head of the client's card. */
import { avatar, h, icon } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { tagsOf } from "../core/state.js";
import { store } from "../core/store.js";
import { whole } from "../core/time.js";
import { channelName } from "../core/names.js";
import { tagChip } from "./tag_chips.js";

export function hero(client, dialog, onMark, onTags) {
  return h("div", {}, head(client, dialog, onMark), tagLine(client, onTags), acts(client));
}

/** The client's own tags; a press changes them. */
function tagLine(client, onTags) {
  const tags = tagsOf(store.state, client.tag_ids);
  return h("div", { class: "client-card__own-tags" }, ...tags.map(tagChip),
    h("button", { type: "button", class: "btn btn--ghost btn--small", title: t("Tags of {name}", { name: client.name }), "aria-label": t("Tags of {name}", { name: client.name }), on: { click: onTags } }, icon("tag", 14), tags.length ? null : t("Put tags on")));
}

/** A call and a letter, where an address is known. */
function acts({ identities }) {
  const [phone, email] = ["phone", "email"].map((kind) => identities.find((identity) => identity.kind === kind)?.value);
  if (!phone && !email) return null;
  return h("div", { class: "client-card__acts" },
    phone && h("a", { class: "btn btn--secondary btn--small", href: `tel:${phone.replace(/[^+\d]/g, "")}` }, icon("phone", 16), t("Call")),
    email && h("a", { class: "btn btn--secondary btn--small", href: `mailto:${email}` }, icon("mail", 16), t("Write a letter")));
}

function head(client, dialog, onMark) {
  const identity = client.identities.find((one) => one.kind === dialog?.channel.kind) ?? client.identities[0];
  const place = [identity && known(identity, client), dialog && channelName(dialog.channel.kind)].filter(Boolean).join(" · ");
  return h("div", { class: "client-card__hero" }, avatar(client, { size: "large", channel: dialog?.channel }),
    h("div", {}, h("h2", { class: "client-card__name" }, client.name, vipMark(client, onMark)), h("p", { title: t("Known since {time}", { time: whole(client.created_at) }) }, place),
      h("div", { class: "client-card__tags" }, ...tags(client))));
}

/** A client's mark that moves their dialogs ahead in the queue. */
function vipMark({ is_vip: isVip }, onMark) {
  const label = isVip ? t("Important client: take the mark away") : t("Mark as an important client");
  return h("button", { type: "button", class: "btn btn--icon client-card__vip", title: label, "aria-label": label, "aria-pressed": String(isVip), on: { click: () => onMark(!isVip) } }, icon("star", 18));
}

/** The account's name, unless it only says the client's name again. */
const known = ({ title, value }, { name }) => (title === name ? "" : title || value);

function tags(client) {
  const count = client.dialogs.length;
  return [
    !client.is_reachable && h("span", { class: "badge badge--bad" }, t("Has blocked us")),
    client.leads.length ? null : h("span", { class: "badge badge--warn" }, t("No lead yet")),
    count > 1 ? h("span", { class: "badge badge--accent" }, t("Returning client")) : null,
    count ? h("span", { class: "badge" }, tn("{count} dialog", "{count} dialogs", count)) : null,
  ].filter(Boolean);
}

export function nameEditor(client, onDone) {
  const input = h("input", { class: "input", value: client.name, "aria-label": t("Name"), maxlength: "200" });
  let isDone = false;
  const finish = (name) => { if (!isDone) { isDone = true; onDone(name); } };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") finish(input.value.trim());
    if (event.key === "Escape") finish("");
  });
  input.addEventListener("blur", () => finish(input.value.trim()));
  queueMicrotask(() => input.select());
  return h("div", { class: "client-card__hero" }, avatar(client, { size: "large" }), input);
}
