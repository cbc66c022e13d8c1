#if CommandLine
  import FacetContract
  import Foundation
  import Testing

  @testable import FacetGeneration

  /// What the kernel refuses, with Python's own fence left out.
  @Suite struct WallTests {
    /// Tries one thing after another, and raises the list of what it could do.
    private static func attempts(secret: String, canary: String) -> String {
      """
      import ctypes, os, pickle, resource, signal, socket, sys, threading, time
      import cadquery as cq
      libc = ctypes.CDLL(None, use_errno=True)
      done = []
      def attempt(name, body):
          try:
              got = body()
          except (NameError, TypeError, SyntaxError) as error:
              got = repr(error)
          except BaseException:
              return
          done.append(f"{name} ({str(got)[:60]})")
      def call(number, *arguments):
          if libc.syscall(number, *arguments) < 0:
              raise OSError(ctypes.get_errno(), "refused")
      def link():
          os.symlink("/etc/passwd", "/out/part.stl")
      def walk():
          for kind in ().__class__.__base__.__subclasses__():
              if kind.__name__ == "_wrap_close":
                  return kind.__init__.__globals__["popen"]("id").read()
          raise ValueError()
      def unpickle():
          return pickle.loads(b"cos\\nopen\\n(S'/tmp/x'\\nI66\\ntR.")
      def start_thread():
          threading.Thread(target=time.sleep, args=(1,)).start()
      def sparse(path):
          file = os.open(path, os.O_RDWR | os.O_CREAT)
          os.ftruncate(file, 1 << 40)
      def raise_limits():
          resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
      def write_step():
          from OCP.STEPControl import STEPControl_Writer
          if int(STEPControl_Writer().Write("\(canary)")) != 1: raise ValueError()
      attempt("fork", os.fork)
      attempt("spawn", lambda: os.posix_spawn("/bin/true", ["true"], {}))
      attempt("exec", lambda: os.execv("/bin/false", ["false"]))
      attempt("thread", start_thread)
      attempt("clone3", lambda: call(435, None, 0))
      attempt("secret", lambda: open("\(secret)").read())
      attempt("shadow", lambda: open("/etc/shadow").read())
      attempt("passwd", lambda: open("/etc/passwd").read())
      attempt("environ", lambda: open("/proc/self/environ").read())
      attempt("server's environ", lambda: open(f"/proc/{os.getppid()}/environ").read())
      attempt("variables", lambda: os.environ["PATH"])
      attempt("folder", lambda: os.listdir(os.path.dirname("\(secret)")))
      attempt("write", lambda: open("\(canary)", "w").write("x"))
      attempt("write output", lambda: open("/out/part.stl", "w").write("x"))
      attempt("write input", lambda: open("/in/runner.py", "a").write("x"))
      attempt("write by the kernel", write_step)
      attempt("make folder", lambda: os.mkdir("\(canary)"))
      attempt("link", link)
      attempt("hard link", lambda: os.link("/usr/bin/env", "\(canary)"))
      attempt("remove", lambda: os.remove("\(secret)"))
      attempt("rename", lambda: os.rename("\(secret)", "\(canary)"))
      attempt("change mode", lambda: os.chmod("\(secret)", 0o777))
      attempt("sparse", lambda: sparse("/tmp/sparse"))
      attempt("shared memory", lambda: sparse("/dev/shm/sparse"))
      attempt("memory file", lambda: os.memfd_create("x"))
      attempt("socket", lambda: socket.socket())
      attempt("connect", lambda: socket.create_connection(("127.0.0.1", 22), 1))
      attempt("resolve", lambda: socket.getaddrinfo("example.com", 80))
      attempt("unix socket", lambda: socket.socket(socket.AF_UNIX))
      attempt("socket pair", socket.socketpair)
      attempt("kill all", lambda: os.kill(-1, signal.SIGTERM))
      attempt("kill parent", lambda: os.kill(os.getppid(), 0))
      attempt("kill group", lambda: os.killpg(0, signal.SIGTERM))
      attempt("pidfd", lambda: os.pidfd_open(os.getppid()))
      attempt("leave group", os.setsid)
      attempt("be root", lambda: os.setuid(0))
      attempt("raise limits", raise_limits)
      attempt("trace", lambda: call(101, 16, os.getppid(), 0, 0))
      attempt("unshare", lambda: call(272, 0x10000000))
      attempt("mount", lambda: call(165, b"x", b"/", b"tmpfs", 0, None))
      attempt("bpf", lambda: call(321, 0, None, 0))
      attempt("io_uring", lambda: call(425, 1, None))
      attempt("keyctl", lambda: call(250, 0, -3, 1))
      attempt("perf", lambda: call(298, None, 0, 0, -1, 0))
      attempt("userfaultfd", lambda: call(323, 0))
      attempt("signal by descriptor", lambda: call(72, 3, 8, os.getppid()))
      attempt("machine code", lambda: call(9, None, 4096, 7, 0x22, -1, 0))
      attempt("load a module", lambda: __import__("mmap"))
      attempt("subclasses", walk)
      attempt("pickle", unpickle)
      attempt("stdin", lambda: sys.stdin.read(1) or 1 / 0)
      raise RuntimeError("could: " + "; ".join(done))
      """
    }

    @Test(.needsSandbox, arguments: Confinement.available)
    func nothingButComputing(_ confinement: Confinement) async throws {
      try await withFolder { folder in
        let (secret, canary) = ("\(folder)/secret", "\(folder)/canary")
        try "secret".write(toFile: secret, atomically: true, encoding: .utf8)
        let program = WallTests.attempts(secret: secret, canary: canary)
        let failure = try #require(try await outcome(of: program, confinement, fenced: false).failure)
        #expect(failure.kind == .program)
        #expect(failure.message.hasSuffix("RuntimeError: could: "), "\(failure.message)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["secret"])
      }
    }

    struct Hostile: CustomTestStringConvertible, Sendable {
      let name: String
      let program: String
      /// nil for one that runs until its time is over.
      let kinds: [ProgramFailure.Kind]?
      var concernsNamespaces = false
      var testDescription: String { name }
    }

    static let hostile = [
      Hostile(
        name: "ignores signals, forks and runs on",
        program: """
          import os, signal
          for number in range(1, 65):
              try: signal.signal(number, signal.SIG_IGN)
              except (OSError, ValueError): pass
          signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
          while True:
              try: os.fork()
              except OSError: pass
          """, kinds: nil, concernsNamespaces: true),
      Hostile(
        name: "prints forever",
        program: """
          import os
          while True:
              print("x" * 100000)
              for descriptor in (0, 1, 2): os.write(descriptor, b"x" * 100000)
          """, kinds: nil),
      Hostile(
        name: "threads without end",
        program: """
          import threading
          while True: threading.Thread(target=lambda: threading.Event().wait()).start()
          """, kinds: [.forbidden]),
      Hostile(name: "takes memory at once", program: "x = bytearray(1 << 40)", kinds: [.memory]),
      Hostile(
        name: "takes memory by and by", program: "x = []\nwhile True: x.append(bytearray(1 << 22))",
        kinds: [.memory], concernsNamespaces: true),
      Hostile(
        name: "takes memory in the kernel",
        program: "import numpy\nx = []\nwhile True: x.append(numpy.ones(1 << 22))", kinds: [.memory]),
      Hostile(name: "ends in the middle", program: "import sys\nsys.exit(0)", kinds: [.program]),
      Hostile(
        name: "ends at once", program: "import os\nos._exit(0)", kinds: [.program], concernsNamespaces: true),
      Hostile(
        name: "crashes", program: "import ctypes\nctypes.string_at(0)", kinds: [.kernel],
        concernsNamespaces: true),
      Hostile(
        name: "recurses without end",
        program:
          "import sys\nsys.setrecursionlimit(1 << 30)\ndef f(n): return [f(n + 1) for _ in [0]][0] + 1\nf(0)",
        kinds: [.kernel, .program, .memory]),
      Hostile(
        name: "raises what has no end",
        program: "class E(Exception):\n  def __str__(self): return '/etc/x ' * (1 << 26)\nraise E()",
        kinds: [.program]),
      Hostile(
        name: "raises while raising",
        program: "class E(BaseException):\n  def __str__(self): raise E()\nraise E()", kinds: [.program]),
      Hostile(
        name: "forges a part",
        program: """
          import json, os, struct
          head = json.dumps({"kind": "made", "parts": [{"name": "../../etc/passwd", "color": None}]}).encode()
          os.write(3, struct.pack("<I", len(head)) + head + b"Open CASCADE Topology V9, garbage" * 10)
          os._exit(0)
          """, kinds: [.export]),
      Hostile(
        name: "forges nonsense",
        program: """
          import os, struct
          os.write(3, struct.pack("<I", 0xFFFFFFFF) + b"[" * 100000)
          os._exit(0)
          """, kinds: [.program]),
      Hostile(
        name: "forges another kind",
        program: """
          import json, os, struct
          head = json.dumps({"kind": "sound", "message": {"a": 1}}).encode()
          os.write(3, struct.pack("<I", len(head)) + head)
          os._exit(0)
          """, kinds: [.program]),
      Hostile(
        name: "floods its pipe",
        program: "import os\nwhile True: os.write(3, b'x' * (1 << 16))", kinds: [.memory]),
      Hostile(
        name: "makes a part that is larger than a file may be",
        program: """
          import cadquery as cq
          result = cq.Workplane().rarray(3, 3, 4, 4).sphere(1)
          """, kinds: [.export, .memory]),
      Hostile(
        name: "leaves a trap",
        program: "class W:\n  def __getattr__(self, n): raise SystemExit\nresult = W()",
        kinds: [.noResult, .program]),
    ]

    @Test(.needsSandbox, arguments: hostile)
    func isContainedByLimits(_ program: Hostile) async throws { try await expectContained(program, .limits) }

    /// Those that have to do with processes and memory; what the others meet is the same.
    @Test(.needsSandbox, arguments: hostile.filter(\.concernsNamespaces))
    func isContainedByNamespaces(_ program: Hostile) async throws {
      try await expectContained(program, .detected)
    }

    private func expectContained(_ program: Hostile, _ confinement: Confinement) async throws {
      let limits = SandboxLimits(
        seconds: program.kinds == nil ? 6 : 60, memoryBytes: 2 << 30, fileBytes: 4 << 20)
      let outcome = try await outcome(of: program.program, confinement, fenced: false, limits)
      guard let kinds = program.kinds else {
        #expect(outcome == .timedOut)
        return
      }
      let failure = try #require(outcome.failure, "\(outcome)")
      #expect(kinds.contains(failure.kind), "\(failure)")
      #expect(failure.message.utf8.count <= 16_000)
    }

    @Test(.needsSandbox, arguments: Confinement.available)
    func cancellingEndsItAtOnce(_ confinement: Confinement) async throws {
      try await withRoom { folder in
        let task = Task {
          try await Sandbox(.standard, confinement: confinement).run(
            "while True: pass", as: .stl, in: folder, .small)
        }
        try await Task.sleep(for: .seconds(1))
        let clock = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - clock < .seconds(5))
        #expect(try await processesLeft(in: folder).isEmpty)
      }
    }
  }
#endif
