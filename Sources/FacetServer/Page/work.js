// @ts-check
// What happens, in order: a file is uploaded and imported; a version is analyzed and drawn; an operation is started,
// followed, and its outcome put where it belongs. An operation knows all that is needed to go on after a reload.

import { ApiError } from "./api.js";
import { announce, pause } from "./dom.js";
import { titles } from "./tools.js";
import { upload } from "./upload.js";

const thumbnailSize = { width: 256, height: 192 };

/** @typedef {import("./workspace.js").Operation} Operation */

export class Work {
  /** The files that were brought in this visit, by part: they can be looked at before they are uploaded. */
  /** @type {Map<number, File>} */
  localFiles = new Map();
  /** @type {Map<number, AbortController>} */
  #uploads = new Map();
  /** @type {Map<string, Promise<Operation>>} */
  #followed = new Map();
  /** @type {Map<string, Promise<Operation>>} */
  #exports = new Map();

  /**
   * @param {import("./api.js").Api} api
   * @param {import("./workspace.js").Workspace} workspace
   */
  constructor(api, workspace) {
    this.api = api;
    this.workspace = workspace;
  }

  /** Goes on with what was under way before a reload. */
  resume() {
    this.localFiles.clear();
    for (const part of this.workspace.parts) {
      if (part.uploaded === null) continue;
      part.uploaded = null;
      part.errors = [{ code: null, message: "The upload was interrupted. Choose the file again to go on." }];
    }
    this.workspace.partsChanged();
    for (const operation of this.workspace.operations) {
      if (operation.state === "running") this.#follow(operation).catch(() => {});
    }
  }

  /**
   * @param {File} file
   * @param {"mm" | "inch"} units
   */
  async bring(file, units) {
    const { workspace } = this;
    // A file whose upload was interrupted goes on where it was.
    let index = workspace.parts.findIndex(
      (part) => part.name === file.name && part.bytes === file.size && part.errors.length > 0 && !part.versions.length);
    if (index < 0) {
      index = workspace.add({ name: file.name, bytes: file.size, units, uploaded: 0, errors: [], versions: [] });
    } else {
      Object.assign(workspace.parts[index], { units, uploaded: 0, errors: [] });
      workspace.partsChanged();
    }
    this.localFiles.set(index, file);
    workspace.select(index, -1);
    await this.#upload(index);
  }

  /** @param {number} index */
  async #upload(index) {
    const { workspace } = this;
    const part = workspace.parts[index];
    const file = this.localFiles.get(index);
    if (!file) return;
    const stop = new AbortController();
    this.#uploads.set(index, stop);
    try {
      const onProgress = (/** @type {number} */ share) => {
        part.uploaded = share;
        workspace.partsChanged();
      };
      const { fileId } = await upload(this.api, file, onProgress, stop.signal);
      part.uploaded = null;
      workspace.partsChanged();
      await this.start("import", index, -1, { fileId, measurementUnits: part.units }, false);
    } catch (error) {
      part.uploaded = null;
      part.errors = entries(error, "The upload was stopped.");
      workspace.partsChanged();
      announce(`${part.name}: ${part.errors.map((entry) => entry.message).join(" ")}`);
    } finally {
      this.#uploads.delete(index);
    }
  }

  /** @param {number} part */
  stopUpload(part) {
    this.#uploads.get(part)?.abort(new Error("stopped"));
  }

  /** @param {number} part */
  canRetry(part) {
    return this.localFiles.has(part) && this.workspace.parts[part].versions.length === 0;
  }

  /** @param {number} part */
  async retry(part) {
    Object.assign(this.workspace.parts[part], { errors: [], uploaded: 0 });
    this.workspace.partsChanged();
    await this.#upload(part);
  }

  /**
   * Starts an operation and follows it to its end.
   *
   * @param {string} operation
   * @param {number} part
   * @param {number} version
   * @param {Record<string, any>} parameters
   * @param {boolean} isAsked
   * @returns {Promise<Operation>} Done or failed.
   * @throws {ApiError} When the server does not take the request.
   */
  async start(operation, part, version, parameters, isAsked) {
    const input = this.workspace.parts[part].versions[version];
    const id = await this.api.start(operation, input ? { inputId: input.id, ...parameters } : parameters);
    /** @type {Operation} */
    const record = {
      id, operation, part, version, parameters, isAsked, state: "running", progress: 0, errors: [], result: null,
      started: Date.now(), ended: null,
    };
    this.workspace.operationChanged(record);
    return this.#follow(record);
  }

  /**
   * @param {Operation} operation
   * @returns {Promise<Operation>}
   */
  #follow(operation) {
    const known = this.#followed.get(operation.id);
    if (known) return known;
    const following = this.#untilItEnds(operation);
    this.#followed.set(operation.id, following);
    return following;
  }

  /** @param {Operation} operation */
  async #untilItEnds(operation) {
    try {
      // Often at first, when most operations end; seldom later.
      for (let wait = 250; ; wait = Math.min(wait * 1.4, 3000)) {
        await pause(wait);
        const status = await this.#patiently(() => this.api.status(operation.id));
        if (status.isCompleted && !status.isSuccessful && status.errors) throw new ApiError(400, status.errors);
        if (status.isCompleted) break;
        if (status.progress !== undefined && status.progress !== operation.progress) {
          operation.progress = status.progress;
          this.workspace.operationChanged(operation);
        }
      }
      const result = await this.#patiently(() => this.api.result(operation.id, operation.operation));
      // Lists can be long, and nothing here shows them.
      operation.result = Object.fromEntries(Object.entries(result).filter(([, value]) => !Array.isArray(value)));
      operation.state = "done";
      operation.progress = 1;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        // The session ended, not the operation: whoever signs in again finds it.
        this.#followed.delete(operation.id);
        throw error;
      }
      operation.errors = entries(error, "The page failed.");
      operation.state = "failed";
    }
    operation.ended = Date.now();
    this.workspace.operationChanged(operation);
    this.#put(operation);
    return operation;
  }

  /**
   * A server that is away for a moment, as when it is restarted, goes on with its operations afterwards.
   *
   * @template Value
   * @param {() => Promise<Value>} call
   * @returns {Promise<Value>}
   */
  async #patiently(call) {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof ApiError) || !error.isTemporary) throw error;
        await pause(3000);
      }
    }
  }

  /**
   * Puts an outcome where it belongs.
   *
   * @param {Operation} done
   */
  #put(done) {
    const { workspace } = this;
    const part = workspace.parts[done.part];
    const version = part.versions[done.version];
    const title = `${titles[done.operation]} of ${part.name}`;
    if (done.state === "failed" || !done.result) {
      if (done.operation === "import") {
        part.errors = done.errors;
        workspace.partsChanged();
      }
      announce(`${title} failed: ${done.errors.map((entry) => entry.message).join(" ")}`);
      return;
    }
    const { result } = done;
    if (done.operation === "analyze") version.analysis = result;
    else if (done.operation === "thumbnail" && !done.isAsked) version.thumbnail = result.fileId;
    else if (done.operation === "export" && !done.isAsked) version.stl = result.fileId;
    else if (done.operation === "wall-thickness-analysis") {
      version.walls = {
        file: result.fileId,
        limit: done.parameters.minimalWallThicknessMm,
        thin: result.hasThinWalls,
        possiblyThin: result.hasPossibleThinWalls,
      };
    } else if (result.resultId) {
      this.#addVersion(done, result.resultId);
      announce(`${title} finished: version ${part.versions.length}.`);
      return;
    }
    workspace.partsChanged();
    if (done.isAsked || done.operation === "analyze") announce(`${title} finished.`);
  }

  /**
   * @param {Operation} made
   * @param {string} id
   */
  #addVersion(made, id) {
    const { workspace } = this;
    workspace.addVersion(made.part, {
      id, operation: made.operation, from: made.version, analysis: null, thumbnail: null, stl: null, walls: null,
    });
    const version = workspace.parts[made.part].versions.length - 1;
    // Each in its own time: none needs the other. Refusals are rare here, and what is missing can be asked for again.
    for (const [operation, parameters] of /** @type {const} */ ([["analyze", {}], ["thumbnail", thumbnailSize]])) {
      this.start(operation, made.part, version, parameters, false).catch((error) => announce(error.message));
    }
  }

  /**
   * A version as an STL file. Whoever asks at the same time waits for the same export.
   *
   * @param {number} part
   * @param {number} version
   * @returns {Promise<Blob>}
   */
  async stl(part, version) {
    const model = this.workspace.parts[part].versions[version];
    if (!model.stl) {
      let exported = this.#exports.get(model.id);
      if (!exported) {
        exported = this.start("export", part, version, { exportToFormat: "stl" }, false);
        this.#exports.set(model.id, exported);
      }
      const { errors } = await exported.finally(() => this.#exports.delete(model.id));
      if (!model.stl) throw new ApiError(400, errors);
    }
    return this.api.file(/** @type {any} */ (model.stl));
  }
}

/**
 * What to say of something that went wrong.
 *
 * @param {unknown} error
 * @param {string} otherwise
 */
export function entries(error, otherwise) {
  if (error instanceof ApiError) return error.entries;
  return [{ code: null, message: otherwise }];
}
