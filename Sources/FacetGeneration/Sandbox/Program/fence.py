"""The fence: what a program is refused before the kernel has to refuse it, in words that help to mend it.

This is the outer fence only. Python can be talked out of such rules, and nothing rests on them: what holds is the wall
(confinement.py), which does not know that it is Python that runs.
"""

import ast
import builtins

MODULES = {
    "__future__", "abc", "bisect", "cadquery", "cmath", "collections", "copy", "dataclasses", "decimal", "enum",
    "fractions", "functools", "heapq", "itertools", "math", "numbers", "numpy", "random", "re", "statistics",
    "string", "typing",
}

_BUILTINS = """
    abs all any ascii bin bool bytearray bytes callable chr classmethod complex delattr dict dir divmod enumerate filter
    float format frozenset getattr hasattr hash hex id int isinstance issubclass iter len list map max min next object
    oct ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type
    zip True False None NotImplemented Ellipsis __build_class__ __debug__
""".split()

_REFUSED_NAMES = {
    "open", "eval", "exec", "compile", "input", "breakpoint", "globals", "locals", "vars", "help", "exit", "quit",
    "memoryview", "__import__", "__builtins__", "__loader__", "__spec__",
}
_ALLOWED_DUNDERS = {"__init__", "__post_init__", "__name__", "__doc__"}
_REFUSED_ATTRIBUTES = {
    "gi_frame", "gi_code", "cr_frame", "cr_code", "ag_frame", "ag_code", "f_globals", "f_locals", "f_builtins", "f_back",
    "f_code", "tb_frame", "tb_next",
}
# CadQuery's own ways to files; a program has none, and needs none.
_FILES = {
    "exporters", "importers", "export", "exportStl", "exportStep", "exportBrep", "exportBin", "exportSvg",
    "importBrep", "importBin", "importDXF", "importStep", "save", "load", "toSvg", "vis",
}


class Refused(Exception):
    def __init__(self, line, reason):
        super().__init__(reason)
        self.line = line


def check(tree):
    """Raises Refused for the first thing in the program that is not allowed."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Import):
            for alias in node.names:
                _check_module(alias.name, line)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise Refused(line, "there is nothing to import relatively from")
            _check_module(node.module or "", line)
            for alias in node.names:
                _check_attribute(alias.name, line)
        elif isinstance(node, ast.Attribute):
            _check_attribute(node.attr, line)
        elif isinstance(node, ast.Name):
            if node.id in _REFUSED_NAMES:
                raise Refused(line, f"{node.id} is not available")


def _check_module(name, line):
    parts = name.split(".")
    if parts[0] not in MODULES:
        allowed = ", ".join(sorted(MODULES - {"__future__"}))
        raise Refused(line, f"{name} cannot be imported; there are {allowed}")
    for part in parts[1:]:
        _check_attribute(part, line)


def _check_attribute(name, line):
    if name in _FILES:
        raise Refused(line, f"{name}: files are neither read nor written; leave the part in `result`")
    if name in _REFUSED_ATTRIBUTES or (
        name.startswith("__") and name.endswith("__") and name not in _ALLOWED_DUNDERS
    ):
        raise Refused(line, f"{name} is not available")


def names(show):
    """The global names that a program begins with."""
    inside = {name: getattr(builtins, name) for name in _BUILTINS}
    for name, value in vars(builtins).items():
        if isinstance(value, type) and issubclass(value, Exception):
            inside[name] = value
    inside["__import__"] = _import
    # Editors show parts by these; programs written for them end so.
    inside["show_object"] = show
    inside["debug"] = lambda *arguments, **options: None
    return {"__name__": "__main__", "__builtins__": inside}


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    if level or name.split(".")[0] not in MODULES:
        raise Refused(0, f"{name} cannot be imported")
    return builtins.__import__(name, globals, locals, fromlist, level)
