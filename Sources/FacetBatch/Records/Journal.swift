#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations
  import Foundation

  /// `report.jsonl`: a line a file, in the order in which they end. Lines are only ever added.
  ///
  /// Used by one task at a time; while it is open no other process can open it to write.
  final class Journal {
    private let path: String
    private let descriptor: Int32
    private var lastSynchronized = ContinuousClock.now
    private static let synchronizingEvery = Duration.seconds(5)

    /// Opens it, or makes it. A line that a killed process left unfinished is taken away.
    ///
    /// - Throws: Code 13 when another process writes to it, or what the system says.
    init(_ path: String) throws(ToolkitFailure) {
      self.path = path
      descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw Journal.failure(path, errno) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        throw ToolkitFailure(
          .invalidParameter("out"),
          detail: "another batch is writing to \(path); wait for it, or choose another folder")
      }
      let size = lseek(descriptor, 0, SEEK_END)
      guard ftruncate(descriptor, Journal.endOfLastLine(descriptor, size)) == 0 else {
        throw Journal.failure(path, errno)
      }
    }

    deinit {
      fsync(descriptor)
      close(descriptor)
    }

    /// - Throws: Code 11 when the disk is full, and what else the system says.
    func append(_ record: BatchRecord) throws(ToolkitFailure) {
      var line = Array((record.json.text() + "\n").utf8)[...]
      while !line.isEmpty {
        let written = line.withUnsafeBytes { write(descriptor, $0.baseAddress!, $0.count) }
        if written > 0 {
          line = line.dropFirst(written)
        } else if errno != EINTR {
          throw Journal.failure(path, errno)
        }
      }
      // What a power failure takes is done again. (Each time the disk is slow for the workers, too.)
      if ContinuousClock.now - lastSynchronized > Journal.synchronizingEvery {
        fsync(descriptor)
        lastSynchronized = .now
      }
    }

    /// Calls a closure with each line's place and what is read from it, in order.
    ///
    /// - Parameter read: Gives nil for what is no record (a line that is being written), which is left out.
    static func forEachRecord<Record>(
      in path: String, reading read: @Sendable (_ line: Data) -> Record?,
      _ body: (_ line: Range<Int>, _ record: Record) -> Void
    ) throws(ToolkitFailure) {
      let data: Data
      do {
        data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
      } catch {
        throw ToolkitFailure(.fileNotFound(id: path), detail: error.localizedDescription)
      }
      let lines = data.withUnsafeBytes(Journal.lines)
      do throws(MeshError) {
        try RunContext().forEachChunkInOrder(of: lines.count, size: 32, scratch: { [Record?]() }) {
          (records, _, range) throws(MeshError) in
          records = lines[range].map { read(data[$0]) }
        } inOrder: { (records, _, range) throws(MeshError) in
          for (line, record) in zip(lines[range], records) {
            if let record { body(line, record) }
          }
        }
      } catch {
        throw ToolkitFailure(error, during: .reading)
      }
    }

    /// Where the lines are that have an end.
    private static func lines(_ bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
      var lines: [Range<Int>] = []
      var start = 0
      while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
        lines.append(start..<end)
        start = end + 1
      }
      return lines
    }

    private static func endOfLastLine(_ descriptor: Int32, _ size: Int) -> Int {
      var end = size
      var buffer = [UInt8](repeating: 0, count: 4096)
      while end > 0 {
        let start = max(0, end - buffer.count)
        let count = pread(descriptor, &buffer, end - start, off_t(start))
        guard count > 0 else { return size }
        if let newline = buffer[..<count].lastIndex(of: UInt8(ascii: "\n")) { return start + newline + 1 }
        end = start
      }
      return 0
    }

    private static func failure(_ path: String, _ errno: Int32) -> ToolkitFailure {
      ToolkitFailure(MeshError.file(path: path, action: .write, errno: errno), during: .running(.export))
    }
  }

  extension BatchRecord {
    /// - Returns: nil for what is no record.
    init?(line: some Sequence<UInt8>) {
      guard let json = try? JSONValue(parsing: line) else { return nil }
      self.init(json: json)
    }
  }
#endif
