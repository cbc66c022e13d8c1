// Wavefront OBJ: `v x y z` and `f` with three vertices or more, a line each.

extension Mesh {
  /// Reads a Wavefront OBJ: vertices and faces. Polygons become fans of triangles; normals, texture coordinates,
  /// vertex colours, groups and materials are left out.
  ///
  /// Faces name vertices from 1 on, or from −1 back, in any of the forms `1`, `1/2`, `1//3` and `1/2/3`. A
  /// backslash at the end of a line joins it with the next. Equal vertices become one (see ``IndexedImport``).
  ///
  /// - Throws: The errors of ``readTextSTL(_:_:_:partSize:)``.
  package static func readOBJ(
    _ source: ByteSource, _ options: ImportOptions = ImportOptions(), _ run: RunContext = RunContext()
  ) throws(MeshError) -> ImportedMesh {
    try checkWeldTolerance(options.weldTolerance)
    do throws(MeshError) {
      var reader = try OBJReader(source, options, run)
      try reader.read(run.slice(0...0.8))
      return try reader.content.finish(source, .text, run.slice(0.8...1))
    } catch {
      throw error.inLines(of: source)
    }
  }
}

private struct OBJReader {
  var content: IndexedImport
  private var scanner: TextScanner
  private let source: ByteSource

  /// Statements without a vertex or a face in them: normals and texture coordinates, smoothing, lines, curves.
  private static let others: Set<String> = [
    "vn", "vt", "vp", "s", "mg", "l", "p", "bevel", "c_interp", "d_interp", "lod", "deg", "bmat", "step",
    "cstype",
    "curv", "curv2", "surf", "parm", "trim", "hole", "scrv", "sp", "end", "con", "ctech", "stech",
  ]
  /// Those that end in a name: of a group, an object, a material or a file.
  private static let named: Set<String> = [
    "g", "o", "usemtl", "mtllib", "usemap", "maplib", "shadow_obj", "trace_obj",
  ]

  init(_ source: ByteSource, _ options: ImportOptions, _ run: RunContext) throws(MeshError) {
    self.source = source
    let text = try source.textRange(.obj)
    // A vertex and the two triangles that come with it take 60 bytes and more.
    try run.reserve(bytes: text.count, for: "reading \(text.count) bytes of OBJ")
    content = IndexedImport(.obj, options)
    scanner = try TextScanner(source, text, TextWindow(forText: text.count))
  }

  mutating func read(_ run: RunContext) throws(MeshError) {
    var lines = 0
    while try scanner.skipSpace() {
      let offset = scanner.offset
      let isVertex = scanner.p[0] == UInt8(ascii: "v") && TextScanner.isSpace(scanner.p[1])
      let isFace = scanner.p[0] == UInt8(ascii: "f") && TextScanner.isSpace(scanner.p[1])
      var mayGoOn = true
      do throws(MeshError) {
        if isVertex {
          scanner.p += 1
          try readVertex(at: offset)
        } else if isFace {
          scanner.p += 1
          try readFace(at: offset)
        } else {
          mayGoOn = try readOther(at: offset)
        }
      } catch {
        guard content.options.salvage, error.offset != nil else { throw error }
        if isFace {
          try content.drop(error, at: offset)
        } else if isVertex {
          content.addUnreadableVertex(at: offset)
        } else {
          content.notes.warn("skipped text that is not OBJ", at: offset)
        }
      }
      try scanner.skipLine()
      while mayGoOn, scanner.p[-1] == UInt8(ascii: "\\"), scanner.p < scanner.end {
        try scanner.skipLineEnd()
        try scanner.skipLine()
      }
      lines += 1
      if lines & 0xFFF == 0 {
        try run.checkCancellation()
        run.report(Double(offset) / Double(source.count))
      }
    }
  }

  /// Moves to the next word of the statement. False when it has no more.
  @inline(__always)
  private mutating func skipBlanks() throws(MeshError) -> Bool {
    while try scanner.skipBlanks() {
      guard scanner.p[0] == UInt8(ascii: "\\"), TextScanner.isSpace(scanner.p[1]) else {
        return scanner.p[0] != UInt8(ascii: "#")
      }
      scanner.p += 1
      if try scanner.skipBlanks() { return true }
      if scanner.p < scanner.end { try scanner.skipLineEnd() }
    }
    return false
  }

  private mutating func readVertex(at offset: Int) throws(MeshError) {
    let x = try coordinate()
    let y = try coordinate()
    let z = try coordinate()
    try content.addVertex(x, y, z, at: offset)
  }

  @inline(__always)
  private mutating func coordinate() throws(MeshError) -> Float {
    guard try skipBlanks() else { throw try missing("a number") }
    let start = scanner.p
    if let value = scanner.number(), value.isFinite { return value }
    scanner.p = start
    throw try source.numberFault(at: scanner.offset, format: .obj, facet: nil)
  }

  private mutating func readFace(at offset: Int) throws(MeshError) {
    content.polygon.removeAll(keepingCapacity: true)
    let count = content.positions.count
    while try skipBlanks() {
      let place = scanner.offset
      guard let number = corner() else {
        throw .syntax(
          format: .obj, location: .byte(place), expected: "a vertex number such as 1 or 1/2/3",
          found: try source.quotedWord(at: place))
      }
      let index = number > 0 ? number - 1 : count + number
      guard number != 0, index >= 0, index < Int(UInt32.max) - 2 else {
        throw .syntax(
          format: .obj, location: .byte(place),
          expected: number < 0 ? "one of the \(count) vertices before it" : "a vertex number from 1 on",
          found: "\(number)")
      }
      content.polygon.append(UInt32(truncatingIfNeeded: index))
    }
    if content.polygon.count < 3, scanner.offset == source.count { throw try missing("a face") }
    try content.addPolygon(at: offset)
  }

  /// One of `1`, `1/2`, `1//3`, `1/2/3`: the first number.
  @inline(__always)
  private mutating func corner() -> Int? {
    guard let number = scanner.integer() else { return nil }
    for _ in 0..<2 where scanner.p[0] == UInt8(ascii: "/") {
      scanner.p += 1
      _ = scanner.integer()
    }
    return TextScanner.isSpace(scanner.p[0]) ? number : nil
  }

  /// Reads a statement without a vertex or a face. False when a backslash at the end of its line is part of a name:
  /// of a folder, most often.
  private mutating func readOther(at offset: Int) throws(MeshError) -> Bool {
    if scanner.p[0] == UInt8(ascii: "#") { return false }
    let length = min(16, scanner.wordEnd() - scanner.p)
    let word = String(decoding: UnsafeBufferPointer(start: scanner.p, count: length), as: UTF8.self)
    if OBJReader.named.contains(word) { return false }
    if OBJReader.others.contains(word) { return true }
    if scanner.p[0] == 0 || scanner.p[0] == 0x1A, try source.isPadding(from: offset) {
      content.notes.warn("the text ends in padding", at: offset)
      while try scanner.skipSpace() { try scanner.skipWord() }
      return false
    }
    throw .syntax(
      format: .obj, location: .byte(offset), expected: "a statement such as v or f",
      found: try source.quotedWord(at: offset))
  }

  private func missing(_ expected: String) throws(MeshError) -> MeshError {
    if scanner.offset >= source.count {
      return .truncated(format: .obj, location: .byte(try source.lastWordOffset()), inside: "a line")
    }
    return .syntax(
      format: .obj, location: .byte(scanner.offset), expected: expected, found: "the end of the line")
  }
}
