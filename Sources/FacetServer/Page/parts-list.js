// @ts-check
// The models that were brought, each with its versions to choose from.

import { make } from "./dom.js";
import { errorList } from "./errors.js";
import { size } from "./numbers.js";
import { outcomes } from "./tools.js";

export class PartsList {
  /** @type {{item: HTMLLIElement, state: HTMLElement, versions: HTMLOListElement, shown: string}[]} */
  #rows = [];

  /**
   * @param {HTMLElement} list
   * @param {import("./work.js").Work} work
   * @param {import("./files.js").Files} files
   */
  constructor(list, work, files) {
    this.list = list;
    this.work = work;
    this.files = files;
    work.workspace.addEventListener("parts", () => this.update());
    work.workspace.addEventListener("selection", () => this.update());
  }

  clear() {
    this.#rows = [];
    this.list.replaceChildren();
  }

  /** Rows are changed in place, so that focus stays where it is. */
  update() {
    const { parts } = this.work.workspace;
    parts.forEach((part, index) => {
      const row = (this.#rows[index] ??= this.#add(part));
      this.#updateState(row, part, index);
      part.versions.forEach((version, number) => this.#updateVersion(row, part, index, version, number));
    });
  }

  /** @param {import("./workspace.js").Part} part */
  #add(part) {
    const state = make("div", { className: "part-state" });
    const versions = make("ol", { className: "versions", "aria-label": `Versions of ${part.name}` });
    const name = make("h3", { className: "part-name" }, part.name);
    const units = part.units === "inch" ? ", inches" : "";
    const item = make("li", { className: "card part" },
      make("div", { className: "part-head" }, name, make("span", { className: "hint" }, size(part.bytes) + units)),
      state, versions);
    this.list.append(item);
    return { item, state, versions, shown: "" };
  }

  /**
   * @param {{state: HTMLElement, shown: string}} row
   * @param {import("./workspace.js").Part} part
   * @param {number} index
   */
  #updateState(row, part, index) {
    const kind = part.uploaded !== null ? "uploading" : part.errors.length > 0 ? "failed" : "there";
    if (kind === "uploading" && row.shown === kind) {
      const bar = row.state.querySelector("progress");
      if (bar) bar.value = part.uploaded ?? 0;
      return;
    }
    if (kind === row.shown && kind === "there") return;
    row.shown = kind;
    row.state.replaceChildren();
    if (kind === "uploading") {
      row.state.append(
        make("progress", { max: 1, value: part.uploaded, "aria-label": `Upload of ${part.name}` }),
        make("button", { type: "button", className: "quiet", onclick: () => this.work.stopUpload(index) }, "Stop"),
      );
    } else if (kind === "failed") {
      row.state.append(errorList(part.errors));
      if (this.work.canRetry(index)) {
        const again = () => this.work.retry(index);
        row.state.append(make("button", { type: "button", className: "quiet", onclick: again }, "Try again"));
      }
    }
  }

  /**
   * @param {{versions: HTMLOListElement}} row
   * @param {import("./workspace.js").Part} part
   * @param {number} index
   * @param {import("./workspace.js").Version} version
   * @param {number} number
   */
  #updateVersion(row, part, index, version, number) {
    const { selected } = this.work.workspace;
    let button = /** @type {HTMLButtonElement | null} */ (row.versions.children[number]?.firstElementChild ?? null);
    if (!button) {
      const origin = version.from >= 0 && version.from !== number - 1 ? ` from ${version.from + 1}` : "";
      const label = `${outcomes[version.operation]}${origin}`;
      button = make("button", {
        type: "button", className: "version", onclick: () => this.work.workspace.select(index, number),
      }, make("span", { className: "picture" }),
      make("span", {}, make("span", { className: "number" }, `${number + 1} `), label));
      row.versions.append(make("li", {}, button));
    }
    const isSelected = selected.part === index && selected.version === number;
    if (isSelected) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    const picture = button.firstElementChild;
    if (version.thumbnail && picture && !picture.hasChildNodes()) {
      const image = make("img", { alt: "", width: 64, height: 48 });
      picture.append(image);
      this.files.picture(version.thumbnail).then((address) => (image.src = address), () => image.remove());
    }
  }
}
