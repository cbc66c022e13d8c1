#!/usr/bin/env python3
"""The script that people write: analyze, repair and draw a folder of models with trimesh, PyMeshFix and F3D.

    python3 peers.py do models out [processes]      writes out/files/*.stl and *.png, and a line a file to out/report.jsonl
    python3 peers.py judge folder                   counts the STL files in a folder that are watertight

Needs `pip install trimesh scipy networkx pymeshfix f3d`, and Mesa's EGL for F3D without a display (Debian: libegl1). Written to be
quick: one process starts once for many files, everything stays in memory between the three libraries, one renderer draws
all pictures of a process, and a process that crashes or hangs in a library is replaced.
"""

import json
import multiprocessing
import os
import queue
import sys
import time
from pathlib import Path

ENDINGS = {".stl", ".obj", ".ply", ".off"}
SIZE = 256
# Some files make PyMeshFix or F3D run on and on.
TIMEOUT_SECONDS = 60


class Renderer:
    def __init__(self):
        import f3d

        self.f3d = f3d
        f3d.Engine.autoload_plugins()
        kinds = f3d.Engine.get_rendering_backend_list()
        self.engine = f3d.Engine.create_egl() if kinds["egl"] else f3d.Engine.create(True)
        self.engine.window.size = (SIZE, SIZE)

    def draw(self, mesh, path):
        import numpy

        scene = self.engine.scene
        scene.clear()
        sides = [3] * len(mesh.faces)
        indices = numpy.asarray(mesh.faces, dtype="u4").ravel().tolist()
        points = numpy.asarray(mesh.vertices, dtype="f4").ravel().tolist()
        scene.add(self.f3d.Mesh(points=points, face_sides=sides, face_indices=indices))
        self.engine.window.camera.reset_to_bounds()
        self.engine.window.render_to_image().save(str(path))


def analyze(mesh):
    """What `facet analyze` says, as far as trimesh knows it; that surfaces cross one another it does not."""
    return {
        "triangles": len(mesh.faces), "size": mesh.extents.tolist(), "volume": float(mesh.volume), "area": float(mesh.area),
        "watertight": bool(mesh.is_watertight), "consistent": bool(mesh.is_winding_consistent),
        "bodies": int(mesh.body_count), "euler": int(mesh.euler_number),
    }


def work(path, stem, renderer):
    import numpy
    import pymeshfix
    import trimesh

    mesh = trimesh.load(path, force="mesh")
    if len(mesh.faces) == 0:
        raise ValueError("no triangles")
    before = analyze(mesh)
    # PyMeshFix takes minutes for what is there twice.
    mesh.update_faces(mesh.unique_faces() & mesh.nondegenerate_faces())
    # All bodies are kept: the default would throw all but the largest away.
    fix = pymeshfix.MeshFix(numpy.asarray(mesh.vertices, dtype="f8"), numpy.asarray(mesh.faces, dtype="i4"))
    fix.repair(joincomp=True, remove_smallest_components=False)
    if len(fix.faces) == 0:
        raise ValueError("nothing is left after repair")
    repaired = trimesh.Trimesh(fix.points, fix.faces, process=False)
    repaired.export(f"{stem}.stl")
    renderer.draw(repaired, f"{stem}.png")
    return {"before": before, "after": {"triangles": len(repaired.faces), "watertight": bool(repaired.is_watertight)}}


def serve(tasks, results):
    renderer = Renderer()
    while (task := tasks.get()) is not None:
        number, path, stem = task
        results.put((os.getpid(), number, None))
        try:
            line = {"outcome": "done", **work(path, stem, renderer)}
        except Exception as fault:
            line = {"outcome": "failed", "error": f"{type(fault).__name__}: {fault}"[:300]}
        results.put((os.getpid(), number, line))
    results.close()
    results.join_thread()


def do(models, out, processes):
    inputs = sorted(path for path in models.rglob("*") if path.suffix.lower() in ENDINGS and not path.name.startswith("."))
    lines = {}
    context = multiprocessing.get_context("spawn")
    tasks, results = context.Queue(), context.Queue()
    for number, path in enumerate(inputs):
        place = out / "files" / path.relative_to(models).parent
        place.mkdir(parents=True, exist_ok=True)
        tasks.put((number, str(path), str(place / f"{path.stem} {number}")))
    for _ in range(processes):
        tasks.put(None)
    workers = [context.Process(target=serve, args=(tasks, results)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    at = {}
    with open(out / "report.jsonl", "w", buffering=1) as report:

        def note(number, line):
            if number not in lines:
                lines[number] = line
                report.write(json.dumps({"input": str(inputs[number]), **line}) + "\n")

        while len(lines) < len(inputs):
            try:
                process, number, line = results.get(timeout=1)
                at[process] = (number, time.monotonic()) if line is None else None
                if line is not None:
                    note(number, line)
            except queue.Empty:
                pass
            for worker in list(workers):
                number, since = at.get(worker.pid) or (None, None)
                isLate = since is not None and time.monotonic() - since > TIMEOUT_SECONDS
                if isLate:
                    worker.kill()
                    worker.join()
                if worker.exitcode not in (None, 0):
                    workers.remove(worker)
                    workers.append(context.Process(target=serve, args=(tasks, results)))
                    workers[-1].start()
                    if number is not None:
                        note(number, {"outcome": "failed", "error": "took too long" if isLate else f"crashed, {worker.exitcode}"})
    for worker in workers:
        worker.join()


def judge(folder):
    """Watertight: every edge has two triangles, which face the same way, when corners with the same coordinates are one."""
    import trimesh

    found = {"files": 0, "watertight": 0}
    for path in folder.rglob("*.stl"):
        mesh = trimesh.load(path, force="mesh")
        found["files"] += 1
        found["watertight"] += bool(len(mesh.faces) and mesh.is_watertight and mesh.is_winding_consistent)
    print(json.dumps(found))


if __name__ == "__main__":
    if sys.argv[1] == "judge":
        judge(Path(sys.argv[2]))
    else:
        begin = time.monotonic()
        do(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 1)
        print(f"{time.monotonic() - begin:.2f} s")
