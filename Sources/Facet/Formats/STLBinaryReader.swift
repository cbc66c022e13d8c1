extension Mesh {
  /// Reads a binary STL. The normals in the file are not looked at: they follow from the corners.
  ///
  /// The file is read in pieces that stay in the cache and welded while it is read; the soup is never in memory.
  static func readBinarySTL(
    _ source: ByteSource, _ options: ImportOptions, _ run: RunContext
  ) throws(MeshError) -> ImportedMesh {
    let plan = try STLReadingPlan(source, options)
    let chunk = weldingChunk
    let workers = min(run.threads, (plan.facets + chunk - 1) / chunk)
    try run.reserve(
      bytes: WeldMerger.expectedBytes(forTriangles: plan.facets) + workers * STLChunk.expectedBytes,
      for: "reading \(plan.facets) facets")

    let merger = WeldMerger(triangles: plan.facets, run)
    var result = STLReadingResult(plan)
    let welding = run.slice(0...(options.weldTolerance > 0 ? 0.6 : 1))
    try welding.forEachChunkInOrder(of: plan.facets, size: chunk) {
      STLChunk(plan)
    } work: { (scratch: inout STLChunk, _, range) throws(MeshError) in
      try scratch.read(range, from: source)
    } inOrder: { (scratch, _, range) throws(MeshError) in
      scratch.place = try merger.merge(scratch.segment)
      result.add(scratch)
      welding.report(Double(range.upperBound) / Double(plan.facets))
    } afterwards: { (scratch, _, _) throws(MeshError) in
      merger.place(scratch.segment, at: scratch.place)
    }

    let colors = result.colors()
    var mesh = merger.finish(colors: colors)
    guard mesh.triangles.count > 0 else { throw .noTriangles(format: .stl) }
    if options.weldTolerance > 0 {
      mesh = try mesh.weldingVertices(within: options.weldTolerance, run.slice(0.6...1))
    }
    return ImportedMesh(mesh: mesh, report: result.report(triangles: mesh.triangles.count))
  }
}

/// What is to be read, settled from the header and the length before any facet is.
struct STLReadingPlan: Sendable {
  let header: [UInt8]
  let declaredFacets: Int
  /// The facets that the file really holds, whole.
  let facets: Int
  /// Bytes after the last whole facet.
  let restBytes: Int
  let salvage: Bool
  /// Millimetres in one of the file's units.
  let scale: Double
  let partColor: Color?

  init(_ source: ByteSource, _ options: ImportOptions) throws(MeshError) {
    let head = try source.bytes(0..<min(source.count, STLLayout.facetsOffset))
    guard let declared = STLLayout.declaredFacets(head) else {
      throw .truncated(format: .stl, location: .byte(head.count), inside: "the 84 bytes before the facets")
    }
    var whole = (source.count - STLLayout.facetsOffset) / STLLayout.facetLength
    if STLLayout.length(facets: declared) != source.count && !options.salvage {
      throw .lengthMismatch(
        declaredFacets: declared, expectedBytes: STLLayout.length(facets: declared),
        actualBytes: source.count)
    }
    if declared < whole, declared > 0, try source.isZero(from: STLLayout.length(facets: declared)) {
      // A file filled up to a block's length; facets at the origin are not what was meant.
      whole = declared
    }
    let limit = min(options.maximumTriangles, Mesh.maximumTriangleCount)
    guard whole <= limit else { throw .tooManyTriangles(count: whole, limit: limit) }
    try Mesh.checkWeldTolerance(options.weldTolerance)
    guard whole > 0 else { throw .noTriangles(format: .stl) }
    header = Array(head.prefix(STLLayout.headerLength))
    declaredFacets = declared
    facets = whole
    restBytes = source.count - STLLayout.length(facets: whole)
    salvage = options.salvage
    scale = options.units.millimetres
    partColor = MagicsHeader.partColor(in: header)
  }
}

extension ByteSource {
  /// Whether all bytes from an offset on are zero.
  fileprivate func isZero(from offset: Int) throws(MeshError) -> Bool {
    var start = offset
    while start < count {
      let piece = try bytes(start..<min(start + 65536, count))
      if piece.contains(where: { $0 != 0 }) { return false }
      start += piece.count
    }
    return true
  }
}

/// The facets of one chunk, read, checked and welded among themselves.
struct STLChunk {
  /// Facets read from the file at a time: 200 kB, so that they are still in the cache when they are parsed.
  static let piece = 4096
  static let expectedBytes = 4 << 20

  let segment = WeldedSegment(expecting: Mesh.weldingChunk)
  var place = 0..<0
  /// The attribute words of the facets kept, or empty when all are zero.
  private(set) var attributes: [UInt16] = []
  private(set) var dropped = 0
  private(set) var firstDropped = 0

  private let buffer = PieceBuffer()
  private let salvage: Bool
  private let scale: Double

  init(_ plan: STLReadingPlan) {
    salvage = plan.salvage
    scale = plan.scale
  }

  mutating func read(_ facets: Range<Int>, from source: ByteSource) throws(MeshError) {
    segment.removeAll()
    attributes.removeAll(keepingCapacity: true)
    dropped = 0
    var first = facets.lowerBound
    while first < facets.upperBound {
      let count = min(STLChunk.piece, facets.upperBound - first)
      let bytes = UnsafeMutableRawBufferPointer(
        start: buffer.base, count: count * STLLayout.facetLength)
      try source.read(at: STLLayout.offset(ofFacet: first), into: bytes)
      if scale != 1 { multiplyCoordinates(buffer.base, count, by: scale) }
      try weld(count, from: first)
      first += count
    }
  }

  /// Welds the facets in the buffer; `first` is the number of its first one in the file.
  private mutating func weld(_ count: Int, from first: Int) throws(MeshError) {
    var next = 0
    while next < count {
      let stride = next..<min(count, next + WeldedSegment.stride)
      let (end, attributeBits) = checkFacets(buffer.base, stride)
      let keptBefore = segment.triangleCount
      var cursor = segment.makeRoom(forTriangles: end - next)
      weldFacets(buffer.base, next..<end, &cursor)
      segment.take(cursor)
      if attributeBits != 0 || !attributes.isEmpty {
        attributes.reserveCapacity(Mesh.weldingChunk)
        while attributes.count < keptBefore { attributes.append(0) }
        for facet in next..<end { attributes.append(attribute(ofFacet: facet)) }
      }
      next = end
      if end < stride.upperBound {
        guard salvage else {
          throw .nonFiniteCoordinate(
            facet: first + end, location: .byte(STLLayout.offset(ofFacet: first + end)))
        }
        if dropped == 0 { firstDropped = first + end }
        dropped += 1
        next += 1
      }
    }
  }

  private func attribute(ofFacet facet: Int) -> UInt16 {
    UInt16(
      littleEndian: buffer.base.loadUnaligned(
        fromByteOffset: facet * STLLayout.facetLength + STLLayout.attributeOffset, as: UInt16.self))
  }
}

/// Room for a piece of a file, and for the two bytes that loading the last corner as four floats reads beyond it.
private final class PieceBuffer {
  let base: UnsafeMutableRawPointer

  init() {
    let length = STLChunk.piece * STLLayout.facetLength + 16
    base = .allocate(byteCount: length, alignment: 64)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: length)
  }

  deinit { base.deallocate() }
}

/// Finds the first facet with a coordinate that is not finite. Returns it, or the range's end, and all attribute
/// words or-ed together.
private func checkFacets(
  _ base: UnsafeRawPointer, _ facets: Range<Int>
) -> (end: Int, attributeBits: UInt16) {
  var attributeBits: UInt16 = 0
  var zero = SIMD4<Float>()
  var record = base + facets.lowerBound * STLLayout.facetLength
  for _ in facets {
    let a = record.loadUnaligned(fromByteOffset: 12, as: SIMD4<Float>.self)
    let b = record.loadUnaligned(fromByteOffset: 24, as: SIMD4<Float>.self)
    let c = record.loadUnaligned(fromByteOffset: 36, as: SIMD4<Float>.self)
    // Zero times anything finite is zero, and NaN otherwise. (The fourth lane is the next corner's.)
    zero += a * 0
    zero += b * 0
    zero += c * 0
    attributeBits |= record.loadUnaligned(fromByteOffset: STLLayout.attributeOffset, as: UInt16.self)
    record += STLLayout.facetLength
  }
  if zero.x == 0 && zero.y == 0 && zero.z == 0 { return (facets.upperBound, attributeBits) }
  let end = facets.first { !isFiniteFacet(base + $0 * STLLayout.facetLength) }
  return (end ?? facets.upperBound, attributeBits)
}

private func isFiniteFacet(_ record: UnsafeRawPointer) -> Bool {
  stride(from: STLLayout.cornersOffset, to: STLLayout.attributeOffset, by: 4).allSatisfy {
    record.loadUnaligned(fromByteOffset: $0, as: Float.self).isFinite
  }
}

private func weldFacets(
  _ base: UnsafeRawPointer, _ facets: Range<Int>, _ cursor: inout WeldedSegment.Cursor
) {
  var local = cursor
  var record = base + facets.lowerBound * STLLayout.facetLength
  for _ in facets {
    local.append(
      record.loadUnaligned(fromByteOffset: 12, as: SIMD4<Float>.self),
      record.loadUnaligned(fromByteOffset: 24, as: SIMD4<Float>.self),
      record.loadUnaligned(fromByteOffset: 36, as: SIMD4<Float>.self))
    record += STLLayout.facetLength
  }
  cursor = local
}

/// Multiplies all corners in double precision and rounds once.
private func multiplyCoordinates(_ base: UnsafeMutableRawPointer, _ facets: Int, by scale: Double) {
  for facet in 0..<facets {
    let corners = base + (facet * STLLayout.facetLength + STLLayout.cornersOffset)
    for i in 0..<9 {
      let value = corners.loadUnaligned(fromByteOffset: 4 * i, as: Float.self)
      corners.storeBytes(of: Float(Double(value) * scale), toByteOffset: 4 * i, as: Float.self)
    }
  }
}

/// What the chunks found, added up in order.
private struct STLReadingResult {
  private let plan: STLReadingPlan
  private var attributes: [UInt16] = []
  private var dropped = 0
  private var firstDropped = 0

  init(_ plan: STLReadingPlan) { self.plan = plan }

  mutating func add(_ chunk: STLChunk) {
    if !chunk.attributes.isEmpty {
      if attributes.isEmpty { attributes.reserveCapacity(plan.facets) }
      pad(to: chunk.place.lowerBound)
      attributes += chunk.attributes
    }
    if chunk.dropped > 0 {
      if dropped == 0 { firstDropped = chunk.firstDropped }
      dropped += chunk.dropped
    }
  }

  private mutating func pad(to count: Int) {
    attributes += repeatElement(0, count: count - attributes.count)
  }

  mutating func colors() -> FacetColors? {
    if attributes.isEmpty && plan.partColor == nil { return nil }
    pad(to: plan.facets - dropped)
    return FacetColors(
      convention: plan.partColor == nil ? .visCAM : .magics, partColor: plan.partColor,
      attributes: attributes)
  }

  func report(triangles: Int) -> ImportReport {
    var report = ImportReport(
      format: .stl, encoding: .binary, declaredFacets: plan.declaredFacets, readFacets: triangles)
    report.header = plan.header
    if dropped > 0 {
      report.dropped.append(
        .init(
          count: dropped, reason: "a coordinate is not a finite number",
          first: .byte(STLLayout.offset(ofFacet: firstDropped))))
    }
    let end = STLLayout.length(facets: plan.facets)
    if plan.declaredFacets > plan.facets {
      report.dropped.append(
        .init(
          count: plan.declaredFacets - plan.facets, reason: "counted in the header, but the file ends before",
          first: .byte(end)))
    } else if plan.declaredFacets < plan.facets {
      report.warnings.append(
        "the header counts \(plan.declaredFacets) facets, but the file holds \(plan.facets); all were read")
    }
    if plan.restBytes > 0 {
      report.warnings.append(
        "\(plan.restBytes) bytes from byte \(end) on are \(plan.restBytes < STLLayout.facetLength ? "less than a facet" : "all zero"); left out"
      )
    }
    return report
  }
}
