/** Above the conversation: with whom, and what can be done. */
import { pin } from "../core/actions.js";
import { avatar, button, h, icon, iconButton, setAttribute, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { isMine, isOfferedTo } from "../core/lists.js";
import { store } from "../core/store.js";
import { channelName } from "../core/names.js";
import { COMMANDS, finishDialog, finishWord, runCommand } from "./commands.js";
import { menuItem, openMenu } from "./menu.js";
import { goBack, openCard } from "./navigation.js";
import { ratingMark, workMark } from "./rating_mark.js";

export class ConversationBar {
  constructor() {
    this.face = h("span");
    this.name = h("h2", { class: "truncate" });
    this.vip = h("span", { class: "vip", hidden: true }, icon("star", 16, t("Important client")));
    this.rating = h("span", { class: "conversation__rating" });
    this.place = h("p", { class: "truncate" });
    this.transfer = iconButton("transfer", t("Transfer"), () => later("transfer").then(({ openTransfer }) => openTransfer(this.dialog.id)), "btn btn--icon only-desk");
    this.invite = iconButton("adduser", t("Invite colleagues"), () => runCommand("invite"), "btn btn--icon only-desk");
    this.pin = iconButton("pin", t("Pin"), () => pin(this.dialog.id), "btn btn--icon only-desk");
    for (const name of ["transfer", "pin"]) this[name].dataset.hint = name;
    this.finishWord = h("span", {}, t("Finish"));
    this.finish = button("btn btn--secondary only-desk", t("Finish"), () => finishDialog(this.dialog), icon("check", 18), this.finishWord);
    this.finish.dataset.hint = "finish";
    this.rule = h("span", { class: "bar__rule only-desk" });
    this.more = iconButton("dots", t("More"), () => this.#open());
    this.element = h("header", { class: "bar conversation__bar" },
      iconButton("back", t("Back"), goBack, "btn btn--icon only-phone"), this.face, h("div", { class: "conversation__who" }, h("div", { class: "conversation__name" }, this.name, this.vip, this.rating), this.place),
      this.transfer, this.invite, this.pin, this.rule, this.finish, iconButton("info", t("Client card"), openCard, "btn btn--icon conversation__card-button"), this.more);
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
    this.rating.replaceChildren(...[ratingMark(dialog.rating), workMark(dialog.rating)].filter(Boolean));
    this.#showPlace(dialog);
    const isOpen = dialog.state !== "CLOSED";
    const canEnd = isOpen && dialog.state === "ACTIVE" && this.#mayRule(dialog);
    this.pin.hidden = this.invite.hidden = !isOpen || !this.#mayRule(dialog);
    this.transfer.hidden = this.pin.hidden && !isOfferedTo(dialog, store.state.me);
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
    const offered = COMMANDS.filter(({ inMenu }) => inMenu).map((command) => ({ ...command, subject: command.about() })).filter(({ subject }) => subject);
    openMenu(this.more, offered.map(({ icon: sign, title, subject, run, isDanger }) => menuItem(sign, title(subject), () => run(subject), { isDanger })));
  }
}
