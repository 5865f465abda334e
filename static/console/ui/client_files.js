/** Everything that was ever sent, both ways: pictures to look through, the rest as a list. */
import { filesOf } from "../core/client_actions.js";
import { later } from "../core/later.js";
import { button, h, icon, setAttribute } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { errorWords, kindIcon, kindWord } from "../core/names.js";
import { serverNow } from "../core/state.js";
import { store } from "../core/store.js";
import { fileSize, shortTime } from "../core/time.js";

const KINDS = { pictures: () => t("Pictures"), files: () => t("Files"), sounds: () => t("Sounds") };
const NOTHING = { pictures: () => t("No pictures yet."), files: () => t("No files yet."), sounds: () => t("No sounds yet.") };

export class ClientFiles {
  #found = [];
  #cursor = null;
  #kind = "pictures";

  constructor(clientId) {
    this.clientId = clientId;
    this.kinds = Object.keys(KINDS).map((kind) => h("button", { type: "button", class: "segments__item", data: { kind }, on: { click: () => this.#choose(kind) } }, KINDS[kind]()));
    this.body = h("div", { class: "files__body" });
    this.more = button("btn btn--secondary btn--small files__more", t("Show more"), () => this.#read());
    this.element = h("section", { class: "files" }, h("div", { class: "segments", role: "group", "aria-label": t("Kind of files") }, ...this.kinds), this.body, this.more);
    this.#choose("pictures");
  }

  #choose(kind) {
    this.#kind = kind;
    this.#found = [];
    this.#cursor = null;
    for (const one of this.kinds) setAttribute(one, "aria-pressed", one.dataset.kind === kind);
    this.body.replaceChildren(h("p", { class: "block__note" }, t("Loading…")));
    this.#read();
  }

  async #read() {
    const kind = this.#kind;
    this.more.hidden = true;
    try {
      const page = await filesOf(this.clientId, kind, this.#cursor);
      if (kind !== this.#kind) return;
      this.#found.push(...page.results);
      this.#cursor = page.next_cursor;
      this.#show();
    } catch (error) {
      if (kind === this.#kind) this.body.replaceChildren(h("div", { class: "empty" }, h("p", {}, errorWords(error)), button("btn btn--secondary btn--small", t("Try again"), () => this.#read())));
    }
  }

  #show() {
    this.more.hidden = !this.#cursor;
    if (!this.#found.length) this.body.replaceChildren(h("div", { class: "empty" }, icon(this.#kind === "pictures" ? "image" : this.#kind === "sounds" ? "mic" : "file", 26), h("p", {}, NOTHING[this.#kind]())));
    else if (this.#kind === "pictures") this.body.replaceChildren(h("div", { class: "files__grid" }, ...this.#found.map((file) => this.#picture(file))));
    else this.body.replaceChildren(h("ul", { class: "files__list" }, ...this.#found.map(fileRow)));
  }

  #picture({ attachment, created_at: at }) {
    const { kind, state, url, name } = attachment;
    if (state !== "READY") return h("span", { class: "files__tile", title: t("Could not be fetched from the channel") }, icon("alert"));
    const title = [name, shortTime(at, serverNow(store.state))].filter(Boolean).join(" · ");
    if (kind === "VIDEO") return h("a", { class: "files__tile files__tile--video", href: url, target: "_blank", rel: "noopener", title, "aria-label": name || kindWord(kind) }, icon("play"));
    return h("button", { type: "button", class: "files__tile", title, on: { click: () => this.#enlarge(attachment.id) } }, h("img", { src: url, alt: name || kindWord(kind), loading: "lazy", decoding: "async" }));
  }

  #enlarge(id) {
    const pictures = this.#found.filter(({ attachment: { kind, state } }) => kind === "IMAGE" && state === "READY").map(({ attachment, created_at: at }) => ({ ...attachment, at }));
    later("zoom").then(({ openViewer }) => openViewer(pictures, id), () => {});
  }
}

function fileRow({ attachment: { kind, state, url, name, size }, is_ours: isOurs, created_at: at }) {
  const facts = [fileSize(size), isOurs ? t("from us") : t("from the client"), shortTime(at, serverNow(store.state))].filter(Boolean).join(" · ");
  const inside = [h("span", { class: "attachment__sign" }, icon(state === "LOST" ? "alert" : kindIcon(kind), 18)), h("span", {}, h("b", {}, name || kindWord(kind)), h("small", {}, state === "READY" ? facts : t("Could not be fetched from the channel")))];
  return h("li", {}, url ? h("a", { class: "attachment", href: url, download: name || true, target: "_blank", rel: "noopener" }, ...inside) : h("span", { class: "attachment" }, ...inside));
}
