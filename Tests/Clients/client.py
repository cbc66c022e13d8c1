#!/usr/bin/env python3
"""Checks an STL file, repairs it when it needs that, looks for thin walls, draws it, and downloads what was made.

Needs nothing but Python 3.9.

    FACET_URL=http://127.0.0.1:8080 FACET_CLIENT_ID=… FACET_CLIENT_SECRET=… FACET_USER=… FACET_PASSWORD=… \
        python3 client.py part.stl
"""

import base64
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

URL = os.environ.get("FACET_URL", "http://127.0.0.1:8080")
API = URL + "/web-api/operation"


def call(address, body=None, headers={}):
    """The body of a reply. A refusal ends the program with the server's own words."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers)) as reply:
            return reply.read()
    except urllib.error.HTTPError as refusal:
        errors = json.load(refusal)["errors"]
        sys.exit("\n".join(f"error {error['code']}: {error['message']}" for error in errors))


class Facet:
    def __init__(self, client_id, client_secret, user, password):
        client = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        form = {"grant_type": "password", "username": user, "password": password}
        body = urllib.parse.urlencode(form).encode()
        token = json.loads(call(URL + "/token", body, {"Authorization": f"Basic {client}"}))
        self.authorization = {"Authorization": f"Bearer {token['access_token']}"}

    def upload(self, path):
        boundary = "facet-example-boundary"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'
        body = head.encode() + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", **self.authorization}
        return json.loads(call(API + "/file", body, headers))["fileId"]

    def run(self, operation, **parameters):
        """Starts an operation and waits for its result."""
        headers = {"Content-Type": "application/json", **self.authorization}
        started = call(f"{API}/{operation}", json.dumps(parameters).encode(), headers)
        address = f"{API}/{json.loads(started)['operationId']}"
        while not json.loads(call(address + "/status", headers=self.authorization))["isCompleted"]:
            time.sleep(0.5)
        # The result of an operation that failed is its error.
        return json.loads(call(f"{address}/{operation}/result", headers=self.authorization))

    def download(self, file_id, path):
        path.write_bytes(call(f"{API}/file/{file_id}", headers=self.authorization))
        print("wrote", path)


def main():
    path = Path(sys.argv[1])
    settings = ("FACET_CLIENT_ID", "FACET_CLIENT_SECRET", "FACET_USER", "FACET_PASSWORD")
    facet = Facet(*(os.environ[name] for name in settings))
    model = facet.run("import", fileId=facet.upload(path), measurementUnits="mm")["resultId"]

    found = facet.run("analyze", inputId=model)
    print(f"{found['triangles']} triangles, {found['volumeMm3']:.1f} mm³, {found['badEdges']} bad edges")
    if found["badEdges"] > 0 or found["badContours"] > 0 or found["volumeMm3"] <= 0:
        model = facet.run("repair", inputId=model)["resultId"]
        print("repaired")

    walls = facet.run("wall-thickness-analysis", inputId=model, minimalWallThicknessMm=1, accuracyWallThickness=2)
    print("some walls are thinner than 1 mm" if walls["hasThinWalls"] else "no thin walls")
    facet.download(walls["fileId"], Path(f"{path.stem}-walls.stl"))

    camera = dict(cameraAngleX=0, cameraAngleY=0, cameraAngleZ=30)
    picture = facet.run("thumbnail", inputId=model, width=800, height=600, **camera)
    facet.download(picture["fileId"], Path(f"{path.stem}.png"))
    ready = facet.run("export", inputId=model, exportToFormat="stl")
    facet.download(ready["fileId"], Path(f"{path.stem}-ready.stl"))


if __name__ == "__main__":
    main()
