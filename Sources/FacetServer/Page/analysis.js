// @ts-check
// What an analysis means to somebody who wants to print: a verdict, what is wrong, and what helps.

import { count, counted, measure } from "./numbers.js";

/**
 * @typedef {object} Finding
 * @property {string} count
 * @property {string} meaning
 * @property {string} remedy
 */

/**
 * @typedef {object} Verdict
 * @property {"printable" | "remarks" | "unprintable"} kind
 * @property {string} title
 * @property {Finding[]} findings
 * @property {boolean} needsRepair
 */

/**
 * @param {Record<string, any>} analysis The result of `analyze`.
 * @returns {Verdict}
 */
export function verdict(analysis) {
  const { solidityParams: solidity, qualityParams: quality } = analysis;
  /** @type {Finding[]} */
  const findings = [];
  /** @type {(found: number, one: string, many: string, meaning: string, remedy: string) => void} */
  const add = (found, one, many, meaning, remedy) => {
    if (found > 0) findings.push({ count: counted(found, one, many), meaning, remedy });
  };
  add(
    analysis.badEdges, "bad edge", "bad edges",
    `the surface is open, torn or turned over there, in ${counted(analysis.badContours, "place")}`,
    "A printer needs a closed surface. Repair closes it.",
  );
  add(
    solidity.planarHoles, "flat hole", "flat holes", "an opening that lies in a plane",
    "Repair caps it with a flat face.",
  );
  add(
    solidity.nearBadEdges, "open seam", "open seams", "pairs of bad edges that all but touch",
    "Repair stitches them.",
  );
  add(
    solidity.invertedNormals, "inverted triangle", "inverted triangles", "the inside is shown as the outside",
    "Repair turns them around.",
  );
  if (analysis.volumeMm3 <= 0 && analysis.badEdges === 0 && solidity.invertedNormals === 0) {
    findings.push({ count: "no volume", meaning: "the part encloses nothing", remedy: "Give it thickness." });
  }
  const needsRepair = analysis.badEdges > 0 || analysis.badContours > 0 || analysis.volumeMm3 <= 0;
  const grave = findings.length;
  add(
    quality.intersectingTriangles, "crossing triangle", "crossing triangles", "they cut through others",
    "Repair unites bodies that overlap.",
  );
  add(
    quality.overlappingTriangles, "overlapping triangle", "overlapping triangles", "they lie on others: doubled faces",
    "Repair deletes the copies.",
  );
  add(
    quality.noiseShells, "tiny shell", "tiny shells", "loose bits far smaller than the part",
    "Repair deletes them.",
  );
  const isRepairable = findings.length > 0;
  if (quality.isFacetingScoreOk === false) {
    findings.push({
      count: "coarse facets", meaning: "smooth surfaces turn sharply from triangle to triangle",
      remedy: "Export the part with a finer tolerance.",
    });
  }
  if (needsRepair || grave > 0) {
    return { kind: "unprintable", title: "Not printable as it is", findings, needsRepair: true };
  }
  if (findings.length > 0) {
    return { kind: "remarks", title: "Printable, with remarks", findings, needsRepair: isRepairable };
  }
  return { kind: "printable", title: "Printable", findings, needsRepair: false };
}

/**
 * What the part is, row by row.
 *
 * @param {Record<string, any>} analysis
 * @returns {[string, string][]}
 */
export function measures(analysis) {
  const size = ["X", "Y", "Z"].map((axis) => measure(analysis[`dimension${axis}Mm`]));
  const isOpen = analysis.badEdges > 0;
  return [
    ["Size", `${size.join(" × ")} mm`],
    ["Volume", `${isOpen ? "about " : ""}${measure(analysis.volumeMm3)} mm³`],
    ["Surface", `${measure(analysis.surfaceAreaMm2)} mm²`],
    ["Triangles", count(analysis.triangles)],
    ["Vertices", count(analysis.vertices)],
    ["Shells", count(analysis.shells)],
  ];
}

/**
 * What was looked for, and how much of it there is.
 *
 * @param {Record<string, any>} analysis
 * @returns {[string, number][]}
 */
export function checks(analysis) {
  const { solidityParams: solidity, qualityParams: quality } = analysis;
  return [
    ["Bad edges", analysis.badEdges],
    ["Bad contours", analysis.badContours],
    ["Flat holes", solidity.planarHoles],
    ["Open seams", solidity.nearBadEdges],
    ["Inverted triangles", solidity.invertedNormals],
    ["Crossing triangles", quality.intersectingTriangles],
    ["Overlapping triangles", quality.overlappingTriangles],
    ["Tiny shells", quality.noiseShells],
  ];
}
