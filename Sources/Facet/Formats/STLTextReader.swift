// Text STL: solid … facet normal … outer loop, three vertices, endloop, endfacet … endsolid.
//
// The file is cut into parts at lines that begin with `facet`, `solid` or `endsolid`: wherever a sound file
// has such a line, no facet is open, so the parts can be read on their own, in parallel.

extension Mesh {
  /// Bytes of text a part: some ten thousand facets, for a welding table that stays in the second-level cache.
  package static let textPartSize = 1 << 21

  /// Reads a text STL.
  ///
  /// Keywords in any case, any indentation and line ends, several solids (one mesh; the names are in the
  /// report), comment lines that begin with #, ;, ! or //. Normals are not looked at: they follow from the
  /// corners, and many programs write nonsense.
  ///
  /// - Throws: ``MeshError/syntax(format:location:expected:found:)``,
  ///   ``MeshError/nonFiniteCoordinate(facet:location:)`` and ``MeshError/truncated(format:location:inside:)`` with
  ///   the line, the first in the file; ``MeshError/noTriangles(format:)``;
  ///   ``MeshError/tooManyTriangles(count:limit:)``; and what the run and the source throw.
  package static func readTextSTL(
    _ source: ByteSource, _ options: ImportOptions = ImportOptions(), _ run: RunContext = RunContext(),
    partSize: Int = textPartSize
  ) throws(MeshError) -> ImportedMesh {
    do throws(MeshError) {
      return try readTextSTLByOffsets(source, options, run, partSize)
    } catch {
      throw error.inLines(of: source)
    }
  }

  private static func readTextSTLByOffsets(
    _ source: ByteSource, _ options: ImportOptions, _ run: RunContext, _ partSize: Int
  ) throws(MeshError) -> ImportedMesh {
    try checkWeldTolerance(options.weldTolerance)
    let text = try source.textRange(.stl)
    // Facets take 130 bytes and more in practice.
    try run.reserve(
      bytes: WeldMerger.expectedBytes(forTriangles: text.count / 130),
      for: "reading \(text.count) bytes of STL")
    let reading = run.slice(0...(options.weldTolerance > 0 ? 0.8 : 1))
    let starts = try STLTextPart.starts(in: source, text, partSize, reading)
    let merger = WeldMerger(run)
    var outline = STLTextOutline()
    try withUnsafeMutablePointer(to: &outline) { (shared) throws(MeshError) in
      // Only `inOrder` touches it, for one part at a time.
      nonisolated(unsafe) let outline = shared
      try reading.forEachChunkInOrder(of: starts.count, size: 1) {
        STLTextPart(options, textLength: text.count)
      } work: { (part, index, _) throws(MeshError) in
        let end = index + 1 < starts.count ? starts[index + 1] : text.upperBound
        try part.read(source, starts[index]..<end, isFirst: index == 0)
      } inOrder: { (part, index, _) throws(MeshError) in
        try outline.pointee.append(part, maximumTriangles: options.maximumTriangles)
        try merger.append(part.segment)
        reading.report(Double(index + 1) / Double(starts.count))
      }
    }
    try outline.close(source, salvage: options.salvage)
    guard outline.facetCount > 0 else { throw .noTriangles(format: .stl) }
    var mesh = merger.finish()
    if options.weldTolerance > 0 {
      mesh = try mesh.weldingVertices(within: options.weldTolerance, run.slice(0.8...1))
    }
    var report = ImportReport(format: .stl, encoding: .text, readFacets: outline.facetCount)
    report.solidNames = outline.names
    try outline.notes.write(to: &report, of: source)
    return ImportedMesh(mesh: mesh, report: report)
  }
}

/// What the parts amount to, in file order.
private struct STLTextOutline {
  var facetCount = 0
  var names: [String] = []
  var notes = ImportNotes()
  private var openSolid: String?

  mutating func append(_ part: STLTextPart, maximumTriangles: Int) throws(MeshError) {
    for event in part.events {
      switch event.kind {
      case .solid(let name):
        if openSolid != nil { notes.warn("a solid begins before the last one has ended", at: event.offset) }
        openSolid = name
        names.append(name)
      case .endsolid:
        if openSolid == nil { notes.warn("endsolid without a solid", at: event.offset) }
        openSolid = nil
      case .facet:
        if openSolid == nil { notes.warn("facets outside of a solid", at: event.offset) }
      }
    }
    let seen = facetCount + notes.droppedCount
    notes.append(part.notes)
    facetCount += part.facetCount
    // More triangles than allowed before the part's fault, if it has one.
    let limit = min(maximumTriangles, Mesh.maximumTriangleCount)
    guard facetCount <= limit else { throw .tooManyTriangles(count: facetCount, limit: limit) }
    if let failure = part.failure {
      if case .nonFiniteCoordinate(let facet, let location) = failure {
        throw .nonFiniteCoordinate(facet: seen + facet, location: location)
      }
      throw failure
    }
  }

  mutating func close(_ source: ByteSource, salvage: Bool) throws(MeshError) {
    guard let name = openSolid else { return }
    let end = try source.lastWordOffset()
    if salvage {
      notes.warn("the file ends without endsolid", at: end)
    } else {
      throw .truncated(
        format: .stl, location: .byte(end),
        inside: name.isEmpty ? "a solid" : "the solid \(quotedForMessage(name))")
    }
  }
}

/// The facets of one part of the text, and what else stands in it. Reused from part to part by one thread.
private final class STLTextPart {
  /// Where a solid begins or ends, and where facets follow either.
  struct Event {
    enum Kind {
      case solid(String)
      case endsolid
      case facet
    }
    var kind: Kind
    var offset: Int
  }

  let segment: WeldedSegment
  private(set) var events: [Event] = []
  private(set) var notes = ImportNotes()
  private(set) var facetCount = 0
  /// Why reading stopped; its facet number counts from the part's first.
  private(set) var failure: MeshError?

  private let options: ImportOptions
  private let window: TextWindow
  /// Corners on their way to the segment.
  private let corners: UnsafeMutablePointer<SIMD3<Float>>
  private static let batch = 512

  init(_ options: ImportOptions, textLength: Int) {
    self.options = options
    segment = WeldedSegment(expecting: min(textLength / 150, 16384))
    window = TextWindow(forText: textLength)
    corners = .allocate(capacity: 3 * STLTextPart.batch)
  }

  deinit { corners.deallocate() }

  /// Where parts begin: at the start of the text, and at the first line with an opening keyword in each
  /// `partSize` bytes.
  static func starts(
    in source: ByteSource, _ text: Range<Int>, _ partSize: Int, _ run: RunContext
  ) throws(MeshError) -> [Int] {
    let found = try run.mapChunks(of: text.count, size: partSize) {
      (chunk, range) throws(MeshError) -> Int? in
      if chunk == 0 { return text.lowerBound }
      let first = text.lowerBound + range.lowerBound
      let last = text.lowerBound + range.upperBound
      // From the byte before, which tells whether a line begins here, to room for a keyword after the end.
      var scanner = try TextScanner(
        source, first - 1..<min(text.upperBound, last + 16),
        TextWindow(atMost: 1 << 14, forText: last - first + 17))
      while true {
        try scanner.skipLine()
        guard try scanner.skipSpace(), scanner.offset < last else { return nil }
        if scanner.isAt(.facet) || scanner.isAt(.solid) || scanner.isAt(.endsolid) { return scanner.offset }
      }
    }
    return found.compactMap { $0 }
  }

  func read(_ source: ByteSource, _ range: Range<Int>, isFirst: Bool) throws(MeshError) {
    segment.removeAll()
    events.removeAll(keepingCapacity: true)
    notes = ImportNotes()
    facetCount = 0
    failure = nil
    var parser = STLTextParser(scanner: try TextScanner(source, range, window))
    do throws(MeshError) {
      try read(&parser, isFirst: isFirst)
    } catch {
      switch error {
      case .syntax, .truncated, .nonFiniteCoordinate: failure = error
      default: throw error
      }
    }
  }

  private func read(_ parser: inout STLTextParser, isFirst: Bool) throws(MeshError) {
    var pending = 0
    defer { flush(&pending) }
    let isInches = options.units == .inch
    var lastWasFacet = false
    if isFirst { try expectSolid(&parser) }
    while try parser.scanner.skipSpace() {
      if parser.scanner.isAt(.facet) {
        let offset = parser.scanner.offset
        if !lastWasFacet {
          events.append(Event(kind: .facet, offset: offset))
          lastWasFacet = true
        }
        parser.facet = facetCount + pending + notes.droppedCount
        do throws(MeshError) {
          try parser.parseFacet()
          if isInches { try parser.scale(by: MeasurementUnits.inch.millimetres) }
          corners[3 * pending] = parser.a
          corners[3 * pending + 1] = parser.b
          corners[3 * pending + 2] = parser.c
          pending += 1
          if pending == STLTextPart.batch { flush(&pending) }
        } catch {
          guard options.salvage, let place = error.offset else { throw error }
          notes.drop(error, at: place)
          try parser.skipToKeyword()
        }
      } else if try !readLine(&parser) {
        let error = try parser.unexpected(
          "facet, endsolid or solid", inside: "a solid", keywords: ["facet", "endsolid"])
        guard options.salvage else { throw error }
        notes.warn("skipped text that is not STL", at: parser.scanner.offset)
        try parser.skipToKeyword()
      } else {
        lastWasFacet = false
      }
    }
  }

  /// The first word that is not in a comment is `solid`.
  private func expectSolid(_ parser: inout STLTextParser) throws(MeshError) {
    while try parser.scanner.skipSpace(), parser.isAtComment { _ = try readLine(&parser) }
    guard try parser.scanner.skipSpace(), !parser.scanner.isAt(.solid) else { return }
    let error = try parser.unexpected("solid", inside: "the first word", keywords: ["solid"])
    guard options.salvage else { throw error }
    notes.warn("the file does not begin with solid", at: parser.scanner.offset)
  }

  private func flush(_ pending: inout Int) {
    segment.append(corners: corners, facets: pending)
    facetCount += pending
    pending = 0
  }

  /// Reads a line that is not part of a facet. False when there is none such here.
  private func readLine(_ parser: inout STLTextParser) throws(MeshError) -> Bool {
    let offset = parser.scanner.offset
    let first = parser.scanner.p[0]
    if parser.scanner.take(.solid) {
      events.append(Event(kind: .solid(try parser.scanner.restOfLine()), offset: offset))
    } else if parser.scanner.take(.endsolid) {
      events.append(Event(kind: .endsolid, offset: offset))
      try parser.scanner.skipLine()
    } else if parser.isAtComment {
      notes.warn("comment lines, left out", at: offset)
      try parser.scanner.skipLine()
    } else if first == 0 || first == 0x1A {
      // What old file systems leave after the end of a text.
      guard try parser.scanner.source.isPadding(from: offset) else { return false }
      notes.warn("the text ends in padding", at: offset)
      while try parser.scanner.skipSpace() { try parser.scanner.skipWord() }
    } else {
      return false
    }
    return true
  }
}

/// Reads one facet after the other.
private struct STLTextParser {
  var scanner: TextScanner
  /// The number of the facet that is read, from the part's first.
  var facet = 0
  var a = SIMD3<Float>.zero
  var b = SIMD3<Float>.zero
  var c = SIMD3<Float>.zero

  init(scanner: TextScanner) { self.scanner = scanner }

  /// Whether a comment begins here, as some programs write them.
  var isAtComment: Bool {
    switch scanner.p[0] {
    case UInt8(ascii: "#"), UInt8(ascii: ";"), UInt8(ascii: "!"): true
    case UInt8(ascii: "/"): scanner.p[1] == UInt8(ascii: "/")
    default: false
    }
  }

  /// Reads a facet from its keyword to `endfacet`, to ``a``, ``b`` and ``c``.
  @inline(__always)
  mutating func parseFacet() throws(MeshError) {
    _ = scanner.take(.facet)
    try skipNormal()
    try expect(.loop, "outer loop", "loop")
    a = try vertex()
    b = try vertex()
    c = try vertex()
    try expect(.endloop, "endloop after three vertices", "endloop")
    try expect(.endfacet, "endfacet", "endfacet")
  }

  mutating func scale(by factor: Double) throws(MeshError) {
    a = SIMD3<Float>(SIMD3<Double>(a) * factor)
    b = SIMD3<Float>(SIMD3<Double>(b) * factor)
    c = SIMD3<Float>(SIMD3<Double>(c) * factor)
    guard a.isFinite && b.isFinite && c.isFinite else {
      throw .nonFiniteCoordinate(facet: facet, location: .byte(scanner.offset - 1))
    }
  }

  /// Moves over `normal` and whatever stands for the normal, and over `outer`.
  @inline(__always)
  private mutating func skipNormal() throws(MeshError) {
    if try scanner.skipSpace(), scanner.take(.normal) {
      for _ in 0..<3 {
        guard try scanner.skipSpace() else { break }
        if scanner.isAt(.outer) || scanner.isAt(.facet) { break }
        try scanner.skipWord()
      }
    }
    try expect(.outer, "outer loop", "outer")
  }

  @inline(__always)
  private mutating func expect(
    _ keyword: TextScanner.Keyword, _ description: StaticString, _ name: StaticString
  ) throws(MeshError) {
    if try scanner.skipSpace(), scanner.take(keyword) { return }
    throw try unexpected(description, inside: "a facet", keywords: [name, "normal"])
  }

  @inline(__always)
  private mutating func vertex() throws(MeshError) -> SIMD3<Float> {
    try expect(.vertex, "vertex", "vertex")
    let x = try coordinate()
    let y = try coordinate()
    let z = try coordinate()
    return SIMD3(x, y, z)
  }

  @inline(__always)
  private mutating func coordinate() throws(MeshError) -> Float {
    guard try scanner.skipBlanks() else { throw try missingNumber() }
    let start = scanner.p
    if let value = scanner.number(), value.isFinite { return value }
    scanner.p = start
    throw try scanner.source.numberFault(at: scanner.offset, format: .stl, facet: facet)
  }

  @inline(never)
  private func missingNumber() throws(MeshError) -> MeshError {
    if scanner.offset >= scanner.source.count { return try truncated("a facet") }
    return .syntax(
      format: .stl, location: .byte(scanner.offset), expected: "a number", found: "the end of the line")
  }

  /// The error for something else at the scanner's place, or for the end of the file inside a keyword.
  @inline(never)
  func unexpected(
    _ expected: StaticString, inside: String, keywords: [StaticString]
  ) throws(MeshError) -> MeshError {
    let offset = scanner.offset
    // Where a part ends and the file does not, the next part's keyword stands.
    if offset >= scanner.source.count { return try truncated(inside) }
    if try scanner.source.isCutOff(at: offset, in: keywords) { return try truncated(inside) }
    return .syntax(
      format: .stl, location: .byte(offset), expected: expected.description,
      found: try scanner.source.quotedWord(at: offset))
  }

  private func truncated(_ inside: String) throws(MeshError) -> MeshError {
    .truncated(format: .stl, location: .byte(try scanner.source.lastWordOffset()), inside: inside)
  }

  /// Moves to the next word that can begin something, `facet` anywhere or `solid` and `endsolid`.
  mutating func skipToKeyword() throws(MeshError) {
    while try scanner.skipSpace() {
      if scanner.isAt(.facet) || scanner.isAt(.solid) || scanner.isAt(.endsolid) { return }
      try scanner.skipWord()
    }
  }
}

extension TextScanner.Keyword {
  fileprivate static var solid: Self { Self("solid") }
  fileprivate static var endsolid: Self { Self("endsolid") }
  fileprivate static var facet: Self { Self("facet") }
  fileprivate static var endfacet: Self { Self("endfacet") }
  fileprivate static var normal: Self { Self("normal") }
  fileprivate static var outer: Self { Self("outer") }
  fileprivate static var loop: Self { Self("loop") }
  fileprivate static var endloop: Self { Self("endloop") }
  fileprivate static var vertex: Self { Self("vertex") }
}
