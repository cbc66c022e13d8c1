#!/usr/bin/env python3
"""What a second worker gains, and what a batch costs over its operations alone. Wants a machine that does nothing else.

    python3 speed.py path/to/facet [models] [--count 200] [--runs 3]

Two workers against one, each with one thread; and one worker against `facet run`, which does the same steps on the same files one
after the other in one process and keeps no report. The runs alternate; ratios are the median of those within a round, so that a
machine that is slow for a while is slow for both. Two such runs at once, with half of the files each, tell what the machine
itself gives: processors that share a core, or a host, give less than two.
"""

import argparse
import json
import os
import shlex
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from harness import STEPS, timed
from models import write

GAIN, OVERHEAD = 1.85, 0.05

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("facet")
parser.add_argument("models", nargs="?", help="a folder of one's own")
parser.add_argument("--count", type=int, default=200)
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--steps", default=STEPS)
given = parser.parse_args()


def ratio(of, to, what=0):
    """Median over the rounds; of seconds, or (1) of processor seconds."""
    return statistics.median(a[what] / b[what] for a, b in zip(found[of], found[to]))


folder = Path(tempfile.mkdtemp(prefix="facet-speed-"))
try:
    models = Path(given.models or folder / "models")
    if not given.models:
        kinds = write(models, given.count)
    # Under names that do not collide: `facet run` puts all results into one folder.
    flat = folder / "flat"
    flat.mkdir()
    for number, path in enumerate(sorted(path for path in models.rglob("*") if path.is_file())):
        if path.suffix.lower() in (".stl", ".obj", ".ply", ".off") and not path.name.startswith("."):
            shutil.copy(path, flat / f"{number:05d}{path.suffix}")
    files = sorted(map(str, flat.iterdir()))
    ways = {
        "run": [given.facet, "run", *files, "--steps", given.steps, "--threads", "1", "-o"],
        "batch, 1 worker": [given.facet, "batch", str(flat), "--steps", given.steps, "--jobs", "1", "--threads", "1",
                            "--no-pictures", "--out"],
        "batch, 2 workers": [given.facet, "batch", str(flat), "--steps", given.steps, "--jobs", "2", "--threads", "1",
                             "--no-pictures", "--out"],
        "batch with pictures, 1 worker": [given.facet, "batch", str(flat), "--steps", given.steps, "--jobs", "1",
                                          "--threads", "1", "--out"],
        "batch with pictures, 2 workers": [given.facet, "batch", str(flat), "--steps", given.steps, "--jobs", "2",
                                           "--threads", "1", "--out"],
    }
    found = {name: [] for name in [*ways, "two runs at once"]}
    for number in range(given.runs):
        for name, arguments in ways.items():
            # One after the other each has a folder that is new: where much was just deleted, making files takes longer.
            out = folder / f"out {number} {name}"
            found[name].append(timed([*arguments, str(out) + ("/" if name == "run" else "")], folder / "log"))
            if name == "batch, 1 worker":
                lines = [json.loads(line) for line in open(out / "report.jsonl")]
                inSteps = sum(step["seconds"] for line in lines for step in line["timings"]["steps"])
                inFiles = sum(line["timings"]["seconds"] for line in lines)
                print(f"the report of one worker: {inSteps:.2f} s in steps, {inFiles:.2f} s in files, "
                      f"{found[name][-1][0]:.2f} s in all", flush=True)
        halves = [shlex.join([given.facet, "run", *files[half::2], "--steps", given.steps, "--threads", "1", "-o",
                              str(folder / f"half {number} {half}") + "/"]) for half in range(2)]
        together = f"{halves[0]} & {halves[1]}; status=$?; wait $! || exit $?; exit $status"
        found["two runs at once"].append(timed(["sh", "-c", together], folder / "log"))
    print(f"{len(files)} files; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; least of {given.runs} runs")
    for name, pairs in found.items():
        print(f"  {name}: {min(pair[0] for pair in pairs):.2f} s, {min(pair[1] for pair in pairs):.2f} s of processors")
    gain = ratio("batch, 1 worker", "batch, 2 workers")
    pictured = ratio("batch with pictures, 1 worker", "batch with pictures, 2 workers")
    overhead = ratio("batch, 1 worker", "run") - 1
    each = statistics.median((b[0] - r[0]) / len(files) for b, r in zip(found["batch, 1 worker"], found["run"]))
    print(f"a second worker: {gain:.2f} times (with pictures {pictured:.2f}); wanted {GAIN}; "
          f"the machine gives two runs at once {ratio('run', 'two runs at once'):.2f}")
    print(f"over the bare operations: {overhead:+.1%}, {each * 1000:.1f} ms a file, of processors "
          f"{ratio('batch, 1 worker', 'run', 1) - 1:+.1%}; wanted below {OVERHEAD:.0%}")
    ok = min(gain, pictured) >= GAIN and overhead < OVERHEAD
finally:
    shutil.rmtree(folder, ignore_errors=True)
sys.exit(0 if ok else 1)
