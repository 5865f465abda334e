/** A dialog put before me: the first words, the time left, and what to do with it. */
import { answer, isRunning, skip } from "../core/actions.js";
import { avatar, button, h, icon, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { store } from "../core/store.js";
import { channelName, kindWord } from "../core/names.js";
import { Ring } from "./ring.js";

export class OfferCard {
  constructor(item, onOpen) {
    const { id } = item.dialog;
    const open = () => onOpen(id);
    this.ring = new Ring();
    this.name = h("button", { type: "button", class: "offer__open truncate", data: { dialog: id }, on: { click: open } });
    this.vip = h("span", { class: "vip", hidden: true }, icon("star", 14, t("Important client")));
    this.kicker = h("small", { class: "offer__kicker truncate" });
    this.note = h("span");
    this.handover = h("p", { class: "handover" }, icon("transfer", 16), this.note);
    this.place = h("small", { class: "truncate" });
    this.text = h("p", { class: "offer__text" });
    this.buttons = [
      button("btn btn--primary", t("Answer"), () => answer(id).then((dialog) => dialog && open())),
      button("btn btn--secondary", t("Skip"), () => skip(id)),
      button("btn btn--secondary", t("Transfer"), () => later("transfer").then(({ openTransfer }) => openTransfer(id))),
    ];
    ["answer", "skip", "transfer"].forEach((name, index) => { this.buttons[index].dataset.hint = name; });
    this.element = h("article", { class: "offer", "aria-label": t("New request") },
      h("div", { class: "offer__top" }, avatar(item.dialog.client, { channel: item.dialog.channel }),
        h("div", { class: "offer__who" }, this.kicker, h("b", { class: "offer__name" }, this.name, this.vip), this.place),
        this.ring.element),
      this.handover, this.text, h("div", { class: "offer__actions" }, ...this.buttons));
    this.update(item);
  }

  update({ dialog, isCurrent, clock }) {
    this.dialog = dialog;
    this.clock = clock;
    setText(this.name, dialog.client.name);
    this.vip.hidden = !dialog.client.is_vip;
    this.#showHandover(dialog.handed_over);
    setText(this.place, `${channelName(dialog.channel.kind)} · ${dialog.line.name}`);
    setText(this.text, dialog.preview ? dialog.preview.text || kindWord(dialog.preview.kind) : "");
    this.element.classList.toggle("offer--current", isCurrent);
    for (const one of this.buttons) one.disabled = isRunning(dialog.id);
    this.tick();
  }

  #showHandover(handover) {
    const name = handover && (store.state.operators.get(handover.operator_id)?.name ?? "?");
    setText(this.kicker, handover ? t("Transfer from {name}", { name }) : t("New request"));
    this.handover.hidden = !handover?.note;
    setText(this.note, handover?.note ?? "");
  }

  tick() {
    this.ring.update(this.dialog, this.clock());
  }
}
