"""Modules that CadQuery imports, but needs only for what is not done here: pictures (vtkmodules, OCP.IVtk…) and DXF files
(ezdxf). They are not installed: they are most of the environment's size, and a third of the time that an import takes.
"""

import importlib.abc
import importlib.machinery
import sys
import types

_ROOTS = {"ezdxf", "vtkmodules"}


class _Absent(type):
    """A class for CadQuery's annotations, dispatch and defaults; whoever uses it is told."""

    def __getattr__(cls, name):
        return _absent(name, cls.__module__)

    def __call__(cls, *arguments, **options):
        raise ImportError(f"{cls.__module__}.{cls.__name__} is not installed")


class _Module(types.ModuleType):
    def __getattr__(self, name):
        made = _absent(name, self.__name__)
        setattr(self, name, made)
        return made


def _absent(name, module):
    if name.startswith("__"):
        raise AttributeError(name)
    return _Absent(name, (), {"__module__": module})


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in _ROOTS or name.startswith("OCP.IVtk"):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return _Module(spec.name)

    def exec_module(self, module):
        pass


def install():
    """Last in the search, so that a module that is there after all is taken."""
    sys.meta_path.append(_Finder())
