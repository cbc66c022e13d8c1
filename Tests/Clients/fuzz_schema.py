#!/usr/bin/env python3
"""Has schemathesis (PyPI) make requests from the server's own description, and check the replies against it.

    python3 fuzz_schema.py path/to/facet [examples]

No status of 500 and more, no reply that the description does not know, no wrong request that is taken. Once as
/openapi.json stands, and once with ids in it that exist, or hardly any request would get beyond "not found". The
program is found by the environment variable SCHEMATHESIS, or on the path.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import Client, Server, finish, torus

# Whether a right request succeeds depends on what is stored: chunks that were not sent cannot be committed.
EXCLUDED = "positive_data_acceptance"


def known(description, model, files, operations):
    """The description, with ids that exist."""
    ids = {"inputId": [model], "fileId": files}
    for path, item in description["paths"].items():
        for parameter in item.get("parameters", []):
            if parameter["name"] == "operationId":
                # Of the operation whose result it is; a status is that of any.
                parameter["schema"] = {"enum": [operations.get(path.split("/")[-2], operations["analyze"])]}
            elif parameter["name"] == "fileId" and path.endswith("{fileId}"):
                parameter["schema"] = {"enum": files}
        content = item.get("post", {}).get("requestBody", {}).get("content", {})
        properties = content.get("application/json", {}).get("schema", {}).get("properties", {})
        if "inputId" in properties:
            # Where either names the input, the other is not looked at.
            properties.pop("fileId", None)
        for name in ids.keys() & properties.keys():
            properties[name] = {"enum": ids[name]}
    return description


def run(description, server, token, examples, *arguments):
    command = [
        os.environ.get("SCHEMATHESIS", "schemathesis"), "run", str(description), "--url", server.url,
        "--header", f"Authorization: Bearer {token}", "--max-examples", str(examples), "--seed", "1",
        "--exclude-checks", EXCLUDED, "--no-color", *arguments,
    ]
    ended = subprocess.run(command, cwd=description.parent, stdout=subprocess.PIPE, text=True)
    print(ended.stdout if ended.returncode else ended.stdout[ended.stdout.rfind("= SUMMARY") :])
    return ended.returncode


examples = int(sys.argv[2]) if len(sys.argv) > 2 else 100
faults = []
server = Server(sys.argv[1])
try:
    client = Client(server)
    client.signIn()
    file = client.upload(torus(200))
    operations = {"import": client.start("import", fileId=file, measurementUnits="mm")}
    client.wait(operations["import"])
    model = client.get(f"{operations['import']}/import/result")["resultId"]
    ends = {
        "analyze": {}, "repair": {}, "geometrical-repair": {}, "export": dict(exportToFormat="stl"),
        "scale": dict(axis="X", scaleToSizeMm=30), "thumbnail": dict(width=64, height=64),
        "reduce-triangles": dict(accuracyMm=0.1), "hollowing": dict(wallThicknessMm=1), "stl-conversion": {},
        "wall-thickness-analysis": dict(minimalWallThicknessMm=1), "shrinkwrap-repair": dict(accuracy="Rough"),
    }
    for name, parameters in ends.items():
        operations[name] = client.start(name, inputId=model, **parameters)
        client.wait(operations[name])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "openapi.json")
        description = client.call("GET", "/openapi.json")
        path.write_bytes(description)
        print("as it stands:")
        if run(path, server, client.token, examples):
            faults.append("as it stands: see above")
        print("the generation API, with a key:")
        if run(path, server, server.key["key"], examples, "--include-path-regex", "^/v1/"):
            faults.append("the generation API: see above")
        # The server has closed the connection, which said nothing for so long.
        client = Client(server)
        client.signIn()
        # Files can be deleted, so what is deleted is another one.
        files = [client.upload(torus(100, seed)) for seed in range(30)]
        path.write_text(json.dumps(known(json.loads(description), model, files, operations)))
        print("with ids that exist:")
        if run(path, server, client.token, examples):
            faults.append("with ids that exist: see above")
    if not server.isRunning():
        faults.append(f"the server ended with {server.process.returncode}")
finally:
    server.close()
finish(faults)
