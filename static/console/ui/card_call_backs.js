/** On the card: calls that are still to be made to the client. */
import { button, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { callBackItem } from "./call_back_item.js";
import { openDialog } from "./navigation.js";

export function callBacksSection(client, dialog) {
  const phones = client.identities.filter(({ kind }) => kind === "phone").map(({ value }) => value);
  const open = (callBack = null) => later("callBack").then(({ openCallBack }) => openCallBack({ callBack, client, dialogId: dialog?.id ?? null, phones }));
  if (!client.call_backs?.length) return null;
  return h("section", { class: "client-card__section" },
    h("h3", { class: "client-card__section-head" }, t("Call-backs"), button("", t("One more"), () => open())),
    h("div", { class: "call-backs call-backs--card" }, ...client.call_backs.map((callBack) => callBackItem(callBack, { open: openDialog, edit: open, after: () => {} }))));
}
