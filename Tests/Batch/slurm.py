#!/usr/bin/env python3
"""Job arrays of a real Slurm, on this machine: one task, eight, and eight of which some are killed make the same report.

    python3 slurm.py path/to/facet [files]

Starts a Slurm of its own (Debian: slurm-wlm; munged, slurmctld and slurmd, as the user who runs this, on ports that were
free, in a scratch folder) and submits the script and the commands that the documentation shows (FacetCLI.docc/Cluster.md), as
they stand there. Where Slurm is missing or does not start, says SKIPPED and why, and ends with status 0.
"""

import contextlib
import getpass
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import accountFaults, differences, finish, journal, reportFaults, results
from models import write

PAGE = Path(__file__).resolve().parents[2] / "Sources" / "FacetCLI" / "FacetCLI.docc" / "Cluster.md"
TASKS = 8
PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "srun", "scontrol", "squeue", "sinfo", "scancel"]


def skip(why):
    print(f"SKIPPED: {why}")
    sys.exit(0)


def program(name):
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin:/usr/local/sbin")


def freePort():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def blocks(language):
    """What the page shows in that language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)


class Slurm:
    """A cluster of one machine, which says of itself that it is larger."""

    def __init__(self, folder):
        self.folder = folder
        self.daemons = []
        for name in ["key", "run", "state", "spool", "logs"]:
            (folder / name).mkdir()
        # Munge wants its socket where all can reach it.
        os.chmod(folder, 0o711)
        os.chmod(folder.parent, 0o711)
        os.chmod(folder / "key", 0o700)
        key, sock = folder / "key" / "munge.key", folder / "run" / "munge.socket"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        host, user = socket.gethostname().partition(".")[0], getpass.getuser()
        self.configuration = folder / "slurm.conf"
        self.configuration.write_text(f"""
ClusterName=facet
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={freePort()}
SlurmdPort={freePort()}
AuthType=auth/munge
AuthInfo=socket={sock},cred_expire=5
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=1,sched_interval=1
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/run/slurmctld.pid
SlurmdPidFile={folder}/run/slurmd.pid
SlurmctldLogFile={folder}/logs/slurmctld.log
SlurmdLogFile={folder}/logs/slurmd.log
SlurmdParameters=config_overrides
MailProg=/bin/true
ReturnToService=2
KillWait=5
MinJobAge=3600
NodeName=local NodeHostname={host} NodeAddr=127.0.0.1 CPUs=64 RealMemory=200000
PartitionName=local Nodes=local Default=YES MaxTime=INFINITE State=UP
""")
        self.environment = {**os.environ, "SLURM_CONF": str(self.configuration)}
        for name in list(self.environment):
            if name.startswith(("SLURM_", "SBATCH_")) and name != "SLURM_CONF":
                del self.environment[name]
        self.start("munged", "--foreground", f"--key-file={key}", f"--socket={sock}", f"--seed-file={folder}/key/seed",
                   f"--pid-file={folder}/run/munged.pid", f"--log-file={folder}/logs/munged.log")
        self.until(sock.exists, "munged has no socket")
        self.start("slurmctld", "-D", "-c", "-f", str(self.configuration))
        self.start("slurmd", "-D", "-f", str(self.configuration), "-N", "local")
        self.until(lambda: self.call("sinfo", "-h", "-o", "%T", check=False).strip() == "idle", "the node is not idle")

    def start(self, name, *arguments):
        log = open(self.folder / "logs" / f"{name}.out", "ab")
        self.daemons.append(subprocess.Popen(
            [program(name), *arguments], stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.environment))

    def until(self, condition, what, seconds=30):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or any(daemon.poll() is not None for daemon in self.daemons):
                said = "".join(path.read_text()[-400:] for path in sorted((self.folder / "logs").iterdir()))
                self.stop()
                skip(f"Slurm does not start here, {what}: {said}")
            time.sleep(0.1)

    def call(self, *arguments, check=True):
        run = subprocess.run(arguments, capture_output=True, text=True, env=self.environment, timeout=60)
        if check and run.returncode != 0:
            raise SystemExit(f"{' '.join(arguments)}: {run.stderr}")
        return run.stdout

    def waitForAll(self, seconds=600):
        """Until no job is waiting or running."""
        end = time.monotonic() + seconds
        while jobs := self.call("squeue", "-h", "-o", "%i %T %r").strip():
            if time.monotonic() > end:
                raise SystemExit(f"after {seconds} s there are still jobs: {jobs}")
            time.sleep(0.2)

    def job(self, id):
        """What Slurm says about a job."""
        words = self.call("scontrol", "show", "job", id).split()
        return dict(word.split("=", 1) for word in words if "=" in word)

    def stop(self):
        with contextlib.suppress(Exception):
            subprocess.run(["scancel", "--user", getpass.getuser()], env=self.environment, timeout=10)
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(15)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()


class Site:
    """A folder with parts, the documented script, and the command on the path."""

    def __init__(self, slurm, folder, binary):
        self.slurm, self.folder = slurm, folder
        (folder / "bin").mkdir()
        # The command as it is, but that a file `trouble-3` makes part 3 fail once, as a full disk would.
        command = folder / "bin" / "facet"
        command.write_text(f"""#!/bin/sh
mv "{folder}/trouble-$SLURM_ARRAY_TASK_ID" "{folder}/trouble-was" 2>/dev/null && exit 75
exec "{binary}" "$@"
""")
        command.chmod(0o755)
        self.environment = {**slurm.environment, "PATH": f"{folder}/bin:{os.environ['PATH']}"}
        steps = next(text for text in blocks("yaml") if text.startswith("steps:"))
        script = next(text for text in blocks("sh") if "#SBATCH --array" in text)
        if f"#SBATCH --array=1-{TASKS}\n" not in script:
            raise SystemExit(f"the documented script is no longer an array of {TASKS}")
        (folder / "steps.yaml").write_text(steps)
        (folder / "facet.sbatch").write_text(script)
        shown = next(text for text in blocks("console") if "--dependency" in text)
        self.commands = "\n".join(line[2:] for line in shown.splitlines() if line.startswith("$ "))

    def run(self, *arguments, **more):
        """Runs the command itself here, without Slurm."""
        return subprocess.run(["facet", *arguments], cwd=self.folder, env=self.environment, capture_output=True,
                              text=True, **more)

    def submit(self, tasks=None, **more):
        """Submits as the page says, and returns the ids of the array and of the job that makes the report."""
        environment = {**self.environment, **more}
        if tasks:
            environment["SBATCH_ARRAY_INX"] = tasks
        run = subprocess.run(["bash", "-euc", self.commands + '\necho "array $array"'], cwd=self.folder,
                             env=environment, capture_output=True, text=True)
        if run.returncode != 0:
            raise SystemExit(f"the documented commands fail: {run.stderr}")
        return re.search(r"^array (\d+)", run.stdout, re.M).group(1), re.search(r"job (\d+)", run.stdout).group(1)

    def takeAway(self, name):
        """Keeps what a run has made under another name; the next begins anew."""
        (self.folder / "result").rename(self.folder / f"result-{name}")

    def commandOf(self, task):
        """The process of a task's command: the one whose parent does not have the same program."""
        found = {}
        for entry in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                words = Path("/proc", entry, "cmdline").read_bytes().split(b"\0")
                environment = Path("/proc", entry, "environ").read_bytes().split(b"\0")
                if f"SLURM_ARRAY_TASK_ID={task}".encode() in environment and b"batch" in words and b"--resume" in words:
                    if os.path.basename(words[0]) not in (b"srun", b"sh", b"bash"):
                        found[int(entry)] = int(Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()[1])
        return next((id for id, parent in found.items() if parent not in found), None)


def started(site, task, seconds=60):
    """Waits until a task has finished a file and is at work on more; its process."""
    report = site.folder / "result" / f"report-{task}-of-{TASKS}.jsonl"
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if report.exists() and report.stat().st_size > 0 and (id := site.commandOf(task)):
            return id
        time.sleep(0.01)
    return None


def check(name, site, kinds, job, expected=None):
    """Holds a finished run to the first one, which no engine ran."""
    faults = accountFaults(site.folder / "result", kinds, "parts")
    site.takeAway(name)
    if job is not None and (code := site.slurm.job(job)["ExitCode"]) != "1:0":
        faults.append(f"{name}: the job that makes the report ended with {code}")
    if expected:
        faults += reportFaults(name, site.folder / f"result-{expected}", site.folder / f"result-{name}")
        other = differences(results(site.folder / f"result-{expected}"), results(site.folder / f"result-{name}"))
        if other:
            faults.append(f"{name}: results differ from those of no engine: {other}")
    return [fault if fault.startswith(name) else f"{name}: {fault}" for fault in faults]


def main(binary, count):
    missing = [name for name in PROGRAMS if program(name) is None]
    if missing:
        skip(f"no {', '.join(missing)} here (Debian: slurm-wlm)")
    faults = []
    folder = Path(tempfile.mkdtemp(prefix="facet-slurm-", dir="/tmp"))
    slurm = None
    try:
        (folder / "cluster").mkdir()
        (folder / "site").mkdir()
        slurm = Slurm(folder / "cluster")
        version = slurm.call("sinfo", "--version").strip()
        site = Site(slurm, folder / "site", Path(binary).resolve())
        kinds = write(site.folder / "parts", count, seed=5)

        begin = time.monotonic()
        plain = site.run("batch", "parts", "--pipeline", "steps.yaml", "--out", "result")
        if plain.returncode != 1:
            faults.append(f"without Slurm: status {plain.returncode}: {plain.stderr[-500:]}")
        merged = site.run("report", "merge", "result", "-o", "result")
        if merged.returncode != 1:
            raise SystemExit(f"facet report merge: status {merged.returncode}: {merged.stderr[-500:]}")
        faults += check("plain", site, kinds, None)
        print(f"{version}; without it {count} files in {time.monotonic() - begin:.1f} s", flush=True)

        for tasks in [1, TASKS]:
            begin = time.monotonic()
            array, job = site.submit(f"1-{tasks}")
            slurm.waitForAll()
            faults += check(f"array-of-{tasks}", site, kinds, job, "plain")
            print(f"an array of {tasks}: {time.monotonic() - begin:.1f} s", flush=True)

        # Killed, cancelled, and out of luck once.
        (site.folder / "trouble-2").touch()
        array, job = site.submit()
        process = started(site, 3)
        if process is None:
            faults.append("task 3 was never seen at work")
        else:
            os.kill(process, signal.SIGKILL)
        if started(site, 5):
            slurm.call("scancel", f"{array}_5")
        else:
            faults.append("task 5 was never seen at work")
        slurm.waitForAll()
        killed, cancelled, unlucky = (slurm.job(f"{array}_{task}") for task in (3, 5, 2))
        missing = count - len({line["name"] for line in journal(site.folder / "result")})
        print(f"task 3 was killed (exit {killed['ExitCode']}), task 5 cancelled ({cancelled['JobState']}), task 2 "
              f"requeued {unlucky['Restarts']} times after status 75; {missing} files are missing; the report's job "
              f"ended with {slurm.job(job)['ExitCode']}", flush=True)
        if unlucky["Restarts"] != "1":
            faults.append("the task that ended with 75 was not run again")
        if missing and slurm.job(job)["ExitCode"] != "75:0":
            faults.append(f"files are missing, and the report's job ended with {slurm.job(job)['ExitCode']}")
        if not missing:
            faults.append("the tasks were done before they could be killed")
        array, job = site.submit("3,5", FACET_SHARDS=str(TASKS))
        slurm.waitForAll()
        faults += check("resubmitted", site, kinds, job, "plain")
        print("tasks 3 and 5 submitted again: compared")
        # And all of it, as whoever does not know what is missing would.
        before = results(site.folder / "result-resubmitted")
        (site.folder / "result-resubmitted").rename(site.folder / "result")
        begin = time.monotonic()
        array, job = site.submit()
        slurm.waitForAll()
        faults += check("again", site, kinds, job, "plain")
        if results(site.folder / "result-again") != before:
            faults.append("submitting what is done changes results")
        print(f"all of it submitted again: {time.monotonic() - begin:.1f} s")
    finally:
        if slurm:
            slurm.stop()
        if faults:
            print(f"kept for a look: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    finish(faults)


main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 120)
