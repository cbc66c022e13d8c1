// @ts-check
// The server's generation API: a part asked for in words or by a picture, and what came of it. It has keys of its own.

import { ApiError } from "./api.js";
import { newId } from "./upload.js";

/**
 * @typedef {object} Job
 * @property {string} job_id
 * @property {"queued" | "processing" | "success" | "failed"} status
 * @property {string} output_format
 * @property {string | null} download_url
 * @property {string | null} error_message
 */

export class Generation {
  /** @param {string} key */
  constructor(key) {
    this.key = key;
  }

  /**
   * @param {{prompt: string, output_format: string, design_mode: string}} fields
   * @param {File | undefined} picture
   * @returns {Promise<string>} The job's id.
   */
  async make(fields, picture) {
    /** @type {RequestInit} */
    const request = { method: "POST", headers: { "Idempotency-Key": newId() } };
    if (picture) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append("image", picture);
      request.body = form;
    } else {
      request.headers = { ...request.headers, "Content-Type": "application/json" };
      request.body = JSON.stringify(fields);
    }
    return (await (await this.#call(`/v1/${picture ? "image" : "text"}-to-cad`, request)).json()).job_id;
  }

  /**
   * @param {string} id
   * @returns {Promise<Job>}
   */
  async job(id) {
    return (await this.#call(`/v1/jobs/${id}`)).json();
  }

  /**
   * @param {string} address A job's link.
   * @returns {Promise<Blob>}
   */
  async file(address) {
    // By its path: through a proxy the server may know itself by another name.
    const { pathname, search } = new URL(address, location.href);
    return (await this.#call(pathname + search)).blob();
  }

  /**
   * @param {string} address
   * @param {RequestInit} [request]
   */
  async #call(address, request = {}) {
    const headers = { ...request.headers, Authorization: `Bearer ${this.key}` };
    const reply = await fetch(address, { ...request, headers }).catch(() => {
      throw ApiError.unreachable();
    });
    if (!reply.ok) throw refusal(reply.status, await reply.text());
    return reply;
  }
}

/**
 * @param {number} status
 * @param {string} text
 */
function refusal(status, text) {
  try {
    const { message } = JSON.parse(text);
    if (message) return new ApiError(status, [{ code: null, message }]);
  } catch {
    // An answer without a body, or not of this server.
  }
  return ApiError.from(status, text);
}
