// @ts-check
// Reads STL files beside the page, which stays responsive meanwhile.

import { parseSTL } from "./stl.js";

addEventListener("message", async ({ data }) => {
  try {
    const model = parseSTL(await data.blob.arrayBuffer());
    const transfer = [model.positions.buffer];
    if (model.colors) transfer.push(model.colors.buffer);
    postMessage({ id: data.id, model }, { transfer });
  } catch (error) {
    postMessage({ id: data.id, error: String(error) });
  }
});
