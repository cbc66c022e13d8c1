#!/usr/bin/env python3
"""What must hold when several things happen at once, or in the wrong order, or too often.

    python3 rules.py path/to/facet [part ...]

Uploads in chunks (repeated, concurrent, out of order, committed twice, with a wrong hash), limits of size, two
accounts, quotas and expiry, lock-out, ranges, callbacks, a second server on the same folder, and a full disk (that
last only as root, on a small file system of its own).
"""

import base64
import http.server
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from harness import API, Client, Refused, Server, finish, newId, refusalFault, sha256, tokens, torus

faults = []


def expect(condition, what):
    if not condition:
        faults.append(what)


def refused(code, what, call):
    """Expects a refusal with a code."""
    try:
        reply = call()
        faults.append(f"{what}: taken, {str(reply)[:100]}")
    except Refused as refusal:
        expect(code in refusal.codes, f"{what}: {refusal}, not code {code}")


def chunks(server):
    client = Client(server)
    data = torus(3000)
    pieces = [data[at : at + 30_000] for at in range(0, len(data), 30_000)]
    last = len(pieces) - 1

    # In any order, each again, by several at once.
    id = newId()
    order = [*reversed(range(len(pieces))), *range(len(pieces))] * 2
    with ThreadPoolExecutor(8) as pool:
        def send(index):
            one = Client(server)
            one.token = client.token or client.signIn() or client.token
            one.chunk(id, index, pieces[index])
        client.signIn()
        list(pool.map(send, order))
    refused(55, "a commit of fewer chunks than there are", lambda: client.commit(id, last))
    refused(55, "a commit of more chunks than there are", lambda: client.commit(id, last + 2))
    refused(55, "a commit with another hash", lambda: client.commit(id, last + 1, sha256=sha256(b"other")))
    expect(client.commit(id, last + 1, sha256=sha256(data)) == id, "the committed file has another id")
    expect(client.download(id) == data, "the committed file is another")
    refused(57, "a second commit", lambda: client.commit(id, last + 1))
    refused(57, "a chunk for a file that is there", lambda: client.chunk(id, 0, pieces[0]))
    whole = client.upload(data)
    refused(57, "a chunk for an id of a plain upload", lambda: client.chunk(whole, 0, pieces[0]))
    refused(57, "a commit for an id of a plain upload", lambda: client.commit(whole, 1))

    # The last of a chunk's uploads counts.
    id = newId()
    client.chunk(id, 0, b"something else")
    client.chunk(id, 0, data)
    client.commit(id, 1, sha256=sha256(data))
    refused(56, "an empty chunk", lambda: client.chunk(newId(), 0, b""))
    refused(55, "a commit without chunks", lambda: client.commit(newId(), 1))
    id = newId()
    client.chunk(id, 1, data)
    refused(55, "a commit without the first chunk", lambda: client.commit(id, 2))

    # Many commits at once: one file, and the same answer or 57 for all.
    id = newId()
    client.chunk(id, 0, data)
    def commit(_):
        one = Client(server)
        one.token = client.token
        try:
            return one.commit(id, 1)
        except Refused as refusal:
            return refusal.codes
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(commit, range(8)))
    expect(answers.count(id) == 1 and all(answer in (id, [57]) for answer in answers), f"8 commits at once: {answers}")
    expect(client.download(id) == data, "the file of 8 commits is another")


def limits(binary):
    server = Server(binary, arguments=["--max-file-size", "200K", "--max-chunk-size", "50K", "--max-triangles", "1000"])
    try:
        client = Client(server)
        refused(51, "a file above the limit", lambda: client.upload(torus(6000)))
        refused(54, "a chunk above the limit", lambda: client.chunk(newId(), 0, bytes(60_000)))
        id = newId()
        for index in range(5):
            client.chunk(id, index, bytes(49_000))
        refused(51, "chunks that are too much together", lambda: client.commit(id, 5))
        file = client.upload(torus(2000))
        operation = client.start("import", fileId=file, measurementUnits="mm")
        status = client.wait(operation)
        expect([error["code"] for error in status.get("errors", [])] == [201], f"too many triangles: {status}")
        refused(201, "the result of too many triangles", lambda: client.get(f"{operation}/import/result"))
        # Without a length nothing is known before it is too much.
        with socket.create_connection((server.host, server.port), timeout=20) as connection:
            head = f"POST {API}/file/{newId()}/chunk/0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.token}\r\n"
            connection.sendall(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n")
            try:
                for _ in range(20):
                    connection.sendall(b"2710\r\n" + bytes(10_000) + b"\r\n")
                connection.sendall(b"0\r\n\r\n")
            except OSError:
                pass
            try:
                reply = connection.recv(65536)
            except OSError:
                reply = b""
            expect(reply == b"" or b" 413 " in reply.split(b"\r\n")[0], f"a long chunk without a length: {reply[:99]!r}")
    finally:
        server.close()


def strangers(server):
    """Nobody sees what belongs to another."""
    mine, theirs = Client(server), Client(server, server.account("stranger"))
    file = mine.upload(torus(200))
    model = mine.run("import", fileId=file, measurementUnits="mm")["resultId"]
    operation = mine.start("analyze", inputId=model)
    mine.wait(operation)
    refused(52, "another's file", lambda: theirs.download(file))
    refused(52, "another's file to import", lambda: theirs.start("import", fileId=file, measurementUnits="mm"))
    refused(52, "another's model", lambda: theirs.start("analyze", inputId=model))
    refused(71, "another's status", lambda: theirs.get(f"{operation}/status"))
    refused(71, "another's result", lambda: theirs.get(f"{operation}/analyze/result"))
    # An id is its account's: what another has under it is another file.
    id = newId()
    mine.chunk(id, 0, torus(200, 1))
    theirs.chunk(id, 0, torus(200, 2))
    mine.commit(id, 1)
    refused(52, "a chunked upload of another", lambda: theirs.download(id))
    try:
        theirs.commit(id, 1)
        expect(theirs.download(id) == torus(200, 2), "two accounts' uploads of one id are mixed up")
    except Refused as refusal:
        expect(refusal.codes in ([57], [55]), f"the other account's upload of the same id: {refusal}")
    expect(mine.download(id) == torus(200, 1), "another account changed a file")


def accounts(server):
    def change(name, *arguments):
        command = [server.binary, "account", "change", name, "--data", str(server.data), *arguments]
        subprocess.run(command, check=True, capture_output=True)

    client = Client(server, server.account("limited"))
    client.upload(torus(60))
    change("limited", "--uploads-per-month", "2")
    client.upload(torus(60))
    refused(61, "an upload above the quota", lambda: client.upload(torus(60)))
    change("limited", "--expires", "2020-01-01")
    refused(60, "a call after the subscription has expired", lambda: client.upload(torus(60)))
    command = [server.binary, "account", "disable", "limited", "--data", str(server.data)]
    subprocess.run(command, check=True, capture_output=True)
    refused(12, "a call of a disabled account", lambda: client.get(f"{newId()}/status"))

    credentials = server.account("guessed")
    for _ in range(8):
        refused(12, "a wrong password", lambda: tokens(Client(server), {**credentials, "password": "wrong"}))
    refused(12, "the right password while locked", lambda: tokens(Client(server), credentials))


def tokenLife(server):
    client = Client(server)
    first = tokens(client, client.credentials)
    pair = f"{client.credentials['clientId']}:{client.credentials['clientSecret']}"
    headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    def refresh(token):
        status, _, body = client.request("POST", "/ToKeN", f"grant_type=refresh_token&refresh_token={token}", headers)
        if status != 200:
            raise Refused(status, body, "refresh")
        return json.loads(body)
    second = refresh(first["refresh_token"])
    client.token = second["access_token"]
    client.upload(torus(60))
    refused(12, "a refresh token that is none", lambda: refresh("made up"))
    stranger = server.account("other client")
    pair = f"{stranger['clientId']}:{stranger['clientSecret']}"
    headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    refused(12, "a refresh token of another client", lambda: refresh(second["refresh_token"]))


def downloads(server):
    client = Client(server)
    data = torus(600)
    client.signIn()
    name = "Teil Ä “1”.stl"
    id = client.upload(data, name)
    def get(**headers):
        headers = {"Authorization": f"Bearer {client.token}", **headers}
        return client.request("GET", f"{API}/file/{id}", headers=headers)
    status, headers, body = get()
    expect(status == 200 and body == data, "a download")
    expect("UTF-8''" in headers.get("content-disposition", ""), f"the name is {headers.get('content-disposition')!r}")
    for asked, first, end in [("0-0", 0, 1), ("100-199", 100, 200), ("-7", len(data) - 7, len(data)),
                              (f"{len(data) - 3}-", len(data) - 3, len(data)), (f"5-{10**12}", 5, len(data))]:
        status, headers, body = get(Range=f"bytes={asked}")
        expect(status == 206 and body == data[first:end], f"bytes={asked}: {status}, {len(body)} bytes")
        expect(headers.get("content-range") == f"bytes {first}-{end - 1}/{len(data)}", f"{headers.get('content-range')}")
    status, headers, _ = get(Range=f"bytes={len(data)}-")
    expect(status == 416 and headers.get("content-range") == f"bytes */{len(data)}", f"a range behind the end: {status}")
    status, headers, body = client.request("HEAD", f"{API}/file/{id}", headers={"Authorization": f"Bearer {client.token}"})
    expect(status in (200, 404, 405), f"HEAD: {status}")

    # Large bodies of one library wait for this.
    with socket.create_connection((server.host, server.port), timeout=20) as connection:
        head = f"POST {API}/file/{newId()}/chunk/0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.token}\r\n"
        connection.sendall(head.encode() + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        first = connection.recv(65536)
        expect(first.startswith(b"HTTP/1.1 100"), f"Expect: 100-continue: {first[:60]!r}")
        connection.sendall(b"solid")
        expect(b" 200 " in connection.recv(65536).split(b"\r\n")[0], "a body after 100 Continue")


class Listener(http.server.BaseHTTPRequestHandler):
    calls, failures = [], 1

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Listener.calls.append((time.monotonic(), self.path, json.loads(body)))
        if Listener.failures:
            Listener.failures -= 1
            self.send_error(503)
        else:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *_):
        pass


def callbacks(binary, server):
    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{listener.server_port}/done"
    # Without leave, nobody has the server call this machine or its neighbours.
    client = Client(server)
    file = client.upload(torus(60))
    try:
        client.run("import", fileId=file, measurementUnits="mm", callbackUrl=address)
    except Refused as refusal:
        expect(refusal.codes == [13], f"a callback to this machine: {refusal}")
    time.sleep(0.5)
    expect(not Listener.calls, "a callback reached this machine without leave")

    open_ = Server(binary, arguments=["--allow-private-callbacks"])
    try:
        client = Client(open_)
        file = client.upload(torus(60))
        operation = client.start("import", fileId=file, measurementUnits="mm", callbackUrl=address)
        client.wait(operation)
        end = time.monotonic() + 20
        while len(Listener.calls) < 2 and time.monotonic() < end:
            time.sleep(0.1)
        expect(len(Listener.calls) == 2, f"{len(Listener.calls)} callbacks where the first was answered with 503")
        for _, path, status in Listener.calls:
            isRight = status["operationId"] == operation and status["isCompleted"] and status["isSuccessful"]
            expect(path == "/done" and isRight, f"the callback says {status}")
    finally:
        open_.close()


def timeouts(binary):
    server = Server(binary, arguments=["--timeout", "1"])
    try:
        client = Client(server)
        model = client.run("import", fileId=client.upload(torus(300_000)), measurementUnits="mm")["resultId"]
        operation = client.start("shrinkwrap-repair", inputId=model, accuracy="Detailed")
        refused(73, "a result too early", lambda: client.get(f"{operation}/shrinkwrap-repair/result"))
        begin = time.monotonic()
        status = client.wait(operation, seconds=30)
        codes = [error["code"] for error in status.get("errors", [])]
        expect(codes == [72], f"an operation that takes too long: {status}")
        expect(time.monotonic() - begin < 5, f"a second's timeout took {time.monotonic() - begin:.1f} s")
        status, headers, body = client.request("GET", f"{API}/{operation}/shrinkwrap-repair/result",
                                               headers={"Authorization": f"Bearer {client.token}"})
        expect(refusalFault(status, headers, body) is None, f"its result: {status} {body[:99]!r}")
        # A mesh operation that was stopped leaves its worker free.
        client.run("analyze", inputId=client.imported(torus(200)))
    finally:
        server.close()


def twoServers(binary, server):
    second = subprocess.run([binary, "serve", "--data", str(server.data), "--port", "0"], timeout=20,
                            capture_output=True, text=True)
    expect(second.returncode not in (0, None) and second.stderr.strip(), f"a second server: {second}")
    expect(Client(server).request("GET", "/ready")[0] == 200, "the first server is ready no more")


def fullDisk(binary):
    """A file system of 400 MB: refused with 11 when it is full, nothing broken, and fine again when there is room."""
    if os.geteuid() != 0:
        print("full disk: not tried (needs root)")
        return
    with tempfile.TemporaryDirectory() as folder:
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", folder], capture_output=True)
        if mount.returncode:
            print("full disk: not tried (cannot mount)")
            return
        ballast = os.path.join(folder, "ballast")
        try:
            server = Server(binary, data=os.path.join(folder, "data"))
            client = Client(server)
            data = torus(20_000)
            first = client.upload(data)
            model = client.run("import", fileId=first, measurementUnits="mm")["resultId"]
            with open(ballast, "wb") as file:
                try:
                    while True:
                        file.write(bytes(1 << 20))
                        file.flush()
                except OSError:
                    pass
            refused(11, "an upload to a full disk", lambda: client.upload(data))
            refused(11, "a chunk to a full disk", lambda: client.chunk(newId(), 0, data))
            try:
                operation = client.start("repair", inputId=model)
                status = client.wait(operation, seconds=30)
                codes = [error["code"] for error in status.get("errors", [])]
                expect(status["isSuccessful"] or codes == [11], f"an operation on a full disk: {status}")
            except Refused as refusal:
                expect(refusal.codes == [11], f"an operation on a full disk: {refusal}")
            expect(Client(server).request("GET", "/health")[0] == 200, "/health on a full disk")
            expect(client.download(first) == data, "a download from a full disk")
            os.remove(ballast)
            time.sleep(1)
            again = client.upload(data)
            expect(client.download(again) == data, "an upload after the disk was full")
            client.run("analyze", inputId=model)
            server.kill()
            server.start()
            client = Client(server, client.credentials)
            expect(client.download(again) == data and client.download(first) == data, "files after a full disk and a crash")
            server.close()
        finally:
            subprocess.run(["umount", "-l", folder])


def stopping(binary):
    """SIGTERM ends it soon, at whatever it is: an operation goes on after the next start."""
    server = Server(binary)
    try:
        client = Client(server)
        model = client.run("import", fileId=client.upload(torus(300_000)), measurementUnits="mm")["resultId"]
        operation = client.start("shrinkwrap-repair", inputId=model, accuracy="Detailed")
        time.sleep(0.3)
        took = server.stop()
        expect(took < 5, f"stopping under work took {took:.1f} s")
        expect(server.process.returncode == 0, f"stopped by SIGTERM it ends with {server.process.returncode}")
        server.start()
        client = Client(server, client.credentials)
        expect(client.wait(operation, seconds=300)["isSuccessful"], "an operation that was stopped does not end well")
    finally:
        server.close()


binary = sys.argv[1]
server = Server(binary)
try:
    for name, part in [
        ("chunks", lambda: chunks(server)), ("limits", lambda: limits(binary)), ("strangers", lambda: strangers(server)),
        ("accounts", lambda: accounts(server)), ("tokens", lambda: tokenLife(server)),
        ("downloads", lambda: downloads(server)), ("callbacks", lambda: callbacks(binary, server)),
        ("timeouts", lambda: timeouts(binary)), ("two servers", lambda: twoServers(binary, server)),
        ("stopping", lambda: stopping(binary)), ("full disk", lambda: fullDisk(binary)),
    ]:
        if len(sys.argv) > 2 and name not in sys.argv[2:]:
            continue
        before, begin = len(faults), time.monotonic()
        try:
            part()
        except Exception as fault:
            faults.append(f"{name} went no further: {fault!r}")
        print(f"{name}: {len(faults) - before} faults, {time.monotonic() - begin:.1f} s", flush=True)
finally:
    server.close()
finish(faults)
