#!/usr/bin/env python3
"""Measures the server under load, and checks it against what is promised.

    python3 load.py path/to/facet [uploads] [clients]

1,000 uploads of a model of 70,000 triangles by 16 clients, each imported and analyzed, beside the command's own
analysis of the same files on as many processors; /health throughout; memory throughout; then an upload of 250 MB,
which must be streamed. Clients and server share the machine, so processor time is told too: the clients' own, and the
server's beside the command's, which other work on the machine changes least.
"""

import multiprocessing
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from harness import API, Client, HealthProbe, Server, finish, megabytes, percentile, torus

FACETS = 70_000
LARGE = 250_000_000
HEALTH_P99_MS = 50
LARGE_GROWTH = 64e6
THROUGHPUT_SHARE = 0.75


class Memory(threading.Thread):
    """The server's resident memory, ever so often."""

    def __init__(self, server, every=0.02):
        super().__init__(daemon=True)
        self.server, self.every = server, every
        self.values, self.isEnding = [server.memory()], False

    def run(self):
        while not self.isEnding:
            self.values.append(self.server.memory())
            time.sleep(self.every)

    def end(self):
        self.isEnding = True
        self.join()
        return max(self.values)


def probe(address, ending, report):
    """Asks for /health from a process of its own, so that no other client stands in its way."""
    server = type("Address", (), address)
    thread = HealthProbe(server)
    thread.start()
    ending.wait()
    thread.end()
    report.put((thread.milliseconds, thread.failures, thread.summary()))


def work(server, token, model, uploads, seconds, faults):
    client = Client(server, timeout=300)
    client.token = token
    for number in uploads:
        begin = time.monotonic()
        try:
            fileId = client.upload(model, f"ring-{number}.stl")
            started = client.start("import", fileId=fileId, measurementUnits="mm")
            client.wait(started, seconds=600, every=0.2)
            imported = client.get(f"{started}/import/result")["resultId"]
            started = client.start("analyze", inputId=imported)
            client.wait(started, seconds=600, every=0.2)
            found = client.get(f"{started}/analyze/result")
            if found["badEdges"] != 0 or found["triangles"] < FACETS * 0.9:
                faults.append(f"upload {number}: {found}")
        except Exception as fault:
            faults.append(f"upload {number}: {fault!r}")
            client = Client(server, timeout=300)
            client.token = token
        seconds.append(time.monotonic() - begin)


def underLoad(server, token, model, uploads, clients):
    seconds, faults = [], []
    share = [range(first, uploads, clients) for first in range(clients)]
    threads = [threading.Thread(target=work, args=(server, token, model, part, seconds, faults)) for part in share]
    begin, own = time.monotonic(), os.times()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, now = time.monotonic() - begin, os.times()
    cost = now.user + now.system - own.user - own.system
    return took, cost, seconds, faults


def byCommand(binary, model, count):
    """Seconds, and those of processor time, for the command to analyze that many files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number in range(count):
            paths.append(os.path.join(folder, f"ring-{number}.stl"))
            Path(paths[-1]).write_bytes(model)
        begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([binary, "analyze", "--quiet", *paths], check=True, stdout=subprocess.DEVNULL)
        took, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
        return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def uploadLarge(server, token, unit):
    """Sends 250 MB without holding them, and tells how long that took and the file's id."""
    facets = (LARGE - 84) // 50
    head = b"large".ljust(80, b"\0") + facets.to_bytes(4, "little")
    piece = unit[84:] * 20
    form = b'--frontier\r\nContent-Disposition: form-data; name="file"; filename="large.stl"\r\n\r\n'
    tail = b"\r\n--frontier--\r\n"
    total = 84 + 50 * facets
    lines = [
        f"POST {API}/file HTTP/1.1", f"Host: {server.host}", f"Authorization: Bearer {token}",
        "Content-Type: multipart/form-data; boundary=frontier", f"Content-Length: {len(form) + total + len(tail)}",
        "Connection: close",
    ]
    begin = time.monotonic()
    with socket.create_connection((server.host, server.port), timeout=300) as connection:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + form + head)
        left = total - 84
        while left > 0:
            connection.sendall(piece[:left])
            left -= min(left, len(piece))
        connection.sendall(tail)
        reply = b""
        while data := connection.recv(65536):
            reply += data
    return time.monotonic() - begin, reply


def main():
    binary = sys.argv[1]
    uploads = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    clients = int(sys.argv[3]) if len(sys.argv) > 3 else 16
    faults = []
    model = torus(FACETS)
    sample = min(uploads, 100)
    perFile, costPerFile = (seconds / sample for seconds in byCommand(binary, model, sample))
    server = Server(binary)
    try:
        client = Client(server)
        client.signIn()
        # Warm, as a server is: the first use of everything is not what is measured.
        client.run("analyze", inputId=client.imported(torus(2000)))

        context = multiprocessing.get_context("spawn")
        ending, report = context.Event(), context.Queue()
        address = {"host": server.host, "port": server.port, "credentials": None}
        prober = context.Process(target=probe, args=(address, ending, report))
        prober.start()
        memory = Memory(server, 0.1)
        memory.start()
        before = server.processorSeconds()
        took, cost, seconds, failed = underLoad(server, client.token, model, uploads, clients)
        perUpload = (server.processorSeconds() - before) / uploads
        ending.set()
        milliseconds, failures, summary = report.get()
        prober.join()
        faults += failed + failures
        print(f"{uploads} uploads of {megabytes(len(model))} by {clients} clients: {took:.1f} s, {uploads / took:.2f} a "
              f"second, each in {percentile(seconds, 0.5):.2f} s (median), {percentile(seconds, 0.99):.2f} s (p99)")
        print(f"the command: {1 / perFile:.2f} files a second; the server: {perFile * uploads / took:.0%} of that")
        print(f"processor time: {costPerFile * 1000:.1f} ms a file of the command, {perUpload * 1000:.1f} ms an upload of the "
              f"server, {cost / uploads * 1000:.1f} ms of its clients, {cost / took / os.cpu_count():.0%} of the machine")
        print(summary)
        print(f"memory: {megabytes(memory.values[0])} before, {megabytes(memory.end())} at most")
        if perFile * uploads / took < THROUGHPUT_SHARE:
            faults.append("the server is more than a quarter slower than the command")
        if percentile(milliseconds, 0.99) > HEALTH_P99_MS:
            faults.append(f"/health: p99 is {percentile(milliseconds, 0.99):.1f} ms")

        time.sleep(1)
        before = server.memory()
        memory = Memory(server)
        memory.start()
        took, reply = uploadLarge(server, client.token, model)
        growth = memory.end() - before
        print(f"250 MB in {took:.1f} s: memory grew by {megabytes(growth)} from {megabytes(before)}")
        if not reply.startswith(b"HTTP/1.1 200"):
            faults.append(f"250 MB: {reply[:300]!r}")
        if growth > LARGE_GROWTH:
            faults.append("the large upload is not streamed")
        print(f"stopped in {server.stop():.2f} s")
    finally:
        server.close()
    finish(faults)


if __name__ == "__main__":
    main()
