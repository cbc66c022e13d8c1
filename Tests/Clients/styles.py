#!/usr/bin/env python3
"""Plays the three styles in which programs already speak the toolkit API, byte for byte where it matters, and checks
every reply to the letter of the contract.

    python3 styles.py path/to/facet [model.stl]

The styles are those of the public client libraries for Node.js, PHP and C#: their token requests, their multipart
forms, their header quirks, the spelling of their words, their nulls. Each goes through upload, import, analyze,
repair, each of the twelve operations, export and download.
"""

import base64
import json
import struct
import sys
import urllib.parse
from datetime import datetime, timezone

from harness import API, Client, Server, finish, parseDate, refusalFault, torus

faults = []


def expect(condition, what):
    if not condition:
        faults.append(f"{style.name}: {what}")
    return condition


class Style:
    """A client library's manners. All of them: success is exactly 200."""

    name = ""
    tokenPath = "/token"
    units, axis, accuracy, format = "mm", "X", "Rough", "stl"
    # What the library adds to each call, to those without a body too.
    headers = {}
    # What it does with parameters that its caller left out.
    sendsNulls = False

    def __init__(self, server, credentials):
        self.client = Client(server, credentials)
        self.credentials = credentials

    def tokenRequest(self, form):
        return urllib.parse.urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}

    def token(self, form):
        pair = f"{self.credentials['clientId']}:{self.credentials['clientSecret']}"
        body, headers = self.tokenRequest(form)
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        status, replyHeaders, data = self.client.request("POST", self.tokenPath, body, headers)
        if not expect(status == 200, f"token {form['grant_type']}: {status} {data[:200]!r}"):
            return None
        expect(replyHeaders.get("cache-control", "").startswith("no-cache"), "token: Cache-Control is not no-cache")
        expect(replyHeaders.get("pragma") == "no-cache", "token: Pragma is not no-cache")
        token = json.loads(data)
        expect(token["token_type"].lower() == "bearer", f"token_type {token['token_type']!r}")
        expect(type(token["expires_in"]) is int and token["expires_in"] > 60, f"expires_in {token['expires_in']!r}")
        expect(type(token["refresh_token"]) is str and token["refresh_token"] != "", "no refresh_token")
        issued, expires = parseDate(token[".issued"]), parseDate(token[".expires"])
        # Clients count from `.issued`; one of them subtracts its own clock from it.
        age = abs((datetime.now(timezone.utc) - issued).total_seconds())
        expect(age < 5, f".issued {token['.issued']!r} is {age} s from now")
        expect(expires > issued, f".expires {token['.expires']!r} is not after .issued {token['.issued']!r}")
        return token

    def signIn(self):
        form = {"grant_type": "password", "username": self.credentials["userName"]}
        token = self.token({**form, "password": self.credentials["password"]})
        self.accessToken = token["access_token"]
        if self.refreshes:
            token = self.token({"grant_type": "refresh_token", "refresh_token": token["refresh_token"]})
            self.accessToken = token["access_token"]

    refreshes = True

    def ask(self, method, path, body=None, headers=None):
        """Status, headers and body."""
        headers = {"Authorization": f"Bearer {self.accessToken}", **self.headers, **(headers or {})}
        return self.client.request(method, path, body, headers)

    def json(self, method, path, body=None, headers=None):
        status, replyHeaders, data = self.ask(method, path, body, headers)
        if status != 200:
            raise AssertionError(f"{method} {path}: {status} {data[:300]!r}")
        expect("application/json" in replyHeaders.get("content-type", ""), f"{path} is {replyHeaders['content-type']}")
        return json.loads(data)

    def upload(self, data, fileName):
        boundary, disposition, extra = self.form(fileName)
        plain = boundary.strip('"')
        body = f"--{plain}\r\nContent-Disposition: {disposition}\r\n{extra}\r\n".encode() + data + b"\r\n"
        body += f"--{plain}--\r\n".encode()
        reply = self.json("POST", f"{API}/file", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
        expect(set(reply) >= {"fileId", "fileUrl", "creationDate"}, f"upload: members {sorted(reply)}")
        expect(type(reply["fileId"]) is str and reply["fileId"], f"upload: fileId {reply['fileId']!r}")
        address = urllib.parse.urlsplit(reply["fileUrl"])
        expect(address.scheme in ("http", "https") and address.path.endswith(reply["fileId"]), f"{reply['fileUrl']!r}")
        try:
            datetime.strptime(reply["creationDate"][:19], "%Y-%m-%dT%H:%M:%S")
        except ValueError as fault:
            expect(False, f"upload: creationDate {reply['creationDate']!r}: {fault}")
        return reply["fileId"]

    def encode(self, parameters):
        return json.dumps(parameters), "application/json"

    def run(self, operation, **parameters):
        if self.sendsNulls:
            parameters["callbackUrl"] = None
        body, kind = self.encode(parameters)
        started = self.json("POST", f"{API}/{operation}", body, {"Content-Type": kind})
        id = started["operationId"]
        expect(type(id) is str and id, f"{operation}: operationId {id!r}")
        last = 0
        while True:
            status = self.json("GET", f"{API}/{id}/status")
            expect(status["operationId"] == id, f"{operation}: status of {status['operationId']!r}")
            expect(type(status["isCompleted"]) is bool and type(status["isSuccessful"]) is bool, f"status {status}")
            expect(status["operation"] == operation, f"{operation}: status says {status.get('operation')!r}")
            expect(last <= status["progress"] <= 1, f"{operation}: progress {status['progress']} after {last}")
            last = status["progress"]
            if status["isCompleted"]:
                break
            expect(not status["isSuccessful"], f"{operation}: successful before it is completed")
        expect(status["isSuccessful"], f"{operation} failed: {status}")
        result = self.json("GET", f"{API}/{id}/{operation}/result")
        expect(result["operationId"] == id, f"{operation}: result of {result['operationId']!r}")
        return result

    def download(self, fileId):
        status, headers, data = self.ask("GET", f"{API}/file/{fileId}")
        expect(status == 200, f"download: {status} {data[:200]!r}")
        expect(int(headers.get("content-length", -1)) == len(data), f"download: length {headers.get('content-length')}")
        expect("filename" in headers.get("content-disposition", "").lower(), "download: no file name")
        expect(headers.get("content-type"), "download: no content type")
        return data


class Node(Style):
    """No content type and no percent-encoding for the token; a form without a name, and a body's type on GETs."""

    name = "Node.js"
    tokenPath = "/Token"
    headers = {"content-type": "application/json"}
    refreshes = False

    def tokenRequest(self, form):
        return "&".join(f"{key}={value}" for key, value in form.items()), {}

    def form(self, fileName):
        return "abcdefg", f'form-data; fileName="{fileName}"', ""

    def ask(self, method, path, body=None, headers=None):
        # The upload's own type takes the place of the usual one, whatever its case.
        headers = {key.lower(): value for key, value in (headers or {}).items()}
        return super().ask(method, path, body, headers)


class PHP(Style):
    """A content type said twice, words in small letters, `repair` by `fileId`, nulls, and JSON asked for files too."""

    name = "PHP"
    headers = {"Accept": "application/json"}
    units, axis, accuracy, format = "mm", "x", "Rough", "stl"
    sendsNulls = True

    def form(self, fileName):
        return "----------------5f3c9a17b2e44", f'form-data; name="file"; filename="{fileName}"', (
            "Content-Type: application/octet-stream\r\n")


class CSharp(Style):
    """A quoted boundary, an attachment without a name, words as its enums spell them, indented JSON with a charset."""

    name = "C#"
    units, axis, accuracy, format = "Mm", "X", "Detailed", "Stl"

    def form(self, fileName):
        return '"0b1c7ab0-6d43-4b4e-9d3a-1c1d9f2f5a33"', f"attachment; filename={fileName}", ""

    def encode(self, parameters):
        return json.dumps(parameters, indent=2), "application/json; charset=utf-8"


INTEGERS = ["vertices", "triangles", "contours", "shells", "badEdges", "badContours"]
NUMBERS = ["volumeMm3", "surfaceAreaMm2", "dimensionXMm", "dimensionYMm", "dimensionZMm"]
SOLIDITY = ["invertedNormals", "badEdges", "badContours", "nearBadEdges", "planarHoles"]
QUALITY = ["noiseShells", "overlappingTriangles", "intersectingTriangles"]


def analyze(style, model):
    found = style.run("analyze", inputId=model)
    for name in INTEGERS:
        expect(type(found[name]) is int, f"analyze: {name} is {found[name]!r}")
    for name in NUMBERS:
        expect(type(found[name]) in (int, float), f"analyze: {name} is {found[name]!r}")
    for group, names in (("solidityParams", SOLIDITY), ("qualityParams", QUALITY)):
        for name in names:
            expect(type(found[group][name]) is int, f"analyze: {group}.{name} is {found[group][name]!r}")
    expect(type(found["qualityParams"]["isFacetingScoreOk"]) is bool, "analyze: isFacetingScoreOk is not true or false")
    return found


def isSTL(data):
    return len(data) > 84 and len(data) == 84 + 50 * struct.unpack("<I", data[80:84])[0]


def play(style, model):
    """The whole way of a file."""
    style.signIn()
    file = style.upload(model, "part.stl")
    expect(style.download(file) == model, "the file that comes back is another")
    imported = style.run("import", fileId=file, measurementUnits=style.units)["resultId"]
    found = analyze(style, imported)
    expect(found["badEdges"] > 0, "the model needs no repair; take one that does")

    # One library sends the id of a model as `fileId`, and reads the outcome's from `fileId`.
    field = "fileId" if style.name == "PHP" else "inputId"
    repaired = style.run("repair", **{field: imported})
    expect(repaired.get("resultId") == repaired.get("fileId"), f"repair: resultId and fileId differ: {repaired}")
    solid = repaired["fileId" if style.name == "PHP" else "resultId"]
    found = analyze(style, solid)
    isSound = found["badEdges"] == 0 and found["badContours"] == 0 and found["volumeMm3"] > 0
    expect(isSound, f"the repaired part is not sound: {found}")
    expect(isSTL(style.download(solid)), "the repaired part's id is not that of an STL file")
    again = style.run("import", fileId=solid, measurementUnits=style.units)
    expect(again["resultId"], "the repaired part's id does not work as a file's")

    for operation in ("geometrical-repair", "shrinkwrap-repair"):
        extra = {"accuracy": style.accuracy} if operation == "shrinkwrap-repair" else {}
        made = style.run(operation, inputId=imported, **extra)
        expect(made["resultId"], f"{operation}: no resultId")
    walls = style.run("wall-thickness-analysis", inputId=solid, minimalWallThicknessMm=1.5, accuracyWallThickness=1)
    for name in ("hasThinWalls", "hasPossibleThinWalls"):
        expect(type(walls[name]) is bool, f"walls: {name} is {walls[name]!r}")
    colored = style.download(walls["fileId"])
    expect(isSTL(colored) and any(colored[133::50]), "the file of a wall thickness analysis is no STL with colours")
    scaled = style.run("scale", inputId=solid, axis=style.axis, scaleToSizeMm=33)["resultId"]
    size = analyze(style, scaled)["dimensionXMm"]
    expect(abs(size - 33) < 1e-3, f"scaled to 33 mm it measures {size}")
    picture = style.run("thumbnail", inputId=solid, width=300, height=200, cameraAngleX=145, cameraAngleY=-180,
                        cameraAngleZ=180)
    png = style.download(picture["fileId"])
    expect(png[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">2I", png[16:24]) == (300, 200), "the picture is no PNG")
    reduced = style.run("reduce-triangles", inputId=solid, accuracyMm=0.1, maxAngle=30, numberOfIterations=10)
    expect(reduced["resultId"], "reduce-triangles: no resultId")
    hollow = style.run("hollowing", inputId=solid, wallThicknessMm=2)["resultId"]
    expect(analyze(style, hollow)["volumeMm3"] < found["volumeMm3"], "the hollow part is not lighter")
    convert = {"fileId": file} if style.name == "PHP" else {"inputId": imported}
    if style.name != "C#":
        convert["measurementUnits"] = style.units
    converted = style.run("stl-conversion", **convert)
    expect(isSTL(style.download(converted["fileId"])), "the converted file is no STL")
    exported = style.run("export", inputId=hollow, exportToFormat=style.format)
    expect(isSTL(style.download(exported["fileId"])), "the exported file is no STL")


def refuse(style, model):
    """Refusals, in the form that all three libraries read."""
    def refused(what, code, method, path, body=None, headers=None):
        status, replyHeaders, data = style.ask(method, path, body, headers)
        fault = refusalFault(status, replyHeaders, data)
        if expect(fault is None, f"{what}: {fault}"):
            codes = [error["code"] for error in json.loads(data)["errors"]]
            expect(code in codes, f"{what}: code {codes}, not {code}")

    def post(operation, **parameters):
        return "POST", f"{API}/{operation}", json.dumps(parameters), {"Content-Type": "application/json"}

    form = {"Content-Type": "multipart/form-data; boundary=b"}
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.stl"\r\n\r\n%s\r\n--b--\r\n'
    refused("a picture", 50, "POST", f"{API}/file", part % b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1", form)
    refused("an empty file", 53, "POST", f"{API}/file", part % b"", form)
    refused("an unknown file", 52, "GET", f"{API}/file/nothing")
    refused("an unknown operation", 71, "GET", f"{API}/nothing/status")
    refused("malformed JSON", 13, "POST", f"{API}/import", "{", {"Content-Type": "application/json"})
    refused("an unknown unit", 200, *post("import", fileId="x", measurementUnits="ell"))
    id = style.run("import", fileId=style.upload(model, "part.stl"), measurementUnits="Mm")["resultId"]
    for what, code, operation, parameters in [
        ("a wall of nothing", 300, "wall-thickness-analysis", dict(minimalWallThicknessMm=0, accuracyWallThickness=1)),
        ("an accuracy of 4", 301, "wall-thickness-analysis", dict(minimalWallThicknessMm=1, accuracyWallThickness=4)),
        ("an axis W", 401, "scale", dict(axis="W", scaleToSizeMm=1)),
        ("a tiny picture", 500, "thumbnail", dict(width=9, height=9, cameraAngleX=0, cameraAngleY=0, cameraAngleZ=0)),
        ("a turn too far", 501, "thumbnail", dict(width=99, height=99, cameraAngleX=181, cameraAngleY=0,
                                                  cameraAngleZ=0)),
        ("a vague wrap", 600, "shrinkwrap-repair", dict(accuracy="Vague")),
        ("a distance of 11", 700, "reduce-triangles", dict(accuracyMm=11, maxAngle=1, numberOfIterations=1)),
        ("an angle of 91", 701, "reduce-triangles", dict(accuracyMm=1, maxAngle=91, numberOfIterations=1)),
        ("no iterations", 702, "reduce-triangles", dict(accuracyMm=1, maxAngle=1, numberOfIterations=0)),
        ("a thin hollow", 800, "hollowing", dict(wallThicknessMm=0.5)),
        ("a foreign format", 900, "export", dict(exportToFormat="docx")),
        ("a text for a number", 13, "hollowing", dict(wallThicknessMm="two")),
    ]:
        refused(what, code, *post(operation, inputId=id, **parameters))
    refused("a word for a file", 52, *post("import", fileId="nothing", measurementUnits="mm"))
    style.accessToken = "wrong"
    refused("a wrong token", 12, "GET", f"{API}/file/nothing")


def cornerCut(data):
    """The model without its last twenty facets: a hole to repair."""
    count = struct.unpack("<I", data[80:84])[0] - 20
    return data[:80] + struct.pack("<I", count) + data[84:84 + 50 * count]


server = Server(sys.argv[1])
try:
    model = open(sys.argv[2], "rb").read() if len(sys.argv) > 2 else cornerCut(torus(2000))
    for Kind in (Node, PHP, CSharp):
        # One library does not percent-encode, so its users' names hold nothing that would need it.
        credentials = server.credentials if Kind is Node else server.account(f"{Kind.__name__}+tést@example.com")
        style = Kind(server, credentials)
        for part in (play, refuse):
            try:
                part(style, model)
            except Exception as fault:
                faults.append(f"{style.name}: {part.__name__} went no further: {fault!r}")
        print(f"{style.name}: played")
finally:
    server.close()
finish(faults)
