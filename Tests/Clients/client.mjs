#!/usr/bin/env node
// Checks an STL file, repairs it when it needs that, looks for thin walls, draws it, and downloads what was made.
// Needs Node 20 and nothing else.
//
//   FACET_URL=http://127.0.0.1:8080 FACET_CLIENT_ID=… FACET_CLIENT_SECRET=… FACET_USER=… FACET_PASSWORD=… \
//     node client.mjs part.stl

import { openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const url = process.env.FACET_URL ?? "http://127.0.0.1:8080";
const api = `${url}/web-api/operation`;

/** A reply, or an error with the server's own words. */
async function call(address, request = {}) {
  const reply = await fetch(address, request);
  if (reply.ok) return reply;
  const { errors } = await reply.json();
  throw new Error(errors.map(({ code, message }) => `error ${code}: ${message}`).join("\n"));
}

class Facet {
  static async signIn({ FACET_CLIENT_ID, FACET_CLIENT_SECRET, FACET_USER, FACET_PASSWORD }) {
    const client = Buffer.from(`${FACET_CLIENT_ID}:${FACET_CLIENT_SECRET}`).toString("base64");
    const reply = await call(`${url}/token`, {
      method: "POST",
      headers: { Authorization: `Basic ${client}` },
      body: new URLSearchParams({ grant_type: "password", username: FACET_USER, password: FACET_PASSWORD }),
    });
    const facet = new Facet();
    facet.headers = { Authorization: `Bearer ${(await reply.json()).access_token}` };
    return facet;
  }

  async upload(path) {
    const body = new FormData();
    body.append("file", await openAsBlob(path), basename(path));
    const reply = await call(`${api}/file`, { method: "POST", headers: this.headers, body });
    return (await reply.json()).fileId;
  }

  /** Starts an operation and waits for its result. */
  async run(operation, parameters) {
    const headers = { ...this.headers, "Content-Type": "application/json" };
    const started = await call(`${api}/${operation}`, { method: "POST", headers, body: JSON.stringify(parameters) });
    const address = `${api}/${(await started.json()).operationId}`;
    for (;;) {
      const status = await call(`${address}/status`, { headers: this.headers });
      if ((await status.json()).isCompleted) break;
      await pause(500);
    }
    // The result of an operation that failed is its error.
    return (await call(`${address}/${operation}/result`, { headers: this.headers })).json();
  }

  async download(fileId, path) {
    const reply = await call(`${api}/file/${fileId}`, { headers: this.headers });
    await writeFile(path, reply.body);
    console.log(`wrote ${path}`);
  }
}

const path = process.argv[2];
const name = basename(path, ".stl");
try {
  const facet = await Facet.signIn(process.env);
  const imported = await facet.run("import", { fileId: await facet.upload(path), measurementUnits: "mm" });
  let inputId = imported.resultId;

  const found = await facet.run("analyze", { inputId });
  console.log(`${found.triangles} triangles, ${found.volumeMm3.toFixed(1)} mm³, ${found.badEdges} bad edges`);
  if (found.badEdges > 0 || found.badContours > 0 || found.volumeMm3 <= 0) {
    inputId = (await facet.run("repair", { inputId })).resultId;
    console.log("repaired");
  }

  const limits = { minimalWallThicknessMm: 1, accuracyWallThickness: 2 };
  const walls = await facet.run("wall-thickness-analysis", { inputId, ...limits });
  console.log(walls.hasThinWalls ? "some walls are thinner than 1 mm" : "no thin walls");
  await facet.download(walls.fileId, `${name}-walls.stl`);

  const camera = { cameraAngleX: 0, cameraAngleY: 0, cameraAngleZ: 30 };
  const picture = await facet.run("thumbnail", { inputId, width: 800, height: 600, ...camera });
  await facet.download(picture.fileId, `${name}.png`);
  const ready = await facet.run("export", { inputId, exportToFormat: "stl" });
  await facet.download(ready.fileId, `${name}-ready.stl`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
