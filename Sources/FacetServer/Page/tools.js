// @ts-check
// The operations that the page offers, as forms. Limits are only told here: the server judges, and its answer is
// shown as it is.

/**
 * @typedef {object} Field
 * @property {string} name As the API calls it.
 * @property {string} label
 * @property {"number" | "integer" | "choice" | "switch"} kind
 * @property {string} [unit]
 * @property {string} [hint] What is allowed.
 * @property {string | boolean} [value] At first. A number without one is left out of the request.
 * @property {[string, string][]} [choices] Value and label.
 */

/**
 * @typedef {object} Tool
 * @property {string} operation As the API calls it; a choice named `operation` decides among several.
 * @property {string} title
 * @property {string} button
 * @property {string} about
 * @property {Field[]} fields
 */

/** @type {Tool[]} */
export const tools = [
  {
    operation: "repair", title: "Repair", button: "Repair",
    about: "Closes holes, joins seams, turns triangles outward, and unites bodies that overlap.",
    fields: [
      {
        name: "operation", label: "How far", kind: "choice", value: "repair",
        choices: [["repair", "Make it solid"], ["geometrical-repair", "Mend only what is torn"]],
      },
    ],
  },
  {
    operation: "wall-thickness-analysis", title: "Wall thickness", button: "Find thin walls",
    about: "Colours the part by how thick it is, and says whether walls are thinner than the limit.",
    fields: [
      { name: "minimalWallThicknessMm", label: "Limit", kind: "number", unit: "mm", value: "1", hint: "0.1 to 20" },
      {
        name: "accuracyWallThickness", label: "Accuracy", kind: "choice", value: "2",
        choices: [["1", "Coarse"], ["2", "Normal"], ["3", "Fine"]],
      },
    ],
  },
  {
    operation: "scale", title: "Scale", button: "Scale",
    about: "Gives the part a size along one axis.",
    fields: [
      { name: "axis", label: "Axis", kind: "choice", value: "Z", choices: [["X", "X"], ["Y", "Y"], ["Z", "Z"]] },
      { name: "scaleToSizeMm", label: "Size along it", kind: "number", unit: "mm", value: "50" },
      { name: "uniform", label: "In proportion", kind: "switch", value: true },
    ],
  },
  {
    operation: "reduce-triangles", title: "Reduce triangles", button: "Reduce",
    about: "Takes away triangles that the shape does not need, within a distance that is kept everywhere.",
    fields: [
      { name: "accuracyMm", label: "Distance", kind: "number", unit: "mm", value: "0.05", hint: "0 to 10" },
      { name: "maxAngle", label: "Largest turn", kind: "integer", unit: "°", hint: "0 to 90, or empty" },
      { name: "numberOfIterations", label: "Passes at most", kind: "integer", hint: "1 to 1000, or empty" },
    ],
  },
  {
    operation: "hollowing", title: "Hollow", button: "Hollow",
    about: "Makes a cavity behind walls of this thickness. The part must be closed; repair closes it.",
    fields: [
      { name: "wallThicknessMm", label: "Wall", kind: "number", unit: "mm", value: "2", hint: "1 to 20" },
      { name: "drainHoles", label: "Drain holes a cavity", kind: "integer", value: "1", hint: "0 to 16" },
    ],
  },
  {
    operation: "shrinkwrap-repair", title: "Shrinkwrap", button: "Wrap",
    about: "Wraps a new solid surface around the part, whatever state it is in.",
    fields: [
      {
        name: "accuracy", label: "Accuracy", kind: "choice", value: "Smooth",
        choices: [["Rough", "Rough"], ["Smooth", "Smooth"], ["Detailed", "Detailed"]],
      },
    ],
  },
  {
    operation: "thumbnail", title: "Picture", button: "Draw",
    about: "Draws the part as PNG, turned about its axes.",
    fields: [
      { name: "width", label: "Width", kind: "integer", unit: "px", value: "800", hint: "10 to 10000" },
      { name: "height", label: "Height", kind: "integer", unit: "px", value: "600", hint: "10 to 10000" },
      { name: "cameraAngleX", label: "About X", kind: "integer", unit: "°", value: "0", hint: "−180 to 180" },
      { name: "cameraAngleY", label: "About Y", kind: "integer", unit: "°", value: "0", hint: "−180 to 180" },
      { name: "cameraAngleZ", label: "About Z", kind: "integer", unit: "°", value: "0", hint: "−180 to 180" },
    ],
  },
  {
    operation: "export", title: "Export", button: "Export",
    about: "Writes the part in another file format, in millimetres.",
    fields: [
      {
        name: "exportToFormat", label: "Format", kind: "choice", value: "stl",
        choices: [["stl", "STL"], ["obj", "OBJ"], ["ply", "PLY"], ["off", "OFF"]],
      },
    ],
  },
];

/**
 * What an operation is called while it runs.
 *
 * @type {Record<string, string>}
 */
export const titles = {
  import: "Import",
  analyze: "Analysis",
  repair: "Repair",
  "geometrical-repair": "Geometrical repair",
  "wall-thickness-analysis": "Wall thickness",
  scale: "Scale",
  "reduce-triangles": "Reduce triangles",
  hollowing: "Hollow",
  "shrinkwrap-repair": "Shrinkwrap",
  thumbnail: "Picture",
  export: "Export",
};

/**
 * What a version is called that an operation made.
 *
 * @type {Record<string, string>}
 */
export const outcomes = {
  import: "Imported",
  repair: "Repaired",
  "geometrical-repair": "Mended",
  scale: "Scaled",
  "reduce-triangles": "Reduced",
  hollowing: "Hollowed",
  "shrinkwrap-repair": "Wrapped",
};
