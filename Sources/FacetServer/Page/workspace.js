// @ts-check
// What the page knows: parts, their versions, and the operations on them. Plain data that is kept for this tab, so a
// reload finds everything again; the models themselves stay on the server.

/** @typedef {import("./api.js").ErrorEntry} ErrorEntry */

/**
 * A model on the server.
 *
 * @typedef {object} Version
 * @property {string} id What operations take as `inputId`.
 * @property {string} operation What made it.
 * @property {number} from The version it was made of, as an index; −1 for the first.
 * @property {Record<string, any> | null} analysis
 * @property {string | null} thumbnail A file's id.
 * @property {string | null} stl A file's id.
 * @property {{file: string, limit: number, thin: boolean, possiblyThin: boolean} | null} walls
 */

/**
 * A file that somebody brought, and what was made of it.
 *
 * @typedef {object} Part
 * @property {string} name The file's.
 * @property {number} bytes
 * @property {"mm" | "inch"} units
 * @property {number | null} uploaded How much of it, 0 to 1; null once it is there.
 * @property {ErrorEntry[]} errors
 * @property {Version[]} versions
 */

/**
 * @typedef {object} Operation
 * @property {string} id
 * @property {string} operation
 * @property {number} part Indexes, as parts and versions only ever become more.
 * @property {number} version −1 for an import.
 * @property {Record<string, any>} parameters
 * @property {boolean} isAsked Whether somebody asked for it, rather than the page.
 * @property {"running" | "done" | "failed"} state
 * @property {number} progress 0 to 1
 * @property {ErrorEntry[]} errors
 * @property {Record<string, any> | null} result
 * @property {number} started
 * @property {number | null} ended
 */

/** Tells of every change with an event: `parts`, `operation` (whose detail is the operation), or `selection`. */
export class Workspace extends EventTarget {
  /** @type {Part[]} */
  parts = [];
  /** @type {Operation[]} */
  operations = [];
  selected = { part: -1, version: -1 };
  #key = "";
  #isSaving = false;

  constructor() {
    super();
    addEventListener("pagehide", () => this.#save());
  }

  /** @param {string} user Whose work it is. */
  open(user) {
    this.#key = `facet.work/${user}`;
    const kept = JSON.parse(sessionStorage.getItem(this.#key) ?? "null");
    this.parts = kept?.parts ?? [];
    this.operations = kept?.operations ?? [];
    this.selected = kept?.selected ?? { part: -1, version: -1 };
  }

  get part() {
    return /** @type {Part | undefined} */ (this.parts[this.selected.part]);
  }

  get version() {
    return /** @type {Version | undefined} */ (this.part?.versions[this.selected.version]);
  }

  /**
   * @param {number} part
   * @param {number} version −1 for a part that has none yet.
   */
  select(part, version) {
    this.selected = { part, version };
    this.#tell("selection");
  }

  /**
   * @param {Part} part
   * @returns {number} Its index.
   */
  add(part) {
    this.parts.push(part);
    this.#tell("parts");
    return this.parts.length - 1;
  }

  /**
   * @param {number} part
   * @param {Version} version
   */
  addVersion(part, version) {
    const { versions } = this.parts[part];
    versions.push(version);
    this.#tell("parts");
    // What was made of the part one looks at is what one wants to see.
    if (this.selected.part === part) this.select(part, versions.length - 1);
  }

  /** To be called after changing a part or a version in place. */
  partsChanged() {
    this.#tell("parts");
  }

  /** @param {Operation} operation */
  operationChanged(operation) {
    if (!this.operations.includes(operation)) this.operations.push(operation);
    this.#tell("operation", operation);
  }

  /**
   * @param {string} what
   * @param {unknown} [detail]
   */
  #tell(what, detail) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
    // Progress comes often; it is enough to keep it now and then.
    if (this.#isSaving) return;
    this.#isSaving = true;
    setTimeout(() => {
      this.#isSaving = false;
      this.#save();
    }, 300);
  }

  #save() {
    if (!this.#key) return;
    const { parts, operations, selected } = this;
    try {
      sessionStorage.setItem(this.#key, JSON.stringify({ parts, operations, selected }));
    } catch {
      // Full storage costs what a reload would have found, and nothing else.
    }
  }
}

/**
 * A name for a file made of a part.
 *
 * @param {Part} part
 * @param {number} version
 * @param {string} ending
 */
export function fileName(part, version, ending) {
  return `${part.name.replace(/\.stl$/i, "")}-${version + 1}${ending}`;
}
