/// A mesh while it is being repaired, and its topology, kept up to date where stages change it: so a stage costs
/// one pass at most where it has nothing to do, and else about as much as there is damage.
///
/// Triangles keep their numbers until ``finish()``: those that are removed name one vertex three times, which
/// ``Topology`` leaves out, and new ones come after all others.
struct RepairState {
  private(set) var positions: [SIMD3<Float>]
  private(set) var triangles: [Triangle]
  private(set) var topology: Topology
  private(set) var badEdges: BadEdges
  var ledger: RepairLedger

  /// Triangles that stages have removed, of ``Topology/degenerateTriangles``.
  var removedTriangles = 0

  /// Whether two vertices may be at one position, as they are where the surface was cut.
  private(set) var mayCoincide = false
  private var knownSurvey: SheetSurvey?
  private let colors: FacetColors?
  private let inputTriangles: Int
  /// The input's triangle that each added one takes its colour from.
  private var sources: [UInt32] = []
  /// Since the edges were last matched.
  private var changed: [UInt32] = []
  private var touched: [UInt32] = []

  /// - Parameter mesh: Vertices at one position are made one, as a file's reader does.
  init(_ mesh: Mesh, ledger: RepairLedger = RepairLedger(), _ run: RunContext) throws(MeshError) {
    try run.reserve(bytes: mesh.triangles.count * 64 + mesh.positions.count * 40, for: "repair")
    positions = mesh.positions
    triangles = mesh.triangles
    colors = mesh.colors
    inputTriangles = mesh.triangles.count
    self.ledger = ledger
    let coincident = try mesh.coincidentVertices(run)
    if !coincident.isEmpty {
      var first = Array(0..<UInt32(positions.count))
      for pair in coincident { first[Int(pair.vertex)] = pair.first }
      for f in triangles.indices {
        let t = triangles[f]
        triangles[f] = Triangle(first[Int(t.a)], first[Int(t.b)], first[Int(t.c)])
      }
    }
    let welded = Mesh(unchecked: positions, triangles: triangles)
    topology = try Topology(welded, run)
    badEdges = try topology.badEdges(of: welded, run)
  }

  /// The mesh as it is now, without colours. Whoever keeps it makes the next change copy it.
  var mesh: Mesh { Mesh(unchecked: positions, triangles: triangles) }

  /// The sheets of the surface.
  mutating func survey(_ run: RunContext) throws(MeshError) -> SheetSurvey {
    if let knownSurvey { return knownSurvey }
    let survey = try SheetSurvey(mesh, topology, badEdges, run)
    knownSurvey = survey
    return survey
  }

  // MARK: Changes. Edges are matched by `matchEdges`, once a stage has made all of its changes.

  mutating func replace(_ f: Int, with t: Triangle) {
    touch(triangles[f])
    touch(t)
    triangles[f] = t
    changed.append(UInt32(f))
  }

  mutating func remove(_ f: Int) {
    if isRemoved(f) { return }
    let v = triangles[f].a
    removedTriangles += 1
    replace(f, with: Triangle(v, v, v))
  }

  func isRemoved(_ f: Int) -> Bool { triangles[f].isDegenerate }

  /// Adds a triangle with the colour of triangle `f`.
  mutating func append(_ t: Triangle, like f: Int) {
    sources.append(source(of: f))
    changed.append(UInt32(triangles.count))
    triangles.append(t)
    touch(t)
  }

  /// Takes over a mesh made of this one by changing triangles and by adding vertices and triangles after those that
  /// are there; what was added has the part's colour.
  mutating func adopt(_ mesh: Mesh) {
    if mesh.positions.count > positions.count { mayCoincide = true }
    let old = triangles.count
    for f in 0..<old where triangles[f] != mesh.triangles[f] { replace(f, with: mesh.triangles[f]) }
    positions = mesh.positions
    for t in mesh.triangles[old...] {
      sources.append(FacetColors.noSource)
      changed.append(UInt32(triangles.count))
      triangles.append(t)
      touch(t)
    }
  }

  mutating func addVertex(_ position: SIMD3<Float>) -> UInt32 {
    positions.append(position)
    mayCoincide = true
    return UInt32(positions.count - 1)
  }

  mutating func move(_ v: UInt32, to position: SIMD3<Float>) {
    positions[Int(v)] = position
    mayCoincide = true
    knownSurvey = nil
  }

  /// The input's triangle that a triangle has its colour from, or ``FacetColors/noSource``.
  private func source(of f: Int) -> UInt32 { f < inputTriangles ? UInt32(f) : sources[f - inputTriangles] }

  private mutating func touch(_ t: Triangle) {
    touched.append(t.a)
    touched.append(t.b)
    touched.append(t.c)
  }

  /// Brings topology and bad edges up to date.
  mutating func matchEdges(_ run: RunContext) throws(MeshError) {
    if changed.isEmpty { return }
    knownSurvey = nil
    if changed.count > triangles.count / 8 {
      topology = Topology(twin: [], degenerateTriangles: 0)
      topology = try Topology(mesh, run)
    } else {
      try matchTouchedEdges(run)
    }
    changed.removeAll()
    touched.removeAll()
    badEdges = try topology.badEdges(of: mesh, run)
  }

  /// Matches the edges whose both ends were touched. No other edge can have lost or won a triangle: ends of
  /// what changed are touched, before and after.
  private mutating func matchTouchedEdges(_ run: RunContext) throws(MeshError) {
    var isTouched = [UInt64](repeating: 0, count: positions.count / 64 + 1)
    for v in touched { isTouched[Int(v / 64)] |= 1 << UInt64(v % 64) }
    let edges = try mesh.edges(amongst: isTouched, run)
    var twin = topology.twin
    var degenerate = topology.degenerateTriangles
    topology = Topology(twin: [], degenerateTriangles: 0)
    let old = twin.count / 3
    twin.append(contentsOf: repeatElement(Topology.boundary, count: triangles.count * 3 - twin.count))
    for f in Set(changed).sorted() {
      let f = Int(f)
      if f < old, twin[3 * f] == Topology.degenerate { degenerate -= 1 }
      if triangles[f].isDegenerate {
        degenerate += 1
        for k in 0..<3 { twin[3 * f + k] = Topology.degenerate }
      }
    }
    edges.forEachEdge { group in
      if group.count == 1 {
        twin[Int(group.first!.halfEdge)] = Topology.boundary
      } else if group.count == 2, group.first!.isForward != group.last!.isForward {
        twin[Int(group.first!.halfEdge)] = group.last!.halfEdge
        twin[Int(group.last!.halfEdge)] = group.first!.halfEdge
      } else {
        for side in group { twin[Int(side.halfEdge)] = Topology.nonManifold }
      }
    }
    topology = Topology(twin: twin, degenerateTriangles: degenerate)
  }

  /// Whether the mesh is solid as a file would hold it; nobody looks for self-intersections.
  func solidity(_ run: RunContext) throws(MeshError) -> Solidity {
    let coincident = mayCoincide ? try mesh.coincidentVertices(run) : []
    if !coincident.isEmpty {
      return try finish().solidity(findingCrossings: false, run)
    }
    let contours = try badEdges.contours(in: mesh, run)
    var solidity = Solidity()
    solidity.badEdges = badEdges.count
    solidity.badContours = contours.count
    solidity.volume = try mesh.measured(run).volume + contours.missingVolume
    return solidity
  }

  /// The triangles that are left, in their order, the new ones last, with colours; vertices that none of them
  /// names are gone.
  func finish() -> Mesh {
    var kept: [UInt32] = []
    kept.reserveCapacity(triangles.count)
    for (f, t) in triangles.enumerated() where !t.isDegenerate { kept.append(UInt32(f)) }
    let left =
      kept.count == triangles.count ? triangles : kept.map { triangles[Int($0)] }
    return Mesh(
      unchecked: positions, triangles: left,
      colors: colors?.taken(from: kept.map { source(of: Int($0)) })
    ).withoutUnusedVertices()
  }
}

/// One triangle's side of an edge.
struct EdgeSide: BitwiseCopyable {
  /// The lower vertex in the upper half.
  var edge: UInt64
  var halfEdge: UInt32
  /// Whether the half-edge runs from the lower vertex to the higher.
  var isForward: Bool
}

/// Half-edges by their edges, ascending.
struct EdgeSides {
  let sides: [EdgeSide]

  func forEachEdge(_ body: (ArraySlice<EdgeSide>) -> Void) {
    var first = 0
    while first < sides.count {
      var end = first + 1
      while end < sides.count, sides[end].edge == sides[first].edge { end += 1 }
      body(sides[first..<end])
      first = end
    }
  }
}

extension Mesh {
  /// The half-edges that run between vertices of a set, given as bits; `renamed` says under which numbers.
  func edges(
    amongst vertices: [UInt64], renamed: ((UInt32) -> UInt32)? = nil, _ run: RunContext
  ) throws(MeshError) -> EdgeSides {
    let parts = try withView { (view) throws(MeshError) in
      try vertices.withUnsafeBufferPointer { (vertices) throws(MeshError) in
        let set = VertexSet(bits: vertices.baseAddress!)
        return try run.mapChunks(of: view.triangleCount, size: 1 << 16) { _, range in
          set.halfEdges(of: range, view)
        }
      }
    }
    var sides: [EdgeSide] = []
    sides.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for h in parts.joined() {
      var from = corner(Int(h))
      var to = corner(Topology.next(Int(h)))
      if let renamed { (from, to) = (renamed(from), renamed(to)) }
      let isForward = from < to
      let edge = isForward ? UInt64(from) << 32 | UInt64(to) : UInt64(to) << 32 | UInt64(from)
      sides.append(EdgeSide(edge: edge, halfEdge: h, isForward: isForward))
    }
    sides.sort { ($0.edge, $0.halfEdge) < ($1.edge, $1.halfEdge) }
    return EdgeSides(sides: sides)
  }

  /// The corners (as half-edges that start there) at the vertices of a set, ascending.
  func corners(at vertices: [UInt64], _ run: RunContext) throws(MeshError) -> [UInt32] {
    let parts = try withView { (view) throws(MeshError) in
      try vertices.withUnsafeBufferPointer { (vertices) throws(MeshError) in
        let set = VertexSet(bits: vertices.baseAddress!)
        return try run.mapChunks(of: view.triangleCount, size: 1 << 16) { _, range in
          set.corners(of: range, view)
        }
      }
    }
    return parts.flatMap { $0 }
  }
}

private struct VertexSet: @unchecked Sendable {
  let bits: UnsafePointer<UInt64>

  @inline(__always)
  private func has(_ v: UInt32) -> Bool { bits[Int(v >> 6)] >> UInt64(v & 63) & 1 != 0 }

  func halfEdges(of range: Range<Int>, _ mesh: MeshView) -> [UInt32] {
    var found: [UInt32] = []
    for f in range {
      let (a, b, c) = (mesh.corners[3 &* f], mesh.corners[3 &* f &+ 1], mesh.corners[3 &* f &+ 2])
      let (hasA, hasB, hasC) = (has(a), has(b), has(c))
      if !(hasA || hasB) || a == b || b == c || c == a { continue }
      let h = UInt32(truncatingIfNeeded: 3 &* f)
      if hasA && hasB { found.append(h) }
      if hasB && hasC { found.append(h &+ 1) }
      if hasC && hasA { found.append(h &+ 2) }
    }
    return found
  }

  func corners(of range: Range<Int>, _ mesh: MeshView) -> [UInt32] {
    var found: [UInt32] = []
    for f in range {
      let (a, b, c) = (mesh.corners[3 &* f], mesh.corners[3 &* f &+ 1], mesh.corners[3 &* f &+ 2])
      if a == b || b == c || c == a { continue }
      let h = UInt32(truncatingIfNeeded: 3 &* f)
      if has(a) { found.append(h) }
      if has(b) { found.append(h &+ 1) }
      if has(c) { found.append(h &+ 2) }
    }
    return found
  }
}
