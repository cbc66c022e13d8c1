#!/usr/bin/env python3
"""Analyze, repair and draw some hundred files: `facet batch`, and the script that people write with other libraries.

    python3 compare.py path/to/facet [models ...] [--count 500] [--python venv/bin/python] [--largest 50000]

Without models of one's own it makes some (models.py). The other script is peers.py, run by a Python that has trimesh, PyMeshFix and
F3D. Both do the same work in the same run of this program, by one process and by two, with the files in the page cache; printed
are seconds, their ratio, and how many of the results are watertight, judged alike.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import timed
from models import write

PEERS = Path(__file__).resolve().parent / "peers.py"
STEPS = "analyze,repair,thumbnail"
WANTED = 5.0

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("facet")
parser.add_argument("models", nargs="*", help="folders and files of one's own")
parser.add_argument("--count", type=int, default=500)
parser.add_argument("--largest", type=int, default=50_000)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--python", default=sys.executable, help="one that has trimesh, pymeshfix and f3d")
parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2], help="how many processes")
parser.add_argument("--keep", help="a folder for all of it, which is then not thrown away")
given = parser.parse_args()


def gather(folder):
    if not given.models:
        write(folder, given.count, given.seed, largest=given.largest)
        return
    for number, path in enumerate(map(Path, given.models)):
        if path.is_dir():
            shutil.copytree(path, folder / f"{number} {path.name}")
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / f"{number} {path.name}")


def outcomes(out):
    lines = [json.loads(line) for line in open(out / "report.jsonl")]
    return sum(line["outcome"] == "done" for line in lines), len(lines), [line for line in lines if line["outcome"] != "done"]


def judge(out):
    run = subprocess.run([given.python, str(PEERS), "judge", str(out / "files")], capture_output=True, text=True, check=True)
    return json.loads(run.stdout.splitlines()[-1])


check = subprocess.run([given.python, "-c", "import trimesh, scipy, networkx, pymeshfix, f3d"], capture_output=True, text=True)
if check.returncode != 0:
    print(f"SKIPPED: {given.python} lacks what the other script needs: {check.stderr.strip().splitlines()[-1]}")
    sys.exit(0)
folder = Path(given.keep or tempfile.mkdtemp(prefix="facet-compare-"))
try:
    models = folder / "models"
    gather(models)
    files = [path for path in models.rglob("*") if path.is_file() and not path.name.startswith(".")]
    size = sum(path.stat().st_size for path in files)
    print(f"{len(files)} files, {size / 1e6:.0f} MB; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
    ratios = {}
    for jobs in given.jobs:
        out = folder / f"facet-{jobs}"
        batch = [given.facet, "batch", str(models), "--steps", STEPS, "--jobs", str(jobs), "--out"]
        full = timed([*batch, str(folder / f"facet-{jobs}-pictures")], folder / "facet.log")
        ours = timed([*batch, str(out), "--no-pictures"], folder / "facet.log")
        peerOut = folder / f"peers-{jobs}"
        theirs = timed([given.python, str(PEERS), "do", str(models), str(peerOut), str(jobs)], folder / "peers.log")
        ratios[jobs] = theirs[0] / ours[0]
        print(f"{jobs} at a time: facet {ours[0]:.1f} s ({full[0]:.1f} s with pictures before and after), trimesh + PyMeshFix + F3D "
              f"{theirs[0]:.1f} s: {theirs[0] / ours[0]:.1f} times ({theirs[0] / full[0]:.1f} with those pictures)")
        print(f"  seconds of processors: {ours[1]:.1f} ({full[1]:.1f}), {theirs[1]:.1f}: {theirs[1] / ours[1]:.1f} times "
              f"({theirs[1] / full[1]:.1f})", flush=True)
        for name, place in [("facet", out), ("the others", peerOut)]:
            done, all, failed = outcomes(place)
            found = judge(place)
            print(f"  {name}: {done} of {all} done, {found['watertight']} watertight", flush=True)
            for line in failed if name != "facet" else []:
                if "took too long" in line["error"] or "crashed" in line["error"]:
                    print(f"    {line['input']}: {line['error']}")
finally:
    if not given.keep:
        shutil.rmtree(folder, ignore_errors=True)
sys.exit(0 if min(ratios.values()) >= WANTED else 1)
