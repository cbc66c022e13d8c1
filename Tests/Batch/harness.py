"""What the tests of batches share: a batch that can be watched and killed, its folder, and the judgement whether it is
whole. Python's standard library only.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from models import EXPECTED

STEPS = "repair,wall-thickness-analysis:minimal-wall-thickness-mm=1,reduce-triangles:accuracy-mm=0.05,thumbnail"
# Enough for all that models.py writes but what is meant to need more, with much to spare.
TIMEOUT_SECONDS = 20
MEMORY_BUDGET = "64MB"
REPORTS = ["report.jsonl", "report.csv", "report.html"]
PAGE = os.sysconf("SC_PAGE_SIZE")


def command(binary, models, out, *more, steps=STEPS):
    return [str(binary), "batch", str(models), "--steps", steps, "--out", str(out), *map(str, more)]


def limits():
    return ["--timeout", str(TIMEOUT_SECONDS), "--memory-budget", MEMORY_BUDGET]


def journal(out):
    """The lines of a batch's journals, in their order, but for what a crash cut short. Shards have a journal each; what
    they were merged to is none."""
    lines = []
    for path in sorted(Path(out).glob("report-*.jsonl")) or [Path(out, "report.jsonl")]:
        if not path.exists():
            continue
        for line in path.read_bytes().split(b"\n"):
            try:
                lines.append(json.loads(line))
            except ValueError:
                pass
    return lines


def hashes(folder):
    """The hash of every file in a folder, by its path there."""
    folder = Path(folder)
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*")) if path.is_file()
    }


def results(out):
    """What a batch has made beside its reports, by path."""
    return {path: hash for path, hash in hashes(out).items() if path.startswith(("files/", "pictures/"))}


def differences(first, second, shown=3):
    """In which files two folders differ, in words; empty when they are the same."""
    both = sorted(first.keys() | second.keys())
    other = [path for path in both if first.get(path) != second.get(path)]
    if not other:
        return ""
    how = [f"{path!r} {'missing here' if path not in first else 'missing there' if path not in second else 'differs'}"
           for path in other[:shown]]
    return f"{len(other)} of {len(both)} files: " + ", ".join(how)


def sharedSession(session):
    """The processes of a session: (id, resident bytes), without those that have ended."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            fields = Path("/proc", entry, "stat").read_bytes().rpartition(b")")[2].split()
            if int(fields[3]) == session and fields[0] not in (b"Z", b"X"):
                found.append((int(entry), int(fields[21]) * PAGE))
        except (OSError, ValueError):
            pass
    return found


class Batch:
    """A batch that runs, in a session of its own, so that all its processes can be told."""

    def __init__(self, arguments, out, environment=None):
        self.out = Path(out)
        self.begin = time.monotonic()
        self.log = open(f"{self.out}.log", "ab")
        self.process = subprocess.Popen(
            arguments, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, **(environment or {})})

    def memory(self):
        """Resident bytes of the command, and of its workers."""
        found = dict(sharedSession(self.process.pid))
        own = found.pop(self.process.pid, 0)
        return own, sum(found.values())

    def workers(self):
        return [id for id, _ in sharedSession(self.process.pid) if id != self.process.pid]

    def signal(self, number, toAll=False):
        """To the command alone, or to its workers as well, as a terminal's Ctrl-C and most schedulers do."""
        try:
            (os.killpg if toAll else os.kill)(self.process.pid, number)
        except ProcessLookupError:
            pass

    def wait(self, seconds=3600):
        """The exit status, as a shell says it."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL, toAll=True)
            raise SystemExit(f"the batch has not ended after {seconds} s; see {self.log.name}")
        self.seconds = time.monotonic() - self.begin
        self.log.close()
        return 128 - status if status < 0 else status

    def survivors(self, seconds=5):
        """Workers that are still there some time after the command's end."""
        end = time.monotonic() + seconds
        while (left := self.workers()) and time.monotonic() < end:
            time.sleep(0.05)
        for id in left:
            os.kill(id, signal.SIGKILL)
        return left


class MemoryWatch(threading.Thread):
    """Samples the memory of a batch, each with the number of files that were finished by then."""

    def __init__(self, batch, every=0.05):
        super().__init__(daemon=True)
        self.batch, self.every, self.samples = batch, every, []

    def run(self):
        done, at = 0, 0
        report = self.batch.out / "report.jsonl"
        while self.batch.process.poll() is None:
            try:
                with open(report, "rb") as file:
                    file.seek(at)
                    data = file.read()
                    done, at = done + data.count(b"\n"), at + len(data)
            except OSError:
                pass
            own, workers = self.batch.memory()
            self.samples.append((done, own + workers, own))
            time.sleep(self.every)

    def between(self, first, last, isOwn=False):
        """Memory of all, or of the command alone, when `first` to below `last` files were finished; in order of size."""
        return sorted(own if isOwn else all for done, all, own in self.samples if first <= done < last)


def middle(values):
    return values[len(values) // 2] if values else float("nan")


def megabytes(bytes):
    return f"{bytes / 1e6:.1f} MB"


def accountFaults(out, kinds, models):
    """What is wrong with a finished batch: each input has one line, which says what was to be expected of it."""
    faults, seen = [], {}
    for line in journal(out):
        path = os.path.relpath(line["input"], models)
        if path in seen:
            faults.append(f"{path!r} has two lines")
        seen[path] = line
        if path not in kinds:
            faults.append(f"{path!r} has a line and is no input")
            continue
        outcome, codes = EXPECTED[kinds[path]]
        said = {error["code"] for error in line.get("errors", [])} or {None}
        if line["outcome"] != outcome or not said <= codes:
            faults.append(f"{path!r} is {kinds[path]}, and its line says {line['outcome']} {said}: {line.get('errors')}")
    faults += [f"{path!r} has no line" for path in kinds if path not in seen]
    names = [line["name"] for line in seen.values()]
    if len(set(names)) != len(names):
        faults.append("two inputs have one name")
    return faults + folderFaults(out, seen.values())


def folderFaults(out, lines):
    """Every file that the lines name is there, with that hash; no other file is."""
    faults = []
    there = hashes(out)
    expected = {"batch.json": None, **{name: None for name in REPORTS}}
    expected.update({path: None for path in there if path.startswith("report-") and path.endswith(".jsonl")})
    for line in lines:
        for file in [*line.get("outputs", []), *line.get("pictures", [])]:
            if file["path"] in expected:
                faults.append(f"{file['path']!r} is of two inputs")
            expected[file["path"]] = file.get("sha256")
    for path, hash in expected.items():
        if path not in there:
            faults.append(f"{path!r} is missing")
        elif hash and there[path] != hash:
            faults.append(f"{path!r} is not what its line says")
    return faults + [f"{path!r} is left over" for path in there if path not in expected]


def merge(binary, outs, into):
    """Joins reports, and returns the exit status."""
    outs = outs if isinstance(outs, list) else [outs]
    run = subprocess.run([str(binary), "report", "merge", *map(str, outs), "--out", str(into)], capture_output=True, text=True)
    if run.returncode not in (0, 1):
        print(f"facet report merge ended with {run.returncode}: {run.stderr.strip()[:500]}")
    return run.returncode


def reportFaults(what, first, second):
    """Whether two folders hold the same reports, byte for byte."""
    faults = []
    for name in REPORTS:
        a, b = Path(first, name), Path(second, name)
        if not a.is_file() or not b.is_file():
            faults.append(f"{what}: {name} was not made")
        elif a.read_bytes() != b.read_bytes():
            at = next((i for i, (x, y) in enumerate(zip(a.read_bytes(), b.read_bytes())) if x != y), "the end")
            faults.append(f"{what}: {name} differs, from byte {at} on: {a} {b}")
    return faults


def timed(arguments, log):
    """Seconds, and processor seconds."""
    before = os.times()
    begin = time.monotonic()
    with open(log, "ab") as file:
        status = subprocess.run(arguments, stdout=file, stderr=file).returncode
    if status not in (0, 1):
        raise SystemExit(f"{' '.join(map(str, arguments[:2]))} ended with {status}; see {log}")
    after = os.times()
    return time.monotonic() - begin, sum(after[2:4]) - sum(before[2:4])


def finish(faults, shown=40):
    """Prints what is wrong and ends the program."""
    for fault in faults[:shown]:
        print("FAULT", fault)
    if len(faults) > shown:
        print(f"and {len(faults) - shown} more")
    print("all is as it must be" if not faults else f"{len(faults)} faults")
    sys.exit(1 if faults else 0)
