#!/usr/bin/env python3
"""Runs the examples of clients, each in its own language, on a part that needs repair; all must make the same files.

    python3 examples.py path/to/facet

Runs curl.sh where curl and jq are, client.mjs where Node is, client.swift where Swift is, and client.py; says which
it leaves out.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import Server, finish, sha256

HERE = Path(__file__).resolve().parent
PART = HERE.parent.parent / "SampleModels" / "hole.stl"
MADE = ["hole-ready.stl", "hole-walls.stl", "hole.png"]


def commands(folder):
    """How each is run; None for what this machine lacks."""
    swift = None
    if shutil.which("swiftc"):
        swift = [str(Path(folder, "client"))]
        program = str(HERE / "client.swift")
        subprocess.run(["swiftc", "-parse-as-library", program, "-o", swift[0]], check=True)
    return {
        "client.py": [sys.executable, str(HERE / "client.py")],
        "curl.sh": ["bash", str(HERE / "curl.sh")] if shutil.which("curl") and shutil.which("jq") else None,
        "client.mjs": ["node", str(HERE / "client.mjs")] if shutil.which("node") else None,
        "client.swift": swift,
    }


faults = []
server = Server(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    try:
        own = server.credentials
        environment = {
            **os.environ, "FACET_URL": server.url, "FACET_CLIENT_ID": own["clientId"],
            "FACET_CLIENT_SECRET": own["clientSecret"], "FACET_USER": own["userName"],
            "FACET_PASSWORD": own["password"],
        }
        first = None
        for name, command in commands(folder).items():
            if command is None:
                print(f"{name}: left out, for what runs it is not here")
                continue
            place = Path(folder, name + ".made")
            place.mkdir()
            run = subprocess.run([*command, str(PART)], cwd=place, env=environment, capture_output=True, text=True)
            files = {path.name: sha256(path.read_bytes()) for path in sorted(place.iterdir())}
            if run.returncode != 0 or sorted(files) != MADE or "repaired" not in run.stdout:
                faults.append(f"{name}: status {run.returncode}, {sorted(files)}: {run.stdout}{run.stderr}")
            first = first or files
            if files != first:
                faults.append(f"{name} made other files than the first")
            # What is wrong is said in the server's words.
            wrong = subprocess.run(
                [*command, str(PART)], cwd=place, env={**environment, "FACET_PASSWORD": "guess"}, capture_output=True,
                text=True)
            if wrong.returncode == 0 or "Access denied" not in wrong.stdout + wrong.stderr:
                faults.append(f"{name} with a wrong password: {wrong.returncode}: {wrong.stdout}{wrong.stderr}")
            print(f"{name}: {run.stdout.strip().splitlines()[0] if run.stdout else 'nothing'}")
    finally:
        server.close()
finish(faults)
