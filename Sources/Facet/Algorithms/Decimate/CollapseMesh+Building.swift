extension CollapseMesh {
  /// Fills the arrays from a mesh in its new order.
  func build(_ source: Mesh, _ order: SpatialOrder, _ options: DecimationOptions, _ run: RunContext)
    throws(MeshError)
  {
    let (vertexCount, triangleCount) = (vertexCount, triangleCount)
    order.corners.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress {
        UnsafeMutableRawPointer(corner).copyMemory(from: base, byteCount: bytes.count)
      }
    }
    let view = MeshView(
      corners: corner, positions: UnsafePointer(bitPattern: 16)!, triangleCount: triangleCount,
      vertexCount: vertexCount)
    _ = try matchHalfEdges(
      of: view, into: SharedElements(UnsafeMutableBufferPointer(start: twin, count: 3 * triangleCount)), run)
    for v in 0..<vertexCount {
      let original = Int(order.vertices[v])
      vertex[v] = Vertex(source.positions[original])
      if !options.lockedVertices.isEmpty && options.lockedVertices[original] {
        vertex[v].kind.insert(.locked)
      }
    }
    for f in 0..<triangleCount {
      if f & 0xFFFF == 0 { try run.checkCancellation() }
      link(f)
      addPlane(of: f)
      addUprights(at: f, order.colors)
    }
    if !options.weights.isEmpty {
      for v in 0..<vertexCount { vertex[v].quadric.scale(by: options.weights[Int(order.vertices[v])]) }
    }
    try run.forEachChunk(of: vertexCount, size: 16384) { _, range in
      for v in range { finishLinking(v) }
    }
    cost.initialize(repeating: .infinity, count: 3 * triangleCount)
  }

  /// Lets vertices of triangle `f` know its half-edges, and what meets there; ``finishLinking(_:)`` completes it.
  @inline(__always)
  func link(_ f: Int, where isWanted: (Int) -> Bool = { _ in true }) {
    for h in 3 * f..<3 * f + 3 {
      let v = Int(corner[h])
      let end = Int(corner[Topology.next(h)])
      let t = twin[h]
      let kind: VertexKind = t < Topology.degenerate ? [] : t == Topology.boundary ? .border : .complex
      if isWanted(end) { vertex[end].kind.formUnion(kind) }
      if !isWanted(v) { continue }
      vertex[v].mark &+= 1
      if kind == .border || (kind == [] && !vertex[v].kind.contains(.border)) {
        vertex[v].start = UInt32(truncatingIfNeeded: h)
      }
      vertex[v].kind.formUnion(kind)
    }
  }

  /// Adds the plane of an original triangle, weighed by its area, to its vertices.
  @inline(__always)
  private func addPlane(of f: Int) {
    let v = (Int(corner[3 * f]), Int(corner[3 * f + 1]), Int(corner[3 * f + 2]))
    guard let q = Quadric(triangle: vertex[v.0].position, vertex[v.1].position, vertex[v.2].position) else {
      return
    }
    vertex[v.0].quadric.add(planes: q.stored)
    vertex[v.1].quadric.add(planes: q.stored)
    vertex[v.2].quadric.add(planes: q.stored)
  }

  /// Adds the planes that stand upright on a triangle along its borders, and along edges where the facet colour
  /// changes, so that these keep their lines.
  ///
  /// - Parameter colors: One a triangle, or nil.
  @inline(__always)
  func addUprights(at f: Int, _ colors: [UInt16]?, where isWanted: (Int) -> Bool = { _ in true }) {
    for h in 3 * f..<3 * f + 3 {
      let t = twin[h]
      let isEdge =
        t == Topology.boundary || (t < Topology.degenerate && colors.map { $0[f] != $0[Int(t) / 3] } ?? false)
      if !isEdge { continue }
      let (a, b, c) = (Int(corner[h]), Int(corner[Topology.next(h)]), Int(corner[Topology.previous(h)]))
      let p = SIMD3<Double>(vertex[a].position)
      let edge = SIMD3<Double>(vertex[b].position) - p
      let upright = cross(edge, cross(edge, SIMD3<Double>(vertex[c].position) - p))
      let squared = dot(upright, upright)
      guard squared > 0 else { continue }
      let q = Quadric(normal: upright, weight: dot(edge, edge) / squared).stored
      if isWanted(a) { vertex[a].quadric.add(planes: q) }
      if isWanted(b) { vertex[b].quadric.add(planes: q) }
    }
  }

  /// Marks a vertex where several fans meet, which a turn around it does not see.
  @inline(__always)
  func finishLinking(_ v: Int) {
    let count = vertex[v].mark
    vertex[v].mark = 0
    if count == 0 || vertex[v].kind.contains(.complex) { return }
    let first = Int(vertex[v].start)
    var h = first
    var seen: UInt32 = 0
    repeat {
      seen &+= 1
      h = nextAround(h)
    } while h >= 0 && h != first && seen <= count
    if seen != count { vertex[v].kind.insert(.complex) }
  }
}
