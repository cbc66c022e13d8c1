// @ts-check
// The 3D view: a canvas that can be turned, moved and zoomed by mouse, by fingers and by keys.

import { Camera, views } from "./camera.js";
import { Renderer } from "./renderer.js";

const keyTurn = Math.PI / 24;
const keyMove = 0.06;
const keyZoom = 0.85;

export class Viewer {
  camera = new Camera();
  showsColors = true;
  showsEdges = false;
  /** Of a closed surface nothing inside can be seen, but for flecks along its edges. */
  showsInside = true;
  /** @type {Renderer | null} */
  #renderer = null;
  /** @type {import("./stl.js").Model | null} */
  #model = null;
  /** @type {Map<number, {x: number, y: number}>} */
  #pointers = new Map();
  #isDrawing = false;
  #flight = 0;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    try {
      this.#renderer = new Renderer(canvas);
    } catch {
      return;
    }
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => {
      this.#renderer?.prepare();
      this.#renderer?.load(this.#model);
      this.redraw();
    });
    new ResizeObserver(() => this.#resize()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
    this.#followPointers();
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("dblclick", () => this.fit());
  }

  get isAvailable() {
    return this.#renderer !== null;
  }

  /**
   * @param {import("./stl.js").Model | null} model
   * @param {boolean} keepsCamera For another version of the same part, which is best compared from the same place.
   */
  show(model, keepsCamera) {
    const isSimilar = keepsCamera && this.#model && model && Math.abs(model.radius / this.#model.radius - 1) < 0.05;
    this.#model = model;
    this.#renderer?.load(model);
    this.camera.radius = model?.radius || 1;
    if (model) this.camera.dimensions = model.dimensions;
    if (!isSimilar) this.camera.fit();
    this.redraw();
  }

  fit() {
    cancelAnimationFrame(this.#flight);
    this.camera.fit();
    this.redraw();
  }

  /**
   * Flies to one of the named views, or is there at once for those who want no motion.
   *
   * @param {keyof typeof views} name
   */
  look(name) {
    const { camera } = this;
    const [azimuth, elevation] = views[name];
    const from = [camera.azimuth, camera.elevation];
    // The shorter way round.
    const turn = ((((azimuth - from[0] + Math.PI) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI)) - Math.PI;
    const took = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250;
    const start = performance.now();
    const step = () => {
      const time = took === 0 ? 1 : Math.min(1, (performance.now() - start) / took);
      const share = time * time * (3 - 2 * time);
      camera.azimuth = from[0] + turn * share;
      camera.elevation = from[1] + (elevation - from[1]) * share;
      camera.fit();
      this.redraw();
      if (time < 1) this.#flight = requestAnimationFrame(step);
    };
    cancelAnimationFrame(this.#flight);
    step();
  }

  /** Draws once, however often it is asked for before the next picture. */
  redraw() {
    if (this.#isDrawing || !this.#renderer) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#renderer?.draw(this.camera, this.#palette(), this);
    });
  }

  #palette() {
    const style = getComputedStyle(this.canvas);
    const color = (/** @type {string} */ name) => {
      const hex = style.getPropertyValue(name).trim().slice(1);
      return [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255);
    };
    return { material: color("--model"), inside: color("--model-inside") };
  }

  #resize() {
    const { canvas } = this;
    // More than two device pixels a pixel cost much and show nothing.
    const density = Math.min(devicePixelRatio, 2);
    const wasUnseen = canvas.width <= 1;
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * density));
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * density));
    this.camera.aspect = canvas.width / canvas.height;
    if (wasUnseen) this.camera.fit();
    this.redraw();
  }

  #followPointers() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      cancelAnimationFrame(this.#flight);
      canvas.setPointerCapture(event.pointerId);
      this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    });
    canvas.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => this.#pointers.delete(/** @type {PointerEvent} */ (event).pointerId));
    }
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const height = this.canvas.clientHeight;
    const right = (event.clientX - before.x) / height;
    const down = (event.clientY - before.y) / height;
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      // Two fingers: they move what is between them, and zoom as they part.
      const span = (/** @type {{x: number, y: number}} */ at) => Math.hypot(at.x - other.x, at.y - other.y);
      const now = { x: event.clientX, y: event.clientY };
      this.camera.pan(right / 2, -down / 2);
      this.camera.zoom(span(before) / Math.max(span(now), 1), ...this.#place(other.x, other.y));
    } else if (event.shiftKey || (event.buttons & 6) !== 0) {
      this.camera.pan(right, -down);
    } else {
      this.camera.orbit(right * Math.PI, down * Math.PI);
    }
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.redraw();
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    // Lines and pages are other units of the same movement.
    const unit = [1, 16, 400][event.deltaMode];
    const factor = Math.exp(Math.max(-0.5, Math.min(0.5, event.deltaY * unit * 0.0015)));
    this.camera.zoom(factor, ...this.#place(event.clientX, event.clientY));
    this.redraw();
  }

  /**
   * A place in the window, from the canvas' middle, in its heights.
   *
   * @param {number} x
   * @param {number} y
   * @returns {[number, number]}
   */
  #place(x, y) {
    const box = this.canvas.getBoundingClientRect();
    return [(x - box.left - box.width / 2) / box.height, -(y - box.top - box.height / 2) / box.height];
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { camera } = this;
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const arrow = /** @type {Record<string, number[]>} */ (arrows)[event.key];
    if (arrow && event.shiftKey) camera.pan(arrow[0] * keyMove, arrow[1] * keyMove);
    else if (arrow) camera.orbit(arrow[0] * keyTurn, -arrow[1] * keyTurn);
    else if (event.key === "+" || event.key === "=") camera.zoom(keyZoom);
    else if (event.key === "-") camera.zoom(1 / keyZoom);
    else if (event.key === "0" || event.key === "f") camera.fit();
    else return;
    event.preventDefault();
    this.redraw();
  }
}
