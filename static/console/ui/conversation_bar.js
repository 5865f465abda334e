/** Above the conversation: with whom, and what can be done. */
import { createLead, finish, pin, say, takeOver } from "../core/actions.js";
import { avatar, button, h, icon, iconButton, setAttribute, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { rulesOf } from "../core/line_rules.js";
import { isClosing, isMine, mayReturn, mayTakeOver } from "../core/lists.js";
import { store } from "../core/store.js";
import { channelName } from "../core/words.js";
import { menuItem, openMenu } from "./menu.js";
import { confirmModal } from "./modal.js";
import { goBack, openCard } from "./navigation.js";
import { openReturn, openTransfer } from "./transfer_picker.js";
import { explainDialog } from "./why.js";

export class ConversationBar {
  constructor() {
    this.face = h("span");
    this.name = h("h2", { class: "truncate" });
    this.vip = h("span", { class: "vip", hidden: true }, icon("star", 16, t("Important client")));
    this.place = h("p", { class: "truncate" });
    this.transfer = iconButton("transfer", t("Transfer"), () => openTransfer(this.dialog.id), "btn btn--icon only-desk");
    this.pin = iconButton("pin", t("Pin"), () => pin(this.dialog.id), "btn btn--icon only-desk");
    this.finishWord = h("span", {}, t("Finish"));
    this.finish = button("btn btn--secondary only-desk", t("Finish"), () => finish(this.dialog.id), icon("check", 18), this.finishWord);
    this.rule = h("span", { class: "bar__rule only-desk" });
    this.more = iconButton("dots", t("More"), () => this.#open());
    this.element = h("header", { class: "bar conversation__bar" },
      iconButton("back", t("Back"), goBack, "btn btn--icon only-phone"), this.face, h("div", { class: "conversation__who" }, h("div", { class: "conversation__name" }, this.name, this.vip), this.place),
      this.transfer, this.pin, this.rule, this.finish, iconButton("info", t("Client card"), openCard, "btn btn--icon conversation__card-button"), this.more);
  }

  show(dialog) {
    const before = this.dialog?.client;
    this.dialog = dialog;
    const { client, channel } = dialog;
    if (before?.id !== client.id || before.name !== client.name || before.photo_url !== client.photo_url || this.channelId !== channel.id) {
      const face = avatar(client, { channel });
      this.face.replaceWith(face);
      this.face = face;
      this.channelId = channel.id;
    }
    setText(this.name, client.name);
    this.vip.hidden = !client.is_vip;
    this.#showPlace(dialog);
    const isOpen = dialog.state !== "CLOSED";
    const canEnd = isOpen && dialog.state === "ACTIVE" && this.#mayRule(dialog);
    this.transfer.hidden = this.pin.hidden = !isOpen;
    this.finish.hidden = this.rule.hidden = !canEnd;
    setText(this.finishWord, finishWord(dialog));
    for (const name of ["title", "aria-label"]) setAttribute(this.finish, name, finishWord(dialog));
    setAttribute(this.pin, "aria-pressed", dialog.is_pinned);
    this.pin.title = dialog.is_pinned ? t("Unpin") : t("Pin");
  }

  #showPlace({ id, channel, client }) {
    const isTyping = store.state.typing.get(id)?.author.kind === "CLIENT";
    const words = [isTyping ? h("span", { class: "conversation__typing" }, t("typing…")) : null, isTyping ? " · " : null, `${channelName(channel.kind)} · ${channel.name}`];
    this.place.replaceChildren(...words.filter(Boolean), client.is_reachable ? "" : ` · ${t("has blocked us")}`);
  }

  #mayRule(dialog) {
    return isMine(dialog, store.state.me) || store.state.me.role !== "OPERATOR";
  }

  #open() {
    const { dialog } = this;
    const [isOpen, isActive, mayRule] = [dialog.state !== "CLOSED", dialog.state === "ACTIVE", this.#mayRule(dialog)];
    const canTakeOver = mayTakeOver(dialog, store.state.me, rulesOf(dialog.line.id));
    openMenu(this.more, [
      isActive && mayRule && menuItem("check", finishWord(dialog), () => finish(dialog.id)),
      isOpen && menuItem("transfer", t("Transfer"), () => openTransfer(dialog.id)),
      isOpen && menuItem("pin", dialog.is_pinned ? t("Unpin") : t("Pin"), () => pin(dialog.id)),
      mayReturn(dialog, store.state.me) && menuItem("retry", t("Return to the queue"), () => openReturn(dialog.id)),
      canTakeOver && menuItem("takeover", t("Take over"), () => takeOver(dialog.id)),
      menuItem("funnel", t("Create a lead"), () => createLead(dialog.id).then((lead) => lead && say(t("Lead created: “{lead}”", { lead: lead.title })))),
      menuItem("question", t("Why this operator?"), () => explainDialog(dialog)),
      isActive && mayRule && menuItem("ban", t("Finish as spam"), () => confirmSpam(dialog), { isDanger: true }),
    ].filter(Boolean));
  }
}

/** Once more ends the time in which the client may answer the goodbye. */
const finishWord = (dialog) => (isClosing(dialog) ? t("Close now") : t("Finish"));
const confirmSpam = (dialog) => confirmModal(t("Finish as spam?"), t("The dialog with {name} is finished and does not count in the reports.", { name: dialog.client.name }), t("Finish as spam"), () => finish(dialog.id, true));
