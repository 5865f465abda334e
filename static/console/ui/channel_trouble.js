/** Above the place where one writes: the channel is not well, what that means for what is written, who can help. */
import { h, icon, setText } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { troubleOf } from "../core/state.js";
import { store } from "../core/store.js";

export class ChannelTrouble {
  constructor() {
    this.words = h("span");
    this.link = h("a", { class: "channel-trouble__link" }, t("Open the channel"));
    this.element = h("p", { class: "channel-trouble", role: "status", hidden: true }, icon("alert", 16), this.words, this.link);
  }

  show({ channel, state }) {
    const trouble = state === "CLOSED" ? null : troubleOf(store.state, channel);
    this.element.hidden = !trouble;
    if (!trouble) return setText(this.words, "");
    this.element.classList.toggle("channel-trouble--bad", trouble !== "DEGRADED");
    setText(this.words, (WORDS[trouble] ?? WORDS.DEGRADED)({ name: channel.name }));
    this.link.hidden = store.state.me.role !== "ADMINISTRATOR";
    this.link.href = `/settings/channels/${channel.id}/`;
  }
}

const WORDS = {
  DEGRADED: (name) => t("“{name}” has trouble. Messages may wait: they go out by themselves when it is over, nothing is lost.", name),
  TOKEN_REVOKED: (name) => t("“{name}” has lost its access. Messages wait until an administrator connects it again: nothing is lost.", name),
  PAUSED: (name) => t("“{name}” is paused. Messages wait until it goes on: nothing is lost.", name),
  DISCONNECTED: (name) => t("“{name}” is disconnected. Messages wait until it is connected again, the client does not get them now.", name),
};
