#!/usr/bin/env python3
"""Sends 2,000 malformed requests and checks what comes back: the documented error as JSON, or a closed connection.

    python3 malformed.py path/to/facet [count] [seed]

Never a status of 500 and more, never HTML, never an empty refusal, never silence. Meanwhile /health must answer, and
the server's memory must stay where it was. The same seed sends the same requests.
"""

import base64
import json
import random
import socket
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from harness import API, Client, HealthProbe, Server, finish, megabytes, refusalFault, torus

PATIENCE = 20


class Case:
    """What to send: pieces of bytes with pauses between them."""

    def __init__(self, kind, *pieces, cut=False, pause=0.0, maySucceed=False, mayWait=False):
        self.kind, self.pieces, self.pause = kind, pieces, pause
        # Whether the writing side is closed before the request is whole.
        self.cut = cut
        # Whether the request has a reading that is right.
        self.maySucceed = maySucceed
        # Whether the server may rightly wait for more until it gives up.
        self.mayWait = mayWait


def request(method, path, headers=(), body=b"", length=True):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {server.host}:{server.port}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if length and (body or method == "POST"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def authorized(method, path, headers=(), body=b"", length=True):
    return request(method, path, [("Authorization", f"Bearer {token}"), *headers], body, length)


def junk(r, most=200):
    return bytes(r.randrange(256) for _ in range(r.randrange(1, most)))


def operation(r):
    return r.choice(OPERATIONS)


OPERATIONS = [
    "import", "stl-conversion", "analyze", "geometrical-repair", "shrinkwrap-repair", "repair",
    "wall-thickness-analysis", "scale", "thumbnail", "reduce-triangles", "hollowing", "export",
]
PLACES = ["/token", f"{API}/file", f"{API}/import", f"{API}/nothing/status", "/health", "/openapi.json", "/"]
FIELDS = [
    "inputId", "fileId", "measurementUnits", "accuracy", "minimalWallThicknessMm", "accuracyWallThickness", "axis",
    "scaleToSizeMm", "width", "height", "cameraAngleX", "cameraAngleY", "cameraAngleZ", "accuracyMm", "maxAngle",
    "numberOfIterations", "wallThicknessMm", "exportToFormat", "callbackUrl",
]


def startLines(r):
    yield Case("start line", junk(r) + b"\r\n\r\n")
    yield Case("start line", b"GET\r\n\r\n")
    yield Case("start line", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n")
    yield Case("start line", b"GET / HTTP/1.1 extra\r\nHost: x\r\n\r\n")
    yield Case("start line", b"\r\n\r\n\r\n" + request("GET", "/nothing"))
    yield Case("start line", f"G{chr(r.randrange(1, 32))}T / HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    yield Case("start line", b"GET " + b"/a" * r.randrange(2000, 60000) + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    yield Case("start line", request(r.choice(["BREW", "TRACE", "CONNECT", "PUT", "DELETE", "PATCH"]), r.choice(PLACES)))
    yield Case("start line", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + junk(r))
    yield Case("start line", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + junk(r))


def headers(r):
    path = r.choice(PLACES[:4])
    yield Case("header", request("GET", path, [("A" * r.randrange(1, 70000), "x")]))
    yield Case("header", request("GET", path, [("X-A", "x" * r.randrange(9000, 200000))]))
    yield Case("header", request("GET", path, [(f"X-{i}", "y") for i in range(r.randrange(100, 3000))]))
    yield Case("header", f"GET {path} HTTP/1.1\r\nHost: x\r\nno colon here\r\n\r\n".encode())
    yield Case("header", f"GET {path} HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n".encode())
    yield Case("header", f"GET {path} HTTP/1.1\r\nHost: x\r\nA: ".encode() + junk(r) + b"\r\n\r\n")
    yield Case("header", f"GET {path} HTTP/1.1\r\n folded: x\r\n\r\n".encode())
    yield Case("header", f"GET {path} HTTP/1.1\r\n\r\n".encode())
    for value in ("Bearer", "Bearer ", f"Bearer {'t' * 5000}", "Basic !!!", "Bearer \u00e9\u00e9", "Digest x", ""):
        yield Case("authorization", request("GET", f"{API}/nothing/status", [("Authorization", value)]))
    yield Case("authorization", request("GET", f"{API}/file/x", [("Authorization", f"Bearer {token}x")]))
    both = [("Authorization", "Bearer x"), ("Authorization", f"Bearer {token}")]
    yield Case("authorization", request("GET", f"{API}/nothing/status", both))


def lengths(r):
    path = r.choice([f"{API}/file", f"{API}/import", "/token"])
    for value in ("-1", "0x10", "1e3", "18446744073709551616", "9" * 60, "", "5, 5", "5 5", "+5"):
        yield Case("length", authorized("POST", path, [("Content-Length", value)], b"12345", length=False), mayWait=True)
    differ = [("Content-Length", "5"), ("Content-Length", "6")]
    yield Case("length", authorized("POST", path, differ, b"123456", length=False), mayWait=True)
    huge = [("Content-Length", str(10 ** r.randrange(10, 18)))]
    form = ("Content-Type", "multipart/form-data; boundary=b")
    yield Case("length", authorized("POST", path, [*huge, form], b"--b\r\n", length=False), cut=True)
    both = [("Content-Length", "5"), ("Transfer-Encoding", "chunked")]
    yield Case("length", authorized("POST", path, both, b"5\r\nhello\r\n0\r\n\r\n", length=False), mayWait=True)


def codings(r):
    path = r.choice([f"{API}/file", f"{API}/import", "/token"])
    def coded(body, value="chunked"):
        return authorized("POST", path, [("Transfer-Encoding", value)], body, length=False)
    for body in (b"zz\r\nhello\r\n0\r\n\r\n", b"-5\r\nhello\r\n0\r\n\r\n", b"5\r\nhell\r\n0\r\n\r\n", b"5hello0\r\n\r\n",
                 b"FFFFFFFFFFFFFFFFFF\r\nx", b"5;ext=\"\r\nhello\r\n0\r\n\r\n", b"\r\n\r\n", junk(r)):
        yield Case("chunked coding", coded(body), cut=True)
    yield Case("chunked coding", coded(b"5\r\nhello\r\n"), cut=True)
    yield Case("chunked coding", coded(b"5\r\nhello\r\n0\r\n\r\n", r.choice(["gzip", "chunked, chunked", "x", "identity"])), cut=True)


def multiparts(r):
    def form(body, kind="multipart/form-data; boundary=b", **more):
        return Case("multipart", authorized("POST", f"{API}/file", [("Content-Type", kind)], body), **more)
    disposition = b'Content-Disposition: form-data; name="file"; filename="a.stl"\r\n\r\n'
    part = b"--b\r\n" + disposition + b"abc\r\n--b--\r\n"
    yield form(part, "multipart/form-data")
    yield form(part, "multipart/form-data; boundary=")
    yield form(part, "multipart/form-data; boundary=" + "b" * r.randrange(71, 9000))
    yield form(part, "multipart/form-data; boundary=\"b")
    yield form(part, "multipart/form-data; boundary=c")
    yield form(part, r.choice(["text/plain", "application/json", "image/png", "nonsense", ";;;"]))
    yield form(b"")
    yield form(b"--b--\r\n")
    yield form(b"--b\r\n" * r.randrange(2, 5000))
    yield form(b"--b\r\n" + disposition + b"abc")
    yield form(b"--b\r\n" + disposition)
    yield form(b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + junk(r) + b"\"\r\n\r\nabc\r\n--b--\r\n")
    yield form(b"--b\r\n" + b"X: y\r\n" * r.randrange(100, 20000) + b"\r\nabc\r\n--b--\r\n")
    yield form(b"--b\r\nX: " + b"y" * r.randrange(10000, 300000) + b"\r\n\r\nabc\r\n--b--\r\n")
    yield form(b"--b\r\n\r\nabc\r\n--b--\r\n")
    yield form((b"--b\r\n" + disposition + b"abc\r\n") * r.randrange(2, 100) + b"--b--\r\n")
    # Bytes of no known kind may be a damaged binary STL, which has no mark of its own; to import it is another matter.
    yield form(b"--b\r\n" + disposition + junk(r, 3000) + b"\r\n--b--\r\n", maySucceed=True)
    yield form(junk(r, 3000))
    name = r.choice(["../../etc/passwd", "a\\..\\b", "\0", "/", ".", "..", "con", "a" * 5000, "%00.stl", "x\r\nY: z"])
    named = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    yield form(named + model + b"\r\n--b--\r\n", maySucceed=True)
    cutModel = model[: r.randrange(84, len(model))]
    yield form(b"--b\r\n" + disposition + cutModel + b"\r\n--b--\r\n", maySucceed=True)


def texts(r):
    """JSON that is not JSON, or not what is asked for."""
    def post(body, name=None, **more):
        path = f"{API}/{name or operation(r)}"
        return Case("JSON", authorized("POST", path, [("Content-Type", "application/json")], body), **more)
    deep = r.randrange(100, 200000)
    for body in (b"", b"{", b"}", b"[]", b"null", b"true", b"1", b'"text"', b"{]", b"{'inputId':'x'}", b'{"inputId":}',
                 b'{"inputId":"x",}', b'{"a":1}{"b":2}', b"\xff\xfe{\0}\0", b"\xef\xbb\xbf{}", b'{"inputId":"\\ud800"}',
                 b'{"inputId":"\\x"}', b'{"inputId":"\n"}', b'{"inputId":"a\0b"}', b'{"inputId":"\xc3\x28"}',
                 b"[" * deep, b'{"a":' * deep, b"[" * deep + b"]" * deep, b"{}" + b" " * r.randrange(1, 99999) + b"x",
                 b'{"inputId":' + b"9" * r.randrange(20, 50000) + b"}", b'{"inputId":1e999999999}', junk(r, 1000),
                 b'{"inputId":-0.0e-0}', b'{"inputId":NaN}', b'{"inputId":Infinity}', b'{"inputId":01}'):
        yield post(body)
    yield post(b'{"inputId":"' + b"x" * r.randrange(10000, 3000000) + b'"}')
    yield post(b'{"inputId":"x","inputId":"%s"}' % model_id.encode(), "analyze", maySucceed=True)
    yield post(b'{"\\u0069nputId":"x"}', "analyze")
    many = {f"k{i}": i for i in range(r.randrange(1000, 30000))}
    yield post(json.dumps(many).encode())
    wrong = [0, -1, 1.5, 1e308, -1e308, 2**63, 2**64, 10**40, True, [], {}, [[]], "", " ", "x", "\0", "é" * 99, [None]]
    for _ in range(6):
        body = {"inputId": model_id, **{field: r.choice(wrong) for field in r.sample(FIELDS[2:], 6)}}
        yield post(json.dumps(body).encode(), maySucceed=True)
        body = {field: r.choice(wrong) for field in FIELDS}
        yield post(json.dumps(body).encode(), maySucceed=True)
    yield Case("JSON", authorized("POST", f"{API}/analyze", [("Content-Type", "application/json"), (
        "Content-Encoding", "gzip")], b"\x1f\x8b" + junk(r)))


def paths(r):
    tricks = [
        "/page/../../../../etc/passwd", "/page/%2e%2e/%2e%2e/etc/passwd", "/page/..%2f..%2fetc%2fpasswd", "//etc/passwd",
        f"{API}/file/../../../../etc/passwd", f"{API}/file/%2e%2e%2f%2e%2e%2fdata.sqlite", f"{API}/file/%00",
        f"{API}/file/..", f"{API}/file/.", f"{API}/file/", f"{API}/file//", f"{API}//file", f"{API}/file/{'a' * 5000}",
        f"{API}/file/a%0d%0aX:%20y", f"{API}/file/%ff%fe", f"{API}/file/%", f"{API}/file/%zz", f"{API}/file/a?b=c&d",
        f"{API}/nothing/nothing/result", f"{API}/x/analyze/result", f"{API}//status", f"{API}/%00/status",
        f"{API}/{'b' * 3000}/status", "/web-api", "/web-api/", "/web-api/operation", "/WEB-API/OPERATION/FILE/x",
        "/page/", "/page/nothing.js", "/page/app.js/..", "/token/", "/%2e%2e", "/\\..\\..", "http://other/x", "*", "?",
        "/nothing", f"{API}/file/x/chunk/-1", f"{API}/file/x/chunk/99999999999999999999", f"{API}/file/x/chunk/a",
        f"{API}/file/x/chunk/", f"{API}/file/../chunk/0", f"{API}/file/%2e%2e/chunk/0", f"{API}/file/a%2fb/chunk/0",
    ]
    for path in tricks:
        method = r.choice(["GET", "POST"])
        yield Case("path", authorized(method, path, body=b"{}" if method == "POST" else b""), maySucceed="chunk" in path)
    for index in ("-1", "1.5", "99999999999", "x", "%00"):
        yield Case("chunk", authorized("POST", f"{API}/file/chosen/chunk/{index}", body=b"x"))
    for body in (b"{}", b'{"fileName":"a.stl"}', b'{"fileName":"a.stl","chunks":0}', b'{"fileName":"a.stl","chunks":-1}',
                 b'{"fileName":"a.stl","chunks":1e99}', b'{"fileName":1,"chunks":1}', b'{"fileName":"a.stl","chunks":1}',
                 b'{"fileName":"a.stl","chunks":1,"sha256":"zz"}', b'{"fileName":"../a","chunks":"1"}', b"[", junk(r)):
        yield Case("commit", authorized("POST", f"{API}/file/{r.randrange(10**9)}/commit", [
            ("Content-Type", "application/json")], body))
    yield Case("chunk", authorized("POST", f"{API}/file/{r.randrange(10**9)}/chunk/0"))


def ranges(r):
    for value in ("bytes=5-1", "bytes=-0", "bytes=99999999999-", "bytes=a-b", "bytes=", "lines=0-1", "bytes=0-0,5-9",
                  "bytes=" + ",".join(f"{i}-{i}" for i in range(r.randrange(10, 3000))), "bytes=-99999999999999999999",
                  "bytes=0-18446744073709551616", "bytes 0-1", "bytes=--1", "\u00e9"):
        yield Case("range", authorized("GET", f"{API}/file/{file_id}", [("Range", value)]), maySucceed=True)


def logins(r):
    def login(body, basic=None, kind="application/x-www-form-urlencoded"):
        value = basic if basic is not None else "Basic " + base64.b64encode(b"x:y").decode()
        return Case("token", request("POST", "/token", [("Authorization", value), ("Content-Type", kind)], body))
    for body in (b"", b"grant_type=password", b"grant_type=x&username=a&password=b", b"grant_type=refresh_token",
                 b"grant_type=refresh_token&refresh_token=" + b"x" * r.randrange(1, 99999), b"%", b"grant_type=%zz", b"&&&=",
                 b"grant_type=password&username=%00&password=%ff", b"a=b&" * r.randrange(10, 30000), junk(r, 2000),
                 b"grant_type=password&grant_type=password&username=a&username=b&password=c", b'{"grant_type":"password"}'):
        yield login(body)
    for basic in ("", "Basic", "Basic ===", "Basic eA==", "Bearer x", "Basic " + "A" * 20000):
        yield login(b"grant_type=password&username=nobody&password=x", basic)
    yield login(b"grant_type=refresh_token&refresh_token=x", kind="multipart/form-data")


def slow(r):
    whole = authorized("POST", f"{API}/analyze", [("Content-Type", "application/json")], b'{"inputId":"nothing"}')
    at = sorted(r.sample(range(1, len(whole)), 5))
    pieces = [whole[a:b] for a, b in zip([0, *at], [*at, len(whole)])]
    yield Case("slow", *pieces, pause=0.1)
    yield Case("cut", whole[: r.randrange(1, len(whole))], cut=True)
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.stl"\r\n\r\n'
    body = head + model + b"\r\n--b--\r\n"
    upload = authorized("POST", f"{API}/file", [("Content-Type", "multipart/form-data; boundary=b")], body)
    yield Case("cut", upload[: r.randrange(len(upload) - len(model), len(upload) - 8)], cut=True)
    chunk = authorized("POST", f"{API}/file/{r.randrange(10**9)}/chunk/0", body=model)
    yield Case("cut", chunk[: r.randrange(len(chunk) - len(model), len(chunk))], cut=True)
    # Two requests in one piece, the second of them nonsense.
    yield Case("pipelined", request("GET", "/nothing") + junk(r))


def cases(count, seed):
    """As many as asked for, of all kinds in turn."""
    r = random.Random(seed)
    made = []
    while len(made) < count:
        for kind in (startLines, headers, lengths, codings, multiparts, texts, paths, ranges, logins, slow):
            made += kind(r)
    return made[:count]


def reply(case):
    """Status, headers and body of the first reply; None for a connection that was closed without one."""
    with socket.create_connection((server.host, server.port), timeout=PATIENCE) as connection:
        try:
            for piece in case.pieces:
                connection.sendall(piece)
                time.sleep(case.pause)
            if case.cut:
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            # The server had enough before all was sent; what it said is still there to be read.
            pass
        data = b""
        try:
            while True:
                piece = connection.recv(65536)
                if not piece:
                    break
                data += piece
                head, separator, body = data.partition(b"\r\n\r\n")
                if separator and len(body) >= announced(head):
                    break
        except ConnectionError:
            pass
    if not data:
        return None
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    # What follows is the answer to what follows.
    return int(lines[0].split()[1]), headers, body[: announced(head)]


def announced(head):
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0 if head.startswith((b"HTTP/1.1 204", b"HTTP/1.1 304", b"HTTP/1.1 1")) else 1 << 60


def judge(case):
    try:
        answer = reply(case)
    except TimeoutError:
        outcomes[case.kind, "waits"] += 1
        return None if case.mayWait else f"{case.kind}: no answer in {PATIENCE} s to {shown(case)}"
    except (OSError, ValueError, IndexError) as fault:
        return f"{case.kind}: {fault!r} after {shown(case)}"
    if answer is None:
        outcomes[case.kind, "closed"] += 1
        return None
    status, headers, body = answer
    outcomes[case.kind, status] += 1
    if status < 400:
        # Static pages and /health need no token and mind no nonsense beside the path.
        isFine = case.maySucceed or case.kind in ("start line", "header", "path", "pipelined", "slow", "length")
        return None if isFine else f"{case.kind}: {status} to {shown(case)}"
    if status == 416:
        return None if "content-range" in headers else f"416 without Content-Range to {shown(case)}"
    if status >= 500:
        return f"{case.kind}: {status} {body[:200]!r} to {shown(case)}"
    fault = refusalFault(status, headers, body)
    # HTTP's own refusals (of methods, lengths, types) may have statuses of their own.
    if fault and "with status" in fault and status in (405, 406, 408, 411, 413, 414, 415, 417, 431):
        fault = None
    return f"{case.kind}: {fault} to {shown(case)}" if fault else None


def shown(case):
    data = b"".join(case.pieces).replace(token.encode(), b"TOKEN")
    return f"{data[:160]!r}{f' and {len(data) - 160} bytes more' if len(data) > 160 else ''}"


count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
server = Server(sys.argv[1])
outcomes = Counter()
faults = []
try:
    client = Client(server)
    model = torus(200)
    file_id = client.upload(model)
    model_id = client.run("import", fileId=file_id, measurementUnits="mm")["resultId"]
    token = client.token
    probe = HealthProbe(server)
    probe.start()
    memory = []

    def work(case):
        fault = judge(case)
        if fault:
            faults.append(fault)
        memory.append(server.memory() if server.isRunning() else 0)

    begin = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, cases(count, seed)))
    took = time.monotonic() - begin
    probe.end()
    if not server.isRunning():
        faults.append(f"the server ended with {server.process.returncode}")
    else:
        if client.download(file_id) != model:
            faults.append("the file from before is another now")
        # The first quarter warms caches up; from there on memory must not grow with the number of requests.
        settled, last = max(memory[: count // 4]), max(memory[-count // 4 :])
        print(f"memory: at first {megabytes(memory[0])}, settled {megabytes(settled)}, at the end {megabytes(last)}")
        if last > settled * 1.1 + 8e6:
            faults.append(f"memory grew from {megabytes(settled)} to {megabytes(last)}")
    if probe.failures:
        faults.append(f"/health failed: {probe.failures[:3]}")
    kinds = {}
    for (kind, outcome), number in sorted(outcomes.items(), key=str):
        kinds.setdefault(kind, []).append(f"{outcome}×{number}")
    for kind, found in kinds.items():
        print(f"  {kind}: {', '.join(found)}")
    print(f"{sum(outcomes.values())} requests in {took:.1f} s; {probe.summary()}")
finally:
    server.close()
finish(faults)
