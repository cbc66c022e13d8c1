#if CommandLine
  import Testing

  @testable import FacetGeneration

  /// What Python itself refuses, before CadQuery is loaded.
  @Suite struct FenceTests {
    struct Refused: CustomTestStringConvertible, Sendable {
      let name: String
      let program: String
      var kind = ProgramFailure.Kind.forbidden
      var line = 1
      var testDescription: String { name }
    }

    static let refused = [
      Refused(name: "fork bomb", program: "import os\nwhile True: os.fork()"),
      Refused(name: "reads a file", program: "x = 1\nopen('/etc/passwd').read()", line: 2),
      Refused(name: "writes a file", program: "from pathlib import Path\nPath('/tmp/x').write_text('x')"),
      Refused(name: "connects", program: "import socket\nsocket.create_connection(('1.1.1.1', 80))"),
      Refused(
        name: "resolves a name", program: "import urllib.request as u\nu.urlopen('http://example.com')"),
      Refused(name: "reads the environment", program: "from os import environ"),
      Refused(name: "calls C", program: "import ctypes\nctypes.string_at(0)"),
      Refused(name: "imports by function", program: "__import__('os').system('id')"),
      Refused(name: "imports by importlib", program: "import importlib"),
      Refused(name: "walks to a subclass", program: "().__class__.__base__.__subclasses__()"),
      Refused(name: "walks to globals", program: "(lambda: 0).__globals__['__builtins__']"),
      Refused(name: "walks a generator's frame", program: "g = (x for x in [1]); g.gi_frame.f_globals"),
      Refused(name: "unpickles", program: "import pickle\npickle.loads(b'')"),
      Refused(name: "kills", program: "import os, signal\nos.kill(-1, signal.SIGKILL)"),
      Refused(name: "starts threads", program: "import threading"),
      Refused(name: "evaluates", program: "eval('1')"),
      Refused(name: "compiles", program: "exec(compile('1', 'x', 'exec'))"),
      Refused(name: "waits for input", program: "input()"),
      Refused(name: "takes a module's module", program: "from cadquery import exporters"),
      Refused(
        name: "writes by CadQuery", program: "import cadquery as cq\ncq.exporters.export(1, 'x.step')",
        line: 2),
      Refused(name: "imports relatively", program: "from . import fence"),
      Refused(name: "does not parse", program: "import math\ndef f(x)\n  return x", kind: .syntax, line: 2),
      Refused(name: "holds a zero", program: "x = '\0'", kind: .syntax, line: 0),
      Refused(
        name: "is nested deeply", program: "x = " + String(repeating: "-", count: 100_000) + "1",
        kind: .syntax,
        line: 0),
    ]

    @Test(.needsSandbox, arguments: refused)
    func isRefused(_ program: Refused) async throws {
      let failure = try #require(try await outcome(of: program.program, .limits).failure)
      #expect(failure.kind == program.kind, "\(failure)")
      if program.line > 0 { #expect(failure.message.hasPrefix("line \(program.line): "), "\(failure)") }
      #expect(!failure.message.contains("/facet"), "a path of the host: \(failure)")
    }
  }
#endif
