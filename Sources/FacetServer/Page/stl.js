// @ts-check
// Reads STL files, binary and text, for drawing: corners around the origin and a colour for each facet. What the
// server says about a file counts; this reader only wants to show as much of it as there is.

const headerLength = 80;
const facetsOffset = 84;
const facetLength = 50;

/**
 * @typedef {object} Model
 * @property {Float32Array} positions Nine numbers a facet, in the file's units, relative to `center`.
 * @property {Uint8Array | null} colors Red, green, blue, alpha for each facet; alpha 0 where it has no colour.
 * @property {number} facets
 * @property {number[]} center Of the box around all facets.
 * @property {number[]} dimensions Of that box.
 * @property {number} radius Of the sphere around `center` that holds everything.
 */

/**
 * @param {ArrayBuffer} buffer
 * @returns {Model} With no facets when there is nothing in the file that can be shown.
 */
export function parseSTL(buffer) {
  const { positions, colors } = isBinary(buffer) ? parseBinary(buffer) : { positions: parseText(buffer), colors: null };
  return center(positions, colors);
}

/**
 * Text begins with "solid", but so do some binary files; the length that a binary file must have settles it.
 *
 * @param {ArrayBuffer} buffer
 */
function isBinary(buffer) {
  if (buffer.byteLength < facetsOffset) return false;
  const declared = new DataView(buffer).getUint32(headerLength, true);
  if (facetsOffset + declared * facetLength === buffer.byteLength) return true;
  const head = new TextDecoder("latin1").decode(buffer.slice(0, 512)).trimStart().toLowerCase();
  return !(head.startsWith("solid") && /\b(facet|endsolid)\b/.test(head));
}

/** @param {ArrayBuffer} buffer */
function parseBinary(buffer) {
  const view = new DataView(buffer);
  const whole = Math.floor((buffer.byteLength - facetsOffset) / facetLength);
  const facets = Math.min(view.getUint32(headerLength, true), whole);
  const positions = new Float32Array(facets * 9);
  // Facets are 50 bytes, so their numbers are not aligned, but two bytes at a time they are.
  const words = new Uint16Array(buffer, 0, (facetsOffset + facets * facetLength) >> 1);
  const target = new Uint16Array(positions.buffer);
  let anyAttribute = 0;
  for (let facet = 0; facet < facets; facet++) {
    const start = (facetsOffset + facet * facetLength + 12) >> 1;
    for (let i = 0; i < 18; i++) target[facet * 18 + i] = words[start + i];
    anyAttribute |= words[start + 18];
  }
  const partColor = magicsPartColor(buffer);
  if (!anyAttribute && !partColor) return { positions, colors: null };
  const colors = new Uint8Array(facets * 4);
  for (let facet = 0; facet < facets; facet++) {
    const word = words[(facetsOffset + facet * facetLength + 48) >> 1];
    setColor(colors, facet * 4, word, partColor);
  }
  return { positions, colors };
}

/**
 * The colour of the whole part, which Magics writes into the header as `COLOR=` and four bytes. With it, attributes
 * follow Magics' convention; without, that of VisCAM and SolidView.
 *
 * @param {ArrayBuffer} buffer
 */
function magicsPartColor(buffer) {
  const header = new Uint8Array(buffer, 0, headerLength);
  const start = new TextDecoder("latin1").decode(header).indexOf("COLOR=");
  return start >= 0 && start + 10 <= headerLength ? header.subarray(start + 6, start + 10) : null;
}

/**
 * @param {Uint8Array} colors
 * @param {number} at
 * @param {number} word
 * @param {Uint8Array | null} partColor
 */
function setColor(colors, at, word, partColor) {
  const low = widened(word);
  const middle = widened(word >> 5);
  const high = widened(word >> 10);
  const flag = (word & 0x8000) !== 0;
  if (partColor) {
    // Magics: red lowest, and the flag says that the facet has the part's colour.
    colors.set(flag ? partColor.subarray(0, 3) : [low, middle, high], at);
    colors[at + 3] = 255;
  } else if (flag) {
    // VisCAM: blue lowest, and the flag says that there is a colour.
    colors.set([high, middle, low, 255], at);
  }
}

/**
 * Five bits to eight, so that 31 becomes 255.
 *
 * @param {number} word
 */
function widened(word) {
  const five = word & 31;
  return (five << 3) | (five >> 2);
}

/**
 * Every three vertices are a facet, whatever stands between them.
 *
 * @param {ArrayBuffer} buffer
 */
function parseText(buffer) {
  const piece = 4 << 20;
  const decoder = new TextDecoder("latin1");
  let values = new Float32Array(9 << 12);
  let length = 0;
  let rest = "";
  for (let start = 0; start < buffer.byteLength; start += piece) {
    const bytes = new Uint8Array(buffer, start, Math.min(piece, buffer.byteLength - start));
    const text = rest + decoder.decode(bytes);
    const isLast = start + piece >= buffer.byteLength;
    const end = isLast ? text.length : text.lastIndexOf("\n") + 1;
    rest = text.slice(end);
    for (const vertex of text.slice(0, end).matchAll(/vertex\s+(\S+)\s+(\S+)\s+(\S+)/gi)) {
      if (length + 3 > values.length) {
        const larger = new Float32Array(values.length * 2);
        larger.set(values);
        values = larger;
      }
      values[length++] = Number(vertex[1]);
      values[length++] = Number(vertex[2]);
      values[length++] = Number(vertex[3]);
    }
  }
  return values.slice(0, length - (length % 9));
}

/**
 * Moves everything to the origin, where numbers are finest, and drops facets whose corners are not all numbers.
 *
 * @param {Float32Array} positions
 * @param {Uint8Array | null} colors
 * @returns {Model}
 */
function center(positions, colors) {
  const least = [Infinity, Infinity, Infinity];
  const most = [-Infinity, -Infinity, -Infinity];
  let kept = 0;
  for (let facet = 0; facet < positions.length / 9; facet++) {
    const first = facet * 9;
    let sum = 0;
    for (let i = first; i < first + 9; i++) sum += positions[i];
    if (!Number.isFinite(sum)) continue;
    for (let i = 0; i < 9; i++) {
      const value = positions[first + i];
      const axis = i % 3;
      if (value < least[axis]) least[axis] = value;
      if (value > most[axis]) most[axis] = value;
    }
    if (kept < facet) {
      positions.copyWithin(kept * 9, first, first + 9);
      colors?.copyWithin(kept * 4, facet * 4, facet * 4 + 4);
    }
    kept++;
  }
  if (kept === 0) {
    return {
      positions: new Float32Array(), colors: null, facets: 0, center: [0, 0, 0], dimensions: [0, 0, 0], radius: 0,
    };
  }
  const middle = least.map((value, axis) => (value + most[axis]) / 2);
  let square = 0;
  for (let i = 0; i < kept * 9; i += 3) {
    const x = (positions[i] -= middle[0]);
    const y = (positions[i + 1] -= middle[1]);
    const z = (positions[i + 2] -= middle[2]);
    square = Math.max(square, x * x + y * y + z * z);
  }
  return {
    positions: kept * 9 < positions.length ? positions.slice(0, kept * 9) : positions,
    colors: colors && colors.slice(0, kept * 4),
    facets: kept,
    center: middle,
    dimensions: least.map((value, axis) => most[axis] - value),
    radius: Math.sqrt(square),
  };
}
