#!/usr/bin/env python3
"""Kills the server at random instants under load, and checks after each restart that nothing it accepted is lost.

    python3 crash.py path/to/facet [rounds] [seed]

Eight clients upload, whole and in chunks, and run operations. After `kill -9` and a restart every upload that was
answered with 200 downloads with the right hash; every chunk that was accepted can be committed; a commit that got no
answer has either happened or can be made; every operation that was accepted is there, ends once, and gives the same
result whenever it is asked for. No result belongs to two operations. From start to the first /ready under two seconds.
"""

import random
import sys
import threading
import time

from harness import Client, Refused, Server, finish, newId, percentile, sha256, torus

CLIENTS = 8
# An operation that was running at this many crashes may be what causes them; the server may then say that it failed.
GIVEN_UP_AFTER = 10
LIMIT_SECONDS = 2.0


class Promises:
    """What the server has promised so far, by answering 200."""

    def __init__(self):
        self.lock = threading.Lock()
        self.files = {}  # id: hash
        self.models = []
        self.open = {}  # operations of which no end has been seen; id: name
        self.ended = {}  # id: (name, result or codes)
        self.partial = []  # uploads in chunks: (id, pieces, accepted indexes, whether a commit was sent)
        self.checked = set()
        self.survived = {}  # crashes that an operation was open at
        self.givenUp = 0


def shapes():
    """Some models, small, so that much happens in a second."""
    return [torus(size, seed) for seed, size in enumerate([60, 200, 600, 2000, 6000])]


def variant(data, number):
    """The same model as another file."""
    return f"ring {number}".encode().ljust(80, b"\0") + data[80:]


def load(client, promises, r, stop):
    """What a client does until the server is gone."""
    try:
        while not stop.is_set():
            choice = r.random()
            if choice < 0.3 or not promises.files:
                uploadWhole(client, promises, r)
            elif choice < 0.5:
                uploadChunks(client, promises, r)
            elif choice < 0.85:
                startOne(client, promises, r)
            else:
                lookAt(client, promises, r)
    except Refused as refusal:
        # Being full for a moment is an answer. All else is not expected here.
        if 11 not in refusal.codes:
            faults.append(f"under load: {refusal}")
    except Exception:
        # The server is gone, which is what this is about.
        pass


def uploadWhole(client, promises, r):
    data = variant(r.choice(MODELS), r.getrandbits(60))
    fileId = client.upload(data)
    with promises.lock:
        promises.files[fileId] = sha256(data)


def uploadChunks(client, promises, r):
    data = variant(r.choice(MODELS), r.getrandbits(60))
    number = r.randrange(2, 6)
    size = -(-len(data) // number)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    entry = dict(id=newId(), pieces=pieces, accepted=set(), sent=False)
    with promises.lock:
        promises.partial.append(entry)
    order = list(range(len(pieces)))
    r.shuffle(order)
    for index in order:
        client.chunk(entry["id"], index, pieces[index])
        entry["accepted"].add(index)
    entry["sent"] = True
    client.commit(entry["id"], len(pieces), sha256=sha256(data))
    with promises.lock:
        promises.files[entry["id"]] = sha256(data)
        promises.partial.remove(entry)


def startOne(client, promises, r):
    with promises.lock:
        if len(promises.open) > 40:
            return
        model = r.choice(promises.models) if promises.models else None
        file = r.choice(list(promises.files))
    if model is None or r.random() < 0.3:
        name, parameters = "import", dict(fileId=file, measurementUnits="mm")
    else:
        name, parameters = r.choice(OPERATIONS)
        parameters = dict(parameters, inputId=model)
    id = client.start(name, **parameters)
    with promises.lock:
        promises.open[id] = name


OPERATIONS = [
    ("analyze", {}), ("repair", {}), ("geometrical-repair", {}), ("export", dict(exportToFormat="stl")),
    ("scale", dict(axis="X", scaleToSizeMm=30)), ("thumbnail", dict(width=64, height=64)),
    ("reduce-triangles", dict(accuracyMm=0.1)), ("wall-thickness-analysis", dict(minimalWallThicknessMm=1)),
]


def lookAt(client, promises, r):
    with promises.lock:
        if not promises.open:
            return
        id, name = r.choice(list(promises.open.items()))
    settle(client, promises, id, name)


def settle(client, promises, id, name):
    """Notes the end of an operation, if it has one."""
    status = client.get(f"{id}/status")
    if not status["isCompleted"]:
        return False
    if status["isSuccessful"]:
        end = client.get(f"{id}/{name}/result")
    else:
        end = [error["code"] for error in status["errors"]]
        if end == [74] and promises.survived.get(id, 0) >= GIVEN_UP_AFTER:
            promises.givenUp += 1
        else:
            faults.append(f"{name} {id} failed: {status['errors']}")
    with promises.lock:
        promises.open.pop(id, None)
        promises.ended[id] = (name, end)
        if name == "import" and isinstance(end, dict):
            promises.models.append(end["resultId"])
    return True


def verify(client, promises, r, everything):
    """Holds the server to what it promised."""
    ids = [id for id in promises.files if everything or id not in promises.checked]
    for id in ids + r.sample(list(promises.files), min(10, len(promises.files))):
        try:
            if sha256(client.download(id)) != promises.files[id]:
                faults.append(f"file {id} is another now")
        except Refused as refusal:
            faults.append(f"an accepted file is lost: {refusal}")
        promises.checked.add(id)
    for entry in promises.partial:
        complete(client, promises, entry)
    promises.partial.clear()
    for id, name in list(promises.open.items()):
        try:
            settle(client, promises, id, name)
        except Refused as refusal:
            faults.append(f"an accepted operation is lost: {name} {refusal}")
            promises.open.pop(id)
    known = list(promises.ended)
    for id in known if everything else r.sample(known, min(15, len(known))):
        name, end = promises.ended[id]
        if isinstance(end, dict):
            now = client.get(f"{id}/{name}/result")
            if now != end:
                faults.append(f"{name} {id} gave {end} and now gives {now}")


def complete(client, promises, entry):
    """Finishes an upload that the crash cut short, from what the server says it has accepted."""
    id, pieces = entry["id"], entry["pieces"]
    hash = sha256(b"".join(pieces))
    try:
        for index in range(len(pieces)):
            # An accepted chunk is not sent again: it must be there.
            if index not in entry["accepted"]:
                client.chunk(id, index, pieces[index])
        client.commit(id, len(pieces), sha256=hash)
    except Refused as refusal:
        if refusal.codes != [57] or not entry["sent"]:
            faults.append(f"an upload in chunks cannot be finished: {refusal}; accepted {sorted(entry['accepted'])}")
            return
    promises.files[id] = hash


def untilAllHaveEnded(client, promises, seconds=120):
    end = time.monotonic() + seconds
    while promises.open and time.monotonic() < end:
        for id, name in list(promises.open.items()):
            settle(client, promises, id, name)
        time.sleep(0.1)
    for id, name in promises.open.items():
        faults.append(f"{name} {id} has no end after {seconds} s: {client.get(f'{id}/status')}")
    promises.open.clear()


def secondsUntilReady(server):
    """Starts the server again, and says how long that took until it said that it is ready."""
    begin = time.monotonic()
    server.start()
    client = Client(server)
    while True:
        try:
            if client.request("GET", "/ready")[0] == 200:
                return time.monotonic() - begin
        except OSError:
            pass
        if time.monotonic() - begin > 30:
            raise SystemExit("the server is not ready after 30 s")
        time.sleep(0.005)


rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 200
r = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
MODELS = shapes()
faults, starts = [], []
promises = Promises()
server = Server(sys.argv[1])
try:
    first = Client(server)
    first.signIn()
    # Tokens survive a restart as well, or signing in would take most of the time.
    token = first.token
    for number in range(rounds):
        stop = threading.Event()
        threads = []
        for index in range(CLIENTS):
            client = Client(server, timeout=20)
            client.token = token
            threads.append(threading.Thread(target=load, args=(client, promises, random.Random(r.random()), stop)))
        for thread in threads:
            thread.start()
        time.sleep(r.uniform(0.02, 1.2))
        server.kill()
        for id in list(promises.open):
            promises.survived[id] = promises.survived.get(id, 0) + 1
        stop.set()
        for thread in threads:
            thread.join()
        starts.append(secondsUntilReady(server))
        client = Client(server)
        client.token = token
        isLast = number == rounds - 1
        try:
            verify(client, promises, r, everything=isLast)
            if isLast or number % 20 == 19:
                untilAllHaveEnded(client, promises)
        except Refused as refusal:
            faults.append(f"round {number + 1}: {refusal}")
        if number % 20 == 19 or isLast:
            print(f"round {number + 1}: {len(promises.files)} files, {len(promises.ended)} ended operations, "
                  f"{len(promises.open)} open, {len(faults)} faults, slowest start {max(starts):.2f} s", flush=True)
        if len(faults) > 100:
            break
    # After all rounds, once more all of it: the same results, and none of them twice.
    verify(client, promises, r, everything=True)
    outcomes = {}
    for id, (name, end) in promises.ended.items():
        made = isinstance(end, dict) and (end.get("resultId") or end.get("fileId"))
        if made:
            if made in outcomes:
                faults.append(f"the result {made} belongs to {id} and to {outcomes[made]}")
            outcomes[made] = id
    for made in outcomes:
        if not client.download(made):
            faults.append(f"the result {made} is empty")
    slow = [seconds for seconds in starts if seconds > LIMIT_SECONDS]
    if slow:
        faults.append(f"{len(slow)} starts took longer than {LIMIT_SECONDS} s, the slowest {max(slow):.2f} s")
    left = [path for path in server.data.rglob("*") if path.is_file() and path.suffix in (".tmp", ".partial")]
    print(f"{len(starts)} kills: {len(promises.files)} files and {len(promises.ended)} operations kept, {promises.givenUp} given up; start-up median "
          f"{percentile(starts, 0.5):.2f} s, most {max(starts):.2f} s; {len(left)} temporary files left; stopped by "
          f"SIGTERM in {server.stop():.2f} s with status {server.process.returncode}")
finally:
    server.close()
finish(faults)
