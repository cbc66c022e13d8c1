// @ts-check
// The forms of the operations, for the version that is selected.

import { ApiError } from "./api.js";
import { byId, make } from "./dom.js";
import { errorList } from "./errors.js";
import { tools } from "./tools.js";
import { entries } from "./work.js";

/** @typedef {import("./tools.js").Tool} Tool */
/** @typedef {import("./tools.js").Field} Field */

export class ToolForms {
  /** @type {Map<Tool, HTMLFormElement>} */
  #forms = new Map();

  /** @param {import("./work.js").Work} work */
  constructor(work) {
    this.work = work;
    byId("tool-list").append(...tools.map((tool) => this.#make(tool)));
    work.workspace.addEventListener("selection", () => this.update());
    work.workspace.addEventListener("parts", () => this.update());
  }

  update() {
    const { part, version, selected } = this.work.workspace;
    byId("tools").hidden = !version;
    if (part && version) byId("tools-subject").textContent = `On version ${selected.version + 1} of ${part.name}.`;
  }

  /**
   * Starts an operation as its form stands.
   *
   * @param {string} operation
   */
  submit(operation) {
    const tool = tools.find((one) => one.operation === operation);
    if (tool) this.#forms.get(tool)?.requestSubmit();
  }

  /** @param {Tool} tool */
  #make(tool) {
    const errors = make("div", { role: "alert" });
    const form = make("form", { noValidate: true, "aria-label": tool.title },
      make("p", { className: "hint" }, tool.about),
      make("div", { className: "fields" }, ...tool.fields.map((field) => input(tool, field))),
      errors,
      make("button", { type: "submit", className: "primary" }, tool.button));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      errors.replaceChildren();
      try {
        await this.#start(tool, form);
      } catch (error) {
        errors.append(errorList(entries(error, "The page failed.")));
      }
    });
    this.#forms.set(tool, form);
    // One open at a time, as far as the browser knows how.
    return make("details", { name: "tool", id: `tool-${tool.operation}` }, make("summary", {}, tool.title), form);
  }

  /**
   * @param {Tool} tool
   * @param {HTMLFormElement} form
   */
  async #start(tool, form) {
    const { part, version } = this.work.workspace.selected;
    const { operation, ...parameters } = values(tool, form);
    const ended = await this.work.start(operation ?? tool.operation, part, version, parameters, true);
    if (ended.errors.length > 0) throw new ApiError(400, ended.errors);
  }
}

/**
 * @param {Tool} tool
 * @param {Field} field
 */
function input(tool, field) {
  const id = `${tool.operation}-${field.name}`;
  if (field.kind === "switch") {
    return make("label", { className: "switch" },
      make("input", { type: "checkbox", id, name: field.name, checked: field.value === true }), ` ${field.label}`);
  }
  const label = make("label", { for: id }, field.unit ? `${field.label}, ${field.unit}` : field.label);
  if (field.kind === "choice") {
    const select = make("select", { id, name: field.name },
      ...(field.choices ?? []).map(([value, text]) => make("option", { value }, text)));
    select.value = String(field.value);
    return make("div", { className: "field" }, label, select);
  }
  const hint = field.hint ? make("span", { className: "hint", id: `${id}-hint` }, field.hint) : null;
  const box = make("input", {
    type: "text", id, name: field.name, value: field.value ?? "", autocomplete: "off",
    inputMode: field.hint?.includes("−") ? "text" : field.kind === "integer" ? "numeric" : "decimal",
    "aria-describedby": hint?.id,
  });
  return make("div", { className: "field" }, label, box, hint);
}

/**
 * What a form says, as JSON has it. What is no number goes to the server as it was written: it knows what to say.
 *
 * @param {Tool} tool
 * @param {HTMLFormElement} form
 * @returns {Record<string, any>}
 */
function values(tool, form) {
  /** @type {Record<string, any>} */
  const given = {};
  for (const field of tool.fields) {
    const element = /** @type {any} */ (form.elements.namedItem(field.name));
    const text = element.value.trim();
    if (field.kind === "switch") given[field.name] = element.checked;
    else if (text !== "") given[field.name] = isNumber(field, text) ? Number(text.replace(",", ".").replace("−", "-")) : text;
  }
  return given;
}

/**
 * @param {Field} field
 * @param {string} text
 */
function isNumber(field, text) {
  if (field.kind === "choice") return /^\d+$/.test(text);
  return Number.isFinite(Number(text.replace(",", ".").replace("−", "-")));
}
