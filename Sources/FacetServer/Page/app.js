// @ts-check
// Puts the page together: signing in and out, bringing files, and the parts of the page that show the work.

import { Api, Session } from "./api.js";
import { announce, byId, make } from "./dom.js";
import { errorList } from "./errors.js";
import { Files } from "./files.js";
import { Log } from "./log.js";
import { Maker } from "./maker.js";
import { PartsList } from "./parts-list.js";
import { Report } from "./report.js";
import { Stage } from "./stage.js";
import { ToolForms } from "./tool-forms.js";
import { entries, Work } from "./work.js";
import { Workspace } from "./workspace.js";

const session = new Session();
const api = new Api(session);
const workspace = new Workspace();
const work = new Work(api, workspace);
const files = new Files(api);
const parts = new PartsList(byId("parts"), work, files);
const maker = new Maker(work, files);
const stage = new Stage(work, files);
const forms = new ToolForms(work);
const report = new Report(work, files, () => forms.submit("repair"));
const log = new Log(byId("operations"), work, files, () => stage.showWalls(true));

function enter() {
  workspace.open(session.user ?? "");
  byId("sign-in").hidden = true;
  byId("bench").hidden = false;
  byId("account").hidden = false;
  byId("account-name").textContent = session.user;
  parts.clear();
  maker.clear();
  log.fill();
  parts.update();
  forms.update();
  report.update();
  stage.update();
  work.resume();
}

function leave() {
  files.forget();
  byId("bench").hidden = true;
  byId("account").hidden = true;
  byId("sign-in").hidden = false;
  byId("user").focus();
}

byId("sign-in").addEventListener("submit", async (/** @type {Event} */ event) => {
  event.preventDefault();
  const errors = byId("sign-in-errors");
  errors.replaceChildren();
  try {
    await session.signIn(byId("user").value, byId("password").value);
    byId("password").value = "";
    enter();
    byId("files").focus();
  } catch (error) {
    const said = entries(error, "The page failed.");
    if (said.some((entry) => entry.code === 12)) {
      errors.append(make("p", { className: "hint" }, "The name or the password is not right."));
    }
    errors.append(errorList(said));
  }
});

// A new page is the surest way to let go of all that belonged to somebody.
byId("sign-out").addEventListener("click", () => {
  session.signOut();
  location.reload();
});

session.addEventListener("ended", () => {
  leave();
  announce("Signed out.");
});

/** @param {Iterable<File>} chosen */
function bring(chosen) {
  const units = /** @type {HTMLInputElement} */ (document.querySelector("input[name=units]:checked")).value;
  for (const file of chosen) work.bring(file, /** @type {"mm" | "inch"} */ (units));
}

byId("files").addEventListener("change", () => {
  bring(byId("files").files);
  // Choosing the same file again is then a change, too.
  byId("files").value = "";
});

for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    if (!session.user || !(/** @type {DragEvent} */ (event).dataTransfer?.types.includes("Files"))) return;
    event.preventDefault();
    byId("drop").classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) byId("drop").classList.remove("over");
});
document.addEventListener("drop", (event) => {
  byId("drop").classList.remove("over");
  if (!session.user || !event.dataTransfer?.files.length) return;
  event.preventDefault();
  bring(event.dataTransfer.files);
});

if (session.user) enter();
else leave();
