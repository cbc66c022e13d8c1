/// A mesh's triangles cut along everything they have in common, so that any two faces share whole edges, corners
/// or nothing: the boundary complex of the cells into which the surface divides space (Zhou, Grinspun, Zorin and
/// Jacobson, "Mesh arrangements for solid geometry", 2016).
///
/// Triangles that meet others in common corners and edges only are faces as they are.
struct Arrangement {
  struct Face: BitwiseCopyable {
    /// Points, in the order of the source's corners seen from its front.
    var corners: Triangle
    /// The triangle that the face is a part of; where several lie upon each other, one that faces its way.
    var source: UInt32
    /// How much higher the winding number is behind the face than before it, at least 1.
    var step: Int32
    /// Whether the face is the whole source.
    var isWhole: Bool
  }

  private(set) var points: ArrangementPoints
  private(set) var faces: [Face] = []
  /// Segments and points that could not be placed: 0 as long as all is exact.
  private(set) var failures = 0

  /// - Parameter pairs: All pairs of triangles that may have more in common than corners and edges. Vertices at
  ///   one place are one vertex.
  init(_ mesh: Mesh, _ pairs: [SIMD2<UInt32>], _ run: RunContext) throws(MeshError) {
    let contacts = try TriangleContacts(mesh, pairs, run.slice(0...0.4))
    let groups = try coplanarGroups(mesh, contacts, run)
    points = contacts.points

    var isCut = [Bool](repeating: false, count: mesh.triangles.count)
    for i in contacts.flat { isCut[Int(i)] = true }
    for i in groups.joined() { isCut[Int(i)] = true }
    faces.reserveCapacity(mesh.triangles.count + contacts.contacts.count * 8)
    for (i, t) in mesh.triangles.enumerated() where !isCut[i] && !t.isDegenerate {
      faces.append(Face(corners: t, source: UInt32(i), step: 1, isWhole: true))
    }
    let cutting = run.slice(0.4...1)
    for (n, group) in groups.enumerated() {
      if n & 63 == 0 {
        try cutting.checkCancellation()
        cutting.report(Double(n) / Double(groups.count))
      }
      try cut(group, mesh, contacts, run)
    }
  }

  /// The cells' walls as a mesh over the arrangement's points, positions rounded.
  func complex() -> Mesh {
    Mesh(
      unchecked: (0..<UInt32(points.count)).map { points.rounded($0) }, triangles: faces.map(\.corners))
  }

  // MARK: Cutting

  /// Adds the faces of triangles that lie in one plane.
  private mutating func cut(
    _ group: [UInt32], _ mesh: Mesh, _ contacts: TriangleContacts, _ run: RunContext
  ) throws(MeshError) {
    let reference = group[0]
    let triangle = mesh.triangles[Int(reference)]
    // Flat triangles are in no group.
    guard let axis = mesh.viewingAxis(of: Int(reference)) else { return }
    let turn = points.orient2d(triangle.a, triangle.b, triangle.c, along: axis)
    let isAlone = group.count == 1
    let first = isAlone ? [triangle.a, triangle.b, triangle.c] : frame(group, mesh, axis, turn)
    var plane = PlanarTriangulation(
      plane: reference, axis: axis, turn: turn, corners: first, areSegments: isAlone, points)

    var steps = 0
    func poll() throws(MeshError) {
      steps += 1
      if steps & 255 == 0 { try run.checkCancellation() }
    }
    for i in group {
      let t = mesh.triangles[Int(i)]
      for k in 0..<3 {
        plane.insert(t[k], points)
        let edge = SIMD2(min(t[k], t[(k + 1) % 3]), max(t[k], t[(k + 1) % 3]))
        for point in contacts.edgePoints[edge] ?? [] {
          try poll()
          plane.insert(point, points)
        }
      }
      for point in contacts.contacts[i]?.points ?? [] {
        try poll()
        plane.insert(point, points)
      }
    }
    for i in group {
      let t = mesh.triangles[Int(i)]
      if !isAlone {
        for k in 0..<3 {
          let (from, to) = (t[k], t[(k + 1) % 3])
          plane.insert(
            TriangleContacts.Segment(from: from, to: to, carrier: .edge(from, to)), &points)
        }
      }
      for segment in contacts.contacts[i]?.segments ?? [] {
        try poll()
        plane.insert(segment, &points)
      }
    }
    failures += plane.failures

    for f in 0..<plane.triangleCount {
      try poll()
      func corner(_ k: Int) -> UInt32 { plane.points[plane.corners[3 * f + k]] }
      let corners = Triangle(corner(0), corner(1), corner(2))
      if isAlone {
        faces.append(Face(corners: corners, source: reference, step: 1, isWhole: false))
      } else if let face = face(corners, covering: group, mesh, axis, turn) {
        faces.append(face)
      }
    }
  }

  /// Three points, seen counter-clockwise, around all triangles of a group.
  private mutating func frame(_ group: [UInt32], _ mesh: Mesh, _ axis: Int, _ turn: Int) -> [UInt32] {
    var reach: Float = 0
    for i in group {
      let (a, b, c) = mesh.corners(Int(i))
      for p in [a, b, c] { reach = max(reach, abs(p.x), abs(p.y), abs(p.z)) }
    }
    let unit = Float(sign: .plus, exponent: Int(reach.exponent) + 1, significand: 1)
    func point(_ u: Float, _ v: Float) -> UInt32 {
      var p = SIMD3<Float>.zero
      p[(axis + 1) % 3] = (turn > 0 ? u : v) * unit
      p[(axis + 2) % 3] = (turn > 0 ? v : u) * unit
      return points.append(p)
    }
    return [point(-4, -4), point(8, -4), point(-4, 8)]
  }

  /// The face that triangles of one plane have in common, if any cover it and their windings do not cancel.
  private func face(
    _ corners: Triangle, covering group: [UInt32], _ mesh: Mesh, _ axis: Int, _ turn: Int
  ) -> Face? {
    var step: Int32 = 0
    var sources: [(triangle: UInt32, turn: Int)] = []
    for i in group {
      let t = mesh.triangles[Int(i)]
      let own = points.orient2d(t.a, t.b, t.c, along: axis)
      // The triangles' edges are edges of the faces: a face is inside with all of its corners or not at all.
      let isInside = (0..<3).allSatisfy { k in
        (0..<3).allSatisfy { points.orient2d(t[k], t[(k + 1) % 3], corners[$0], along: axis) * own >= 0 }
      }
      if isInside {
        step += own == turn ? 1 : -1
        sources.append((i, own == turn ? 1 : -1))
      }
    }
    if step == 0 { return nil }
    let facing = step > 0 ? 1 : -1
    let source = sources.first { $0.turn == facing }!.triangle
    return Face(
      corners: step > 0 ? corners : corners.flipped, source: source, step: abs(step), isWhole: false)
  }
}

/// The triangles to cut: alone, or together where they lie in one plane and share area; each group ascending, groups
/// by their first triangle.
private func coplanarGroups(
  _ mesh: Mesh, _ contacts: TriangleContacts, _ run: RunContext
) throws(MeshError) -> [[UInt32]] {
  var isCut = [Bool](repeating: false, count: mesh.triangles.count)
  for i in contacts.contacts.keys { isCut[Int(i)] = true }
  if !contacts.edgePoints.isEmpty {
    var isEnd = [Bool](repeating: false, count: mesh.positions.count)
    for edge in contacts.edgePoints.keys {
      isEnd[Int(edge.x)] = true
      isEnd[Int(edge.y)] = true
    }
    for (i, t) in mesh.triangles.enumerated() where !isCut[i] {
      if i & 0xFFFF == 0 { try run.checkCancellation() }
      let (a, b, c) = (isEnd[Int(t.a)], isEnd[Int(t.b)], isEnd[Int(t.c)])
      guard a && b || b && c || c && a else { continue }
      for k in 0..<3 {
        let edge = SIMD2(min(t[k], t[(k + 1) % 3]), max(t[k], t[(k + 1) % 3]))
        if contacts.edgePoints[edge] != nil { isCut[i] = true }
      }
    }
  }
  for i in contacts.flat { isCut[Int(i)] = false }
  var sets = DisjointSets(count: mesh.triangles.count)
  for pair in contacts.overlaps { sets.join(pair.x, pair.y) }
  var groups: [[UInt32]] = []
  var group: [UInt32: Int] = [:]
  for i in isCut.indices where isCut[i] && !mesh.triangles[i].isDegenerate {
    let root = sets.root(UInt32(i))
    if let g = group[root] {
      groups[g].append(UInt32(i))
    } else {
      group[root] = groups.count
      groups.append([UInt32(i)])
    }
  }
  return groups
}
