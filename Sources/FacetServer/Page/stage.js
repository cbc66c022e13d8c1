// @ts-check
// The 3D view and what belongs to it: which file it shows, its buttons, the legend of thicknesses.

import { announce, byId, make } from "./dom.js";
import { count, measure } from "./numbers.js";
import { entries } from "./work.js";
import { drawScale, reach } from "./thickness.js";
import { Viewer } from "./viewer.js";
import { fileName } from "./workspace.js";

/** Larger files than this are not drawn: the browser would need gigabytes. */
const drawnUpTo = 400e6;
/** Read files that are kept, so that going back and forth between versions is quick. */
const kept = 4;

/** @typedef {import("./stl.js").Model} Model */
/** @typedef {{key: string, part: number, load: () => Promise<Blob>}} Source */

export class Stage {
  #viewer = new Viewer(byId("view"));
  #worker = new Worker("/page/stl-worker.js", { type: "module" });
  /** @type {Map<number, {resolve: (model: Model) => void, reject: (error: Error) => void}>} */
  #reading = new Map();
  #readings = 0;
  /** @type {Map<string, Model>} */
  #models = new Map();
  #shown = { key: "", part: -1 };
  #showsWalls = false;

  /**
   * @param {import("./work.js").Work} work
   * @param {import("./files.js").Files} files
   */
  constructor(work, files) {
    this.work = work;
    this.files = files;
    this.#worker.addEventListener("message", ({ data }) => {
      const waiting = this.#reading.get(data.id);
      this.#reading.delete(data.id);
      if (data.model) waiting?.resolve(data.model);
      else waiting?.reject(new Error(data.error));
    });
    drawScale(byId("legend-scale"));
    this.#bindButtons();
    work.workspace.addEventListener("selection", () => {
      this.#showsWalls = false;
      this.update();
    });
    work.workspace.addEventListener("parts", () => this.update());
  }

  #bindButtons() {
    for (const button of document.querySelectorAll("[data-view]")) {
      const name = /** @type {any} */ (button).dataset.view;
      button.addEventListener("click", () => (name === "fit" ? this.#viewer.fit() : this.#viewer.look(name)));
    }
    const toggle = (/** @type {string} */ id, /** @type {(on: boolean) => void} */ set) =>
      byId(id).addEventListener("click", () => {
        const on = byId(id).getAttribute("aria-pressed") !== "true";
        byId(id).setAttribute("aria-pressed", String(on));
        set(on);
        this.#viewer.redraw();
      });
    toggle("edges", (on) => (this.#viewer.showsEdges = on));
    toggle("colors", (on) => (this.#viewer.showsColors = on));
    toggle("walls", (on) => this.showWalls(on));
    byId("download").addEventListener("click", () => this.#download());
  }

  /** @param {boolean} on */
  showWalls(on) {
    this.#showsWalls = on;
    this.update();
  }

  /** Shows what is selected, if it is not shown already. */
  update() {
    const { part, version, selected } = this.work.workspace;
    byId("stage-title").textContent = !part
      ? "No model yet"
      : version ? `${part.name}, version ${selected.version + 1}` : part.name;
    byId("download").hidden = !version;
    byId("walls").hidden = !version?.walls;
    byId("walls").setAttribute("aria-pressed", String(this.#showsWalls));
    this.#updateLegend();
    const { analysis } = version ?? {};
    this.#viewer.showsInside = !analysis || analysis.badEdges > 0 || analysis.volumeMm3 <= 0;
    this.#viewer.redraw();
    const source = this.#source();
    if (!source) {
      this.#shown = { key: "", part: -1 };
      this.#viewer.show(null, false);
      const waits = part && part.errors.length === 0;
      this.#say(waits ? "The model is on its way." : part ? "There is nothing to show." : "Choose an STL file to begin.");
    } else if (source.key !== this.#shown.key) {
      const isSamePart = source.part === this.#shown.part;
      this.#shown = { key: source.key, part: source.part };
      this.#show(source, isSamePart);
    }
  }

  /** @returns {Source | null} */
  #source() {
    const { part, version, selected } = this.work.workspace;
    if (!part) return null;
    const walls = version?.walls;
    if (walls && this.#showsWalls) {
      return { key: walls.file, part: selected.part, load: () => this.work.api.file(walls.file) };
    }
    const local = this.work.localFiles.get(selected.part);
    if (local && selected.version <= 0) {
      return { key: `local ${selected.part}`, part: selected.part, load: async () => local };
    }
    if (!version) return null;
    const load = () => this.work.stl(selected.part, selected.version);
    return { key: version.id, part: selected.part, load };
  }

  /**
   * @param {Source} source
   * @param {boolean} isSamePart
   */
  async #show(source, isSamePart) {
    if (!this.#viewer.isAvailable) {
      for (const id of ["view", "view-tools", "view-keys"]) byId(id).hidden = true;
      this.#say("This browser shows no 3D view (it has no WebGL 2). All else works, and pictures are drawn by the server.");
      return;
    }
    try {
      let model = this.#models.get(source.key);
      if (!model) {
        this.#say("Loading …");
        const blob = await source.load();
        if (blob.size > drawnUpTo) throw new RangeError("too large");
        model = await this.#read(blob);
      }
      this.#models.delete(source.key);
      this.#models.set(source.key, model);
      const oldest = this.#models.keys().next().value;
      if (this.#models.size > kept && oldest) this.#models.delete(oldest);
      // Meanwhile something else may have been chosen.
      if (this.#shown.key !== source.key) return;
      this.#viewer.show(model, isSamePart);
      byId("colors").hidden = !model.colors || this.#showsWalls;
      byId("view").setAttribute("aria-label", describe(byId("stage-title").textContent, model));
      this.#say(model.facets > 0 ? "" : "There is no triangle in this file that could be shown.");
    } catch (error) {
      if (this.#shown.key !== source.key) return;
      this.#viewer.show(null, false);
      const isLarge = error instanceof RangeError;
      this.#say(
        isLarge ? "This file is too large to be shown here." : `The view could not be made. ${entries(error, "")[0].message}`,
      );
      // To be tried again when it is selected again.
      this.#shown.key = "";
    }
  }

  /**
   * @param {Blob} blob
   * @returns {Promise<Model>}
   */
  #read(blob) {
    const id = this.#readings++;
    this.#worker.postMessage({ id, blob });
    return new Promise((resolve, reject) => this.#reading.set(id, { resolve, reject }));
  }

  #updateLegend() {
    const walls = this.work.workspace.version?.walls;
    byId("legend").hidden = !(walls && this.#showsWalls);
    if (!walls) return;
    byId("legend-title").textContent = `Wall thickness, limit ${measure(walls.limit)} mm`;
    byId("legend-marks").replaceChildren(
      ...["0", measure(walls.limit), `${measure(walls.limit * reach)} mm and more`].map((text) => make("span", {}, text)),
    );
  }

  async #download() {
    const { part, selected } = this.work.workspace;
    if (!part) return;
    const button = byId("download");
    button.disabled = true;
    try {
      this.files.save(await this.work.stl(selected.part, selected.version), fileName(part, selected.version, ".stl"));
    } catch (error) {
      announce(entries(error, "The download failed.")[0].message);
    } finally {
      button.disabled = false;
    }
  }

  /** @param {string} text */
  #say(text) {
    byId("view-message").textContent = text;
  }
}

/**
 * @param {string} name
 * @param {Model} model
 */
function describe(name, model) {
  return `3D view of ${name}: ${count(model.facets)} triangles${model.colors ? ", coloured" : ""}`;
}
