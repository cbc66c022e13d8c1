// @ts-check
// The server's HTTP API: tokens, calls, and its errors. Nothing here knows the page.

const path = "/web-api/operation";
// A page can keep no secret, so this client has none; what it may do is what the signed-in person may do.
const clientId = "facet-page";
const storageKey = "facet.session";
// Refreshing this much before the end leaves time for a slow answer.
const refreshAheadSeconds = 20;

/** @typedef {{code: number | null, message: string}} ErrorEntry */
/**
 * @typedef {object} Status
 * @property {string} operationId
 * @property {boolean} isCompleted
 * @property {boolean} isSuccessful
 * @property {number} [progress] 0 to 1
 * @property {ErrorEntry[]} [errors]
 */

/** A call that was refused, with the server's own words; or one that got no answer (status 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {ErrorEntry[]} entries
   */
  constructor(status, entries) {
    super(entries.map((entry) => entry.message).join(" "));
    this.status = status;
    this.entries = entries;
  }

  /** @param {number} code */
  has(code) {
    return this.entries.some((entry) => entry.code === code);
  }

  /** Whether the same call may succeed a little later. */
  get isTemporary() {
    return this.status === 0 || this.status === 503;
  }

  static unreachable() {
    return new ApiError(0, [{ code: null, message: "The server does not answer. Is it running?" }]);
  }

  /**
   * @param {number} status
   * @param {string} text The body of the answer.
   */
  static from(status, text) {
    try {
      const entries = JSON.parse(text).errors;
      if (Array.isArray(entries) && entries.length > 0) return new ApiError(status, entries);
    } catch {
      // Something between the page and the server answered, in words of its own.
    }
    return new ApiError(status, [{ code: null, message: `The server answered with status ${status}.` }]);
  }
}

/** Who is signed in. Kept for this tab only; ends with an `ended` event when the server no longer takes it. */
export class Session extends EventTarget {
  /** @type {{user: string, token: string, refresh: string, expires: number} | null} */
  #state = null;
  /** @type {Promise<void> | null} */
  #refreshing = null;

  constructor() {
    super();
    this.#state = JSON.parse(sessionStorage.getItem(storageKey) ?? "null");
  }

  get user() {
    return this.#state?.user ?? null;
  }

  /**
   * @param {string} user
   * @param {string} password
   */
  async signIn(user, password) {
    await this.#request(user, { grant_type: "password", username: user, password });
  }

  signOut() {
    this.#state = null;
    sessionStorage.removeItem(storageKey);
    this.dispatchEvent(new Event("ended"));
  }

  /** A token that is good for a while yet. */
  async token() {
    if (!this.#state) throw new ApiError(401, [{ code: 12, message: "Access denied" }]);
    if (Date.now() > this.#state.expires - refreshAheadSeconds * 1000) await this.refresh();
    return this.#state.token;
  }

  /** Calls that notice the end of a token at the same time share one new one. */
  async refresh() {
    const state = this.#state;
    if (!state) return;
    this.#refreshing ??= this.#request(state.user, { grant_type: "refresh_token", refresh_token: state.refresh })
      .catch((error) => {
        if (!error.isTemporary) this.signOut();
        throw error;
      })
      .finally(() => (this.#refreshing = null));
    await this.#refreshing;
  }

  /**
   * @param {string} user
   * @param {Record<string, string>} form
   */
  async #request(user, form) {
    const reply = await answer("/token", {
      method: "POST",
      headers: { Authorization: `Basic ${btoa(clientId + ":")}` },
      body: new URLSearchParams(form),
    });
    const token = await reply.json();
    this.#state = {
      user,
      token: token.access_token,
      refresh: token.refresh_token,
      // By this machine's clock: the server's may be set otherwise.
      expires: Date.now() + token.expires_in * 1000,
    };
    sessionStorage.setItem(storageKey, JSON.stringify(this.#state));
  }
}

/** The calls of a signed-in person. */
export class Api {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
  }

  /**
   * Starts an operation.
   *
   * @param {string} operation
   * @param {object} parameters
   * @returns {Promise<string>} Its id.
   */
  async start(operation, parameters) {
    const reply = await this.#call(`${path}/${operation}`, json(parameters));
    return (await reply.json()).operationId;
  }

  /**
   * @param {string} id
   * @returns {Promise<Status>}
   */
  async status(id) {
    return (await this.#call(`${path}/${id}/status`)).json();
  }

  /**
   * @param {string} id
   * @param {string} operation
   * @returns {Promise<Record<string, any>>}
   */
  async result(id, operation) {
    return (await this.#call(`${path}/${id}/${operation}/result`)).json();
  }

  /**
   * @param {string} id
   * @returns {Promise<Blob>}
   */
  async file(id) {
    return (await this.#call(`${path}/file/${id}`)).blob();
  }

  /**
   * Sends one piece of a file under an id of the caller's choice.
   *
   * @param {string} id
   * @param {number} index
   * @param {Blob} bytes
   * @param {AbortSignal} [signal]
   */
  async chunk(id, index, bytes, signal) {
    const headers = { "Content-Type": "application/octet-stream" };
    const reply = await this.#call(`${path}/file/${id}/chunk/${index}`, { method: "POST", headers, body: bytes, signal });
    // A connection is free again once its answer is read.
    await reply.text();
  }

  /**
   * The indexes of the pieces that have arrived.
   *
   * @param {string} id
   * @returns {Promise<number[]>}
   */
  async chunks(id) {
    return (await (await this.#call(`${path}/file/${id}/chunk`)).json()).chunks;
  }

  /**
   * Makes a file of the pieces that were sent.
   *
   * @param {string} id
   * @param {{fileName: string, chunks: number, sha256?: string}} whole
   * @returns {Promise<{fileId: string}>}
   */
  async commit(id, whole) {
    return (await this.#call(`${path}/file/${id}/commit`, json(whole))).json();
  }

  /**
   * Sends a whole file. An XMLHttpRequest, because `fetch` does not tell how much has been sent.
   *
   * @param {File} file
   * @param {(share: number) => void} onProgress
   * @param {AbortSignal} [signal]
   * @returns {Promise<{fileId: string}>}
   */
  async upload(file, onProgress, signal) {
    const token = await this.session.token();
    const form = new FormData();
    form.append("file", file);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${path}/file`);
      request.setRequestHeader("Authorization", `Bearer ${token}`);
      request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
      request.onload = () => {
        if (request.status === 200) resolve(JSON.parse(request.responseText));
        else reject(ApiError.from(request.status, request.responseText));
      };
      request.onerror = () => reject(ApiError.unreachable());
      request.onabort = () => reject(signal?.reason);
      signal?.addEventListener("abort", () => request.abort());
      request.send(form);
    });
  }

  /**
   * @param {string} address
   * @param {RequestInit} [request]
   */
  async #call(address, request = {}) {
    const authorized = async () => ({
      ...request,
      headers: { ...request.headers, Authorization: `Bearer ${await this.session.token()}` },
    });
    try {
      return await answer(address, await authorized());
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      // Ended before its time, as when an operator withdraws all tokens. A new one works, or the session ends.
      await this.session.refresh();
      return answer(address, await authorized());
    }
  }
}

/** @param {object} value */
function json(value) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) };
}

/**
 * @param {string} address
 * @param {RequestInit} request
 */
async function answer(address, request) {
  const reply = await fetch(address, request).catch((error) => {
    throw request.signal?.aborted ? error : ApiError.unreachable();
  });
  if (!reply.ok) throw ApiError.from(reply.status, await reply.text());
  return reply;
}
