import Dispatch
import Facet
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct ByteSourceTests {
  @Test func anyRangeOfAFileAndOfMemoryIsTheSame() throws {
    let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let folder = try TemporaryFolder()
    let file = try ByteSource.file(try folder.add("bytes", bytes))
    let memory = ByteSource(bytes)
    #expect(file.count == 5000 && memory.count == 5000)
    for range in [0..<5000, 0..<0, 5000..<5000, 17..<18, 4000..<5000] {
      #expect(try file.bytes(range) == Array(bytes[range]))
      #expect(try memory.bytes(range) == Array(bytes[range]))
    }
  }

  @Test func aFileThatIsNotThereIsAnOpenError() throws {
    let path = try TemporaryFolder().path + "/none.stl"
    #expect(throws: MeshError.file(path: path, action: .open, errno: ENOENT)) { try Mesh.read(path) }
  }

  @Test(.enabled(if: geteuid() != 0)) func aFileThatMayNotBeReadIsAnOpenError() throws {
    let folder = try TemporaryFolder()
    let path = try folder.add("secret.stl", [1])
    chmod(path, 0)
    #expect(throws: MeshError.file(path: path, action: .open, errno: EACCES)) { try Mesh.read(path) }
  }

  @Test func directoriesFifosSocketsAndDevicesAreRefusedWithoutWaiting() throws {
    let folder = try TemporaryFolder()
    let fifo = folder.path + "/fifo.stl"
    try #require(mkfifo(fifo, 0o600) == 0)
    for (path, kind) in [(folder.path, "directory"), (fifo, "FIFO"), ("/dev/null", "device")] {
      #expect(throws: MeshError.notARegularFile(path: path, kind: kind)) { try Mesh.read(path) }
    }
  }

  @Test func anEmptyFileSaysSo() throws {
    let folder = try TemporaryFolder()
    let path = try folder.add("empty.stl", [])
    #expect(throws: MeshError.emptyFile) { try Mesh.read(path) }
    #expect(throws: MeshError.emptyFile) { try Mesh.read(ByteSource([])) }
  }

  /// A pipe that somebody fills, in pieces, while the test reads it.
  private func withPipe<Result>(
    of bytes: [UInt8], closing: Bool = true, _ body: (Int32) throws -> Result
  ) throws -> Result {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let (reader, writer) = (ends[0], ends[1])
    let done = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      var sent = 0
      while sent < bytes.count {
        let piece = bytes[sent..<min(sent + 10_007, bytes.count)]
        let count = piece.withUnsafeBytes { write(writer, $0.baseAddress!, $0.count) }
        if count <= 0 { break }
        sent += count
      }
      if closing { close(writer) }
      done.signal()
    }
    defer {
      done.wait()
      if !closing { close(writer) }
      close(reader)
    }
    return try body(reader)
  }

  @Test func aPipeIsReadToItsEnd() throws {
    let bytes = BinarySTLBuilder.longStripBytes + BinarySTLBuilder.longStripBytes
    let source = try withPipe(of: bytes) { try ByteSource.stream($0, name: "pipe", RunContext()) }
    #expect(source.count == bytes.count)
    let blockEnd = 1 << 20
    #expect(
      try source.bytes(blockEnd - 10..<blockEnd + 10) == Array(bytes[blockEnd - 10..<blockEnd + 10]))
    #expect(try source.bytes(0..<bytes.count) == bytes)
  }

  @Test func aPipeLongerThanTheBudgetIsRefused() throws {
    let bytes = [UInt8](repeating: 0, count: 1 << 20)
    #expect(throws: MeshError.self) {
      try withPipe(of: Array(bytes.prefix(60_000)), closing: false) {
        _ = try ByteSource.stream($0, name: "pipe", RunContext(memoryBudget: 1000))
      }
    }
  }

  @Test func waitingForAPipeEndsWhenCancelled() throws {
    let cancellation = Cancellation()
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.05) { cancellation.cancel() }
    #expect(throws: MeshError.cancelled) {
      try withPipe(of: [1, 2, 3], closing: false) {
        _ = try ByteSource.stream($0, name: "pipe", RunContext(cancellation: cancellation))
      }
    }
  }

  @Test func aRedirectedFileIsReadInPlaceFromWhereItStands() throws {
    let folder = try TemporaryFolder()
    let stl = BinarySTLBuilder.tetrahedron.bytes
    let descriptor = open(try folder.add("two", [9, 9, 9] + stl), O_RDONLY)
    defer { close(descriptor) }
    lseek(descriptor, 3, SEEK_SET)
    let source = try ByteSource.stream(descriptor, name: "file", RunContext(memoryBudget: 0))
    #expect(source.count == stl.count)
    #expect(try source.bytes(0..<stl.count) == stl)
  }

  @Test func aDirectoryForStandardInputIsRefused() throws {
    let folder = try TemporaryFolder()
    let descriptor = open(folder.path, O_RDONLY)
    defer { close(descriptor) }
    #expect(throws: MeshError.notARegularFile(path: "standard input", kind: "directory")) {
      try ByteSource.stream(descriptor, name: "standard input", RunContext())
    }
  }
}
