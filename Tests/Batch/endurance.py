#!/usr/bin/env python3
"""A long batch, and the same one killed again and again: nothing is lost, nothing differs, memory stays flat.

    python3 endurance.py path/to/facet [2000] [20] [seed] [--keep folder]

Runs a batch over so many files (models.py), and checks that each input has its one line, that the exit status says that
some failed, and that the memory of all its processes is the same at the first and at the last hundred files. Then the same
batch is stopped that many times at random instants (SIGKILL mostly, SIGTERM and SIGINT; the command alone or all its
processes; sometimes with the report's last line torn, as a loss of power does), and resumed to its end. Merged reports
and all results must be the same bytes; no temporary file is left, and no worker outlives its command.
"""

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from harness import (Batch, MemoryWatch, accountFaults, command, differences, finish, journal, limits, megabytes, merge,
                     middle, reportFaults, results)
from models import write

GROWTH = 1.05
FEWEST_FOR_MEMORY = 400

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("facet")
parser.add_argument("count", nargs="?", type=int, default=2000)
parser.add_argument("kills", nargs="?", type=int, default=20)
parser.add_argument("seed", nargs="?", type=int, default=1)
parser.add_argument("--jobs", type=int, default=2)
parser.add_argument("--keep", help="a folder for all of it, which is then not thrown away")
given = parser.parse_args()
faults = []


def uninterrupted(models, kinds, out):
    """One run to the end; returns its seconds."""
    batch = Batch(command(given.facet, models, out, "--jobs", given.jobs, *limits()), out)
    watch = MemoryWatch(batch)
    watch.start()
    status = batch.wait()
    watch.join()
    if status != 1:
        faults.append(f"exit status {status} of a batch of which some inputs fail; see {batch.log.name}")
    faults.extend(accountFaults(out, kinds, models))
    if batch.survivors():
        faults.append("workers are left when the batch is done")
    count = len(kinds)
    print(f"{count} files in {batch.seconds:.1f} s, {count / batch.seconds:.1f} a second, {given.jobs} at a time, "
          f"status {status}; memory at most {megabytes(max(all for _, all, _ in watch.samples))}", flush=True)
    # Hundreds are alike. Left out: the start, when workers have done nothing yet, and the end, when they run dry, the file
    # that needs much memory is worked on alone, and the report is made.
    spans = [(15, 100), (count - 100, count - 15)]
    first, last = (watch.between(*span) for span in spans)
    own = [middle(watch.between(*span, isOwn=True)) for span in spans]
    print(f"memory of all processes: first hundred {megabytes(middle(first))} (most {megabytes(max(first, default=0))}), "
          f"last hundred {megabytes(middle(last))} (most {megabytes(max(last, default=0))}), "
          f"{middle(last) / middle(first) - 1:+.1%}; of that the command itself "
          f"{megabytes(own[0])} and {megabytes(own[1])}", flush=True)
    if count >= FEWEST_FOR_MEMORY and not middle(last) <= middle(first) * GROWTH:
        faults.append(f"memory grew from {megabytes(middle(first))} to {megabytes(middle(last))}")
    return batch.seconds


def killed(models, out, seconds):
    """Runs it with interruptions, and at last to its end."""
    r = random.Random(given.seed)
    begin, stops, torn, known = time.monotonic(), {}, 0, 0
    for number in range(given.kills):
        batch = Batch(command(given.facet, models, out, "--jobs", given.jobs, "--resume", *limits()), out)
        time.sleep(r.uniform(0.05, 1.7 * seconds / given.kills))
        if batch.process.poll() is not None:
            print(f"the batch was done before stop {number + 1}")
            batch.wait()
            break
        kind = r.choice([signal.SIGKILL] * 4 + [signal.SIGTERM, signal.SIGINT])
        toAll = r.random() < 0.5
        batch.signal(kind, toAll)
        sent = time.monotonic()
        status = batch.wait(120)
        took = time.monotonic() - sent
        name = f"{signal.Signals(kind).name}{' to all' if toAll else ''}"
        stops[name] = stops.get(name, 0) + 1
        if status != 128 + kind and not (kind == signal.SIGINT and status == 1):
            faults.append(f"exit status {status} after {name}; see {batch.log.name}")
        if kind == signal.SIGTERM and took > 5:
            faults.append(f"{took:.1f} s from SIGTERM to the end")
        if left := batch.survivors():
            faults.append(f"{len(left)} workers outlive their command, {name}")
        lines = journal(out)
        done = {line["name"] for line in lines if line["outcome"] == "done"}
        if len(done) < known:
            faults.append(f"{known} files were done, and after {name} {len(done)} are")
        times = Counter(line["name"] for line in lines)
        faults.extend(f"{name!r} was done again" for name in done if times[name] > 1)
        known = len(done)
        report = Path(out, "report.jsonl")
        if kind == signal.SIGKILL and r.random() < 0.3 and report.is_file() and report.stat().st_size > 100:
            with open(report, "r+b") as file:
                file.truncate(report.stat().st_size - r.randrange(1, 60))
            torn, known = torn + 1, known - 1
    batch = Batch(command(given.facet, models, out, "--jobs", given.jobs, "--resume", *limits()), out)
    status = batch.wait()
    if status != 1:
        faults.append(f"exit status {status} of the last resumption; see {batch.log.name}")
    print(f"{sum(stops.values())} stops {stops}, {torn} torn lines: {time.monotonic() - begin:.1f} s in all", flush=True)
    # Once more: nothing is left to be done.
    before = results(out)
    batch = Batch(command(given.facet, models, out, "--jobs", given.jobs, "--resume", *limits()), out)
    status = batch.wait()
    print(f"resumed when all is done: {batch.seconds:.1f} s, status {status}")
    if status != 1 or results(out) != before:
        faults.append(f"resuming a finished batch: status {status}, {differences(before, results(out))}")


def refusals(models, out):
    """A folder with a report is not written to by chance."""
    before = Path(out, "report.jsonl").read_bytes()
    batch = Batch(command(given.facet, models, out, *limits()), out)
    if batch.wait() != 2 or Path(out, "report.jsonl").read_bytes() != before:
        faults.append(f"a folder with a report was taken without --resume; see {batch.log.name}")


folder = Path(given.keep or tempfile.mkdtemp(prefix="facet-batch-"))
try:
    models = folder / "models"
    kinds = write(models, given.count, given.seed, isSlow=True, isHuge=True)
    seconds = uninterrupted(models, kinds, folder / "whole")
    killed(models, folder / "stopped", seconds)
    faults += accountFaults(folder / "stopped", kinds, models)
    for out in ["whole", "stopped"]:
        if (status := merge(given.facet, folder / out, folder / f"{out}-merged")) != 1:
            faults.append(f"facet report merge: status {status}")
    faults += reportFaults("whole and stopped", folder / "whole-merged", folder / "stopped-merged")
    for name in ["report.csv", "report.html"]:
        if Path(folder, "whole", name).read_bytes() != Path(folder, "whole-merged", name).read_bytes():
            faults.append(f"{name} of the batch is another than that of its merged report")
    if other := differences(results(folder / "whole"), results(folder / "stopped")):
        faults.append(f"results differ between the whole batch and the stopped one: {other}")
    print(f"{len(results(folder / 'whole'))} results compared")
    refusals(models, folder / "whole")
finally:
    if not given.keep:
        if faults:
            print(f"kept for a look: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
finish(faults)
