#if CommandLine
  import Subprocess

  /// The lines that a worker writes, as bytes. (The package's own lines are decoded unit by unit, which costs more than a
  /// small model's repair.)
  struct WorkerLines {
    private var buffers: SubprocessOutputSequence.Iterator
    private var pending: [UInt8] = []
    /// Bytes of `pending` that are known to hold no line break.
    private var searched = 0

    init(_ output: SubprocessOutputSequence) { buffers = output.makeAsyncIterator() }

    /// The next line without its end; nil when the worker has ended, whatever it had begun to say.
    mutating func next() async throws -> [UInt8]? {
      while true {
        if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) {
          let line = Array(pending[..<end])
          pending.removeSubrange(...end)
          searched = 0
          return line
        }
        searched = pending.count
        guard let buffer = try await buffers.next() else { return nil }
        buffer.withUnsafeBytes { pending.append(contentsOf: $0) }
      }
    }
  }
#endif
