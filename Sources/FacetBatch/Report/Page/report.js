// The page: reads the data, fills the summary, and lets the table be sorted and filtered. The last of the files that
// make up the script; what the others define is here by their names.

/** Text always goes in as text, so a file's name can never become markup. */
function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key.includes("-") || key === "role") element.setAttribute(key, String(value));
    else element[key] = value;
  }
  element.append(...children.flat().filter((child) => child || child === 0));
  return element;
}

function byId(id) {
  return document.getElementById(id);
}

/** The data; their text, which pictures make large, is let go. */
function readData() {
  const element = byId("data");
  const data = JSON.parse(element.textContent);
  element.remove();
  return data;
}

/** Gives each row its place by name, numbers in names by their value, and the text that the filter searches. */
function prepare(rows) {
  const collator = new Intl.Collator("en", { numeric: true });
  const byName = [...rows].sort((a, b) => collator.compare(a.name, b.name));
  byName.forEach((row, rank) => {
    row.rank = rank;
    const errors = (row.errors ?? []).map(({ code, message }) => `error ${code}: ${message}`);
    row.searched = [row.name, row.input, row.outcome, ...errors, ...(row.warnings ?? [])].join("\n").toLowerCase();
  });
}

// Summary

function fillSummary() {
  document.title = data.title || document.title || "Facet batch";
  byId("title").textContent = document.title;
  byId("motto").textContent = `Facet ${data.version ?? ""}`.trim();
  const { totals } = data;
  byId("totals").append(...outcomeTotals(totals), ...figureTotals());
  fillBar(totals);
  fillSteps();
}

const total = (figure, label, { mark, note, title, kind = "" } = {}) =>
  make("div", { className: `total ${kind}`, title },
    make("dt", {}, mark ? marked(mark, label) : label),
    make("dd", {}, make("span", { className: "figure" }, figure), note && make("span", { className: "hint" }, note)));

function outcomeTotals(totals) {
  const outcomeTotal = (outcome) => {
    const number = totals[outcome] ?? 0;
    const isPart = number > 0 && number < totals.files && (outcome === "done" || outcome === "failed");
    const note = isPart ? share(number, totals.files) : "";
    const kind = number > 0 ? `total-${outcome}` : "nought";
    return total(count(number), outcomes[outcome].word, { mark: outcomes[outcome].mark, note, kind });
  };
  return [
    total(count(totals.files), totals.files === 1 ? "file" : "files", { note: byteSize(totals.bytes ?? 0) }),
    ...["done", "failed", "stopped", "missing"].map(outcomeTotal),
  ];
}

/** Sums over the rows; only of what the pipeline looked at. */
function figureTotals() {
  const figures = [];
  const reduced = data.rows.filter((row) => isKnown(row.trianglesBefore) && isKnown(row.trianglesAfter));
  if (reduced.length > 0) {
    const before = reduced.reduce((sum, row) => sum + row.trianglesBefore, 0);
    const after = reduced.reduce((sum, row) => sum + row.trianglesAfter, 0);
    const figure = (say) => (before === after ? say(before) : `${say(before)} → ${say(after)}`);
    figures.push(total(figure(inShort), "triangles", { note: change(before, after), title: figure(count) }));
  }
  if (data.rows.some((row) => row.repairs)) {
    const repaired = data.rows.filter(isRepaired).length;
    figures.push(total(count(repaired), "repaired", { mark: "✚", kind: repaired > 0 ? "total-repaired" : "nought" }));
  }
  if (data.rows.some((row) => row.walls)) {
    const thin = data.rows.filter(isThin).length;
    const possible = data.rows.filter(isPossiblyThin).length;
    const note = possible > 0 ? `and ${count(possible)} perhaps` : "";
    const kind = thin > 0 ? "total-thin" : "nought";
    figures.push(total(count(thin), "with thin walls", { mark: "▼", note, kind }));
  }
  return figures;
}

function fillBar(totals) {
  for (const outcome of ["done", "failed", "stopped", "missing"]) {
    if (!totals[outcome]) continue;
    const part = make("span", { className: `bar-${outcome}`, title: `${count(totals[outcome])} ${outcome}` });
    part.style.flexGrow = totals[outcome];
    byId("bar").append(part);
  }
}

function fillSteps() {
  const steps = data.pipeline ?? [];
  byId("pipeline").hidden = steps.length === 0;
  byId("steps").append(...steps.map((step) => {
    const { title, parameters } = stepInWords(step);
    return make("li", { title: step },
      make("strong", {}, title), parameters.length > 0 && `, ${parameters.join(", ")}`);
  }));
}

// What is shown, and in which order

const asked = { kind: kinds[0], words: [], column: null, direction: 1 };

function update() {
  const { kind, words, column, direction } = asked;
  const matching = data.rows.filter((row) => kind.holds(row) && words.every((word) => row.searched.includes(word)));
  rows.show(sorted(matching, column, direction));
  byId("shown").textContent = matching.length === data.rows.length
    ? counted(data.rows.length, "model") : `${count(matching.length)} of ${counted(data.rows.length, "model")}`;
  byId("nothing").hidden = matching.length > 0 || data.rows.length === 0;
  byId("table").hidden = matching.length === 0;
}

/** By the column's keys, what has none last in both directions; then by name. */
function sorted(list, column, direction) {
  const keyed = list.map((row) => ({ row, key: column.key(row) ?? null }));
  keyed.sort((a, b) => {
    if (a.key === b.key) return a.row.rank - b.row.rank;
    if (a.key === null || b.key === null) return a.key === null ? 1 : -1;
    return (a.key - b.key) * direction;
  });
  return keyed.map(({ row }) => row);
}

function sortBy(column, direction) {
  asked.column = column;
  asked.direction = direction;
  for (const heading of byId("headings").children) {
    const isSorted = heading.dataset.column === column.id;
    if (isSorted) heading.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
    else heading.removeAttribute("aria-sort");
  }
}

function fillHeadings() {
  for (const column of shownColumns) {
    byId("widths").append(make("col"));
    const isSortable = column.key !== undefined;
    const heading = make("th", { scope: "col", role: "columnheader", className: column.isNumber ? "number" : "" },
      isSortable ? sortButton(column) : make("span", {}, headingText(column)));
    heading.dataset.column = column.id;
    heading.dataset.label = headingText(column);
    byId("headings").append(heading);
  }
}

function sortButton(column) {
  const unit = column.unit
    && make("span", { className: "unit" }, make("span", { className: "unseen" }, ", "), column.unit);
  return make("button", { type: "button", className: "sort", onclick: () => {
    sortBy(column, asked.column === column ? -asked.direction : column.first);
    updateInPlace();
  } }, make("span", {}, column.heading, make("span", { className: "arrow", "aria-hidden": "true" }), unit));
}

/** After a change the first rows are wanted, not those in the middle where one happens to be. */
function updateInPlace() {
  update();
  const top = byId("models").getBoundingClientRect().top;
  if (top < 0) scrollTo({ top: scrollY + top, behavior: "instant" });
}

function fillChips() {
  for (const kind of kinds) {
    const number = data.rows.filter(kind.holds).length;
    if (number === 0 && kind.id !== "all" && kind.id !== "failed") continue;
    const chip = make("button", { type: "button", className: "quiet chip", "aria-pressed": String(kind === asked.kind),
      onclick: () => { ask(kind); updateInPlace(); } },
      kind.mark ? marked(kind.mark, kind.title) : kind.title,
      make("span", { className: "number" }, ` ${count(number)}`));
    chip.dataset.kind = kind.id;
    byId("chips").append(chip);
  }
}

function ask(kind) {
  asked.kind = kind;
  for (const chip of byId("chips").children) chip.setAttribute("aria-pressed", String(chip.dataset.kind === kind.id));
}

function search(text) {
  asked.words = text.toLowerCase().split(/\s+/).filter(Boolean);
}

function listen() {
  const filter = byId("filter");
  filter.addEventListener("input", () => { search(filter.value); updateInPlace(); });
  byId("everything").addEventListener("click", () => {
    filter.value = "";
    search("");
    ask(kinds[0]);
    update();
    filter.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target === filter || event.ctrlKey || event.metaKey || byId("viewer").open) return;
    event.preventDefault();
    filter.focus();
    filter.select();
  });
}

// Layout

/** Which columns get what is left over, and which share of it. */
const stretches = { name: 0.4, outcome: 0.3, repairs: 0.3 };

/** A table where its columns fit, with one picture a row where they nearly do; else a card a row. */
function fit() {
  const table = byId("table");
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const place = byId("models").clientWidth;
  const others = shownColumns.filter(({ id }) => id !== "pictures").reduce((sum, { width }) => sum + width * rem, 0);
  const isTight = place < others + picturesWidth.all;
  table.classList.toggle("tight", isTight);
  // A little narrower is still better than none.
  table.classList.toggle("cards", place < 0.94 * (others + picturesWidth.first));
  const pictures = isTight ? picturesWidth.first : picturesWidth.all;
  const left = Math.max(0, place - others - pictures);
  const widths = shownColumns.map(({ id, width }) =>
    id === "pictures" ? pictures : width * rem + left * (stretches[id] ?? 0));
  // On the screen a row is a grid, on paper a table's row, whose columns share the paper's width in the same way.
  table.style.setProperty("--columns", widths.map((width) => `${width.toFixed(2)}fr`).join(" "));
  const sum = widths.reduce((sum, width) => sum + width, 0);
  widths.forEach((width, i) => { byId("widths").children[i].style.width = `${(100 * width) / sum}%`; });
}

/** The widths of the column of pictures, in px: with all of a row, and with the first only. */
function measurePictures() {
  const widest = (width) => data.rows.reduce((most, row) => Math.max(most, width(row)), 0);
  const all = widest(smallPicturesWidth);
  if (all === 0) return { all, first: 0 };
  const padding = 16;
  const first = widest((row) => smallPicturesWidth({ pictures: row.pictures?.slice(0, 1) }));
  return { all: Math.max(all + padding, 88), first: Math.max(first + padding, 88) };
}

function layOut() {
  new ResizeObserver(fit).observe(byId("models"));
  addEventListener("beforeprint", () => {
    byId("table").classList.remove("cards");
    rows.buildAll();
  });
  addEventListener("afterprint", fit);
}

const data = readData();
prepare(data.rows);
const stepNames = (data.pipeline ?? []).map(stepName);
const shownColumns = columns.filter((column) => column.isShown(data.rows, stepNames));
const picturesWidth = measurePictures();
const viewer = new Viewer();
const rows = new Rows(byId("table"), shownColumns);

fillSummary();
fillHeadings();
fillChips();
sortBy(columns.find((column) => column.id === "outcome"), 1);
fit();
byId("reading").remove();
byId("controls").hidden = false;
update();
listen();
layOut();
// For who measures: two frames later the first rows are on the screen.
requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("report-shown")));
