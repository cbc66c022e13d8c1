// @ts-check
// Files of the server as the browser can use them. They need a token, so no plain link leads to them.

import { make } from "./dom.js";

export class Files {
  /** @type {Map<string, Promise<string>>} */
  #pictures = new Map();

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.api = api;
  }

  /**
   * An address for an image, the same each time.
   *
   * @param {string} id
   * @returns {Promise<string>}
   */
  picture(id) {
    let address = this.#pictures.get(id);
    if (!address) {
      address = this.api.file(id).then((blob) => URL.createObjectURL(blob));
      address.catch(() => this.#pictures.delete(id));
      this.#pictures.set(id, address);
    }
    return address;
  }

  /**
   * Has the browser save a file.
   *
   * @param {Blob} blob
   * @param {string} name
   */
  save(blob, name) {
    const address = URL.createObjectURL(blob);
    make("a", { href: address, download: name }).click();
    // Not at once: the browser reads it after this.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }

  forget() {
    for (const address of this.#pictures.values()) address.then(URL.revokeObjectURL, () => {});
    this.#pictures.clear();
  }
}
