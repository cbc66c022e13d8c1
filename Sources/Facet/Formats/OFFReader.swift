// Object File Format: a keyword, three counts, vertices a line each, faces a line each.

extension Mesh {
  /// Reads an OFF in text: `OFF`, and the variants with a letter before it (`COFF`, `NOFF`, `STOFF`) whose normals,
  /// vertex colours and texture coordinates are left out.
  ///
  /// Polygons become fans of triangles; face colours in three or four numbers become facet colours; `#` begins a
  /// comment. Equal vertices become one (see ``IndexedImport``).
  ///
  /// - Throws: ``MeshError/unsupportedFormat(name:supported:)`` for `4OFF`, `nOFF` and binary ones, and the errors
  ///   of ``readTextSTL(_:_:_:partSize:)``.
  package static func readOFF(
    _ source: ByteSource, _ options: ImportOptions = ImportOptions(), _ run: RunContext = RunContext()
  ) throws(MeshError) -> ImportedMesh {
    try checkWeldTolerance(options.weldTolerance)
    try run.reserve(bytes: source.count, for: "reading \(source.count) bytes of OFF")
    do throws(MeshError) {
      var reader = try OFFReader(source, options)
      try reader.read(run.slice(0...0.8))
      return try reader.content.finish(source, .text, run.slice(0.8...1))
    } catch {
      throw error.inLines(of: source)
    }
  }
}

private struct OFFReader {
  var content: IndexedImport
  private var scanner: TextScanner
  private let source: ByteSource
  private let textStart: Int
  private var vertexCount = 0
  private var faceCount = 0

  init(_ source: ByteSource, _ options: ImportOptions) throws(MeshError) {
    self.source = source
    let text = try source.textRange(.off)
    textStart = text.lowerBound
    content = IndexedImport(.off, options)
    scanner = try TextScanner(source, text, TextWindow(forText: text.count))
  }

  mutating func read(_ run: RunContext) throws(MeshError) {
    try readKeyword()
    try readCounts()
    for index in 0..<vertexCount {
      guard try skipToLine() else { return try endEarly("the \(vertexCount) vertices") }
      let offset = scanner.offset
      do throws(MeshError) {
        let x = try coordinate()
        let y = try coordinate()
        let z = try coordinate()
        try content.addVertex(x, y, z, at: offset)
      } catch {
        guard content.options.salvage, error.offset != nil else { throw error }
        content.addUnreadableVertex(at: offset)
      }
      try scanner.skipLine()
      if index & 0xFFF == 0xFFF { try tell(run) }
    }
    for index in 0..<faceCount {
      guard try skipToLine() else { return try endEarly("the \(faceCount) faces") }
      let offset = scanner.offset
      do throws(MeshError) {
        try readFace(at: offset)
      } catch {
        try content.drop(error, at: offset)
      }
      try scanner.skipLine()
      if index & 0xFFF == 0xFFF { try tell(run) }
    }
    guard try skipToLine() else { return }
    let offset = scanner.offset
    if content.options.salvage {
      content.notes.warn("text after the last face, left out", at: offset)
    } else if try source.isPadding(from: offset) {
      content.notes.warn("the text ends in padding", at: offset)
    } else {
      throw .syntax(
        format: .off, location: .byte(offset), expected: "the end of the file",
        found: try source.quotedWord(at: offset))
    }
  }

  private func tell(_ run: RunContext) throws(MeshError) {
    try run.checkCancellation()
    run.report(Double(scanner.offset) / Double(source.count))
  }

  private mutating func readKeyword() throws(MeshError) {
    guard try skipToLine() else { throw try missing("OFF") }
    let offset = scanner.offset
    let length = min(8, scanner.wordEnd() - scanner.p)
    let word = String(decoding: UnsafeBufferPointer(start: scanner.p, count: length), as: UTF8.self)
      .uppercased()
    switch word {
    case "OFF", "COFF", "NOFF", "CNOFF", "STOFF", "STCOFF", "STNOFF", "STCNOFF": break
    case "4OFF", "C4OFF", "N4OFF", "4NOFF", "CN4OFF", "ST4OFF":
      throw .unsupportedFormat(name: word, supported: ["OFF"])
    default:
      if try source.isCutOff(at: offset, in: ["off", "coff", "noff", "stoff"]) {
        throw try truncated("the header")
      }
      throw .syntax(
        format: .off, location: .byte(offset), expected: "OFF", found: try source.quotedWord(at: offset))
    }
    try scanner.skipWord()
    if try skipBlanks(), scanner.isAt(TextScanner.Keyword("binary")) {
      throw .unsupportedFormat(name: "binary OFF", supported: ["OFF in text"])
    }
  }

  private mutating func readCounts() throws(MeshError) {
    guard try skipToLine() else { throw try truncated("the header") }
    let offset = scanner.offset
    vertexCount = try count("the number of vertices")
    faceCount = try count("the number of faces")
    // The number of edges, which nobody needs.
    try scanner.skipLine()
    content.declaredFaces = faceCount
    // A vertex takes 6 bytes at least, a face 4.
    let length = source.count - scanner.offset + 1
    if vertexCount > length / 6 || faceCount > (length - vertexCount * 6) / 4 {
      guard content.options.salvage else {
        throw try truncated(
          "the \(vertexCount) vertices and \(faceCount) faces that are counted at its beginning")
      }
      content.notes.warn("the file is too short for its counts", at: offset)
    }
    content.reserve(vertices: min(vertexCount, length / 6), faces: min(faceCount, length / 4))
  }

  private mutating func count(_ name: String) throws(MeshError) -> Int {
    let value = try integer(name)
    guard value >= 0 else {
      throw .syntax(format: .off, location: .byte(scanner.offset - 1), expected: name, found: "\(value)")
    }
    return value
  }

  private mutating func readFace(at offset: Int) throws(MeshError) {
    content.polygon.removeAll(keepingCapacity: true)
    let count = try count("the number of the face's vertices")
    for _ in 0..<count {
      let place = scanner.offset
      let index = try integer("a vertex number")
      guard index >= 0, index < vertexCount, index < Int(UInt32.max) - 2 else {
        throw .syntax(
          format: .off, location: .byte(place), expected: "a vertex number below \(vertexCount)",
          found: "\(index)")
      }
      content.polygon.append(UInt32(index))
    }
    content.faceColor = try color()
    try content.addPolygon(at: offset)
  }

  /// Three or four numbers after a face: 0…255, or 0…1 when there is a point in one.
  private mutating func color() throws(MeshError) -> Color? {
    var values: [Float] = []
    var isFraction = false
    while values.count < 4, try skipBlanks() {
      let end = scanner.wordEnd()
      isFraction = isFraction || UnsafeBufferPointer(start: scanner.p, count: end - scanner.p).contains(0x2E)
      guard let value = scanner.number() else {
        throw .syntax(
          format: .off, location: .byte(scanner.offset), expected: "a colour or the end of the line",
          found: try source.quotedWord(at: scanner.offset))
      }
      values.append(value)
    }
    guard values.count >= 3 else { return nil }
    func channel(_ value: Float) -> UInt8 {
      value >= 0 ? UInt8(min((isFraction ? value * 255 : value) + 0.5, 255)) : 0
    }
    return Color(red: channel(values[0]), green: channel(values[1]), blue: channel(values[2]))
  }

  // MARK: Words

  /// Moves to the next line with something in it but a comment.
  private mutating func skipToLine() throws(MeshError) -> Bool {
    while try scanner.skipSpace() {
      guard scanner.p[0] == UInt8(ascii: "#") else { return true }
      try scanner.skipLine()
    }
    return false
  }

  @inline(__always)
  private mutating func skipBlanks() throws(MeshError) -> Bool {
    guard try scanner.skipBlanks() else { return false }
    return scanner.p[0] != UInt8(ascii: "#")
  }

  @inline(__always)
  private mutating func coordinate() throws(MeshError) -> Float {
    guard try skipBlanks() else { throw try missing("a number") }
    let start = scanner.p
    if let value = scanner.number(), value.isFinite { return value }
    scanner.p = start
    throw try source.numberFault(at: scanner.offset, format: .off, facet: nil)
  }

  @inline(__always)
  private mutating func integer(_ expected: String) throws(MeshError) -> Int {
    guard try skipBlanks() else { throw try missing(expected) }
    let start = scanner.p
    if let value = scanner.integer(), TextScanner.isSpace(scanner.p[0]) { return value }
    scanner.p = start
    throw .syntax(
      format: .off, location: .byte(scanner.offset), expected: expected,
      found: try source.quotedWord(at: scanner.offset))
  }

  // MARK: Ends

  private mutating func endEarly(_ inside: String) throws(MeshError) {
    guard content.options.salvage else { throw try truncated(inside) }
    content.dropMissingFaces(at: source.count)
  }

  private func missing(_ expected: String) throws(MeshError) -> MeshError {
    if scanner.offset >= source.count { return try truncated("a line") }
    return .syntax(
      format: .off, location: .byte(scanner.offset), expected: expected, found: "the end of the line")
  }

  private func truncated(_ inside: String) throws(MeshError) -> MeshError {
    .truncated(format: .off, location: .byte(try source.lastWordOffset()), inside: inside)
  }
}
