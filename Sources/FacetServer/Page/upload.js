// @ts-check
// Files go up whole when they are small, and in pieces when they are large. The browser remembers under which id, and
// the server which pieces have arrived, so that after a lost connection, a reload or a restart of either only the
// missing ones are sent.

import { ApiError } from "./api.js";
import { pause } from "./dom.js";

const wholeUpTo = 8 << 20;
const firstChunkSize = 4 << 20;
const leastChunkSize = 64 << 10;
// Hashing reads the file into memory at once; the browser has no other way.
const hashedUpTo = 256 << 20;
const atOnce = 2;
const attempts = 6;

/** @typedef {{id: string, chunkSize: number}} Begun */

/**
 * @param {import("./api.js").Api} api
 * @param {File} file
 * @param {(share: number) => void} onProgress
 * @param {AbortSignal} signal
 * @returns {Promise<{fileId: string}>}
 */
export async function upload(api, file, onProgress, signal) {
  if (file.size <= wholeUpTo) {
    return persistently(() => api.upload(file, onProgress, signal), signal);
  }
  const key = ["facet.upload", api.session.user, file.name, file.size, file.lastModified].join("/");
  let chunkSize = firstChunkSize;
  for (let renewed = false; ; ) {
    const begun = remembered(key) ?? { id: newId(), chunkSize };
    remember(key, begun);
    try {
      const reply = await inChunks(api, file, begun, onProgress, signal);
      localStorage.removeItem(key);
      return reply;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.has(54) && begun.chunkSize > leastChunkSize) {
        // This server takes smaller pieces only. Pieces of two sizes do not mix.
        chunkSize = begun.chunkSize / 2;
      } else if (error.has(55) && !renewed) {
        // The server has forgotten some pieces since: all over, once.
        renewed = true;
      } else {
        throw error;
      }
      localStorage.removeItem(key);
    }
  }
}

/**
 * @param {import("./api.js").Api} api
 * @param {File} file
 * @param {Begun} begun
 * @param {(share: number) => void} onProgress
 * @param {AbortSignal} signal
 * @returns {Promise<{fileId: string}>}
 */
async function inChunks(api, file, { id, chunkSize }, onProgress, signal) {
  const chunks = Math.ceil(file.size / chunkSize);
  try {
    const there = new Set(await persistently(() => api.chunks(id), signal));
    const waiting = [...Array(chunks).keys()].filter((index) => !there.has(index));
    let arrived = chunks - waiting.length;
    const sendNext = async () => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        const number = index;
        const bytes = file.slice(number * chunkSize, (number + 1) * chunkSize);
        await persistently(() => api.chunk(id, number, bytes, signal), signal);
        arrived += 1;
        onProgress(arrived / chunks);
      }
    };
    onProgress(arrived / chunks);
    await Promise.all(Array.from({ length: atOnce }, sendNext));
    const whole = { fileName: file.name, chunks, sha256: await sha256(file) };
    return await persistently(() => api.commit(id, whole), signal);
  } catch (error) {
    // The id is ours alone, so a file that has it is this one: only the answer to the commit was lost.
    if (error instanceof ApiError && error.has(57)) return { fileId: id };
    throw error;
  }
}

/**
 * Tries again while the server does not answer or asks to wait.
 *
 * @template Value
 * @param {() => Promise<Value>} attempt
 * @param {AbortSignal} signal
 * @returns {Promise<Value>}
 */
async function persistently(attempt, signal) {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.isTemporary || failures + 1 === attempts) throw error;
      await pause(500 * 2 ** failures, signal);
    }
  }
}

/**
 * @param {File} file
 * @returns {Promise<string | undefined>}
 */
async function sha256(file) {
  // Over plain http to another machine the browser withholds its hashes.
  if (!globalThis.crypto.subtle || file.size > hashedUpTo) return undefined;
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return hexadecimal(new Uint8Array(hash));
}

/** 32 random hexadecimal digits. */
export function newId() {
  return hexadecimal(crypto.getRandomValues(new Uint8Array(16)));
}

/** @param {Uint8Array} bytes */
function hexadecimal(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {string} key
 * @returns {Begun | null}
 */
function remembered(key) {
  return JSON.parse(localStorage.getItem(key) ?? "null");
}

/**
 * @param {string} key
 * @param {Begun} begun
 */
function remember(key, begun) {
  try {
    localStorage.setItem(key, JSON.stringify(begun));
  } catch {
    // Storage that is full or forbidden costs the resumption, not the upload.
  }
}
