/** HTTP calls of the product's API. Every failure is an ApiError; `isOffline` means that no answer came. */
const ROOT = "/api/v1/";
const TIMEOUT = 20_000;

export class ApiError extends Error {
  constructor(status, { code = "", message = "", fields = {} } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** Nothing was refused: the same call may succeed later. */
  get isTemporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.isSignedOut;
  }

  /** The session has ended. What waits to be sent waits for the next one. */
  get isSignedOut() {
    return this.status === 401;
  }

  get isOffline() {
    return this.status === 0;
  }
}

export const csrfToken = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

async function call(method, path, body, { keepalive = false } = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(addressOf(path), {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin", keepalive, signal: AbortSignal.timeout(TIMEOUT),
    });
  } catch {
    throw new ApiError(0);
  }
  return readAnswer(response);
}

/** `next` links of a paged list are whole addresses; keep to our own origin whatever a proxy made of them. */
const addressOf = (path) => {
  if (!/^https?:/.test(path)) return ROOT + path;
  const url = new URL(path);
  return url.pathname + url.search;
};

async function readAnswer(response) {
  const isJson = response.headers.get("Content-Type")?.includes("json");
  const answer = isJson ? await response.json().catch(() => null) : null;
  if (!response.ok) throw new ApiError(response.status, answer ?? {});
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);
export const patch = (path, body) => call("PATCH", path, body);
export const put = (path, body, options) => call("PUT", path, body, options);
export const remove = (path) => call("DELETE", path);

/** fetch() can't tell how much was sent, so uploads go through XMLHttpRequest. Returns {promise, cancel}. */
export function upload(file, onProgress) {
  const request = new XMLHttpRequest();
  const promise = new Promise((resolve, reject) => {
    request.open("POST", `${ROOT}attachments/`);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => request.status < 300 && request.response
      ? resolve(request.response) : reject(new ApiError(request.status, request.response ?? {}));
    request.onerror = () => reject(new ApiError(0));
    request.onabort = () => reject(new ApiError(0, { code: "cancelled" }));
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
  return { promise, cancel: () => request.abort() };
}
