// @ts-check
// Errors, in the server's own words.

import { make } from "./dom.js";

/** @param {import("./api.js").ErrorEntry[]} entries */
export function errorList(entries) {
  return make("ul", { className: "errors" },
    ...entries.map((entry) =>
      make("li", {}, entry.code === null ? null : make("strong", {}, `Error ${entry.code} `), entry.message)));
}
