// The page's modules that need no browser: reading STL files, verdicts, colours, the camera.
//
//   node --test Tests/Clients/page.test.mjs

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { checks, measures, verdict } from "../../Sources/FacetServer/Page/analysis.js";
import { Camera, views } from "../../Sources/FacetServer/Page/camera.js";
import { parseSTL } from "../../Sources/FacetServer/Page/stl.js";
import { thicknessColor } from "../../Sources/FacetServer/Page/thickness.js";

/** A binary STL of facets given by their nine numbers and an attribute word. */
function binary(facets, header = "test") {
  const buffer = new ArrayBuffer(84 + 50 * facets.length);
  new Uint8Array(buffer).set(Buffer.from(header, "latin1").subarray(0, 80));
  const view = new DataView(buffer);
  view.setUint32(80, facets.length, true);
  facets.forEach(([corners, attribute = 0], i) => {
    corners.forEach((value, j) => view.setFloat32(84 + 50 * i + 12 + 4 * j, value, true));
    view.setUint16(84 + 50 * i + 48, attribute, true);
  });
  return buffer;
}

const right = [0, 0, 0, 2, 0, 0, 0, 4, 0];
const text = (bytes) => Uint8Array.from(Buffer.from(bytes, "latin1")).buffer;

test("a binary file: corners around the middle, dimensions, radius", () => {
  const model = parseSTL(binary([[right]]));
  assert.equal(model.facets, 1);
  assert.deepEqual([...model.positions], [-1, -2, 0, 1, -2, 0, -1, 2, 0]);
  assert.deepEqual(model.dimensions, [2, 4, 0]);
  assert.deepEqual(model.center, [1, 2, 0]);
  assert.ok(Math.abs(model.radius - Math.sqrt(5)) < 1e-12);
  assert.equal(model.colors, null);
});

test("a binary file that begins with solid, and one that is cut or too long", () => {
  assert.equal(parseSTL(binary([[right], [right]], "solid by its first word")).facets, 2);
  assert.equal(parseSTL(binary([[right], [right]]).slice(0, 160)).facets, 1);
  const long = new Uint8Array(200);
  long.set(new Uint8Array(binary([[right]])));
  assert.equal(parseSTL(long.buffer).facets, 1);
});

test("text, whatever its case and spaces, across the pieces it is read in", () => {
  const facet = "facet normal 0 0 1\n outer loop\n vertex 0 0 0\n  VERTEX\t2 0 0\r\nvertex 0 4e0 -0.0\nendloop\nendfacet\n";
  assert.deepEqual(parseSTL(text(`solid x\n${facet}endsolid`)).dimensions, [2, 4, 0]);
  assert.equal(parseSTL(text(`  solid\r${facet}${facet}endsolid`.replaceAll("\n", "\r"))).facets, 2);
  const many = 70_000;
  assert.equal(parseSTL(text(`solid x\n${facet.repeat(many)}endsolid`)).facets, many);
});

test("no facets: nothing to show, and no numbers that are none", () => {
  for (const buffer of [text(""), text("solid\nendsolid\n"), binary([]), text("not a model at all")]) {
    const model = parseSTL(buffer);
    assert.equal(model.facets, 0);
    assert.equal(model.radius, 0);
  }
  const broken = [...right];
  broken[4] = Infinity;
  const model = parseSTL(binary([[broken, 0x8001], [right, 0x801f]]));
  assert.equal(model.facets, 1);
  assert.deepEqual([...model.colors], [0, 0, 255, 255]);
});

test("facet colours by the convention of VisCAM and SolidView", () => {
  const { colors } = parseSTL(binary([[right, 0x8000 | (31 << 10)], [right, 0x8000 | (31 << 5) | 1], [right, 31]]));
  assert.deepEqual([...colors], [255, 0, 0, 255, 0, 255, 8, 255, 0, 0, 0, 0]);
});

test("facet colours by the convention of Magics", () => {
  const header = "made up COLOR=\x10\x20\x30\xff";
  const { colors } = parseSTL(binary([[right, 31], [right, 0x8000], [right, 31 << 10]], header));
  assert.deepEqual([...colors], [255, 0, 0, 255, 16, 32, 48, 255, 0, 0, 255, 255]);
});

test("the sample models read as their table says", () => {
  const sample = (name) => {
    const bytes = readFileSync(new URL(`../../SampleModels/${name}.stl`, import.meta.url));
    return parseSTL(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  };
  assert.equal(sample("bracket").facets, 1404);
  assert.deepEqual(sample("bracket").dimensions.map(Math.round), [60, 40, 50]);
  assert.ok(sample("flange").colors.some((value) => value > 0));
  assert.equal(sample("cut").facets, 1000);
});

const sound = {
  vertices: 8, triangles: 12, contours: 0, shells: 1, volumeMm3: 1000, surfaceAreaMm2: 600, dimensionXMm: 10,
  dimensionYMm: 10, dimensionZMm: 10, badEdges: 0, badContours: 0,
  solidityParams: { invertedNormals: 0, badEdges: 0, badContours: 0, nearBadEdges: 0, planarHoles: 0 },
  qualityParams: { noiseShells: 0, overlappingTriangles: 0, intersectingTriangles: 0, isFacetingScoreOk: true },
};

test("verdicts: what clients repair is what is called unprintable", () => {
  assert.equal(verdict(sound).kind, "printable");
  for (const change of [{ badEdges: 3, badContours: 1 }, { badContours: 1 }, { volumeMm3: 0 }, { volumeMm3: -1000 }]) {
    const found = verdict({ ...sound, ...change });
    assert.equal(found.kind, "unprintable");
    assert.ok(found.needsRepair);
  }
  const crossing = verdict({ ...sound, qualityParams: { ...sound.qualityParams, intersectingTriangles: 4 } });
  assert.equal(crossing.kind, "remarks");
  assert.equal(crossing.findings[0].count, "4 crossing triangles");
  const coarse = verdict({ ...sound, qualityParams: { ...sound.qualityParams, isFacetingScoreOk: false } });
  assert.deepEqual([coarse.kind, coarse.needsRepair], ["remarks", false]);
  assert.deepEqual(measures(sound)[0], ["Size", "10 × 10 × 10 mm"]);
  assert.equal(checks(sound).length, 8);
});

test("the scale of thicknesses breaks at the limit", () => {
  assert.deepEqual(thicknessColor(0), [165, 0, 38]);
  assert.deepEqual(thicknessColor(0.25), [215, 48, 39]);
  assert.deepEqual(thicknessColor(1), [200, 230, 240]);
  assert.deepEqual(thicknessColor(2), [49, 84, 165]);
  assert.deepEqual(thicknessColor(7), [49, 84, 165]);
});

test("the camera looks level, keeps what it zooms on in place, and fits the box", () => {
  const camera = new Camera();
  camera.dimensions = [60, 40, 50];
  camera.radius = Math.hypot(30, 20, 25);
  camera.aspect = 1.5;
  for (const [azimuth, elevation] of [...Object.values(views), [2, -1], [-3, 1.5]]) {
    Object.assign(camera, { azimuth, elevation });
    camera.fit();
    const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) =>
      seen(camera, camera.dimensions.map((size, axis) => (corner & (1 << axis) ? size / 2 : -size / 2))));
    const most = Math.max(...corners.flatMap(([x, y]) => [Math.abs(x), Math.abs(y)]));
    assert.ok(most > 0.8 && most <= 1, `${most} of the picture from ${azimuth}, ${elevation}`);
    const [ax, ay] = seen(camera, [0, 0, 20]);
    assert.ok(Math.abs(ax) < 1e-6 && ay >= -1e-6, "up is not up");
    // A place beside the target, as far from the eye as that.
    const m = camera.viewMatrix();
    const beside = [0, 1, 2].map((axis) => 9 * m[axis * 4] + 5 * m[axis * 4 + 1]);
    const [bx, by] = seen(camera, beside);
    // In heights of the picture, as pointers have it.
    camera.zoom(0.5, (bx / 2) * camera.aspect, by / 2);
    const [cx, cy] = seen(camera, beside);
    assert.ok(Math.hypot(cx - bx, cy - by) < 1e-5, "what is zoomed on moves");
  }
});

/** Where a point is in the picture: from -1 to 1. */
function seen(camera, [x, y, z]) {
  const times = (m, v) => [0, 1, 2, 3].map((row) => v.reduce((sum, value, i) => sum + m[i * 4 + row] * value, 0));
  const place = times(camera.projectionMatrix(), times(camera.viewMatrix(), [x, y, z, 1]));
  return [place[0] / place[3], place[1] / place[3]];
}
