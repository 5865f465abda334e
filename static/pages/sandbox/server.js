/** What the sandbox page asks of the server. */
import { csrfToken } from "../../console/core/api.js";
import { t } from "../../console/core/i18n.js";

const TIMEOUT = 20_000;

export class Server {
  constructor(root) {
    this.root = root;
    this.version = "";
  }

  /** What customers see, or null when nothing has changed. */
  async state(chats) {
    const query = new URLSearchParams({ chats: chats.join(","), version: this.version });
    const answer = await this.#call(`state/?${query}`, {});
    if (answer) this.version = answer.version;
    return answer;
  }

  /** The next look brings everything. */
  forget() {
    this.version = "";
  }

  write(messages) {
    return this.#call("messages/", { method: "POST", body: JSON.stringify({ messages }) });
  }

  upload(chat, file) {
    const body = new FormData();
    body.append("chat", chat);
    body.append("file", file, file.name);
    return this.#call("files/", { method: "POST", body });
  }

  async #call(path, options) {
    let response;
    try {
      response = await fetch(this.root + path, { ...options, headers: { "X-CSRFToken": csrfToken() }, credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT) });
    } catch {
      throw new Error(t("The server does not answer."));
    }
    if (response.status === 204) return null;
    const answer = await response.json().catch(() => ({}));
    if (!response.ok || response.redirected) throw new Error(answer.message || t("The server could not do this."));
    return answer;
  }
}
