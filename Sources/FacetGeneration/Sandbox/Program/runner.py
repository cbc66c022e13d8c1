"""Runs one program, or decodes one picture, confined. Arguments: the folder that it reads, the one that it writes.

Two processes, so that what is not trusted has nothing to reach for: CadQuery is loaded once and the process forks.
The child lets the kernel take everything from it but computing and one pipe, and runs the program. The parent reads the
part from the pipe and writes the files. What it says on standard output is one line of JSON.
"""

import io
import json
import os
import signal
import struct
import sys

import confinement

_CHUNK = 1 << 20
_PARTS = 10_000
# What a process says first, when it has given up everything else.
_CONFINED = b"!"
_KINDS = {"syntax", "forbidden", "program", "kernel", "noResult", "memory"}


def main():
    folder, output = sys.argv[1:3]
    with open(f"{folder}/request.json") as file:
        request = json.load(file)
    namespaced = request["confinement"] == "bubblewrap"
    confinement.die_with_parent(request.get("parent"))
    answer = _take_standard_output()
    limits = request["limits"]
    confinement.limit(limits["memory"], limits["file"], limits["seconds"])
    if request["mode"] == "image":
        _decode(folder, request, answer)
    with open(f"{folder}/program", encoding="utf-8", errors="replace") as file:
        source = file.read()
    if request["mode"] == "check":
        _check(answer)
    _check_words(source, request, answer)
    _make(source, request, namespaced, output, answer)


def _take_standard_output():
    """The kernel's libraries print on standard output; what is said there is to be ours."""
    answer = os.dup(1)
    nothing = os.open("/dev/null", os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return answer


def _say(answer, value):
    data = json.dumps(value).encode() + b"\n"
    while data:
        data = data[os.write(answer, data) :]


def _end(answer, value):
    _say(answer, value)
    os._exit(0)


def _decode(folder, request, answer):
    import images

    images.preload()
    with open(f"{folder}/image", "rb") as file:
        stream = io.BytesIO(file.read())
    confinement.give_up_root()
    confinement.die_with_parent(request.get("parent"))
    confinement.forbid_processes()
    confinement.wall(confinement.Rights.NONE)
    try:
        width, height, pixels = images.decode(stream, request["maximumPixels"])
    except MemoryError:
        _end(answer, {"kind": "memory"})
    except Exception as error:
        _end(answer, {"kind": "refused", "message": str(error)[:300]})
    _say(answer, {"kind": "image", "width": width, "height": height})
    while pixels:
        pixels = pixels[os.write(answer, pixels) :]
    os._exit(0)


def _load():
    import absent

    absent.install()
    import cadquery
    import exporting
    import program

    program.preload()
    from OCP.OSD import OSD_ThreadPool

    # Threads are not to be had; the kernel would wait for those that it believes to have.
    OSD_ThreadPool.DefaultPool_s(1)
    return cadquery, exporting, program


def _check(answer):
    import platform

    cadquery, exporting, program = _load()
    volume = cadquery.Workplane().box(1, 2, 3).val().Volume()
    confinement.wall(confinement.Rights.WRITING)
    _end(
        answer,
        {"kind": "checked", "cadquery": cadquery.__version__, "python": platform.python_version(), "volume": volume},
    )


def _check_words(source, request, answer):
    """A program that cannot be run is known before CadQuery is loaded."""
    import program

    child, reading = _fork(confinement.Rights.NONE, lambda: program.check(source, 3, request["fenced"]))
    outcome, _ = _result(child, reading, 1 << 20)
    if outcome["kind"] == "kernel":
        outcome = _failure("syntax", "the program is nested too deeply")
    if outcome["kind"] != "sound":
        _end(answer, outcome)


def _fork(rights, body):
    """Runs the body, which does not return, in a process that has nothing but these rights, and descriptor 3."""
    reading, writing = os.pipe()
    own = os.getpid()
    child = os.fork()
    if child == 0:
        try:
            os.dup2(1, 2)
            os.dup2(writing, 3)
            os.closerange(4, 1 << 16)
            confinement.give_up_root()
            confinement.die_with_parent(own)
            confinement.forbid_processes()
            confinement.wall(rights)
            os.write(3, _CONFINED)
            body()
        finally:
            os._exit(1)
    os.close(writing)
    return child, reading


def _result(child, pipe, most):
    message = _receive(pipe, most)
    os.close(pipe)
    if message is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return _failure("memory", "the part is larger than may be passed on"), None
    _, status = os.waitpid(child, 0)
    if not message.startswith(_CONFINED):
        raise RuntimeError("this system does not let a program be confined")
    return _understand(message[len(_CONFINED) :], status)


def _make(source, request, namespaced, output, answer):
    cadquery, exporting, program = _load()
    rights = confinement.Rights.READING if namespaced else confinement.Rights.NONE
    if not namespaced:
        program.forget_fonts()
    child, reading = _fork(rights, lambda: program.run(source, 3, request["fenced"]))
    confinement.wall(confinement.Rights.WRITING, children=(child,))
    outcome, stream = _result(child, reading, request["limits"]["file"])
    if outcome["kind"] == "sound":
        outcome = _failure("program", "the program ended its process")
    if outcome["kind"] != "made":
        _end(answer, outcome)
    try:
        parts = exporting.unpack(outcome["parts"], stream)
        exporting.write(parts, request["format"], output)
    except MemoryError:
        _end(answer, _failure("memory", "writing the part takes more memory than it may"))
    except Exception as error:
        _end(answer, _failure("export", f"{type(error).__name__}: {str(error)[:500]}"))
    _end(answer, {"kind": "made", "parts": [part.name for part in parts]})


def _failure(kind, message):
    return {"kind": kind, "message": message}


def _receive(pipe, most):
    received = bytearray()
    while True:
        data = os.read(pipe, _CHUNK)
        if not data:
            return received
        received += data
        if len(received) > most:
            return None


def _understand(message, status):
    """What the child says, as far as it can be true: it may have been anyone who said it."""
    try:
        (length,) = struct.unpack_from("<I", message)
        header = json.loads(bytes(message[4 : 4 + length]))
        kind = header["kind"]
        if kind == "sound":
            return {"kind": kind}, None
        if kind == "made":
            parts = [_described(entry) for entry in header["parts"][:_PARTS]]
            return {"kind": "made", "parts": parts}, io.BytesIO(bytes(message[4 + length :]))
        if kind in _KINDS and isinstance(header["message"], str):
            return _failure(kind, header["message"][:4000]), None
    except (struct.error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    return _ended(status), None


def _described(entry):
    name, color = entry["name"], entry["color"]
    if not isinstance(name, str):
        raise TypeError("name")
    if color is not None:
        color = [min(max(float(value), 0.0), 1.0) for value in color]
        if len(color) != 4:
            raise ValueError("color")
    return {"name": name[:200], "color": color}


def _ended(status):
    """What it means that the program's process ended without a word."""
    if not os.WIFSIGNALED(status):
        return _failure("program", f"the program ended its process with status {os.WEXITSTATUS(status)}")
    number = os.WTERMSIG(status)
    if number == signal.SIGXCPU:
        return {"kind": "timedOut"}
    if number == signal.SIGKILL:
        return _failure("memory", "the system ended the program, as it does when memory runs out")
    return _failure("kernel", f"the geometry kernel crashed ({signal.Signals(number).name})")


main()
