// @ts-check
// Draws a model with WebGL 2: flat facets, lit from beside the eye, their inner sides in red.

const vertexShader = `#version 300 es
uniform mat4 view;
uniform mat4 projection;
layout(location = 0) in vec3 position;
layout(location = 1) in vec4 color;
out highp vec3 place;
out vec3 corner;
flat out vec4 own;

void main() {
  vec4 seen = view * vec4(position, 1.0);
  place = seen.xyz;
  own = color;
  // Every three vertices are a triangle, so a vertex's number says which of its corners it is.
  int number = gl_VertexID % 3;
  corner = vec3(number == 0, number == 1, number == 2);
  gl_Position = projection * seen;
}`;

const fragmentShader = `#version 300 es
precision highp float;
uniform vec3 material;
uniform vec3 inside;
uniform bool showsColors;
uniform float edges;
in highp vec3 place;
in vec3 corner;
flat in vec4 own;
out vec4 result;

void main() {
  // The facet's normal follows from how places change across the picture, so none needs to be stored.
  vec3 across = cross(dFdx(place), dFdy(place));
  float size = length(across);
  vec3 normal = size > 0.0 ? across / size : vec3(0.0, 0.0, 1.0);
  bool colored = showsColors && own.a > 0.5;
  vec3 base = colored ? own.rgb : material;
  if (!gl_FrontFacing) base = inside;
  float key = max(0.0, dot(normal, normalize(vec3(-0.45, 0.65, 0.75))));
  float fill = max(0.0, dot(normal, normalize(vec3(0.7, -0.15, 0.5))));
  float light = 0.5 + 0.5 * key + 0.2 * fill;
  // Colours that mean something are lit less, or they could not be compared with their legend.
  if (colored) light = mix(1.0, light, 0.55);
  vec3 shade = base * light;
  if (edges > 0.0) {
    vec3 reach = corner / max(fwidth(corner), 1e-6);
    float nearest = min(min(reach.x, reach.y), reach.z);
    shade = mix(shade * 0.35, shade, mix(1.0, smoothstep(0.4, 1.4, nearest), edges));
  }
  result = vec4(shade, 1.0);
}`;

/** What the colours of a drawing are, red, green and blue from 0 to 1. */
/** @typedef {{material: number[], inside: number[]}} Palette */

export class Renderer {
  /** @type {WebGL2RenderingContext} */
  #gl;
  /** @type {Record<string, WebGLUniformLocation | null>} */
  #places = {};
  /** @type {WebGLBuffer[]} */
  #buffers = [];
  #vertices = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @throws When the browser has no WebGL 2.
   */
  constructor(canvas) {
    const gl = canvas.getContext("webgl2", { antialias: true, alpha: true, powerPreference: "high-performance" });
    if (!gl) throw new Error("no WebGL 2");
    this.#gl = gl;
    this.prepare();
  }

  /** Makes what lives on the graphics card; once more after a card was lost. */
  prepare() {
    const gl = this.#gl;
    const program = gl.createProgram();
    if (!program) return;
    for (const [kind, source] of /** @type {const} */ ([
      [gl.VERTEX_SHADER, vertexShader],
      [gl.FRAGMENT_SHADER, fragmentShader],
    ])) {
      const shader = gl.createShader(kind);
      if (!shader) return;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new Error(gl.getProgramInfoLog(program) ?? "the shaders do not link");
    }
    gl.useProgram(program);
    for (const name of ["view", "projection", "material", "inside", "showsColors", "edges"]) {
      this.#places[name] = gl.getUniformLocation(program, name);
    }
    gl.enable(gl.DEPTH_TEST);
    this.#buffers = [];
    this.#vertices = 0;
  }

  /** @param {import("./stl.js").Model | null} model */
  load(model) {
    const gl = this.#gl;
    for (const buffer of this.#buffers) gl.deleteBuffer(buffer);
    this.#buffers = [];
    this.#vertices = 0;
    gl.disableVertexAttribArray(1);
    gl.vertexAttrib4f(1, 0, 0, 0, 0);
    if (!model || model.facets === 0) return;
    this.#fill(0, model.positions, 3, gl.FLOAT, false);
    if (model.colors) this.#fill(1, perCorner(model.colors), 4, gl.UNSIGNED_BYTE, true);
    this.#vertices = model.facets * 3;
  }

  /**
   * @param {number} location
   * @param {Float32Array | Uint8Array} values
   * @param {number} width
   * @param {number} type
   * @param {boolean} normalized
   */
  #fill(location, values, width, type, normalized) {
    const gl = this.#gl;
    const buffer = gl.createBuffer();
    if (!buffer) return;
    this.#buffers.push(buffer);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, /** @type {any} */ (values), gl.STATIC_DRAW);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, width, type, normalized, 0, 0);
  }

  /**
   * @param {import("./camera.js").Camera} camera
   * @param {Palette} palette
   * @param {{showsColors: boolean, showsEdges: boolean, showsInside: boolean}} how
   */
  draw(camera, palette, how) {
    const gl = this.#gl;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    if (this.#vertices === 0) return;
    if (how.showsInside) gl.disable(gl.CULL_FACE);
    else gl.enable(gl.CULL_FACE);
    gl.uniformMatrix4fv(this.#places.view, false, camera.viewMatrix());
    gl.uniformMatrix4fv(this.#places.projection, false, camera.projectionMatrix());
    gl.uniform3fv(this.#places.material, palette.material);
    gl.uniform3fv(this.#places.inside, palette.inside);
    gl.uniform1i(this.#places.showsColors, how.showsColors ? 1 : 0);
    gl.uniform1f(this.#places.edges, how.showsEdges ? 1 : 0);
    gl.drawArrays(gl.TRIANGLES, 0, this.#vertices);
  }
}

/**
 * A facet's colour for each of its corners.
 *
 * @param {Uint8Array} colors
 */
function perCorner(colors) {
  const one = new Uint32Array(colors.buffer, colors.byteOffset, colors.length / 4);
  const three = new Uint32Array(one.length * 3);
  for (let facet = 0; facet < one.length; facet++) three.fill(one[facet], facet * 3, facet * 3 + 3);
  return new Uint8Array(three.buffer);
}
