"""Reports of batches that never were: for trying the page, and for names that no batch would meet every day. Python's
standard library only.
"""

import base64
import html
import json
import math
import random
import re
import struct
import zlib
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "Sources/FacetBatch/Report/Page"
PICTURE_BYTES = 6000
OUTCOMES = ["done", "failed", "stopped", "missing"]
STEPS = [
    "analyze", "repair", "wall-thickness-analysis: minimalWallThicknessMm 1", "reduce-triangles: accuracyMm 0.05",
    "thumbnail",
]
STAGES = [
    ("degenerate triangles", "triangles removed", 40), ("duplicate triangles", "triangles removed", 12),
    ("near edges", "edges stitched", 900), ("non-manifold edges", "edges cut", 6),
    ("orientation", "triangles turned", 500), ("noise shells", "shells removed", 4), ("holes", "holes filled", 9),
    ("self-intersections", "triangles resolved", 80), ("touching vertices", "vertices pulled apart", 3),
]
FAILURES = [
    (202, "The file is not a mesh that can be read: it ends after 50,101 bytes, in the middle of facet 1,000.", "import"),
    (202, "The file is not a mesh that can be read: it is empty.", "import"),
    (72, "The time limit of 60 s was reached.", "repair"),
    (11, "The memory budget of 2 GB is not enough for this model.", "shrinkwrap-repair"),
    (74, "The operation ended unexpectedly (signal 11).", "reduce-triangles"),
]
WORDS = ["bracket", "gear", "flange", "tube", "housing", "hinge", "knob", "clip", "bearing seat", "cover", "lid"]
FOLDERS = ["", "fixtures/", "spares/pump/", "customer 17/"]


def write(path, data):
    """The page of these data, as `facet batch` puts it together."""
    scripts = "".join(script.read_text() for script in sorted(PAGE.glob("*.js"), key=lambda script: script.name))
    parts = {
        "style": (PAGE / "report.css").read_text(),
        "script": scripts,
        "data": json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        "title": html.escape(data["title"]),
    }
    page = (PAGE / "report.html").read_text()
    # In one go: nothing that is put in is searched for placeholders.
    page = re.sub("<!--(style|script|data|title)-->", lambda match: parts[match[1]], page)
    path.write_text(page, encoding="utf-8")


def read(path):
    """The data of a finished page."""
    page = path.read_text(encoding="utf-8")
    start = page.index('<script type="application/json" id="data">') + len('<script type="application/json" id="data">')
    return json.loads(page[start : page.index("</script>", start)])


# Pictures


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, color):
    """color(x, y) gives three bytes."""
    lines = b"".join(b"\0" + b"".join(bytes(color(x, y)) for x in range(width)) for y in range(height))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")


def ball(x, y, middle, radius, tint):
    """A faceted ball on white, lit from the upper left."""
    dx, dy = (x - middle) / radius, (y - 100) / radius
    square = dx * dx + dy * dy
    if square > 1:
        return 255, 255, 255
    around, out = round(math.atan2(dy, dx) * 4), round(square * 4)
    light = 0.9 - 0.12 * math.cos(around / 4 - math.pi / 4) * out / 4 + 0.03 * ((around * 7 + out * 3) % 5 - 2)
    return tuple(max(0, min(255, round(light * part))) for part in tint)


def samplePictures():
    gray, green, red, blue = (190, 200, 212), (120, 190, 130), (215, 90, 80), (120, 160, 205)
    changes = [
        png(400, 200, lambda x, y: ball(x, y, 100, size, gray if (x + y + size) % 60 > 14 else red) if x < 200
            else ball(x, y, 300, size, gray if (x + y + size) % 60 > 14 else green))
        for size in (60, 85)
    ]
    walls = [
        png(200, 200, lambda x, y: ball(x, y, 100, size, blue if (x - y) % 70 > size / 3 else red)) for size in (60, 85)
    ]
    return {"changes": changes, "walls": walls, "part": [png(200, 200, lambda x, y: ball(x, y, 100, 80, gray))]}


class Pictures:
    """Pictures that are all different files of a usual size: a comment that no one sees fills them up."""

    def __init__(self, paths, random):
        self.random = random
        self.samples = {"changes": [], "walls": [], "part": []}
        for path in map(Path, paths):
            self.samples[path.stem.rsplit(".", 1)[-1]].append(path.read_bytes())
        own = samplePictures()
        self.samples = {shows: samples or own[shows] for shows, samples in self.samples.items()}

    def make(self, name, shows):
        data = self.random.choice(self.samples[shows])
        padding = self.random.randbytes(max(16, PICTURE_BYTES - len(data) - 12))
        data = data[:33] + chunk(b"paDd", padding) + data[33:]
        return {"shows": shows, "path": f"pictures/{name}.{shows}.png", "data": base64.b64encode(data).decode()}


# Rows


def unknown(name, outcome, errors, size):
    """A row of a file of which nothing is known but that it is there."""
    return {
        "name": name, "input": f"parts/{name}.stl", "outcome": outcome, "errors": errors, "warnings": [],
        "bytes": size, "trianglesBefore": None, "trianglesAfter": None, "sizeMm": None, "volumeMm3": None,
        "isSolid": None, "repairs": None, "walls": None, "reduction": None, "hollowing": None, "figures": [],
        "outputs": [], "pictures": [],
    }


WARNINGS = [
    [], ["The file names inches in its header; it was read as millimetres."],
    ["2 facets without area were dropped.", "The header begins with 'solid' though the file is binary."],
]


def ledger(random):
    """What a repair mended: often nothing."""
    stages = sorted(random.sample(STAGES, random.choice([0, 0, 0, 1, 1, 2, 3])), key=STAGES.index)
    return [
        {"stage": stage, "count": random.randint(1, most), "what": what, "areaMm2": random.uniform(0, 300),
         "largestMoveMm": 0.0}
        for stage, what, most in stages
    ]


def done(name, random, pictures):
    triangles = int(10 ** random.uniform(1.1, 5.9))
    size = [round(10 ** random.uniform(0.5, 2.3), random.choice([0, 1, 3])) for _ in range(3)]
    volume = size[0] * size[1] * size[2] * random.uniform(0.1, 0.8)
    repairs = ledger(random)
    mended = max(4, triangles - sum(entry["count"] for entry in repairs))
    after = max(4, int(mended * random.choice([1, random.uniform(0.1, 0.98)])))
    deviation = 0.0 if after == mended else random.uniform(0.0001, 0.05)
    fate = random.random()
    thin = {
        "hasThinWalls": fate < 0.1, "hasPossibleThinWalls": fate < 0.15,
        "leastThicknessMm": round(random.uniform(0.15, 0.999), 3) if fate < 0.15 else None,
    }
    row = unknown(name, "done", [], 84 + 50 * triangles)
    return row | {
        "warnings": random.choices(WARNINGS, [12, 1, 1])[0],
        "trianglesBefore": triangles, "trianglesAfter": after, "sizeMm": size, "volumeMm3": volume,
        "isSolid": random.random() < 0.985,
        "repairs": repairs,
        "walls": {**thin, "limitMm": 1, "regions": random.randint(1, 9) if fate < 0.15 else 0},
        "reduction": {"before": mended, "after": after, "deviationMm": deviation},
        "figures": [
            {"operation": "analyze", "figures": {
                "vertices": triangles // 2 + 2, "triangles": triangles, "shells": 1, "volumeMm3": volume,
                "surfaceAreaMm2": volume / 4, "dimensionXMm": size[0], "dimensionYMm": size[1], "dimensionZMm": size[2],
                "badEdges": 2 * len(repairs), "badContours": len(repairs), "sourceFormat": "STL (binary)",
                "droppedFacets": 0, "isFacetingScoreOk": True, "facetingScoreDegrees": 1.25}},
            {"operation": "repair", "figures": {
                "triangles": mended, "isSolid": True, "hausdorffMm": 0.0213 if repairs else 0.0, "volumeMm3": volume,
                "badEdges": 0, "badContours": 0, "intersectingTriangles": None}},
            {"operation": "wall-thickness-analysis", "figures": {
                **thin, "samplingDistanceMm": 0.5, "input": "solid", "unmeasuredAreaMm2": 0.0}},
            {"operation": "reduce-triangles", "figures": {
                "trianglesBefore": mended, "trianglesAfter": after, "deviationMm": deviation, "isAccuracyProven": True,
                "largestTurnDegrees": 0.0198, "stoppedBecause": "accuracy", "iterations": 20,
                "untouchedTriangles": 0}},
            {"operation": "thumbnail", "figures": {"width": 256, "height": 256, "bytes": 35655}},
        ],
        "outputs": [
            {"path": f"files/{name}.stl", "bytes": 84 + 50 * after},
            {"path": f"files/{name}.thickness.stl", "bytes": 84 + 50 * mended},
            {"path": f"files/{name}.png", "bytes": 35655},
        ],
        "pictures": [pictures.make(name, "changes"), pictures.make(name, "walls")],
    }


def page(title, rows):
    rows.sort(key=lambda row: row["name"].encode("utf-8", "surrogatepass"))
    totals = {outcome: sum(row["outcome"] == outcome for row in rows) for outcome in OUTCOMES}
    totals |= {"files": len(rows), "bytes": sum(row["bytes"] or 0 for row in rows)}
    return {
        "title": title, "version": "0.1.0", "pipeline": STEPS, "limits": {"minimalWallThicknessMm": 1},
        "totals": totals, "rows": rows,
    }


def report(count, pictures=(), seed=7):
    """Five per cent damaged, a few that ran out of something, and the rest as parts are."""
    generator = random.Random(seed)
    pictures = Pictures(pictures, generator)
    rows = []
    for i in range(count):
        name = f"{generator.choice(FOLDERS)}{generator.choice(WORDS)}-{i + 1}"
        fate = generator.random()
        if i in (3, 4, 5) or fate < 0.05:
            code, message, step = FAILURES[i - 1 if i in (3, 4, 5) else generator.randint(0, 1)]
            error = {"code": code, "message": message, "step": step}
            row = unknown(name, "failed", [error], generator.randint(0, 10**6))
            if step != "import":
                row |= {"trianglesBefore": 1_200_000, "sizeMm": [120.0, 80.5, 40.0]}
                row["pictures"] = [pictures.make(name, "part")]
        elif i == 7:
            error = {"code": 10, "message": "No space left on the device.", "step": "thumbnail"}
            row = unknown(name, "stopped", [error], 31_284)
        elif i == 8:
            row = unknown(name, "missing", [], None)
        else:
            row = done(name, generator, pictures)
        rows.append(row)
    return page("Spare parts, November", rows)


def hostileReport():
    generator = random.Random(1)
    pictures = Pictures((), generator)
    names = [
        "<script>globalThis.injected = 1</script>", "</script><img src=x onerror='globalThis.injected = 1'>", "<!--",
        "--><b>bold", "\"quoted' & ampersand", "javascript:globalThis.injected=1", "//example.com/a", "/etc/passwd",
        "../../up", "a?query#part", "50%25 %zz", "עברית/חלק־12", "\u202egnp.exe", "line\nbreak\ttab", "x" * 300,
        "wide " * 60, "__proto__", "constructor", "toString", " ", "日本語の部品", "😀", "\u0000null",
        "$& $1 <!--data--> <!--script-->", "a" + "\u0301" * 40,
    ]
    rows = [done(name, generator, pictures) for name in names]
    for name in names[:3]:
        error = {"code": 202, "message": f"{name} is <b>bad</b> " * 20, "step": name}
        row = unknown(f"failed {name}", "failed", [error], None)
        row["warnings"] = [name, name * 5]
        rows.append(row)
    rows[0]["repairs"] = [{"stage": names[0], "count": 1, "what": names[1]}]
    figures = {names[1]: names[1], "__proto__": None, "nested": {"badEdges": 2}, "list": [1, 2]}
    rows[0]["figures"] = [{"operation": names[0], "figures": figures}]
    rows[1]["pictures"][0]["shows"] = "<b>&\" onerror=1"
    rows[2]["pictures"] = []
    rows[3]["outputs"] = [{"path": "javascript:alert(1)", "bytes": 1}, {"path": "//example.com/x", "bytes": None}]
    volumes = {"volumeBeforeMm3": 1000.0, "volumeAfterMm3": 612.5, "cavities": 1}
    rows[4]["hollowing"] = {"outcome": "hollowed", "certifiedWallMm": 1.99, **volumes}
    rows[5]["hollowing"] = {"outcome": "tooThin", "certifiedWallMm": None, **volumes, "volumeAfterMm3": 1000.0}
    rows[6]["seconds"] = 1.25
    data = page(names[1], rows)
    data["pipeline"] = STEPS + [
        "hollowing: wallThicknessMm 2, drainHolePoints [[1, 2, 3],[4, 5, 6]], keep true", "__proto__",
        names[0] + ":a=" + names[1], "scale:axis=X:scale-to-size-mm=10:uniform",
    ]
    return data


def emptyReport():
    return page("Nothing", [])
