// @ts-check
// The list of operations: how far they are, what went wrong, and the files they made.

import { announce, byId, make } from "./dom.js";
import { errorList } from "./errors.js";
import { count, counted, duration, measure } from "./numbers.js";
import { titles } from "./tools.js";
import { entries } from "./work.js";
import { fileName } from "./workspace.js";

/** @typedef {import("./workspace.js").Operation} Operation */

export class Log {
  /** @type {Map<string, {item: HTMLLIElement, bar: HTMLProgressElement, time: HTMLElement, outcome: HTMLElement}>} */
  #rows = new Map();

  /**
   * @param {HTMLElement} list
   * @param {import("./work.js").Work} work
   * @param {import("./files.js").Files} files
   * @param {() => void} showWalls
   */
  constructor(list, work, files, showWalls) {
    this.list = list;
    this.work = work;
    this.files = files;
    this.showWalls = showWalls;
    work.workspace.addEventListener("operation", (event) => this.update(/** @type {CustomEvent} */ (event).detail));
  }

  /** All of them, as after a reload. */
  fill() {
    this.#rows.clear();
    this.list.replaceChildren();
    for (const operation of this.work.workspace.operations) this.update(operation);
    byId("log-empty").hidden = this.work.workspace.operations.length > 0;
  }

  /** @param {Operation} operation */
  update(operation) {
    let row = this.#rows.get(operation.id);
    if (!row) {
      byId("log-empty").hidden = true;
      row = this.#add(operation);
    }
    if (operation.state === "running") {
      row.bar.value = operation.progress;
      return;
    }
    if (row.item.dataset.state === operation.state) return;
    row.item.dataset.state = operation.state;
    row.bar.hidden = true;
    row.time.textContent = duration((operation.ended ?? operation.started) - operation.started);
    row.outcome.replaceChildren(...this.#outcome(operation));
  }

  /** @param {Operation} operation */
  #add(operation) {
    const part = this.work.workspace.parts[operation.part];
    const subject = operation.version < 0 ? part.name : `${part.name}, version ${operation.version + 1}`;
    const title = titles[operation.operation];
    const bar = make("progress", { max: 1, value: operation.progress, "aria-label": `${title} of ${subject}` });
    const time = make("span", { className: "hint" });
    const outcome = make("div", { className: "outcome" });
    const item = make("li", {},
      make("div", { className: "log-head" },
        make("span", { className: "log-title" }, isForView(operation) ? "File for the view" : title), time),
      make("div", { className: "hint" }, subject), bar, outcome);
    item.dataset.state = operation.state;
    // The newest on top, where one looks.
    this.list.prepend(item);
    const row = { item, bar, time, outcome };
    this.#rows.set(operation.id, row);
    return row;
  }

  /**
   * @param {Operation} operation
   * @returns {Node[]}
   */
  #outcome(operation) {
    if (operation.state === "failed") return [errorList(operation.errors)];
    const { result, part, version, parameters } = operation;
    const made = [];
    const facts = tell(operation);
    if (facts) made.push(make("p", {}, facts));
    const brought = this.work.workspace.parts[part];
    if (operation.operation === "wall-thickness-analysis") {
      const show = () => {
        this.work.workspace.select(part, version);
        this.showWalls();
      };
      made.push(make("button", { type: "button", className: "quiet", onclick: show }, "Show"),
        this.#download(result?.fileId, fileName(brought, version, "-walls.stl")));
    } else if (operation.operation === "thumbnail" && operation.isAsked) {
      const image = make("img", { className: "drawn", alt: `Picture of ${brought.name}` });
      this.files.picture(result?.fileId).then((address) => (image.src = address), () => image.remove());
      made.push(image, this.#download(result?.fileId, fileName(brought, version, ".png")));
    } else if (operation.operation === "export" && operation.isAsked) {
      made.push(this.#download(result?.fileId, fileName(brought, version, `.${parameters.exportToFormat}`)));
    }
    return made;
  }

  /**
   * @param {string} file
   * @param {string} name
   */
  #download(file, name) {
    const button = make("button", { type: "button", className: "quiet" }, `Download ${name}`);
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        this.files.save(await this.work.api.file(file), name);
      } catch (error) {
        announce(entries(error, "The download failed.")[0].message);
      } finally {
        button.disabled = false;
      }
    });
    return button;
  }
}

/** @param {Operation} operation */
function isForView(operation) {
  return operation.operation === "export" && !operation.isAsked;
}

/**
 * What an operation tells beyond its documented result, when the server says it.
 *
 * @param {Operation} operation
 */
function tell({ operation, result }) {
  if (!result) return "";
  const facts = [];
  if (operation === "wall-thickness-analysis") {
    facts.push(result.hasThinWalls ? "thin walls" : result.hasPossibleThinWalls ? "walls that may be thin" : "no thin walls");
  }
  if (result.outcome === "tooThin") facts.push("too thin to be hollowed: unchanged");
  if (result.outcome === "notClosed") facts.push("not closed, so it cannot be hollowed: unchanged");
  if (result.outcome === "insideOut") facts.push("inside out, so it cannot be hollowed: unchanged");
  if (typeof result.minimumWallMm === "number") facts.push(`walls at least ${measure(result.minimumWallMm)} mm`);
  if (result.trappedCavities > 0) facts.push(`${counted(result.trappedCavities, "cavity", "cavities")} without a hole`);
  if (typeof result.trianglesBefore === "number") {
    facts.push(`${count(result.trianglesBefore)} triangles became ${count(result.trianglesAfter)}`);
  }
  if (typeof result.deviationMm === "number") facts.push(`nowhere more than ${measure(result.deviationMm)} mm off`);
  if (typeof result.factor === "number") facts.push(`by a factor of ${measure(result.factor)}`);
  if (result.isSolid === false) facts.push("not solid yet");
  return facts.length > 0 ? capitalized(facts.join("; ")) + "." : "";
}

/** @param {string} text */
const capitalized = (text) => text[0].toUpperCase() + text.slice(1);
