// What is wrong with a text, for people: the word at fault, and the line it stands in. Readers work with byte
// offsets; lines are counted only once something is to be said about one.

extension ByteSource {
  /// The numbers, from 1, of the lines that hold the bytes at the given offsets. LF, CR and CRLF each end a
  /// line, in any mixture.
  func lines(of offsets: [Int]) throws(MeshError) -> [Int] {
    var lines = [Int](repeating: 1, count: offsets.count)
    let order = offsets.indices.sorted { offsets[$0] < offsets[$1] }
    let block = 1 << 16
    var line = 1
    var afterReturn = false
    var position = 0
    var next = order.startIndex
    while next < order.endIndex {
      let length = Swift.min(block, count - position)
      let bytes = try bytes(position..<position + length)
      for (i, byte) in bytes.enumerated() {
        // A line feed right after a carriage return belongs to the line that both end.
        while next < order.endIndex, offsets[order[next]] <= position + i {
          lines[order[next]] = byte == 0x0A && afterReturn ? line - 1 : line
          next += 1
        }
        if byte == 0x0D || byte == 0x0A && !afterReturn { line += 1 }
        afterReturn = byte == 0x0D
        if next == order.endIndex { break }
      }
      position += length
      if length == 0 { break }
    }
    while next < order.endIndex {
      lines[order[next]] = line
      next += 1
    }
    return lines
  }

  /// The offset of the last byte that is not white space, or 0: where a text that is cut short ends.
  func lastWordOffset() throws(MeshError) -> Int {
    var end = count
    while end > 0 {
      let start = Swift.max(0, end - 4096)
      if let last = try bytes(start..<end).lastIndex(where: { !TextScanner.isSpace($0) }) {
        return start + last
      }
      end = start
    }
    return 0
  }

  /// The bytes of a text without its byte order mark.
  ///
  /// - Throws: ``MeshError/emptyFile``, and ``MeshError/syntax(format:location:expected:found:)`` for UTF-16.
  func textRange(_ format: MeshFormat) throws(MeshError) -> Range<Int> {
    guard count > 0 else { throw .emptyFile }
    let first = try bytes(0..<Swift.min(count, 4))
    if first.starts(with: [0xFF, 0xFE]) || first.starts(with: [0xFE, 0xFF])
      || first.count == 4 && (first[0] == 0) != (first[1] == 0) && (first[0] == 0) == (first[2] == 0)
        && (first[1] == 0) == (first[3] == 0)
    {
      throw .syntax(format: format, location: .byte(0), expected: "text in ASCII or UTF-8", found: "UTF-16")
    }
    return (first.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)..<count
  }

  /// Whether there is nothing from an offset on but NUL, Ctrl-Z and white space.
  func isPadding(from offset: Int) throws(MeshError) -> Bool {
    var position = offset
    while position < count {
      let block = try bytes(position..<Swift.min(count, position + 1 << 16))
      guard block.allSatisfy({ $0 == 0 || $0 == 0x1A || TextScanner.isSpace($0) }) else { return false }
      position += block.count
    }
    return true
  }

  /// The word at an offset, quoted, for a message.
  func quotedWord(at offset: Int) throws(MeshError) -> String {
    let word = try word(at: offset, limit: 41)
    return quotedForMessage(String(decoding: word.prefix(40), as: UTF8.self), isCut: word.count > 40)
  }

  /// Whether the file ends inside the word at an offset, before it has become one of the keywords.
  func isCutOff(at offset: Int, in keywords: [StaticString]) throws(MeshError) -> Bool {
    let word = try word(at: offset, limit: 16)
    guard offset + word.count == count else { return false }
    let lower = String(decoding: word, as: UTF8.self).lowercased()
    return keywords.contains { $0.description.hasPrefix(lower) }
  }

  private func word(at offset: Int, limit: Int) throws(MeshError) -> ArraySlice<UInt8> {
    try bytes(offset..<Swift.min(count, offset + limit)).prefix { !TextScanner.isSpace($0) }
  }

  /// What is wrong with the word at an offset where a number should be.
  ///
  /// - Parameter facet: The number of the facet whose coordinate it is; nil in formats where vertices come alone.
  func numberFault(at offset: Int, format: MeshFormat, facet: Int?) throws(MeshError) -> MeshError {
    let word = try word(at: offset, limit: TextScanner.longestWord).map {
      $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0
    }
    if word.count == TextScanner.longestWord {
      return .syntax(
        format: format, location: .byte(offset), expected: "a number",
        found: "a word of \(TextScanner.longestWord) bytes or more")
    }
    let unsigned =
      word.first == UInt8(ascii: "-") || word.first == UInt8(ascii: "+") ? word.dropFirst() : word[...]
    // 1.#INF, 1.#QNAN and 1.#IND are how old Microsoft libraries print them.
    if ["nan", "inf", "1.#"].contains(where: { unsigned.starts(with: $0.utf8) }) || word.isNumber {
      if let facet { return .nonFiniteCoordinate(facet: facet, location: .byte(offset)) }
      return .syntax(
        format: format, location: .byte(offset), expected: "a finite number",
        found: try quotedWord(at: offset))
    }
    if offset + word.count == count, unsigned.allSatisfy({ $0.isDigit || ".e-+".utf8.contains($0) }) {
      return .truncated(format: format, location: .byte(offset), inside: "a number")
    }
    var found = try quotedWord(at: offset)
    let parts = unsigned.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    if parts.count == 2, parts[0].allSatisfy(\.isDigit), parts[1].first?.isDigit ?? false {
      found += " (a decimal comma; write a decimal point)"
    }
    return .syntax(format: format, location: .byte(offset), expected: "a number", found: found)
  }
}

/// What stands in a file, quoted for a message: at most 60 characters, control characters escaped, because
/// messages go to terminals and logs.
func quotedForMessage(_ text: String, isCut: Bool = false) -> String {
  let characters = text.prefix(60)
  let shown = characters.unicodeScalars.reduce(into: "") {
    $0 += $1.value < 0x20 || 0x7F..<0xA0 ~= $1.value ? $1.escaped(asASCII: true) : String($1)
  }
  return isCut || characters.endIndex < text.endIndex ? "\"\(shown)…\"" : "\"\(shown)\""
}

extension UInt8 {
  fileprivate var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}

extension [UInt8] {
  /// Whether these bytes are all of a number, be it beyond Float's range.
  fileprivate var isNumber: Bool {
    guard !isEmpty else { return false }
    let padded = self + [0x0A] + [UInt8](repeating: 0, count: DecimalParser.padding)
    return padded.withUnsafeBufferPointer { DecimalParser().parse($0.baseAddress!).end > $0.baseAddress! }
  }
}

extension MeshError {
  /// The byte offset of an error that is about a place in the file.
  var offset: Int? {
    switch self {
    case .syntax(_, .byte(let offset), _, _), .truncated(_, .byte(let offset), _),
      .nonFiniteCoordinate(_, .byte(let offset)):
      offset
    default: nil
    }
  }

  /// The same error with a line where it has a byte offset: text is edited by lines.
  func inLines(of source: ByteSource) -> MeshError {
    func line(_ location: Location) -> Location {
      // A file that cannot be read again keeps its offset.
      guard case .byte(let offset) = location, let lines = try? source.lines(of: [offset]) else {
        return location
      }
      return .line(lines[0])
    }
    switch self {
    case .syntax(let format, let location, let expected, let found):
      return .syntax(format: format, location: line(location), expected: expected, found: found)
    case .truncated(let format, let location, let inside):
      return .truncated(format: format, location: line(location), inside: inside)
    case .nonFiniteCoordinate(let facet, let location):
      return .nonFiniteCoordinate(facet: facet, location: line(location))
    default:
      return self
    }
  }
}

/// What readers note while they read, by byte offset.
struct ImportNotes {
  private var dropped: [(count: Int, reason: String, first: Int)] = []
  private var warnings: [(count: Int, text: String, first: Int?)] = []

  mutating func drop(_ error: MeshError, at offset: Int, count: Int = 1) {
    let reason: String
    switch error {
    case .nonFiniteCoordinate: reason = "a coordinate is not a finite number"
    case .truncated(_, _, let inside): reason = "cut off inside \(inside)"
    case .syntax(_, _, let expected, _): reason = "not a whole facet: expected \(expected)"
    default: reason = "unreadable"
    }
    drop(reason, at: offset, count: count)
  }

  mutating func drop(_ reason: String, at offset: Int, count: Int = 1) {
    if let i = dropped.firstIndex(where: { $0.reason == reason }) {
      dropped[i].count += count
      dropped[i].first = min(dropped[i].first, offset)
    } else {
      dropped.append((count, reason, offset))
    }
  }

  /// One warning a text, however often it is met.
  mutating func warn(_ text: String, at offset: Int? = nil) {
    if let i = warnings.firstIndex(where: { $0.text == text }) {
      warnings[i].count += 1
    } else {
      warnings.append((1, text, offset))
    }
  }

  /// Adds the notes of the part that follows.
  mutating func append(_ other: ImportNotes) {
    for d in other.dropped { drop(d.reason, at: d.first, count: d.count) }
    for w in other.warnings {
      if let i = warnings.firstIndex(where: { $0.text == w.text }) {
        warnings[i].count += w.count
      } else {
        warnings.append(w)
      }
    }
  }

  var droppedCount: Int { dropped.reduce(0) { $0 + $1.count } }

  /// Writes the notes to a report, with lines for offsets when the file is text.
  func write(to report: inout ImportReport, of source: ByteSource, inLines: Bool = true) throws(MeshError) {
    var places = dropped.map(\.first) + warnings.map { $0.first ?? 0 }
    if inLines && !places.isEmpty { places = try source.lines(of: places) }
    for (d, place) in zip(dropped, places) {
      report.dropped.append(
        .init(count: d.count, reason: d.reason, first: inLines ? .line(place) : .byte(place)))
    }
    for (w, place) in zip(warnings, places.dropFirst(dropped.count)) {
      let times = w.count > 1 ? " (\(w.count) times)" : ""
      let first = w.first == nil ? "" : "\(inLines ? "line" : "byte") \(place): "
      report.warnings.append(first + w.text + times)
    }
  }
}
