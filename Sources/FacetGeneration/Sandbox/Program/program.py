"""The process in which the untrusted program runs. It has one pipe, and sends one message through it: what came of the
program, and the part as the kernel's own bytes.
"""

import ast
import importlib
import io
import json
import os
import re
import struct
import types

import fence

_FILE = "<program>"
_MESSAGE_CHARACTERS = 4000
_FRAMES = 8
_PATH = re.compile(r"(?<![\w)\]])/(?:[^\s/'\"()]+/)+")


def preload():
    """Loads what programs may import, and what is loaded only when it is used, while files can still be opened."""
    import casadi

    # What solves an assembly's constraints.
    casadi.load_nlpsol("ipopt")
    casadi.load_linsol("mumps")
    for name in sorted(fence.MODULES):
        importlib.import_module(name)
    for name in ("numpy.linalg", "numpy.random", "numpy.polynomial", "numpy.fft", "collections.abc", "encodings.idna"):
        importlib.import_module(name)


def forget_fonts():
    """Where no file can be opened, the kernel would crash on a font instead of saying so."""
    import cadquery.occ_impl.shapes as shapes

    def refuse(*arguments):
        raise PermissionError("there are no fonts here, so no text: they need bubblewrap")

    shapes.StdPrs_BRepFont = refuse
    shapes.Font_FontMgr = types.SimpleNamespace(GetInstance_s=refuse)


class _NoResult(Exception):
    pass


def run(source, pipe, fenced):
    """Runs the program and sends what came of it; does not return."""
    try:
        header, blob = _outcome(source, fenced)
    except BaseException as error:
        header, blob = {"kind": "program", "message": _name(error)}, b""
    _tell(pipe, header, blob)


def _tell(pipe, header, blob):
    text = json.dumps(header).encode()
    _send(pipe, struct.pack("<I", len(text)) + text)
    _send(pipe, blob)
    os._exit(0)


def _send(pipe, data):
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def problem(source, fenced):
    """What is wrong with the program before it runs; None when nothing is."""
    try:
        tree = ast.parse(source, _FILE)
        if fenced:
            fence.check(tree)
        compile(tree, _FILE, "exec")
    except fence.Refused as refused:
        return {"kind": "forbidden", "message": _at(refused.line, source, str(refused))}
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        return {"kind": "syntax", "message": _at(line, source, f"{_name(error)}: {getattr(error, 'msg', error)}")}
    except (RecursionError, MemoryError):
        return {"kind": "syntax", "message": "the program is nested too deeply"}
    return None


def check(source, pipe, fenced):
    """Sends what is wrong with the program; does not return."""
    found = problem(source, fenced) or {"kind": "sound"}
    _tell(pipe, found, b"")


def _outcome(source, fenced):
    shown = []
    try:
        code = compile(source, _FILE, "exec")
        names = fence.names(lambda thing, *arguments, **options: shown.append(thing))
        if not fenced:
            names = {"__name__": "__main__", "show_object": shown.append}
        exec(code, names)
        result = names.get("result", shown if shown else None)
        header, blob = _pack(result)
        return header, blob
    except BaseException as error:
        return {"kind": _kind(error), "message": _explain(error, source)}, b""


def _pack(result):
    import cadquery
    from OCP.BinTools import BinTools

    if result is None:
        raise _NoResult("the program leaves nothing in `result`")
    parts = _parts(result)
    shapes, described = [], []
    for name, color, shape in parts:
        solids = shape.Solids()
        if not solids:
            raise _NoResult(f"there is no solid in `result`: {shape.ShapeType()} of {name or 'the part'}")
        shapes.append(solids[0] if len(solids) == 1 else cadquery.Compound.makeCompound(solids))
        described.append({"name": name, "color": color})
    stream = io.BytesIO()
    BinTools.Write_s(cadquery.Compound.makeCompound(shapes).wrapped, stream)
    return {"kind": "made", "parts": described}, stream.getvalue()


def _parts(result):
    """Names, colors and shapes in their places: one for each object of an assembly, otherwise one for each solid
    of a list, and one for all of a work plane."""
    import cadquery

    if isinstance(result, cadquery.Assembly):
        parts = []
        for shape, name, location, color in result:
            values = [float(value) for value in color.toTuple()] if color else None
            parts.append((str(name).rpartition("/")[2], values, shape.moved(location)))
        if not parts:
            raise _NoResult("the assembly in `result` is empty")
        return parts
    if isinstance(result, (list, tuple)):
        parts = [part for entry in result for part in _parts(entry)]
        if not parts:
            raise _NoResult("the list in `result` is empty")
        return parts
    if isinstance(result, cadquery.Workplane):
        shapes = [value for value in result.vals() if isinstance(value, cadquery.Shape)]
        if not any(shape.Solids() for shape in shapes):
            # A selection of a part's faces or edges: the part is meant.
            try:
                shapes = [result.findSolid()]
            except ValueError:
                raise _NoResult("the Workplane in `result` holds no solid")
        return [("", None, shapes[0] if len(shapes) == 1 else cadquery.Compound.makeCompound(shapes))]
    if isinstance(result, cadquery.Shape):
        return [("", None, result)]
    raise _NoResult(f"`result` is a {type(result).__name__}, not a Workplane, Shape, Assembly or a list of them")


def _kind(error):
    if isinstance(error, _NoResult):
        return "noResult"
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, PermissionError) or (isinstance(error, OSError) and error.errno == 1):
        return "forbidden"
    if isinstance(error, fence.Refused) or "can't start new thread" in _text(error):
        return "forbidden"
    module = type(error).__module__ or ""
    if module.split(".")[0] == "OCP" or "TopoDS" in _text(error) or "BRep" in _text(error):
        return "kernel"
    return "program"


def _text(error):
    try:
        return str(error)[:1000]
    except BaseException:
        return ""


def _name(error):
    return type(error).__name__[:100]


def _explain(error, source):
    """The program's own lines of the traceback, the innermost last, and what was raised."""
    if isinstance(error, _NoResult):
        return _text(error)
    lines, places = source.splitlines(), []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == _FILE:
            places.append((trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    described = []
    for number, function in places[-_FRAMES:]:
        text = lines[number - 1].strip()[:200] if 0 < number <= len(lines) else ""
        inside = "" if function == "<module>" else f" in {function[:60]}"
        described.append(f"line {number}{inside}: {text}")
    # What Python says of modules holds their paths.
    described.append(f"{_name(error)}: {_PATH.sub('', _text(error))}")
    return "\n".join(described)[-_MESSAGE_CHARACTERS:]


def _at(line, source, problem):
    lines = source.splitlines()
    if 0 < line <= len(lines):
        return f"line {line}: {lines[line - 1].strip()[:200]}\n{problem}"[:_MESSAGE_CHARACTERS]
    return problem[:_MESSAGE_CHARACTERS]
