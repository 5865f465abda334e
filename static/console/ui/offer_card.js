/** A dialog put before me: the first words, the time left, and what to do with it. */
import { answer, isRunning, skip } from "../core/actions.js";
import { avatar, button, h, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { channelName, kindWord } from "../core/words.js";
import { choosePerson } from "./people_picker.js";
import { Ring } from "./ring.js";

export class OfferCard {
  constructor(item, onOpen) {
    const { id } = item.dialog;
    const open = () => onOpen(id);
    this.ring = new Ring();
    this.name = h("button", { type: "button", class: "offer__open truncate", data: { dialog: id }, on: { click: open } });
    this.place = h("small", { class: "truncate" });
    this.text = h("p", { class: "offer__text" });
    this.buttons = [
      button("btn btn--primary", t("Answer"), () => answer(id).then((dialog) => dialog && open())),
      button("btn btn--secondary", t("Skip"), () => skip(id)),
      button("btn btn--secondary", t("Transfer"), () => choosePerson(id)),
    ];
    this.element = h("article", { class: "offer", "aria-label": t("New request") },
      h("div", { class: "offer__top" }, avatar(item.dialog.client, { channel: item.dialog.channel }),
        h("div", { class: "offer__who" }, h("small", { class: "offer__kicker" }, t("New request")), h("b", {}, this.name), this.place),
        this.ring.element),
      this.text, h("div", { class: "offer__actions" }, ...this.buttons));
    this.update(item);
  }

  update({ dialog, isCurrent, clock }) {
    this.dialog = dialog;
    this.clock = clock;
    setText(this.name, dialog.client.name);
    setText(this.place, `${channelName(dialog.channel.kind)} · ${dialog.line.name}`);
    setText(this.text, dialog.preview ? dialog.preview.text || kindWord(dialog.preview.kind) : "");
    this.element.classList.toggle("offer--current", isCurrent);
    for (const one of this.buttons) one.disabled = isRunning(dialog.id);
    this.tick();
  }

  tick() {
    this.ring.update(this.dialog, this.clock());
  }
}
