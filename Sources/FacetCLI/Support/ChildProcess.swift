#if CommandLine
  import FacetContract

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// This program in a process of its own.
  enum ChildProcess {
    /// Runs it to its end; its standard error is this one's. When a signal stops this process, it is passed on.
    static func run(_ arguments: [String]) throws(Failure) -> (status: Int32, output: String) {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw refusal(errno) }
      #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
      #else
        var actions = posix_spawn_file_actions_t()
      #endif
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
      posix_spawn_file_actions_addclose(&actions, ends[0])
      posix_spawn_file_actions_addclose(&actions, ends[1])

      var strings = ([executable] + arguments).map { strdup($0) }
      strings.append(nil)
      defer { for string in strings { free(string) } }
      var process = pid_t()
      let status = posix_spawnp(&process, executable, &actions, nil, strings, environ)
      close(ends[1])
      guard status == 0 else {
        close(ends[0])
        throw refusal(status)
      }
      let output = collect(ends[0], from: process)
      return (wait(for: process), output)
    }

    private static func collect(_ descriptor: Int32, from process: pid_t) -> String {
      defer { close(descriptor) }
      var output: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        if Signals.exitStatus != nil { kill(process, SIGTERM) }
        let count = read(descriptor, &buffer, buffer.count)
        if count > 0 {
          output += buffer[..<count]
        } else if count == 0 || errno != EINTR {
          return String(decoding: output, as: UTF8.self)
        }
      }
    }

    private static func wait(for process: pid_t) -> Int32 {
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0 {
        guard errno == EINTR else { return 1 }
        kill(process, SIGTERM)
      }
      let signal = status & 0x7F
      return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// The path of this program.
    static var executable: String {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = buffer.withUnsafeMutableBytes {
        readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
      }
      return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : CommandLine.arguments[0]
    }

    private static func refusal(_ errno: Int32) -> Failure {
      Failure(ToolkitFailure(.serverError, detail: String(cString: strerror(errno))))
    }
  }
#endif
