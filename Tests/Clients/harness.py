"""What the tests of the server from outside share: a server of their own, a plain client, models, and the judgement
whether a refusal is one that the API documents. Python's standard library only.
"""

import base64
import email.utils
import hashlib
import http.client
import json
import math
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from datetime import datetime
from pathlib import Path

API = "/web-api/operation"

# Every documented code, and the statuses that it comes with.
STATUSES = {code: {400} for code in (13, 50, 53, 55, 56, 70, 72, 200, 201, 202, 300, 301, 302, 400, 401, 500, 501)}
STATUSES |= {code: {400} for code in (600, 700, 701, 702, 800, 900)}
STATUSES |= {13: {400, 405, 416}, 10: {500}, 11: {503}, 12: {401, 403}, 51: {413}, 52: {404}, 54: {413}, 57: {409}}
STATUSES |= {60: {402}, 61: {429}, 71: {404}, 73: {409}, 74: {500}}


class Server:
    """A server of the test's own, on a port that was free and, unless told otherwise, in a fresh folder."""

    def __init__(self, binary, data=None, arguments=(), environment=None):
        self.binary = str(binary)
        self.isOwnFolder = data is None
        self.data = Path(data or tempfile.mkdtemp(prefix="facet-test-"))
        self.arguments = list(arguments)
        self.environment = {**os.environ, **(environment or {})}
        self.credentials = None
        self.key = None
        self.process = None
        self.start()

    def start(self):
        """Starts it, and returns the seconds until it listens."""
        command = [self.binary, "serve", "--data", str(self.data), "--port", "0", *self.arguments]
        begin = time.monotonic()
        self.errors = open(self.data.with_suffix(".log"), "ab")
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self.errors, text=True, env=self.environment
        )
        said = {}
        for line in self.process.stdout:
            if line.startswith("Facet listens on "):
                self.url = line.split()[-1].strip()
                break
            name, _, value = line.strip().partition(": ")
            said[name] = value
        else:
            raise SystemExit(f"the server ended with {self.process.wait()}; see {self.errors.name}")
        took = time.monotonic() - begin
        threading.Thread(target=self._drain, args=(self.process.stdout,), daemon=True).start()
        if "password" in said:
            names = dict(userName="user name", password="password", clientId="client id", clientSecret="client secret")
            self.credentials = {key: said[name] for key, name in names.items()}
            self.key = {"id": said["key id"], "key": said["key"], "signingSecret": said["signing secret"]}
        parts = urllib.parse.urlsplit(self.url)
        self.host, self.port, self.isTLS = parts.hostname, parts.port, parts.scheme == "https"
        return took

    @staticmethod
    def _drain(stream):
        for _ in stream:
            pass

    def account(self, name, *arguments):
        command = [self.binary, "account", "create", name, "--data", str(self.data), "--json", *arguments]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def memory(self):
        """Resident bytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024
        return 0

    def processorSeconds(self):
        """What it has used so far, in its own code and in the system's."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def isRunning(self):
        return self.process.poll() is None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds=30):
        """Asks it to end, and returns how long that took."""
        begin = time.monotonic()
        if self.isRunning():
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        self.errors.close()
        return time.monotonic() - begin

    def close(self):
        """Ends it and throws its folder away."""
        self.stop()
        if self.isOwnFolder:
            shutil.rmtree(self.data, ignore_errors=True)


class Refused(Exception):
    def __init__(self, status, body, what=""):
        super().__init__(f"{what}: {status} {body[:300]!r}")
        self.status = status
        try:
            self.codes = [error["code"] for error in json.loads(body)["errors"]]
        except Exception:
            self.codes = []


class Client:
    """Calls over one connection, for one thread. The connection is made anew when it was lost."""

    def __init__(self, server, credentials=None, timeout=60):
        self.server = server
        self.credentials = credentials or server.credentials
        self.timeout = timeout
        self.connection = None
        self.token = None

    def request(self, method, path, body=None, headers=None):
        """Status, headers and body of a reply."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=self.timeout)
        try:
            self.connection.request(method, path, body, headers or {})
            reply = self.connection.getresponse()
            return reply.status, reply.headers, reply.read()
        except Exception:
            self.connection.close()
            self.connection = None
            raise

    def call(self, method, path, body=None, headers=None):
        """The body of a reply that says 200."""
        if self.token is None:
            self.signIn()
        headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        status, _, data = self.request(method, path, body, headers)
        if status != 200:
            raise Refused(status, data, f"{method} {path}")
        return data

    def signIn(self):
        self.token = tokens(self, self.credentials)["access_token"]

    def upload(self, data, name="part.stl"):
        head = f'--frontier\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = head + data + b"\r\n--frontier--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=frontier"}
        return json.loads(self.call("POST", f"{API}/file", body, headers))["fileId"]

    def chunk(self, fileId, index, data):
        headers = {"Content-Type": "application/octet-stream"}
        return self.call("POST", f"{API}/file/{fileId}/chunk/{index}", data, headers)

    def commit(self, fileId, chunks, name="part.stl", sha256=None):
        return self.post(f"file/{fileId}/commit", fileName=name, chunks=chunks, sha256=sha256)["fileId"]

    def post(self, path, **body):
        headers = {"Content-Type": "application/json"}
        return json.loads(self.call("POST", f"{API}/{path}", json.dumps(body).encode(), headers))

    def get(self, path):
        return json.loads(self.call("GET", f"{API}/{path}"))

    def start(self, operation, **parameters):
        return self.post(operation, **parameters)["operationId"]

    def wait(self, operation, seconds=120, every=0.05):
        """The status of an operation that has ended."""
        end = time.monotonic() + seconds
        while True:
            status = self.get(f"{operation}/status")
            if status["isCompleted"]:
                return status
            if time.monotonic() > end:
                raise TimeoutError(f"operation {operation} is at {status} after {seconds} s")
            time.sleep(every)
            every = min(every * 1.3, 0.5)

    def run(self, operation, **parameters):
        started = self.start(operation, **parameters)
        self.wait(started)
        return self.get(f"{started}/{operation}/result")

    def download(self, fileId):
        return self.call("GET", f"{API}/file/{fileId}")

    def imported(self, data):
        return self.run("import", fileId=self.upload(data), measurementUnits="mm")["resultId"]


def tokens(client, credentials):
    """The reply to a password."""
    pair = f"{credentials['clientId']}:{credentials['clientSecret']}"
    form = {"grant_type": "password", "username": credentials["userName"], "password": credentials["password"]}
    headers = {
        "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    status, _, data = client.request("POST", "/token", urllib.parse.urlencode(form), headers)
    if status != 200:
        raise Refused(status, data, "POST /token")
    return json.loads(data)


def refusalFault(status, headers, body):
    """What is wrong with a refusal, or nil: it must be JSON, with documented codes and their statuses."""
    if status < 400:
        return f"status {status}"
    if "json" not in headers.get("content-type", ""):
        return f"{status} with content type {headers.get('content-type')!r}"
    try:
        errors = json.loads(body)["errors"]
        codes = [error["code"] for error in errors]
        texts = [error["message"] for error in errors]
    except Exception as fault:
        return f"{status} with the body {body[:120]!r} ({fault})"
    if not codes or any(type(code) is not int or code not in STATUSES for code in codes):
        return f"codes {codes}"
    if any(type(text) is not str or not text for text in texts):
        return f"messages {texts}"
    if status not in STATUSES[codes[0]]:
        return f"code {codes[0]} with status {status}"
    return None


def parseDate(text):
    """A date as clients read it: RFC 1123 or ISO 8601."""
    try:
        return email.utils.parsedate_to_datetime(text)
    except ValueError:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))


def torus(facets, seed=0):
    """A binary STL of a ring, closed and sound, of about that many facets; each seed gives another file."""
    rings = max(3, int(math.sqrt(facets / 4)))
    around = max(3, round(facets / 2 / rings))
    turn = random.Random(seed).random()
    table = []
    for i in range(around):
        a = 2 * math.pi * (i + turn) / around
        for j in range(rings):
            b = 2 * math.pi * j / rings
            radius = 20 + 6 * math.cos(b)
            table.append(struct.pack("<3f", radius * math.cos(a), radius * math.sin(a), 6 * math.sin(b)))
    normal, end = bytes(12), bytes(2)
    pieces = []
    for i in range(around):
        row, next = i * rings, (i + 1) % around * rings
        for j in range(rings):
            k = (j + 1) % rings
            a, b, c, d = table[row + j], table[next + j], table[next + k], table[row + k]
            pieces += (normal, a, b, c, end, normal, a, c, d, end)
    count = 2 * rings * around
    return f"ring {seed}".encode().ljust(80, b"\0") + struct.pack("<I", count) + b"".join(pieces)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def newId():
    return uuid.uuid4().hex


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def megabytes(bytes):
    return f"{bytes / 1e6:.1f} MB"


class HealthProbe(threading.Thread):
    """Asks for /health all the time, and notes how long the answers take."""

    def __init__(self, server, every=0.02):
        super().__init__(daemon=True)
        self.server, self.every = server, every
        self.milliseconds, self.failures = [], []
        self.isEnding = False

    def run(self):
        client = Client(self.server, timeout=20)
        while not self.isEnding:
            begin = time.perf_counter()
            try:
                status, _, _ = client.request("GET", "/health")
                self.milliseconds.append((time.perf_counter() - begin) * 1000)
                if status != 200:
                    self.failures.append(f"status {status}")
            except Exception as fault:
                self.failures.append(repr(fault))
            time.sleep(self.every)

    def end(self):
        self.isEnding = True
        self.join()

    def summary(self):
        times = self.milliseconds
        return (
            f"/health {len(times)} times: median {percentile(times, 0.5):.1f} ms, p99 {percentile(times, 0.99):.1f} ms, "
            f"most {max(times, default=0):.1f} ms, {len(self.failures)} failures {self.failures[:3]}"
        )


def finish(faults, shown=40):
    """Prints what is wrong and ends the program."""
    for fault in faults[:shown]:
        print("FAULT", fault)
    if len(faults) > shown:
        print(f"and {len(faults) - shown} more")
    print("all is as it must be" if not faults else f"{len(faults)} faults")
    sys.exit(1 if faults else 0)
