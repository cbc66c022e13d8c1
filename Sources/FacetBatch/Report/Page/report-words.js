// Numbers, units and names as people read them. This file, the other report-….js and report.js are one module: they
// stand in the page one after the other, in the order of their names.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });
const twoPlaces = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const threeDigits = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const thousandths = new Intl.NumberFormat("en", { minimumFractionDigits: 3, maximumFractionDigits: 3 });

const count = (value) => whole.format(value);
const measure = (value) => fine.format(value);
const counted = (value, one, many = one + "s") => `${count(value)} ${value === 1 ? one : many}`;

/** Figures of the table: as exact as is worth reading there; the opened row has them all. */
const roughly = (value) => (Math.abs(value) >= 100 ? whole : threeDigits).format(value);
const inShort = (value) => (value < 1e6 ? count(value) : `${threeDigits.format(value / 1e6)} M`);
const inMillimetres = (value) => twoPlaces.format(value);

/** Distances that are small when all is well: "0.032", and never "0.000" for what is not nothing. */
function smallDistance(value) {
  if (value === 0) return "0";
  return value < 0.0005 ? "< 0.001" : thousandths.format(value);
}

/** "4.7 %" of a whole, and never "0 %" or "100 %" for what is not that. */
function share(part, of) {
  const percent = (part / of) * 100;
  if (percent < 0.1) return "< 0.1 %";
  return percent > 99.9 ? "> 99.9 %" : `${percent.toFixed(1).replace(/\.0$/, "")} %`;
}

function byteSize(bytes) {
  if (bytes < 1000) return counted(bytes, "byte");
  for (const [unit, scale] of [["kB", 1e3], ["MB", 1e6], ["GB", 1e9], ["TB", 1e12]]) {
    if (bytes < scale * 999.95 || unit === "TB") return `${(bytes / scale).toFixed(1)} ${unit}`;
  }
}

/** How much less or more something became: "−51 %". */
function change(before, after) {
  if (!before || before === after) return "";
  const percent = (after / before - 1) * 100;
  const size = Math.abs(percent);
  const digits = size < 0.05 ? String(Number(size.toPrecision(1))) : size < 10 ? size.toFixed(1) : count(size);
  const figure = digits.replace(/\.0$/, "");
  return `${percent < 0 ? "−" : "+"}${figure} %`;
}

// Steps

const operationTitles = {
  "import": "Read",
  "analyze": "Analyze",
  "repair": "Repair",
  "geometrical-repair": "Mend what is torn",
  "shrinkwrap-repair": "Shrinkwrap",
  "shrinkwrap": "Shrinkwrap",
  "wall-thickness-analysis": "Check walls",
  "thickness": "Check walls",
  "reduce-triangles": "Reduce triangles",
  "reduce": "Reduce triangles",
  "hollowing": "Hollow",
  "hollow": "Hollow",
  "scale": "Scale",
  "thumbnail": "Draw a picture",
  "export": "Export",
  "convert": "Export",
  "stl-conversion": "Convert to STL",
};

const operationTitle = (name) =>
  Object.hasOwn(operationTitles, name) ? operationTitles[name] : sentence(splitName(name));

/** The parameters that read better than by their names. */
const parameterPhrases = {
  "minimal-wall-thickness-mm": (value) => `at least ${value} mm`,
  "accuracy-mm": (value) => `within ${value} mm`,
  "wall-thickness-mm": (value) => `walls of ${value} mm`,
  "export-to-format": (value) => `as ${value}`,
  "axis": (value) => `along ${value}`,
  "scale-to-size-mm": (value) => `to ${value} mm`,
};

/** The name of the operation in a step's text. */
const stepName = (text) => text.split(/[:,]/)[0].trim();

/** A step's text: `scale: axis X, scaleToSizeMm 10`, or as on the command line, `scale:axis=X:scale-to-size-mm=10`. */
function stepInWords(text) {
  // A comma or colon that no name follows is part of a value.
  const [, ...parameters] = text.split(/[:,]\s*(?=[A-Za-z][\w-]*(?:[\s=:,]|$))/);
  return { title: operationTitle(stepName(text)), parameters: parameters.map(parameterInWords).filter(Boolean) };
}

function parameterInWords(text) {
  const [, name, value] = text.trim().match(/^([\w-]+)\s*=?\s*([^]*)$/) ?? [text, text, ""];
  const words = splitName(name);
  if (value === "null" || value === "false") return "";
  if (value === "" || value === "true") return words.join(" ");
  const phrase = Object.hasOwn(parameterPhrases, words.join("-")) && parameterPhrases[words.join("-")];
  if (phrase) return phrase(value);
  const unit = takeUnit(words);
  return `${words.join(" ")} ${value}${unit && ` ${unit}`}`;
}

// Names of figures

const units = { mm: "mm", mm2: "mm²", mm3: "mm³", degrees: "°", percent: "%", seconds: "s" };

/** `largestTurnDegrees` and `accuracy-mm` as lowercase words; single capitals, as of axes, stay. */
function splitName(name) {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .split(/[\s_.-]+/)
    .filter(Boolean)
    .map((word) => (word.length === 1 || /^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()));
}

/** Takes the unit off the end of a name's words. */
function takeUnit(words) {
  const unit = words.length > 1 && Object.hasOwn(units, words.at(-1)) ? units[words.at(-1)] : undefined;
  if (unit) words.pop();
  return unit ?? "";
}

function sentence(words) {
  const text = words.join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Name and value of a figure: `volumeMm3: 6241.7` is "Volume, mm³" and "6,241.7". */
function figureInWords(name, value) {
  const words = splitName(name);
  if (typeof value === "boolean") {
    if (words[0] === "is" || words[0] === "has") words.shift();
    return [sentence(words), value ? "yes" : "no"];
  }
  const unit = takeUnit(words);
  const label = sentence(words) + (unit && `, ${unit}`);
  if (value === null) return [label, "–"];
  return [label, typeof value === "number" ? exactly(value) : String(value)];
}

/** At least three digits that count, however small the number. */
const exactly = (value) => (value !== 0 && Math.abs(value) < 0.1 ? threeDigits : fine).format(value);

// Repairs

/** "2 holes filled, 14 triangles turned": the ledger by what was done, for the stages that do the same. */
function repairsInWords(repairs) {
  const counts = new Map();
  for (const { count, what } of repairs) counts.set(what, (counts.get(what) ?? 0) + count);
  return [...counts].map(([what, number]) => `${count(number)} ${number === 1 ? singular(what) : what}`).join(", ");
}

function singular(what) {
  const [noun, ...rest] = what.split(" ");
  const one = noun === "vertices" ? "vertex" : noun.replace(/s$/, "");
  return [one, ...rest].join(" ");
}
