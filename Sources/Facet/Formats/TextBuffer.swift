/// Text in the making, for the writers of text formats. Whoever makes it knows how long the text can get.
struct TextBuffer {
  private let memory: TextMemory
  private var p: UnsafeMutablePointer<UInt8>
  private let decimals = ShortestDecimal()

  /// The most bytes that a whole number takes.
  static let longestInteger = 20

  init(capacity: Int) {
    memory = TextMemory(capacity: capacity)
    p = memory.bytes
  }

  mutating func removeAll() { p = memory.bytes }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory.bytes, count: p - memory.bytes) }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    p.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
    p += text.utf8CodeUnitCount
    assert(p - memory.bytes <= memory.capacity)
  }

  @inline(__always)
  mutating func append(_ value: Float) {
    p = decimals.write(value, to: p)
    assert(p - memory.bytes <= memory.capacity)
  }

  /// Three numbers, each after a space.
  mutating func append(_ value: SIMD3<Float>) {
    append(" ")
    append(value.x)
    append(" ")
    append(value.y)
    append(" ")
    append(value.z)
  }

  mutating func append(_ value: UInt32) {
    var length = 1
    var rest = value
    while rest >= 10 {
      rest /= 10
      length += 1
    }
    rest = value
    for i in (0..<length).reversed() {
      p[i] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    p += length
    assert(p - memory.bytes <= memory.capacity)
  }
}

private final class TextMemory {
  let bytes: UnsafeMutablePointer<UInt8>
  let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    bytes = .allocate(capacity: capacity)
  }

  deinit { bytes.deallocate() }
}

extension ByteSink {
  /// Writes the text of `count` things, made in parallel and written in order.
  ///
  /// - Parameters:
  ///   - longest: The most bytes that one of them takes.
  ///   - append: Appends the text of one of them.
  func writeText(
    of count: Int, longest: Int, _ run: RunContext, _ append: (inout TextBuffer, Int) -> Void
  ) throws(MeshError) {
    let chunk = 4096
    let capacity = min(count, chunk) * longest
    try run.reserve(
      bytes: min(run.threads, count / chunk + 1) * capacity, for: "writing \(count) lines of text")
    try run.forEachChunkInOrder(of: count, size: chunk) {
      TextBuffer(capacity: capacity)
    } work: { (buffer: inout TextBuffer, _, range) throws(MeshError) in
      buffer.removeAll()
      for i in range { append(&buffer, i) }
    } inOrder: { (buffer, _, range) throws(MeshError) in
      try self.write(buffer.bytes)
      run.report(Double(range.upperBound) / Double(count))
    }
  }
}
