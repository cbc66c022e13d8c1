/// What the triangles of a mesh have in common with each other, as exact points and straight segments between
/// them, each filed under the triangles and edges that it lies on.
struct TriangleContacts {
  /// What a segment's line is: where a triangle's plane is met, or an edge of the mesh.
  struct Carrier: BitwiseCopyable {
    /// A triangle when `second` is ``edgeless``, else a vertex.
    var first: UInt32
    var second: UInt32

    static func plane(_ triangle: UInt32) -> Carrier { Carrier(first: triangle, second: edgeless) }
    static func edge(_ from: UInt32, _ to: UInt32) -> Carrier { Carrier(first: from, second: to) }

    var isPlane: Bool { second == Carrier.edgeless }
    private static let edgeless = UInt32.max
  }

  /// A straight line between two points that has to be an edge of the arrangement.
  struct Segment: BitwiseCopyable {
    var from: UInt32
    var to: UInt32
    var carrier: Carrier
  }

  /// What lies on one triangle.
  struct Contact {
    var points: [UInt32] = []
    var segments: [Segment] = []
  }

  var points: ArrangementPoints
  /// The triangles that meet others in more than common corners and edges, and what they meet them in.
  private(set) var contacts: [UInt32: Contact] = [:]
  /// Points on edges, by the edges' lower and higher vertex; a point may come more than once.
  private(set) var edgePoints: [SIMD2<UInt32>: [UInt32]] = [:]
  /// Triangles in one plane that share area, in pairs.
  private(set) var overlaps: [SIMD2<UInt32>] = []
  /// Triangles without area: they bound nothing.
  private(set) var flat: Set<UInt32> = []
  private let mesh: Mesh

  /// - Parameter pairs: All pairs that may have more in common than corners and edges.
  init(_ mesh: Mesh, _ pairs: [SIMD2<UInt32>], _ run: RunContext) throws(MeshError) {
    self.mesh = mesh
    var isNamed = [Bool](repeating: false, count: mesh.triangles.count)
    for pair in pairs {
      isNamed[Int(pair.x)] = true
      isNamed[Int(pair.y)] = true
    }
    var vertices: [UInt32] = []
    for i in isNamed.indices where isNamed[i] {
      let t = mesh.triangles[i]
      vertices += [t.a, t.b, t.c]
      if mesh.viewingAxis(of: i) == nil { flat.insert(UInt32(i)) }
    }
    points = ArrangementPoints(mesh, vertices: Set(vertices).sorted())
    for (n, pair) in pairs.enumerated() {
      if n & 255 == 0 {
        try run.checkCancellation()
        run.report(Double(n) / Double(pairs.count))
      }
      if flat.contains(pair.x) || flat.contains(pair.y) { continue }
      meet(pair.x, pair.y)
    }
  }

  // MARK: Two triangles

  private mutating func meet(_ i: UInt32, _ j: UInt32) {
    let iSides = sides(of: j, ofPlane: i)
    if iSides.isOneSided { return }
    if iSides.areZero {
      meetInPlane(i, j)
      return
    }
    let jSides = sides(of: i, ofPlane: j)
    if jSides.isOneSided { return }
    var common: [UInt32] = []
    collect(&common, edgesOf: j, iSides, through: i)
    collect(&common, edgesOf: i, jSides, through: j)
    let (p, q) = (mesh.triangles[Int(i)], mesh.triangles[Int(j)])
    if common.allSatisfy({ p.has($0) && q.has($0) }) { return }
    contacts[i, default: Contact()].points += common
    contacts[j, default: Contact()].points += common
    // Ends of one straight interval: never more than two.
    for k in common.indices.dropFirst() {
      contacts[i]!.segments.append(Segment(from: common[0], to: common[k], carrier: .plane(j)))
      contacts[j]!.segments.append(Segment(from: common[0], to: common[k], carrier: .plane(i)))
    }
  }

  private struct CornerSides {
    var a: Int
    var b: Int
    var c: Int

    subscript(corner: Int) -> Int { corner == 0 ? a : corner == 1 ? b : c }
    var isOneSided: Bool { a > 0 && b > 0 && c > 0 || a < 0 && b < 0 && c < 0 }
    var areZero: Bool { a == 0 && b == 0 && c == 0 }
  }

  private func sides(of j: UInt32, ofPlane i: UInt32) -> CornerSides {
    let t = mesh.triangles[Int(i)]
    let (a, b, c) = mesh.corners(Int(i))
    let other = mesh.triangles[Int(j)]
    func side(_ v: UInt32) -> Int { t.has(v) ? 0 : orient3d(a, b, c, mesh.positions[Int(v)]) }
    return CornerSides(a: side(other.a), b: side(other.b), c: side(other.c))
  }

  /// Adds where the corners and edges of `j` go through triangle `i`, its edges included.
  private mutating func collect(
    _ common: inout [UInt32], edgesOf j: UInt32, _ sides: CornerSides, through i: UInt32
  ) {
    let t = mesh.triangles[Int(i)]
    let other = mesh.triangles[Int(j)]
    let (a, b, c) = mesh.corners(Int(i))
    func add(_ point: UInt32) {
      if !common.contains(point) { common.append(point) }
    }
    for k in 0..<3 {
      let (from, to) = (other[k], other[(k + 1) % 3])
      if sides[k] == 0, let place = place(of: from, in: i) {
        add(from)
        if let edge = place.edge { file(from, on: t, edge) }
      }
      guard sides[k] * sides[(k + 1) % 3] < 0 else { continue }
      let (p, q) = (mesh.positions[Int(from)], mesh.positions[Int(to)])
      let ab = orient3d(p, q, a, b)
      let bc = orient3d(p, q, b, c)
      let ca = orient3d(p, q, c, a)
      if min(ab, bc, ca) < 0 && max(ab, bc, ca) > 0 { continue }
      // Through a corner, an edge or the inside.
      let zeros = (ab == 0 ? 1 : 0) + (bc == 0 ? 1 : 0) + (ca == 0 ? 1 : 0)
      if zeros >= 2 {
        let corner = ab != 0 ? t.c : bc != 0 ? t.a : t.b
        add(corner)
        file(corner, onEdge: from, to)
        continue
      }
      guard let point = points.point(ofLine: from, to, plane: i) else { continue }
      add(point)
      file(point, onEdge: from, to)
      if zeros == 1 { file(point, on: t, ab == 0 ? 0 : bc == 0 ? 1 : 2) }
    }
  }

  /// Where in a triangle a vertex of its plane lies: nil outside, else inside or on one of the edges.
  private func place(of v: UInt32, in i: UInt32) -> (edge: Int?, Void)? {
    let t = mesh.triangles[Int(i)]
    if t.has(v) { return (nil, ()) }
    guard let axis = mesh.viewingAxis(of: Int(i)) else { return nil }
    let turn = points.orient2d(t.a, t.b, t.c, along: axis)
    var edge: Int?
    for k in 0..<3 {
      let side = points.orient2d(t[k], t[(k + 1) % 3], v, along: axis) * turn
      if side < 0 { return nil }
      if side == 0 { edge = k }
    }
    return (edge, ())
  }

  // MARK: Two triangles in one plane

  private mutating func meetInPlane(_ i: UInt32, _ j: UInt32) {
    guard let axis = mesh.viewingAxis(of: Int(i)) else { return }
    let (p, q) = (mesh.triangles[Int(i)], mesh.triangles[Int(j)])
    var common: [UInt32] = []
    for k in 0..<3 {
      if let place = place(of: q[k], in: i) {
        common.append(q[k])
        if let edge = place.edge { file(q[k], on: p, edge) }
      }
      if let place = place(of: p[k], in: j) {
        common.append(p[k])
        if let edge = place.edge { file(p[k], on: q, edge) }
      }
      let (a, b) = (p[k], p[(k + 1) % 3])
      for l in 0..<3 {
        let (c, d) = (q[l], q[(l + 1) % 3])
        guard
          points.orient2d(a, b, c, along: axis) * points.orient2d(a, b, d, along: axis) < 0,
          points.orient2d(c, d, a, along: axis) * points.orient2d(c, d, b, along: axis) < 0,
          let point = points.point(ofLine: a, b, line: c, d, along: axis)
        else { continue }
        common.append(point)
        file(point, onEdge: a, b)
        file(point, onEdge: c, d)
      }
    }
    let doOverlap = trianglesOverlapExactly(mesh.corners(Int(i)), mesh.corners(Int(j)))
    if doOverlap { overlaps.append(SIMD2(i, j)) }
    if !doOverlap && common.allSatisfy({ p.has($0) && q.has($0) }) { return }
    contacts[i, default: Contact()].points += common
    contacts[j, default: Contact()].points += common
  }

  // MARK: Edges

  private mutating func file(_ point: UInt32, on t: Triangle, _ edge: Int) {
    file(point, onEdge: t[edge], t[(edge + 1) % 3])
  }

  private mutating func file(_ point: UInt32, onEdge a: UInt32, _ b: UInt32) {
    if point == a || point == b { return }
    edgePoints[SIMD2(min(a, b), max(a, b)), default: []].append(point)
  }
}

extension Triangle {
  func has(_ v: UInt32) -> Bool { v == a || v == b || v == c }
}

extension Mesh {
  /// An axis along which a triangle is seen as one, that of its normal's longest component if rounding allows;
  /// nil for a triangle without area.
  func viewingAxis(of triangle: Int) -> Int? {
    let (a, b, c) = corners(triangle)
    let normal = cross(SIMD3<Double>(b) - SIMD3<Double>(a), SIMD3<Double>(c) - SIMD3<Double>(a))
    let (x, y, z) = (abs(normal.x), abs(normal.y), abs(normal.z))
    let first = x > y && x > z ? 0 : y > z ? 1 : 2
    for axis in [first, (first + 1) % 3, (first + 2) % 3] {
      let (u, v) = ((axis + 1) % 3, (axis + 2) % 3)
      if orient2d(SIMD2(a[u], a[v]), SIMD2(b[u], b[v]), SIMD2(c[u], c[v])) != 0 { return axis }
    }
    return nil
  }
}
