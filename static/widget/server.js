/** The visitor's calls. The token that says who the visitor is comes with the first call that needs one. */
import { ApiError } from "../console/core/api.js";

const TIMEOUT = 20_000;
const UPLOAD_TIMEOUT = 300_000;
const FRESH_FOR = 30 * 86_400_000;

export class Server {
  #asking = null;

  constructor({ key, language, shelf, onForgotten }) {
    this.root = `/chat/${key}/`;
    Object.assign(this, { language, shelf, onForgotten });
  }

  get isKnown() {
    return Boolean(this.shelf.get("session"));
  }

  get = (path) => this.#known("GET", path);
  post = (path, body) => this.#known("POST", path, body);

  /** Two tabs that start at once shall be one visitor. */
  token() {
    const session = this.shelf.get("session");
    if (session && Date.now() - session.at < FRESH_FOR) return Promise.resolve(session.token);
    this.#asking ??= this.#oneAtATime(() => this.#ask()).finally(() => { this.#asking = null; });
    return this.#asking;
  }

  async #ask() {
    const session = this.shelf.get("session");
    if (session && Date.now() - session.at < FRESH_FOR) return session.token;
    const { token } = await this.#call("POST", "session/", {}, session?.token);
    this.shelf.set("session", { token, at: Date.now() });
    return token;
  }

  /** Browsers that partition or block storage may refuse locks, too: then each tab is on its own. */
  async #oneAtATime(work) {
    let asked = null;
    const hold = () => { asked = work(); return asked; };
    try {
      return await navigator.locks.request(`openlines:${this.root}`, hold);
    } catch (error) {
      if (asked) throw error;
      return work();
    }
  }

  async #known(method, path, body) {
    const token = await this.token();
    try {
      return await this.#call(method, path, body, token);
    } catch (error) {
      if (error.status !== 401) throw error;
      this.forget(token);
      return this.#call(method, path, body, await this.token());
    }
  }

  /** The server no longer knows this token: a new conversation begins. */
  forget(token) {
    if (this.shelf.get("session")?.token !== token) return;
    this.shelf.set("session", null);
    this.onForgotten();
  }

  async #call(method, path, body, token) {
    const headers = { Accept: "application/json", "Accept-Language": this.language };
    if (token) headers.Authorization = `Visitor ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    let response;
    try {
      response = await fetch(this.root + path, {
        method, headers, body: body && JSON.stringify(body), credentials: "omit", signal: AbortSignal.timeout(TIMEOUT),
      });
    } catch {
      throw new ApiError(0);
    }
    const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json().catch(() => null) : null;
    if (!response.ok) throw new ApiError(response.status, answer ?? {});
    return answer;
  }

  /** fetch() can't tell how much was sent. Returns {promise, cancel}. */
  upload(file, onProgress) {
    const request = new XMLHttpRequest();
    const promise = this.token().then((token) => new Promise((resolve, reject) => {
      request.open("POST", `${this.root}files/`);
      Object.assign(request, { responseType: "json", timeout: UPLOAD_TIMEOUT });
      for (const [name, value] of [["Accept-Language", this.language], ["Authorization", `Visitor ${token}`]]) request.setRequestHeader(name, value);
      request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
      request.onload = () => (request.status === 201 && request.response
        ? resolve(request.response) : reject(new ApiError(request.status, request.response ?? {})));
      request.onerror = request.ontimeout = () => reject(new ApiError(0));
      request.onabort = () => reject(new ApiError(0, { code: "cancelled" }));
      const form = new FormData();
      form.append("file", file, file.name);
      request.send(form);
    }));
    return { promise, cancel: () => request.abort() };
  }
}
