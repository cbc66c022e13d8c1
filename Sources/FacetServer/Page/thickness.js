// @ts-check
// The colours of wall thicknesses, as the server writes them into the file of an analysis: dark red where there is
// no wall left to pale yellow just below the limit, pale blue at the limit to dark blue at twice the limit and above.

const thin = [[165, 0, 38], [215, 48, 39], [244, 109, 67], [253, 174, 97], [254, 224, 144]];
const thick = [[200, 230, 240], [145, 195, 222], [90, 150, 199], [49, 84, 165]];

/** The scale ends at this many limits. */
export const reach = 2;

/** @param {number} share Of the limit, from 0 to `reach`. */
export function thicknessColor(share) {
  return share < 1 ? blend(thin, share) : blend(thick, Math.min(1, (share - 1) / (reach - 1)));
}

/**
 * @param {number[][]} stops
 * @param {number} share
 */
function blend(stops, share) {
  const place = share * (stops.length - 1);
  const first = Math.min(Math.floor(place), stops.length - 2);
  return stops[first].map((value, i) => Math.round(value + (stops[first + 1][i] - value) * (place - first)));
}

/**
 * Draws the scale from thin, on the left, to thick.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function drawScale(canvas) {
  const context = canvas.getContext("2d");
  if (!context) return;
  for (let x = 0; x < canvas.width; x++) {
    context.fillStyle = `rgb(${thicknessColor(((x + 0.5) / canvas.width) * reach).join(" ")})`;
    context.fillRect(x, 0, 1, canvas.height);
  }
}
