// What is known about a row, and the table's columns. A column is
//   id, heading, unit     how it is called
//   width                 in rem, the least that it is readable in; that of pictures is measured
//   isShown(rows, steps)  whether the batch has something to say there; steps are the names of its operations
//   key(row)              what it is sorted by: a number, or null for what always comes last
//   first                 the direction that a first click sorts in: 1 upward, -1 downward
//   fill(row)             the cell's content, a node or text
//   className(row)        for cells that are to be noticed

const outcomes = {
  failed: { rank: 0, mark: "✕", word: "failed", means: "its own fault: it will fail again" },
  stopped: { rank: 1, mark: "■", word: "stopped", means: "worth another try" },
  missing: { rank: 2, mark: "?", word: "missing", means: "no report has it" },
  done: { rank: 3, mark: "✓", word: "done", means: "" },
};

const outcomeOf = (row) => outcomes[row.outcome];
const isDone = (row) => row.outcome === "done";
const isRepaired = (row) => (row.repairs?.length ?? 0) > 0;
const isThin = (row) => row.walls?.hasThinWalls === true;
const isPossiblyThin = (row) => !isThin(row) && row.walls?.hasPossibleThinWalls === true;
const isWarned = (row) => (row.warnings?.length ?? 0) > 0;
const isKnown = (value) => value !== null && value !== undefined;

/** Which models can be asked for; those that none of a batch belongs to are left out, but for the first two. */
const kinds = [
  { id: "all", title: "All", holds: () => true },
  { id: "failed", title: "Failed", mark: "✕", holds: (row) => row.outcome === "failed" },
  { id: "stopped", title: "Stopped", mark: "■", holds: (row) => row.outcome === "stopped" },
  { id: "missing", title: "Missing", mark: "?", holds: (row) => row.outcome === "missing" },
  { id: "repaired", title: "Repaired", mark: "✚", holds: isRepaired },
  { id: "thin", title: "Thin walls", mark: "▼", holds: (row) => isThin(row) || isPossiblyThin(row) },
  { id: "warnings", title: "Warnings", mark: "!", holds: isWarned },
];

/** A dash in place of a figure, which says why it is not there; a file may not have got that far. */
function absence(row, why) {
  if (row.outcome === "missing") return emptyCell("Not known: no report has this file");
  return emptyCell(isDone(row) ? why : "Not known: the file did not get that far");
}

const columns = [
  {
    id: "pictures", heading: "Pictures", width: 0,
    isShown: (rows) => rows.some((row) => row.pictures?.length > 0),
    fill: (row) => row.pictures?.length ? smallPictures(row) : absence(row, "No pictures were drawn"),
  },
  {
    id: "name", heading: "Name", width: 11, first: 1,
    isShown: () => true,
    key: (row) => row.rank,
    fill: nameCell,
  },
  {
    id: "outcome", heading: "Outcome", width: 9, first: 1,
    isShown: () => true,
    key: (row) => outcomeOf(row).rank,
    fill: outcomeCell,
    className: (row) => `outcome-${row.outcome}`,
  },
  {
    id: "triangles", heading: "Triangles", width: 6.5, first: -1, isNumber: true,
    isShown: (rows) => rows.some((row) => isKnown(row.trianglesBefore)),
    key: (row) => row.trianglesBefore,
    fill: trianglesCell,
  },
  {
    id: "size", heading: "Size", unit: "mm", width: 7.25, first: -1, isNumber: true,
    isShown: (rows) => rows.some((row) => row.sizeMm),
    // By the longest side: whether a part fits a machine.
    key: (row) => row.sizeMm ? Math.max(...row.sizeMm) : null,
    fill: (row) => row.sizeMm ? sizeCell(row) : absence(row, "No step measured it"),
  },
  {
    id: "volume", heading: "Volume", unit: "mm³", width: 6.25, first: -1, isNumber: true,
    isShown: (rows) => rows.some((row) => isKnown(row.volumeMm3)),
    key: (row) => row.volumeMm3,
    fill: (row) => isKnown(row.volumeMm3) ? roughly(row.volumeMm3) : absence(row, "No step measured it"),
  },
  {
    id: "solid", heading: "Solid", width: 4.75, first: 1,
    isShown: (rows) => rows.some((row) => isKnown(row.isSolid)),
    key: (row) => isKnown(row.isSolid) ? Number(row.isSolid) : null,
    fill: (row) => isKnown(row.isSolid)
      ? marked(row.isSolid ? "✓" : "✕", row.isSolid ? "yes" : "no")
      : absence(row, "No step looked at it"),
    className: (row) => row.isSolid === false ? "bad" : "",
  },
  {
    id: "repairs", heading: "Repairs", width: 9, first: -1,
    isShown: (rows, steps) =>
      rows.some((row) => row.repairs) || steps.some((step) => /^(geometrical-)?repair$/.test(step)),
    key: (row) => row.repairs ? row.repairs.reduce((sum, entry) => sum + entry.count, 0) : null,
    fill: repairsCell,
    className: (row) => isRepaired(row) ? "mended" : "",
  },
  {
    id: "walls", heading: "Walls", unit: "least, mm", width: 6.75, first: 1, isNumber: true,
    isShown: (rows, steps) => rows.some((row) => row.walls) || steps.some((step) => /thickness/.test(step)),
    // Walls that are all thick enough have no least one: they come after those that are measured.
    key: (row) => row.walls ? row.walls.leastThicknessMm ?? Number.MAX_VALUE : null,
    fill: wallsCell,
    className: (row) => isThin(row) ? "bad" : isPossiblyThin(row) ? "warned" : "",
  },
  {
    id: "deviation", heading: "Deviation", unit: "mm", width: 6.75, first: -1, isNumber: true,
    isShown: (rows, steps) => rows.some((row) => row.reduction) || steps.some((step) => /^reduce/.test(step)),
    key: (row) => row.reduction?.deviationMm,
    fill: deviationCell,
  },
  {
    id: "hollowing", heading: "Hollowed", width: 7, first: -1, isNumber: true,
    isShown: (rows, steps) => rows.some((row) => row.hollowing) || steps.some((step) => /^hollow/.test(step)),
    key: (row) => savedShare(row.hollowing),
    fill: hollowingCell,
  },
  {
    id: "seconds", heading: "Time", unit: "s", width: 4.75, first: -1, isNumber: true,
    isShown: (rows) => rows.some((row) => isKnown(row.seconds)),
    key: (row) => row.seconds,
    fill: (row) => isKnown(row.seconds) ? row.seconds.toFixed(2) : absence(row, "Not measured"),
  },
];

// Cells

/** A sign and its words; the sign is not read out. */
function marked(mark, ...words) {
  return make("span", { className: "marked" }, make("span", { "aria-hidden": "true" }, `${mark} `), ...words);
}

/** A dash that says why it is one. */
function emptyCell(why) {
  return make("span", { className: "empty", title: why },
    make("span", { "aria-hidden": "true" }, "–"), make("span", { className: "unseen" }, why));
}

function nameCell(row) {
  const cut = row.name.lastIndexOf("/") + 1;
  const open = make("button", { type: "button", className: "open", "aria-expanded": "false" },
    make("bdi", { className: "name" },
      cut > 0 && make("span", { className: "folder" }, row.name.slice(0, cut)), row.name.slice(cut)));
  return make("div", {}, open, outputLinks(row, outputLabel));
}

/** `files/a/bracket.thickness.stl` of `a/bracket` is its "thickness.stl". */
function outputLabel({ path }, row) {
  const own = `files/${row.name}.`;
  return path.startsWith(own) ? path.slice(own.length) : path.slice(path.lastIndexOf("/") + 1);
}

function outputLinks(row, label) {
  if (!row.outputs?.length) return null;
  return make("ul", { className: "outputs" }, row.outputs.map((output) => {
    const size = isKnown(output.bytes) ? `, ${byteSize(output.bytes)}` : "";
    return make("li", {}, make("a", { href: address(output.path), title: output.path + size },
      make("bdi", {}, label(output, row))));
  }));
}

/** The address of a file below this page's folder, or none. No name can make another scheme or a query of it. */
function address(path) {
  if (path.split("/").includes("..")) return null;
  const wellFormed = path.toWellFormed ? path.toWellFormed() : path;
  return `./${wellFormed.split("/").map(encodeURIComponent).join("/")}`;
}

function outcomeCell(row) {
  const { mark, word, means } = outcomeOf(row);
  return make("div", {},
    make("strong", { className: "outcome", title: means || null }, marked(mark, word)),
    ...(row.errors ?? []).map((error) => make("p", { className: "message", title: error.message },
      isKnown(error.code) && make("span", { className: "code" }, `Error ${error.code}`), ` ${error.message}`)),
    isWarned(row) && make("p", { className: "message warning", title: row.warnings.join("\n") },
      marked("!", row.warnings.length === 1 ? row.warnings[0] : counted(row.warnings.length, "warning"))));
}

/** Breaks before a ×, where it has to. */
const sizeCell = ({ sizeMm }) => sizeMm.map(inMillimetres).join(" ×\u00a0");

function trianglesCell(row) {
  if (!isKnown(row.trianglesBefore)) return absence(row, "No step counted them");
  if (!isKnown(row.trianglesAfter) || row.trianglesAfter === row.trianglesBefore) return count(row.trianglesBefore);
  return make("div", {},
    count(row.trianglesBefore), make("br"), `→\u00a0${count(row.trianglesAfter)} `,
    make("span", { className: "hint whole" }, change(row.trianglesBefore, row.trianglesAfter)));
}

function repairsCell(row) {
  if (!row.repairs) return absence(row, "No step repairs");
  if (row.repairs.length === 0) return make("span", { className: "soft" }, "nothing to mend");
  return make("span", { className: "clamped" }, marked("✚", repairsInWords(row.repairs)));
}

function wallsCell(row) {
  const { walls } = row;
  if (!walls) return absence(row, "No step looked at walls");
  if (!isKnown(walls.leastThicknessMm)) return `≥ ${measure(walls.limitMm)}`;
  const least = measure(walls.leastThicknessMm);
  const below = (mark, words) => make("span", {},
    marked(mark, least), make("span", { className: "limit" }, `${words} ${measure(walls.limitMm)}`));
  if (isThin(row)) return below("▼", "below");
  return isPossiblyThin(row) ? below("▽", "perhaps below") : least;
}

function deviationCell(row) {
  if (!row.reduction) return absence(row, "No step reduces");
  const { before, after, deviationMm } = row.reduction;
  if (!isKnown(deviationMm)) return absence(row, before === after ? "Nothing was taken away" : "Not measured");
  return smallDistance(deviationMm);
}

/** The share of its material that a hollowed part saves. */
function savedShare(hollowing) {
  if (!hollowing || !(hollowing.volumeBeforeMm3 > 0)) return null;
  return 1 - hollowing.volumeAfterMm3 / hollowing.volumeBeforeMm3;
}

function hollowingCell(row) {
  const { hollowing } = row;
  if (!hollowing) return absence(row, "No step hollows");
  if (hollowing.outcome && hollowing.outcome !== "hollowed") return splitName(hollowing.outcome).join(" ");
  return make("span", {},
    change(hollowing.volumeBeforeMm3, hollowing.volumeAfterMm3) || "0 %",
    hollowing.certifiedWallMm > 0
      && make("span", { className: "limit" }, `walls ≥ ${inMillimetres(hollowing.certifiedWallMm)} mm`));
}
