// @ts-check
// The form that asks for parts, and the list of what it asked for. A part in STL becomes a model on the page at once.

import { announce, byId, make, pause } from "./dom.js";
import { errorList } from "./errors.js";
import { Generation } from "./generation.js";
import { entries } from "./work.js";

const storageKey = "facet.key";

export class Maker {
  /**
   * @param {import("./work.js").Work} work
   * @param {import("./files.js").Files} files
   */
  constructor(work, files) {
    this.work = work;
    this.files = files;
    byId("make-key").value = sessionStorage.getItem(storageKey) ?? "";
    byId("make").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /** Nothing of the last person's stays. */
  clear() {
    byId("made").replaceChildren();
  }

  async #submit() {
    const key = byId("make-key").value.trim();
    sessionStorage.setItem(storageKey, key);
    const fields = {
      prompt: byId("make-prompt").value.trim(),
      output_format: byId("make-format").value,
      design_mode: byId("make-mode").value,
    };
    /** @type {File | undefined} */
    const picture = byId("make-picture").files[0];
    const bar = make("progress", { "aria-label": "Making the part" });
    const outcome = make("div", {});
    byId("made").prepend(make("li", {}, make("p", {}, fields.prompt || picture?.name), bar, outcome));
    try {
      const generation = new Generation(key);
      const job = await this.#ended(generation, await generation.make(fields, picture));
      if (job.status === "failed") {
        outcome.append(errorList([{ code: null, message: job.error_message ?? "The part could not be made." }]));
        announce("The part could not be made.");
      } else {
        await this.#take(generation, job, fields.prompt || "part", outcome);
        announce("The part is made.");
      }
    } catch (error) {
      outcome.append(errorList(entries(error, "The part could not be made.")));
    } finally {
      bar.remove();
    }
  }

  /**
   * @param {Generation} generation
   * @param {string} id
   */
  async #ended(generation, id) {
    for (let wait = 300; ; wait = Math.min(wait * 1.3, 3000)) {
      const job = await generation.job(id);
      if (job.status === "success" || job.status === "failed") return job;
      await pause(wait);
    }
  }

  /**
   * @param {Generation} generation
   * @param {import("./generation.js").Job} job
   * @param {string} prompt
   * @param {HTMLElement} outcome
   */
  async #take(generation, job, prompt, outcome) {
    const blob = await generation.file(job.download_url ?? "");
    const stem = prompt.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 40) || "part";
    const name = `${stem}.${job.output_format.toLowerCase()}`;
    if (job.output_format === "STL") await this.work.bring(new File([blob], name), "mm");
    outcome.append(make("button", {
      type: "button", className: "quiet", onclick: () => this.files.save(blob, name),
    }, `Download ${name}`));
  }
}
