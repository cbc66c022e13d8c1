extension Mesh {
  /// Facets welded at a time. Small enough for the table to stay in the second-level cache.
  package static let weldingChunk = 8192

  /// Makes a mesh of a triangle soup: corners at the same place become one vertex, and vertices are numbered
  /// by first occurrence in the soup.
  ///
  /// - Parameters:
  ///   - tolerance: In millimetres, at least 0; see ``weldingVertices(within:_:)`` for what it does. 0 welds
  ///     equal coordinates only; −0 equals +0, and becomes +0.
  /// - Throws: ``MeshError/nonFinitePosition(vertex:)`` with the number of the corner,
  ///   ``MeshError/tooManyTriangles(count:limit:)``, ``MeshError/colorCountMismatch(colors:triangles:)``,
  ///   ``MeshError/invalidOption(name:value:allowed:)`` for a tolerance out of range or corners that are not
  ///   three a facet, and what the run throws.
  public static func welded(
    _ soup: TriangleSoup, tolerance: Float = 0, _ run: RunContext = RunContext()
  ) throws(MeshError) -> Mesh {
    try checkWeldTolerance(tolerance)
    let count = soup.facetCount
    guard count * 3 == soup.corners.count else {
      throw .invalidOption(
        name: "corner count", value: "\(soup.corners.count)", allowed: "three for each facet")
    }
    guard count <= maximumTriangleCount else {
      throw .tooManyTriangles(count: count, limit: maximumTriangleCount)
    }
    if let colors = soup.colors, colors.attributes.count != count {
      throw .colorCountMismatch(colors: colors.attributes.count, triangles: count)
    }
    try run.reserve(bytes: WeldMerger.expectedBytes(forTriangles: count), for: "welding")
    let merger = WeldMerger(triangles: count, run)
    let corners = SoupCorners(soup.corners)
    let welding = run.slice(0...(tolerance > 0 ? 0.5 : 1))
    try welding.forEachChunkInOrder(of: count, size: weldingChunk) {
      (segment: WeldedSegment(expecting: min(count, weldingChunk)), place: 0..<0)
    } work: { (scratch, _, range) throws(MeshError) in
      scratch.segment.removeAll()
      try corners.weld(range, into: scratch.segment)
    } inOrder: { (scratch, _, range) throws(MeshError) in
      scratch.place = try merger.merge(scratch.segment)
      welding.report(Double(range.upperBound) / Double(count))
    } afterwards: { (scratch, _, _) throws(MeshError) in
      merger.place(scratch.segment, at: scratch.place)
    }
    let mesh = merger.finish(colors: soup.colors)
    return tolerance > 0 ? try mesh.weldingVertices(within: tolerance, run.slice(0.5...1)) : mesh
  }

  static func checkWeldTolerance(_ tolerance: Float) throws(MeshError) {
    guard tolerance >= 0, tolerance.isFinite else {
      throw .invalidOption(
        name: "weld tolerance", value: "\(tolerance)", allowed: "a finite length of at least 0 mm")
    }
  }
}

private struct SoupCorners: Sendable {
  let corners: [SIMD3<Float>]

  init(_ corners: [SIMD3<Float>]) { self.corners = corners }

  func weld(_ facets: Range<Int>, into segment: WeldedSegment) throws(MeshError) {
    let range = facets.lowerBound * 3..<facets.upperBound * 3
    let unreadable: Int? = corners.withUnsafeBufferPointer { corners in
      for i in range where !corners[i].isFinite { return i }
      segment.append(corners: corners.baseAddress! + range.lowerBound, facets: facets.count)
      return nil
    }
    if let unreadable { throw .nonFinitePosition(vertex: unreadable) }
  }
}
