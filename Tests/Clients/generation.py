#!/usr/bin/env python3
"""Uses the generation API as its clients do, over a socket, and makes each of its job errors come about by its true cause.

    python3 generation.py path/to/facet [rounds]

The environment of `facet generation install` must be there. A language model is played: one that answers well, badly,
slowly and not at all. Callbacks are verified by an implementation of Standard Webhooks of the test's own, and by the
package standardwebhooks (PyPI) where it is installed. At the end `rounds` times (5) 32 clients ask for parts while the
server is killed: no credit may be lost, and no job be paid twice.
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import random
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid

from harness import Server, finish

BOX = "A 40x20x10mm box with a 5mm through-hole centered on the top face"
faults = []


def expect(isRight, what):
    if not isRight:
        faults.append(what)
    return isRight


class Generation:
    """The API, as a client in Python sees it."""

    def __init__(self, server, key):
        self.url, self.key = server.url, key

    def request(self, method, path, body=None, headers=None):
        headers = {"Authorization": f"Bearer {self.key}", **(headers or {})}
        if isinstance(body, dict):
            body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        url = path if path.startswith("http") else self.url + path
        request = urllib.request.Request(url, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, reply.headers, reply.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.headers, refusal.read()

    def post(self, path, body, **headers):
        status, _, data = self.request("POST", path, body, headers)
        return status, json.loads(data) if data else None

    def job(self, id):
        status, _, data = self.request("GET", f"/v1/jobs/{id}")
        return json.loads(data) if status == 200 else {"status": f"HTTP {status}"}

    def wait(self, id, seconds=300):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            job = self.job(id)
            if job["status"] not in ("queued", "processing"):
                return job
            time.sleep(0.2)
        raise TimeoutError(f"job {id} is at {job}")

    def make(self, prompt, **fields):
        status, reply = self.post("/v1/text-to-cad", {"prompt": prompt, **fields})
        if status != 202:
            return {"status": f"HTTP {status}", **(reply or {})}
        return self.wait(reply["job_id"])


def credits(server, id):
    command = [server.binary, "key", "list", "--data", str(server.data), "--json"]
    keys = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return next(key["credits"] for key in keys if key["apiKeyId"] == id)


def newKey(server, credits):
    command = [server.binary, "key", "create", "test", "--credits", str(credits), "--data", str(server.data), "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


# A language model, and a receiver of callbacks.


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer):
        """- answer: Given path, headers and body; returns status and body."""

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                status, data = answer(self.path, self.headers, body)
                try:
                    self.send_response(status)
                    self.send_header("content-length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)
                except BrokenPipeError:
                    pass

            def log_message(self, *arguments):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


def said(program, facts={}):
    text = f"```json\n{json.dumps(facts)}\n```\n```python\n{program}\n```"
    return 200, json.dumps({"choices": [{"message": {"content": text}}], "usage": {"total_tokens": 12}}).encode()


GOOD = "import cadquery as cq\nresult = cq.Workplane().box(10, 20, 30, centered=(True, True, False))\n"
asked = []


def model(path, headers, body):
    """Answers as the prompt wants it to."""
    messages = json.loads(body)["messages"]
    prompt, tries = messages[1]["content"], sum(message["role"] == "assistant" for message in messages)
    asked.append((prompt.split("\n")[0], tries))
    if prompt.startswith("nonsense"):
        return said("this is no Python (")
    if prompt.startswith("raises"):
        return said("import cadquery as cq\nraise ValueError('no such part')")
    if prompt.startswith("learns"):
        return said(GOOD if tries == 2 else "import cadquery as cq\nresult = cq.Workplane().bx(1)")
    if prompt.startswith("loops"):
        return said("while True: pass")
    if prompt.startswith("promises"):
        return said(GOOD, {"size": [10, 20, 31]})
    if prompt.startswith("steals"):
        return said("import os\nresult = os.environ")
    if prompt.startswith("silent"):
        time.sleep(20)
    if prompt.startswith("fails"):
        return 500, b""
    return said(GOOD)


def withEmbeddedPlanners(binary):
    server = Server(binary, arguments=["--allow-private-callbacks"])
    try:
        api = Generation(server, server.key["key"])
        before = credits(server, server.key["id"])
        received = []

        def receive(path, headers, body):
            # The first call of each job is refused; that of one is not answered in time.
            received.append((dict(headers), body))
            if sum(entry[0]["webhook-id"] == headers["webhook-id"] for entry in received) > 1:
                return 200, b"ok"
            if json.loads(body)["metadata"] == {"order": "STEP"}:
                time.sleep(17)
            return 500, b""

        listener = Listener(receive)
        outputs = {"STEP": b"ISO-10303-21", "STL": None, "GLB": b"glTF", "3MF": b"PK"}
        jobs = {}
        for name, start in outputs.items():
            job = api.make(
                BOX, output_format=name, metadata={"order": name}, callback_url=f"{listener.address}/hook"
            )
            if not expect(job["status"] == "success", f"{name}: {job}"):
                continue
            jobs[job["job_id"]] = job
            expect(job["metadata"] == {"order": name}, f"{name}: metadata {job['metadata']}")
            status, headers, data = Generation(server, "none").request("GET", job["download_url"])
            expect(status == 200 and len(data) > 500, f"{name}: download {status}, {len(data)} bytes")
            expect(start is None or data.startswith(start), f"{name} begins with {data[:12]}")
            if name == "STL":
                count = int.from_bytes(data[80:84], "little")
                expect(len(data) == 84 + 50 * count, f"STL of {len(data)} bytes and {count} facets")
        expect(credits(server, server.key["id"]) == before - len(outputs), "four parts cost four credits")
        for prompt, code in [
            ("A nice bracket", "prompt_too_ambiguous"),
            ("A 20x20x10mm box with a 25mm through-hole centered on the top face", "geometry_validation_failed"),
        ]:
            job = api.make(prompt)
            expect((job["status"], job.get("error_code")) == ("failed", code), f"{prompt}: {job}")
        expect(credits(server, server.key["id"]) == before - len(outputs), "failures cost nothing")
        checkImages(api)
        checkCallbacks(received, jobs, server.key["signingSecret"])
        listener.shutdown()
    finally:
        server.close()


def png(width, height, gray):
    """A grayscale PNG; `gray` gives the brightness of a pixel."""
    import struct
    import zlib

    def piece(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + bytes(gray(x, y) for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", header) + piece(b"IDAT", zlib.compress(rows)) + piece(b"IEND", b"")


def form(images, **fields):
    body = b""
    for name, value in fields.items():
        body += f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for data in images:
        body += b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n' + data + b"\r\n"
    return body + b"--b--\r\n"


def checkImages(api):
    def ring(x, y):
        distance = ((x - 100) ** 2 + (y - 100) ** 2) ** 0.5
        return 0 if 30 < distance < 90 else 255

    picture = png(200, 200, ring)
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    status, _, data = api.request(
        "POST", "/v1/image-to-cad", form([picture], prompt="60mm wide, 4mm thick", metadata_json='{"a":1}'), headers
    )
    if expect(status == 202, f"image: {status} {data}"):
        job = api.wait(json.loads(data)["job_id"])
        expect(job["status"] == "success" and job["metadata"] == {"a": 1}, f"image: {job}")
    cut = picture[: len(picture) // 2]
    for name, images, code in [
        ("half a picture", [cut], "image_parse_failed"), ("no picture", [b"hello, world"], "image_parse_failed"),
        ("four pictures", [picture] * 4, "invalid_input"),
    ]:
        status, _, data = api.request("POST", "/v1/image-to-cad", form(images, prompt="60mm wide, 4mm thick"), headers)
        expect(status == 422 and json.loads(data)["error_code"] == code, f"{name}: {status} {data}")


def checkCallbacks(received, jobs, secret):
    """Every job is told, with the right signature, at least once after it was refused."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if all(sum(entry[0]["webhook-id"] == id for entry in received) >= 2 for id in jobs):
            break
        time.sleep(0.2)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    for headers, body in received:
        id, stamp = headers["webhook-id"], headers["webhook-timestamp"]
        due = base64.b64encode(hmac.new(key, f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
        expect(headers["webhook-signature"] == f"v1,{due}", f"signature of {id}")
        expect(abs(time.time() - int(stamp)) < 300, f"timestamp {stamp}")
        told = json.loads(body)
        expect(told["job_id"] == id and told["status"] == "success", f"callback of {id}: {told}")
        expect(told["metadata"] == jobs[id]["metadata"] if id in jobs else False, f"callback of {id}")
    for id in jobs:
        times = sum(entry[0]["webhook-id"] == id for entry in received)
        expect(times == 2, f"job {id} was told {times} times")
    try:
        from standardwebhooks.webhooks import Webhook
    except ImportError:
        print("the package standardwebhooks is not installed: signatures were verified by this program alone")
        return
    for headers, body in received:
        Webhook(secret).verify(body, {name.lower(): value for name, value in headers.items()})
    print(f"{len(received)} callbacks verified by standardwebhooks")


def withLanguageModel(binary):
    listener = Listener(model)
    arguments = ["--model-url", f"{listener.address}/v1", "--model-name", "played", "--model-timeout", "2"]
    server = Server(binary, arguments=[*arguments, "--generation-seconds", "8"])
    try:
        api = Generation(server, newKey(server, 50)["apiKey"])
        for prompt, code, tries in [
            ("a box", None, 1), ("learns from mistakes", None, 3), ("nonsense", "code_generation_failed", 5),
            ("raises", "code_generation_failed", 5), ("promises another size", "geometry_validation_failed", 5),
            ("steals the environment", "code_generation_failed", 5), ("silent", "code_generation_failed", 3),
            ("fails", "code_generation_failed", 3), ("loops forever", "sandbox_timeout", 5),
        ]:
            asked.clear()
            job = api.make(prompt)
            status = "failed" if code else "success"
            expect((job["status"], job["error_code"]) == (status, code), f"{prompt}: {job}")
            expect(len(asked) == tries, f"{prompt}: the model was asked {len(asked)} times")
            if code is None:
                expect(job["tokens_used"] == 12 * tries, f"{prompt}: {job['tokens_used']} tokens")
    finally:
        server.close()
        listener.shutdown()


def withoutEnvironment(binary):
    server = Server(binary, arguments=["--environment", "/nonexistent"])
    try:
        api = Generation(server, server.key["key"])
        before = credits(server, server.key["id"])
        job = api.make(BOX)
        expect((job["status"], job["error_code"]) == ("failed", "internal_error"), f"without environment: {job}")
        expect(credits(server, server.key["id"]) == before, "what cannot be made costs nothing")
    finally:
        server.close()


def withTooLittleRoom(binary):
    """A file that may not be as long as it has to be is what makes an export fail."""
    server = Server(binary, arguments=["--generation-file-size", "16K"])
    try:
        api = Generation(server, server.key["key"])
        job = api.make(BOX)
        expect((job["status"], job["error_code"]) == ("failed", "export_failed"), f"without room: {job}")
    finally:
        server.close()


def underFire(binary, rounds):
    """Asks for parts while the server is killed; what was accepted is paid once, what was not costs nothing."""
    # Without an environment every job fails at once, and all credits come back.
    server = Server(binary, arguments=["--environment", "/nonexistent"])
    try:
        jobs = 0
        for number in range(rounds):
            key = newKey(server, 10)
            accepted, refused = {}, []

            def submit(name):
                for _ in range(100):
                    try:
                        api = Generation(server, key["apiKey"])
                        fields = {"prompt": BOX, "design_mode": "assembly"}
                        status, reply = api.post("/v1/text-to-cad", fields, **{"Idempotency-Key": name})
                    except (OSError, ValueError):
                        time.sleep(0.05)
                        continue
                    if status == 202:
                        accepted[name] = reply["job_id"]
                    elif status not in (402, 429):
                        faults.append(f"a request was answered {status} {reply}")
                    return

            names = [str(uuid.uuid4()) for _ in range(32)]
            threads = [threading.Thread(target=submit, args=(name,)) for name in names]
            for thread in threads:
                thread.start()
            time.sleep(random.Random(number).uniform(0.005, 0.15))
            server.kill()
            server.start()
            for thread in threads:
                thread.join()
            api = Generation(server, key["apiKey"])
            for name, id in accepted.items():
                job = api.wait(id)
                expect(job["error_code"] == "internal_error", f"{id}: {job}")
                again = api.post("/v1/text-to-cad", {}, **{"Idempotency-Key": name})
                expect(again == (202, {"job_id": id, "status": "queued"}), f"{id} again: {again}")
            expect(len(set(accepted.values())) == len(accepted), "two requests led to one job")
            left = credits(server, key["apiKeyId"])
            expect(left == 10, f"{left} of 10 credits are left after {len(accepted)} jobs that all failed")
            jobs += len(accepted)
        print(f"{rounds} rounds of 32 requests and a kill: {jobs} jobs accepted, all credits came back")
    finally:
        server.close()


if __name__ == "__main__":
    binary, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    for part in [withEmbeddedPlanners, withLanguageModel, withoutEnvironment, withTooLittleRoom]:
        part(binary)
        print(f"{part.__name__}: {len(faults)} faults so far", flush=True)
    underFire(binary, rounds)
    finish(faults)
