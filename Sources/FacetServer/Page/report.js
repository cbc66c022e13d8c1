// @ts-check
// What an analysis found, as a verdict and as tables.

import { checks, measures, verdict } from "./analysis.js";
import { byId, make } from "./dom.js";
import { count, measure } from "./numbers.js";

const marks = { printable: "✓", remarks: "!", unprintable: "✕" };

export class Report {
  #shown = "";

  /**
   * @param {import("./work.js").Work} work
   * @param {import("./files.js").Files} files
   * @param {() => void} repair Called when the person wants what the report advises.
   */
  constructor(work, files, repair) {
    this.work = work;
    this.files = files;
    this.repair = repair;
    work.workspace.addEventListener("parts", () => this.update());
    work.workspace.addEventListener("selection", () => this.update());
  }

  update() {
    const { version, selected } = this.work.workspace;
    const section = byId("report");
    section.hidden = !version;
    if (!version) return;
    const state = [selected.part, selected.version, !!version.analysis, version.thumbnail, version.walls?.file].join();
    if (state === this.#shown) return;
    this.#shown = state;
    const title = make("h2", { id: "report-title" });
    if (!version.analysis) {
      title.textContent = "Analysis";
      section.replaceChildren(title, make("p", { className: "hint" }, "Waiting for the analysis."));
      return;
    }
    const found = verdict(version.analysis);
    title.append(
      make("span", { className: `mark ${found.kind}`, "aria-hidden": "true" }, marks[found.kind]), found.title);
    section.replaceChildren(
      make("div", { className: "verdict" },
        make("div", { className: "verdict-text" }, title, this.#findings(found), this.#advice(found), this.#walls()),
        this.#picture()),
      make("div", { className: "tables" },
        table("What it is", measures(version.analysis).map(([name, value]) => [name, value, false])),
        table("What was looked for", checks(version.analysis).map(([name, found]) =>
          [name, found === 0 ? "none" : count(found), found > 0]))),
    );
  }

  /** @param {import("./analysis.js").Verdict} found */
  #findings({ findings }) {
    if (findings.length === 0) {
      return make("p", {}, "Closed, facing outward, and no triangle crosses another.");
    }
    return make("ul", { className: "findings" },
      ...findings.map((finding) =>
        make("li", {}, make("strong", {}, finding.count), `: ${finding.meaning}. ${finding.remedy}`)));
  }

  /** @param {import("./analysis.js").Verdict} found */
  #advice(found) {
    if (!found.needsRepair) return null;
    return make("button", { type: "button", className: "primary", id: "repair-now", onclick: this.repair }, "Repair it");
  }

  #walls() {
    const walls = this.work.workspace.version?.walls;
    if (!walls) return null;
    const limit = `${measure(walls.limit)} mm`;
    const said = walls.thin
      ? `Some walls are thinner than ${limit}.`
      : walls.possiblyThin ? `Some walls may be thinner than ${limit}.` : `No wall is thinner than ${limit}.`;
    return make("p", {}, make("strong", {}, "Walls: "), said);
  }

  #picture() {
    const { version, part } = this.work.workspace;
    if (!version?.thumbnail) return null;
    const image = make("img", { className: "thumbnail", alt: `${part?.name}, drawn from the right and above`, width: 256, height: 192 });
    this.files.picture(version.thumbnail).then((address) => (image.src = address), () => image.remove());
    return image;
  }
}

/**
 * @param {string} caption
 * @param {[string, string, boolean][]} rows Name, value, whether it is bad.
 */
function table(caption, rows) {
  return make("table", {},
    make("caption", {}, caption),
    make("tbody", {}, ...rows.map(([name, value, isBad]) =>
      make("tr", { className: isBad ? "bad" : "" },
        make("th", { scope: "row" }, name), make("td", {}, value)))));
}
