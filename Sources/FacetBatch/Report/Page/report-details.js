// An opened row: everything that is known about a model.

function details(row) {
  return make("div", { className: "details" },
    row.pictures?.length > 0 && largePictures(row),
    make("div", { className: "facts" },
      aboutFile(row), aboutErrors(row), aboutWarnings(row), aboutRepairs(row), aboutWalls(row),
      aboutReduction(row), aboutHollowing(row),
      ...(row.figures ?? []).map(({ operation, figures }) =>
        figureTable(operationTitle(operation), flatFigures(figures ?? {}).filter(([name]) => !isSaid(row, name))))));
}

const hint = (text) => make("span", { className: "hint" }, text);

const hasFigures = (row, pattern) => (row.figures ?? []).some(({ operation }) => pattern.test(operation));

/** What the table of walls says already. */
const isSaid = (row, name) =>
  row.walls && /^(hasThinWalls|hasPossibleThinWalls|(least|minimal)ThicknessMm)$/.test(name);

/** A table of names and values, or nothing where there are none. */
function factTable(caption, pairs) {
  if (pairs.length === 0) return null;
  return make("table", { className: "fact-table" },
    make("caption", {}, caption),
    make("tbody", {}, ...pairs.map(([name, value]) =>
      make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, value)))));
}

function figureTable(caption, figures) {
  return factTable(caption, figures.map(([name, value]) => figureInWords(name, value)));
}

/** Figures with those inside of others; lists have no place in a table of single figures. */
function flatFigures(figures) {
  return Object.entries(figures).flatMap(([name, value]) => {
    if (Array.isArray(value)) return [];
    return value !== null && typeof value === "object" ? flatFigures(value) : [[name, value]];
  });
}

function aboutFile(row) {
  const pairs = [["Name", make("bdi", {}, row.name)]];
  if (isKnown(row.input)) pairs.push(["Input", make("bdi", {}, row.input)]);
  if (isKnown(row.bytes)) pairs.push(["Size", byteSize(row.bytes)]);
  pairs.push(["Outcome", outcomeInWords(row)]);
  if (isKnown(row.seconds)) pairs.push(["Time", `${row.seconds.toFixed(3)} s`]);
  const links = outputLinks(row, ({ path }) => path);
  if (links) {
    row.outputs.forEach(({ bytes }, i) => isKnown(bytes) && links.children[i].append(` ${byteSize(bytes)}`));
    pairs.push(["Outputs", links]);
  }
  const table = factTable("File", pairs);
  table.classList.add("wide");
  return table;
}

function outcomeInWords(row) {
  const { word, means } = outcomeOf(row);
  return means ? `${word}: ${means}` : word;
}

function aboutErrors(row) {
  const pairs = (row.errors ?? []).map(({ code, message, step }) => [
    isKnown(code) ? `Error ${code}` : "Error",
    make("span", {}, message, step && hint(` (step: ${operationTitle(step).toLowerCase()})`)),
  ]);
  const table = factTable("Why it failed", pairs);
  table?.classList.add("wide", "bad");
  return table;
}

function aboutWarnings(row) {
  if (!isWarned(row)) return null;
  return make("div", { className: "wide" }, make("h3", {}, "Warnings"),
    make("ul", { className: "warnings" }, ...row.warnings.map((warning) => make("li", {}, marked("!", warning)))));
}

/** The ledger of repair, stage after stage in the order in which they ran. */
function aboutRepairs(row) {
  if (!row.repairs) return null;
  const pairs = row.repairs.map((entry) => [
    sentence(/\s/.test(entry.stage) ? [entry.stage] : splitName(entry.stage)),
    make("span", {}, repairsInWords([entry]),
      isKnown(entry.areaMm2) && hint(` on ${roughly(entry.areaMm2)} mm²`),
      entry.largestMoveMm > 0 && hint(`, moved by ${smallDistance(entry.largestMoveMm)} mm at most`)),
  ]);
  return factTable("Repairs", pairs.length > 0 ? pairs : [["All stages", "nothing to mend"]]);
}

function aboutWalls(row) {
  const { walls } = row;
  if (!walls) return null;
  const verdict = isThin(row) ? "yes" : isPossiblyThin(row) ? "perhaps" : "no";
  const least = isKnown(walls.leastThicknessMm) ? measure(walls.leastThicknessMm) : `${measure(walls.limitMm)} or more`;
  const table = factTable("Walls", [
    ["Limit, mm", measure(walls.limitMm)], ["Thinner than that", verdict], ["Least wall, mm", least],
    ...(isKnown(walls.regions) ? [["Places", count(walls.regions)]] : []),
  ]);
  if (isThin(row)) table.classList.add("bad");
  return table;
}

function aboutReduction(row) {
  if (!row.reduction || hasFigures(row, /^reduce/)) return null;
  const { before, after, deviationMm } = row.reduction;
  return factTable("Reduction", [
    ["Triangles before", count(before)], ["Triangles after", `${count(after)} (${change(before, after) || "as many"})`],
    ["Deviation, mm", isKnown(deviationMm) ? exactly(deviationMm) : "not measured"],
  ]);
}

function aboutHollowing(row) {
  if (!row.hollowing || hasFigures(row, /^hollow/)) return null;
  return figureTable("Hollowing", flatFigures(row.hollowing));
}
