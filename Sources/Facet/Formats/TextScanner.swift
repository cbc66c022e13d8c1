/// The words and numbers of a part of a text file, seen through a window that moves over its bytes: the
/// memory it takes does not depend on the length of the text, of its lines or of its words.
///
/// White space is space, tab, vertical tab, form feed, carriage return and line feed; the last two, in any
/// mixture, end lines. A word is what stands between white space. Words up to ``longestWord`` bytes are always
/// whole in the window; longer ones cannot be read, only skipped.
struct TextScanner {
  static let longestWord = 4096

  /// The next byte to be looked at. Functions that move it forward beyond the window call ``refill()``.
  var p: UnsafePointer<UInt8>
  /// Where the window ends. There is a line feed (so words end) and then a NUL (so white space does).
  private(set) var end: UnsafePointer<UInt8>
  /// From here on a word may not be whole: the window is to be moved. In the last window, its end.
  private(set) var mark: UnsafePointer<UInt8>
  /// The file offset of the window's first byte.
  private var windowOffset: Int

  let source: ByteSource
  /// The part of the file to be read.
  let range: Range<Int>
  let numbers = DecimalParser()
  private let window: TextWindow

  /// - Parameter window: May be used by one scanner at a time.
  init(_ source: ByteSource, _ range: Range<Int>, _ window: TextWindow) throws(MeshError) {
    self.source = source
    self.range = range
    self.window = window
    windowOffset = range.lowerBound
    p = UnsafePointer(window.bytes)
    end = p
    mark = p
    try refill()
  }

  /// The file offset of ``p``.
  var offset: Int { offset(of: p) }

  func offset(of place: UnsafePointer<UInt8>) -> Int {
    windowOffset + (place - UnsafePointer(window.bytes))
  }

  private var isLastWindow: Bool { offset(of: end) == range.upperBound }

  /// Moves the window so that it begins at ``p``. Pointers into it are no longer good.
  @inline(never)
  mutating func refill() throws(MeshError) {
    let kept = max(0, end - p)
    let start = window.bytes
    // The byte before ``p`` stays in reach.
    start[-1] = windowOffset + (p - UnsafePointer(start)) > range.lowerBound ? p[-1] : 0x0A
    windowOffset = offset(of: min(p, end))
    if kept > 0 { start.update(from: UnsafeMutablePointer(mutating: p), count: kept) }
    let length = min(range.upperBound - windowOffset, window.size)
    try source.read(
      at: windowOffset + kept, into: UnsafeMutableRawBufferPointer(start: start + kept, count: length - kept))
    start[length] = 0x0A
    start[length + 1] = 0
    p = UnsafePointer(start)
    end = p + length
    mark = isLastWindow ? end : end - TextScanner.longestWord - 64
  }

  // MARK: White space

  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }

  @inline(__always)
  static func endsLine(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// Moves to the next word, over line ends. False when there is none.
  @inline(__always)
  mutating func skipSpace() throws(MeshError) -> Bool {
    while TextScanner.isSpace(p.pointee) {
      // Then the indentation, eight spaces at once.
      let others = UnsafeRawPointer(p + 1).loadUnaligned(as: UInt64.self).littleEndian ^ 0x2020_2020_2020_2020
      p += 1 &+ others.trailingZeroBitCount &>> 3
    }
    if p < mark { return true }
    return try skipSpaceAtWindowEnd()
  }

  @inline(never)
  private mutating func skipSpaceAtWindowEnd() throws(MeshError) -> Bool {
    p = min(p, end)
    while true {
      while p < end, TextScanner.isSpace(p.pointee) { p += 1 }
      if p < mark { return true }
      if isLastWindow { return p < end }
      try refill()
    }
  }

  /// Moves to the next word of the line. False when the line has no more.
  @inline(__always)
  mutating func skipBlanks() throws(MeshError) -> Bool {
    while p.pointee == 0x20 || p.pointee == 0x09 { p += 1 }
    if p < mark, p.pointee > 0x20 { return true }
    return try skipBlanksAtWindowEnd()
  }

  @inline(never)
  private mutating func skipBlanksAtWindowEnd() throws(MeshError) -> Bool {
    while true {
      while p < end, TextScanner.isSpace(p.pointee), !TextScanner.endsLine(p.pointee) { p += 1 }
      if p < mark { return !TextScanner.endsLine(p.pointee) }
      if isLastWindow { return p < end && !TextScanner.endsLine(p.pointee) }
      try refill()
    }
  }

  /// Moves to the end of the line: to its line feed or carriage return, or to the end of the text.
  mutating func skipLine() throws(MeshError) {
    while true {
      while !TextScanner.endsLine(p.pointee) { p += 1 }
      if p < end || isLastWindow { return }
      try refill()
    }
  }

  /// Moves over the line feed, the carriage return or both at ``p``.
  mutating func skipLineEnd() throws(MeshError) {
    let isReturn = p.pointee == 0x0D
    p += 1
    if p >= mark, !isLastWindow { try refill() }
    if isReturn, p < end, p.pointee == 0x0A { p += 1 }
  }

  /// The rest of the line without the white space around it, up to `limit` bytes.
  mutating func restOfLine(limit: Int = 1024) throws(MeshError) -> String {
    guard try skipBlanks() else { return "" }
    var bytes: [UInt8] = []
    while true {
      while !TextScanner.endsLine(p.pointee) {
        if bytes.count < limit { bytes.append(p.pointee) }
        p += 1
      }
      if p < end || isLastWindow { break }
      try refill()
    }
    while let last = bytes.last, TextScanner.isSpace(last) { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Words

  /// The end of the word at `p`, within the window.
  @inline(__always)
  func wordEnd() -> UnsafePointer<UInt8> {
    var q = p
    while !TextScanner.isSpace(q.pointee) { q += 1 }
    return q
  }

  /// Moves over the rest of a word of any length.
  mutating func skipWord() throws(MeshError) {
    while true {
      p = wordEnd()
      if p < end || isLastWindow { return }
      try refill()
    }
  }

  /// Whether `keyword`, in any case, stands at `p`; if so, moves over it.
  @inline(__always)
  mutating func take(_ keyword: Keyword) -> Bool {
    guard isAt(keyword) else { return false }
    p += keyword.length
    return true
  }

  @inline(__always)
  func isAt(_ keyword: Keyword) -> Bool {
    let bytes = UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
    return (bytes | 0x2020_2020_2020_2020) & keyword.mask == keyword.letters
      && TextScanner.isSpace(p[keyword.length])
  }

  /// Up to eight letters.
  struct Keyword {
    let letters: UInt64
    let mask: UInt64
    let length: Int

    @inline(__always)
    init(_ text: StaticString) {
      var letters: UInt64 = 0
      for i in 0..<text.utf8CodeUnitCount {
        letters |= UInt64(text.utf8Start[i] | 0x20) << UInt64(8 * i)
      }
      self.letters = letters
      length = text.utf8CodeUnitCount
      mask = length == 8 ? .max : 1 << UInt64(8 * length) - 1
    }
  }

  // MARK: Numbers

  /// The number at `p`, infinite when it is beyond Float's range; nil, and nothing read, when there is none.
  @inline(__always)
  mutating func number() -> Float? {
    let (value, end) = numbers.parse(p)
    if end == p || end - p > TextScanner.longestWord { return nil }
    p = end
    return value
  }

  /// The whole number at `p` with at most 18 digits; nil, and nothing read, when there is none.
  @inline(__always)
  mutating func integer() -> Int? {
    var q = p
    let isNegative = q.pointee == UInt8(ascii: "-")
    if isNegative || q.pointee == UInt8(ascii: "+") { q += 1 }
    let first = q
    var value = 0
    while q.pointee &- UInt8(ascii: "0") < 10 {
      value = value &* 10 &+ Int(q.pointee &- UInt8(ascii: "0"))
      q += 1
    }
    guard q > first, q - first <= 18 else { return nil }
    p = q
    return isNegative ? -value : value
  }
}

/// The memory of a scanner's window, kept from one scanner to the next.
final class TextWindow {
  let size: Int
  /// There is room for a byte before, and for a few after the window's size.
  let bytes: UnsafeMutablePointer<UInt8>
  private let memory: UnsafeMutablePointer<UInt8>

  /// - Parameters:
  ///   - limit: Its greatest size in bytes; at least three times the longest word.
  ///   - text: The length of the longest text that it is for.
  init(atMost limit: Int = 1 << 18, forText text: Int) {
    size = min(limit, text)
    let capacity = 64 + size + 64
    memory = .allocate(capacity: capacity)
    memory.initialize(repeating: 0, count: capacity)
    bytes = memory + 64
  }

  deinit { memory.deallocate() }
}
