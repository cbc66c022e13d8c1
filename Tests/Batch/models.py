#!/usr/bin/env python3
"""Writes a folder as shops have them: models of all kinds and sizes, some broken, some beyond reading, with hostile names.

    python3 models.py folder [2000] [seed] [--slow] [--huge] [--largest 20000]

Of every hundred files 70 are sound, 25 broken and 5 damaged beyond reading, the same mixture of sizes and formats in
each hundred, so that hundreds can be compared. `--slow` adds a file that no time is enough for (triangles that cross
each other by the thousand), `--huge` one that needs more memory than small budgets have (a million triangles).
The same seed gives the same bytes.
"""

import argparse
import math
import random
import struct
import zlib
from pathlib import Path

# What comes of a file: an outcome, and the codes that say so: too much time, too little memory, empty or beyond reading.
EXPECTED = {
    "sound": ("done", {None}), "broken": ("done", {None}), "damaged": ("failed", {53, 201, 202}),
    "slow": ("failed", {72}), "huge": ("failed", {11}),
}

# A name of each sort that programs trip over. None has a line break, for lists of files have a path a line.
HOSTILE = [
    "two words", "  spaces before and after  ", "it's", 'say "cheese"', "dollar $HOME `id` $(id)", "semi;colon & co | more",
    "back\\slash", "100% %s %d %n", "-rf", "--out", "#comment", "star*? [a-z] {b,c}", "~root", "<b>bold</b> &amp; more",
    "<!--<script>", "=1+2", "comma,comma", "tab\there", "Größe", "Gro\u0308ße", "部品", "деталь", "قطعة", "🦷 brace",
    "zero\u200bwidth", "right\u202eto left", "part.stl", "CON", "a.b.c.d", "dots...",
    "n" * 200, "{name}", "repair,thumbnail", "a=b:c", "\u2028separator",
]

# Names whose results would take each other's places.
SAME = {10: "part", 11: "part", 13: "part.thickness", 15: "part", 16: "part.changes", 18: "part"}
# Sound, broken and damaged ones of a hundred.
SHARES = (70, 25, 5)


# Shapes: lists of points and of triangles.

def box(sizes):
    points = [tuple(size * (corner >> axis & 1) for axis, size in enumerate(sizes)) for corner in range(8)]
    sides = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
    return points, [t for a, b, c, d in sides for t in ((a, b, c), (a, c, d))]


def cylinder(facets, radius, height):
    """With rows of triangles up its wall, as many as it takes for lids of not too many."""
    n = max(3, min(128, facets // 4))
    rows = max(1, (facets - 2 * n) // (2 * n))
    points = []
    for row in range(rows + 1):
        for i in range(n):
            a = 2 * math.pi * i / n
            points.append((radius * math.cos(a), radius * math.sin(a), height * row / rows))
    low, high, top = len(points), len(points) + 1, rows * n
    points += [(0.0, 0.0, 0.0), (0.0, 0.0, height)]
    triangles = []
    for i in range(n):
        j = (i + 1) % n
        triangles += [(low, j, i), (high, top + i, top + j)]
        for row in range(0, top, n):
            triangles += [(row + i, row + j, row + n + j), (row + i, row + n + j, row + n + i)]
    return points, triangles


def sphere(facets, radius):
    """An octahedron, its sides divided into small triangles and blown up, so that it has no poles."""
    n = max(1, round(math.sqrt(facets / 8)))
    ids, points, triangles = {}, [], []

    def at(*place):
        if place not in ids:
            ids[place] = len(points)
            length = math.sqrt(sum(x * x for x in place))
            points.append(tuple(radius * x / length for x in place))
        return ids[place]

    for sx, sy, sz in [(x, y, z) for x in (1, -1) for y in (1, -1) for z in (1, -1)]:
        def corner(i, j):
            return at(sx * i, sy * j, sz * (n - i - j))
        turn = sx * sy * sz > 0
        for i in range(n):
            for j in range(n - i):
                some = [(corner(i, j), corner(i + 1, j), corner(i, j + 1))]
                if i + j < n - 1:
                    some.append((corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)))
                triangles += some if turn else [t[::-1] for t in some]
    return points, triangles


def torus(facets, radius, tube):
    rings = max(3, int(math.sqrt(facets / 4)))
    around = max(3, round(facets / 2 / rings))
    points, triangles = [], []
    for i in range(around):
        a = 2 * math.pi * i / around
        for j in range(rings):
            b = 2 * math.pi * j / rings
            out = radius + tube * math.cos(b)
            points.append((out * math.cos(a), out * math.sin(a), tube * math.sin(b)))
    for i in range(around):
        row, next = i * rings, (i + 1) % around * rings
        for j in range(rings):
            k = (j + 1) % rings
            triangles += [(row + j, next + j, next + k), (row + j, next + k, row + k)]
    return points, triangles


def shape(r, facets):
    """A sound one, closed and facing outward."""
    size = r.uniform(8, 60)
    kind = r.randrange(4) if facets > 12 else 0
    if kind == 0:
        return box((size, size * r.uniform(0.2, 1), size * r.uniform(0.1, 1)))
    if kind == 1:
        return cylinder(facets, size / 2, size * r.uniform(0.2, 2))
    if kind == 2:
        return sphere(facets, size / 2)
    return torus(facets, size / 2, size * r.uniform(0.06, 0.2))


def merged(*parts):
    points, triangles = [], []
    for some, their in parts:
        at = len(points)
        points += some
        triangles += [(a + at, b + at, c + at) for a, b, c in their]
    return points, triangles


def moved(part, by):
    return [(x + by[0], y + by[1], z + by[2]) for x, y, z in part[0]], part[1]


def broken(r, facets):
    """A shape with something wrong with it that repair mends."""
    points, triangles = shape(r, facets)
    kind = r.randrange(5)
    if kind == 0:  # holes
        for _ in range(r.randint(1, 3)):
            if len(triangles) > 8:
                triangles.pop(r.randrange(len(triangles)))
    elif kind == 1:  # triangles that face the other way
        for i in r.sample(range(len(triangles)), max(1, len(triangles) // 20)):
            triangles[i] = triangles[i][::-1]
    elif kind == 2:  # triangles that are there twice
        triangles += r.sample(triangles, max(1, len(triangles) // 10))
    elif kind == 3:  # another shape driven through it
        other = moved(shape(r, max(12, facets // 3)), [r.uniform(1, 6) for _ in range(3)])
        points, triangles = merged((points, triangles), other)
    else:  # all of it turned inside out
        triangles = [t[::-1] for t in triangles]
    return points, triangles


# Formats.

def binarySTL(part, note=b"part"):
    points, triangles = part
    packed = [struct.pack("<3f", *point) for point in points]
    normal, end = bytes(12), bytes(2)
    pieces = [note.ljust(80, b" "), struct.pack("<I", len(triangles))]
    for a, b, c in triangles:
        pieces += (normal, packed[a], packed[b], packed[c], end)
    return b"".join(pieces)


def textSTL(part, note="part"):
    points, triangles = part
    lines = ["      vertex %.9g %.9g %.9g\n" % point for point in points]
    facet, end = "  facet normal 0 0 0\n    outer loop\n", "    endloop\n  endfacet\n"
    pieces = [f"solid {note}\n"]
    for a, b, c in triangles:
        pieces += (facet, lines[a], lines[b], lines[c], end)
    return "".join([*pieces, f"endsolid {note}\n"]).encode()


def obj(part):
    points, triangles = part
    vertices = ["v %.9g %.9g %.9g\n" % point for point in points]
    return "".join(vertices + [f"f {a + 1} {b + 1} {c + 1}\n" for a, b, c in triangles]).encode()


def off(part):
    points, triangles = part
    vertices = ["%.9g %.9g %.9g\n" % point for point in points]
    return "".join([f"OFF\n{len(points)} {len(triangles)} 0\n", *vertices, *(f"3 {a} {b} {c}\n" for a, b, c in triangles)]).encode()


def ply(part, isText):
    points, triangles = part
    head = (f"ply\nformat {'ascii' if isText else 'binary_little_endian'} 1.0\nelement vertex {len(points)}\n"
            f"property float x\nproperty float y\nproperty float z\nelement face {len(triangles)}\n"
            "property list uchar int vertex_indices\nend_header\n").encode()
    if isText:
        vertices = ["%.9g %.9g %.9g\n" % point for point in points]
        return head + "".join(vertices + [f"3 {a} {b} {c}\n" for a, b, c in triangles]).encode()
    return head + b"".join([struct.pack("<3f", *p) for p in points] + [struct.pack("<Biii", 3, *t) for t in triangles])


FORMATS = {
    "stl": binarySTL, "STL": binarySTL, "text": textSTL, "obj": obj, "off": off,
    "ply": lambda part: ply(part, False), "plytext": lambda part: ply(part, True),
}
# Of twenty files.
MIXTURE = ["stl"] * 11 + ["STL"] + ["text"] * 3 + ["obj"] * 2 + ["off"] + ["ply"] + ["plytext"]
ENDINGS = {"text": "stl", "plytext": "ply"}


def png():
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + bytes([x * 8 % 256 for x in range(96)]) for _ in range(32))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def damaged(r, number):
    """Ending and bytes of a file that nothing can be read from."""
    part = shape(r, 200)
    kind = number % 10
    if kind == 0:
        data = binarySTL(part)
        return "stl", data[: r.randrange(100, len(data) - 60)]
    if kind == 1:
        return "stl", r.randbytes(r.randrange(1, 5000))
    if kind == 2:
        return "stl", b""
    if kind == 3:
        return "stl", png()
    if kind == 4:
        data = textSTL(part)
        return "stl", data[: data.index(b"vertex", len(data) // 2) + 9]
    if kind == 5:
        data = ply(part, False)
        return "ply", data[: len(data) * 2 // 3]
    if kind == 6:
        return "stl", b"part".ljust(80) + struct.pack("<I", 0xFFFF_FFFF) + bytes(500)
    if kind == 7:
        return "off", b"OFF\n8 12 0\n0 0 0\n1 0 0\n3 0 1 7\n"
    if kind == 8:
        return "obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 99\n"
    return "ply", b"<!DOCTYPE html><title>404 Not Found</title>"


def slow(count=20_000):
    """Triangles as long as the whole, all through one another: hundreds of millions of crossings."""
    r = random.Random(1)
    points, triangles = [], []
    for i in range(count):
        middle = [r.random() * 100 for _ in range(3)]
        points += [tuple(x + r.uniform(-30, 30) for x in middle) for _ in range(3)]
        triangles.append((3 * i, 3 * i + 1, 3 * i + 2))
    return binarySTL((points, triangles), b"soup")


def huge(facets=1_000_000):
    return binarySTL(torus(facets, 50, 12), b"ring")


def plan(position, r, largest):
    """The kind and size of a file: the same at the same place in every hundred, up to a tenth of the size."""
    order = list(range(100))
    random.Random(7).shuffle(order)
    place = order[position % 100]
    kind = "sound" if place < SHARES[0] else "broken" if place < sum(SHARES[:2]) else "damaged"
    # Sizes as shops have them: many small, few large.
    share = (place * 37 % 100) / 99
    facets = 12 * (largest / 12) ** share
    return kind, place, max(12, int(facets * r.uniform(0.95, 1.05)))


def write(folder, count=2000, seed=1, isSlow=False, isHuge=False, largest=20_000):
    """Writes the models, and returns the kind of each by its path in the folder."""
    folder = Path(folder)
    kinds = {}

    def put(path, kind, data):
        if path in kinds:
            path = f"{path[: -len(Path(path).suffix)]} {len(kinds)}{Path(path).suffix}"
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        kinds[path] = kind

    extra = [("slow", slow)] * isSlow + [("huge", huge)] * isHuge
    count -= len(extra)
    for position in range(count):
        r = random.Random(f"{seed} {position}")
        kind, place, facets = plan(position, r, largest)
        # Hundreds are folders, in the order of their names; some have folders of their own.
        parent = f"shelf {position // 100:03d}"
        number = position // 100 * 7 + place
        # A fifth has a hostile name, a tenth the same name as a file elsewhere.
        if place % 5 == 2:
            name = HOSTILE[(position // 5) % len(HOSTILE)]
        elif place % 10 == 4:
            name = "bracket"
        else:
            name = f"part {place:02d}"
        if place in SAME:
            name, parent = SAME[place], parent + "/same"
        elif place % 3 == 1:
            parent += f"/{['inner', 'it is nested', 'Ünïcode'][place % 9 // 3]}/{place // 20}"
        if kind == "damaged":
            ending, data = damaged(r, number)
        else:
            form = MIXTURE[place % 20]
            part = broken(r, facets) if kind == "broken" else shape(r, facets)
            ending, data = ENDINGS.get(form, form), FORMATS[form](part)
        put(f"{parent}/{name}.{ending}", kind, data)
    for kind, make in extra:
        put(f"shelf {count // 200:03d}/special/{kind}.stl", kind, make())
    # What is hidden is nobody's part.
    (folder / "shelf 000" / ".hidden.stl").write_bytes(b"hidden")
    return kinds


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("count", nargs="?", type=int, default=2000)
    parser.add_argument("seed", nargs="?", type=int, default=1)
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--huge", action="store_true")
    parser.add_argument("--largest", type=int, default=20_000)
    given = parser.parse_args()
    made = write(given.folder, given.count, given.seed, given.slow, given.huge, given.largest)
    for kind in EXPECTED:
        print(f"{kind}: {sum(of == kind for of in made.values())}")
