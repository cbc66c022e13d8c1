#!/usr/bin/env python3
"""Does the generation API make the parts that prompts describe?

    prompts.py FACET [--count N] [--environment FOLDER] [--keep FOLDER]

Runs `FACET generate PROMPT -o part.step` for the prompts of prompts.json, measures each part with CadQuery and compares
it with the figures that the file gives by closed formulas: volume, bounding box, genus, shells, the diameters of full
inner cylinders, and where features are off the middle the centroid. Prompts that describe no part have to fail with their code and make no file. Needs a Python with
CadQuery, such as the one of the generation environment.
"""

import argparse
import importlib.util
import json
import math
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent


def cyl(d, h):
    return math.pi * d * d / 4 * h


def ring(outer, inner, h):
    return cyl(outer, h) - cyl(inner, h)


def ball(d):
    return math.pi * d**3 / 6


def cone(d1, d2, h):
    """A frustum."""
    return math.pi * h / 12 * (d1 * d1 + d1 * d2 + d2 * d2)


def hexagon(flats):
    """The area of a regular hexagon."""
    return math.sqrt(3) / 2 * flats * flats


def corners(r):
    """The area that rounding four right corners takes."""
    return (4 - math.pi) * r * r


def slot(length, width):
    """The area of a slot, its length over all."""
    return (length - width) * width + math.pi * width * width / 4


def rim_chamfer(d, c):
    """What a 45° chamfer takes from a cylinder's rim (Pappus)."""
    return 2 * math.pi * (d / 2 - c / 3) * c * c / 2


def rim_fillet(d, r):
    """What a fillet takes from a cylinder's rim (Pappus)."""
    return 2 * math.pi * (d / 2 - r * (10 - 3 * math.pi) / (12 - 3 * math.pi)) * (1 - math.pi / 4) * r * r


def rounded_box(a, b, c, r):
    """A box with all edges rounded (Steiner)."""
    a, b, c = a - 2 * r, b - 2 * r, c - 2 * r
    return a * b * c + 2 * r * (a * b + b * c + c * a) + math.pi * r * r * (a + b + c) + 4 / 3 * math.pi * r**3


def lens(big, small):
    """The area that a circle around a point of another has in common with that."""
    half = math.asin(small / (2 * big))
    angle = math.acos(small / (2 * big))
    return small * small * angle + 2 * big * big * half - small * math.sqrt(big * big - small * small / 4)


NAMES = {name: value for name, value in globals().items() if callable(value) and not name.startswith("_")}
NAMES.update(pi=math.pi, sqrt=math.sqrt)


def figure(text):
    return eval(str(text), {"__builtins__": {}}, NAMES)


def measure(shape):
    """Volume, size, genus, shells, hole diameters and centroid of a shape's exact geometry."""
    from OCP.BRep import BRep_Tool
    from OCP.BRepAdaptor import BRepAdaptor_Surface
    from OCP.GeomAbs import GeomAbs_Cylinder
    from OCP.TopAbs import TopAbs_EDGE, TopAbs_FACE, TopAbs_REVERSED, TopAbs_VERTEX, TopAbs_WIRE
    from OCP.TopExp import TopExp
    from OCP.TopoDS import TopoDS
    from OCP.TopTools import TopTools_IndexedMapOfShape

    def parts(kind):
        found = TopTools_IndexedMapOfShape()
        TopExp.MapShapes_s(shape.wrapped, kind, found)
        return [found.FindKey(index) for index in range(1, found.Extent() + 1)]

    faces = parts(TopAbs_FACE)
    edges = [edge for edge in parts(TopAbs_EDGE) if not BRep_Tool.Degenerated_s(TopoDS.Edge_s(edge))]
    # Euler and Poincaré, with wires as the loops of faces: V − E + F − (L − F) = 2 (S − G).
    euler = len(parts(TopAbs_VERTEX)) - len(edges) + 2 * len(faces) - len(parts(TopAbs_WIRE))
    shells = len(shape.Shells())
    axes = {}
    for face in faces:
        surface = BRepAdaptor_Surface(TopoDS.Face_s(face))
        if surface.GetType() != GeomAbs_Cylinder:
            continue
        cylinder = surface.Cylinder()
        # Inner cylinders are those whose outward side looks at the axis.
        if (face.Orientation() == TopAbs_REVERSED) != cylinder.Direct():
            continue
        axis = cylinder.Axis()
        direction, point = axis.Direction(), axis.Location()
        d = [direction.X(), direction.Y(), direction.Z()]
        if next(value for value in d if abs(value) > 1e-6) < 0:
            d = [-value for value in d]
        p = [point.X(), point.Y(), point.Z()]
        along = sum(a * b for a, b in zip(d, p))
        foot = [a - along * b for a, b in zip(p, d)]
        key = tuple(round(value, 3) + 0.0 for value in [*d, *foot, cylinder.Radius()])
        low, high = surface.FirstUParameter(), surface.LastUParameter()
        axes.setdefault(key, []).append((along, high - low))
    holes = [2 * key[-1] for key, pieces in axes.items() if sum(turn for _, turn in pieces) > 2 * math.pi - 1e-3]
    box = shape.BoundingBox(1e-7)
    return {
        "volume": shape.Volume(),
        "size": [box.xlen, box.ylen, box.zlen],
        "genus": shells - euler / 2,
        "shells": shells,
        "holes": sorted(holes),
        "valid": shape.isValid(),
        "centre": shape.Center().toTuple(),
    }


def wrong(entry, found):
    """What of a part is not as the file says; empty when all is."""
    problems = []

    def compare(name, is_value, should_be, tolerance):
        if abs(is_value - should_be) > tolerance:
            problems.append(f"{name} {is_value:.6g}, not {should_be:.6g}")

    volume = figure(entry["volume"])
    compare("volume", found["volume"], volume, 1e-6 * volume)
    for axis, is_value, text in zip("xyz", found["size"], entry["size"]):
        compare(f"size {axis}", is_value, figure(text), 1e-3)
    for axis, is_value, text in zip("xyz", found["centre"], entry.get("centre", [])):
        compare(f"centre {axis}", is_value, figure(text), 1e-4)
    compare("genus", found["genus"], entry["genus"], 0)
    compare("shells", found["shells"], entry.get("shells", 1), 0)
    holes = sorted(figure(text) for text in entry["holes"])
    if len(holes) != len(found["holes"]) or any(abs(a - b) > 1e-3 for a, b in zip(holes, found["holes"])):
        problems.append(f"holes {found['holes']}, not {holes}")
    if not found["valid"]:
        problems.append("the shape is not valid")
    return problems


def generate(facet, entry, path, environment):
    command = [facet, "generate", entry["prompt"], "-o", str(path)]
    if "mode" in entry:
        command += ["--design-mode", entry["mode"]]
    if environment:
        command += ["--environment", environment]
    return subprocess.run(command, capture_output=True, text=True)


def use_environment():
    """The environment of `facet generation install` has no VTK, which CadQuery only imports."""
    if importlib.util.find_spec("vtkmodules") is None:
        sys.path.append(str(HERE / "../../Sources/FacetGeneration/Sandbox/Program"))
        import absent

        absent.install()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("facet")
    arguments.add_argument("--count", type=int, help="only the first so many of each list")
    arguments.add_argument("--environment", help="folder of the generation environment")
    arguments.add_argument("--keep", help="folder for the parts")
    options = arguments.parse_args()
    listing = json.loads((HERE / "prompts.json").read_text())
    parts, refusals = listing["parts"][: options.count], listing["refusals"][: options.count]
    use_environment()
    from cadquery import Compound, importers

    right = refused = made = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(options.keep or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for number, entry in enumerate(parts, 1):
            path = folder / f"part-{number:02}.step"
            run = generate(options.facet, entry, path, options.environment)
            if run.returncode or not path.exists():
                print(f"part {number}: {run.stderr.strip()}: {entry['prompt']}")
                continue
            shapes = importers.importStep(str(path)).vals()
            problems = wrong(entry, measure(shapes[0] if len(shapes) == 1 else Compound.makeCompound(shapes)))
            if problems:
                print(f"part {number}: {'; '.join(problems)}: {entry['prompt']}")
            else:
                right += 1
        for number, entry in enumerate(refusals, 1):
            path = folder / f"refusal-{number:02}.step"
            run = generate(options.facet, entry, path, options.environment)
            if path.exists():
                made += 1
                print(f"refusal {number}: made a part: {entry['prompt']}")
            elif run.returncode != 1 or f"error {entry['code']}:" not in run.stderr:
                print(f"refusal {number}: exit {run.returncode}, {run.stderr.strip()}: {entry['prompt']}")
            else:
                refused += 1
    demanded = len(parts) - (len(listing["parts"]) - listing["demanded"])
    print(f"{right} of {len(parts)} parts are right (at least {demanded} demanded)")
    print(f"{refused} of {len(refusals)} refusals have the right code; {made} made a part")
    return 0 if right >= demanded and refused == len(refusals) else 1


if __name__ == "__main__":
    sys.exit(main())
