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

  /// Vertices that were added or moved: only these may be where others are.
  private var newPlaces: [UInt32] = []
  private var knownSheets: MeasuredSheets?
  let colors: FacetColors?
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
    let room = RepairState.room(for: inputTriangles)
    topology = try Topology(welded, room: 3 * room, run)
    badEdges = try topology.badEdges(of: welded, run)
    // Something will change: all threads copy sooner than one.
    if badEdges.count > 0 { triangles = try triangles.copied(room: room, run) }
  }

  /// The mesh as it is now, without colours. Whoever keeps it makes the next change copy it.
  var mesh: Mesh { Mesh(unchecked: positions, triangles: triangles) }

  /// The sheets of the surface, measured.
  mutating func sheets(_ run: RunContext) throws(MeshError) -> MeasuredSheets {
    if let knownSheets { return knownSheets }
    let sheets = try MeasuredSheets(mesh, topology, run)
    knownSheets = sheets
    return sheets
  }

  /// What the sheets of the surface are like.
  mutating func survey(_ run: RunContext) throws(MeshError) -> SheetSurvey {
    try SheetSurvey(mesh, topology, badEdges, sheets(run), run)
  }

  /// The vertices at whose position there is an earlier one, ascending.
  func coincidentVertices(_ run: RunContext) throws(MeshError) -> [CoincidentVertex] {
    newPlaces.isEmpty ? [] : try mesh.coincidentVertices(with: newPlaces, run)
  }

  // MARK: Changes. Edges are matched by `matchEdges`, once a stage has made all of its changes.

  mutating func replace(_ f: Int, with t: Triangle) {
    knownSheets = nil
    set(f, t)
  }

  private mutating func set(_ f: Int, _ t: Triangle) {
    if changed.isEmpty { makeRoom() }
    touch(triangles[f])
    touch(t)
    triangles[f] = t
    changed.append(UInt32(f))
  }

  /// Turns whole sheets over; returns their triangles, ascending.
  mutating func turn(_ isTurned: [Bool], _ run: RunContext) throws(MeshError) -> [UInt32] {
    var sheets = try sheets(run)
    let turned = try sheets.triangles(of: isTurned, run)
    for (i, f) in turned.enumerated() {
      if i & 0xFFFF == 0 { try run.checkCancellation() }
      set(Int(f), triangles[Int(f)].flipped)
    }
    sheets.turn(isTurned)
    knownSheets = sheets
    try matchEdges(run)
    return turned
  }

  mutating func remove(_ f: Int) {
    if isRemoved(f) { return }
    let v = triangles[f].a
    removedTriangles += 1
    replace(f, with: Triangle(v, v, v))
  }

  func isRemoved(_ f: Int) -> Bool { triangles[f].isDegenerate }

  /// Leaves the state without triangles, so that whoever changes them need not copy them.
  mutating func takeTriangles() -> [Triangle] {
    let taken = triangles
    triangles = []
    return taken
  }

  /// Adds a triangle with the colour of triangle `f`.
  mutating func append(_ t: Triangle, like f: Int) {
    sources.append(source(of: f))
    changed.append(UInt32(triangles.count))
    triangles.append(t)
    touch(t)
  }

  /// Adds patches; they have the part's colour.
  mutating func add(_ filling: HoleFilling) {
    for (f, t) in filling.renamed { replace(Int(f), with: t) }
    newPlaces += UInt32(positions.count)..<UInt32(positions.count + filling.positions.count)
    positions += filling.positions
    for t in filling.triangles {
      sources.append(FacetColors.noSource)
      changed.append(UInt32(triangles.count))
      triangles.append(t)
      touch(t)
    }
  }

  mutating func addVertex(_ position: SIMD3<Float>) -> UInt32 {
    newPlaces.append(UInt32(positions.count))
    positions.append(position)
    return UInt32(positions.count - 1)
  }

  mutating func move(_ v: UInt32, to position: SIMD3<Float>) {
    positions[Int(v)] = position
    newPlaces.append(v)
    knownSheets = nil
  }

  /// The input's triangle that a triangle has its colour from, or ``FacetColors/noSource``.
  func source(of f: Int) -> UInt32 { f < inputTriangles ? UInt32(f) : sources[f - inputTriangles] }

  /// For so many new triangles there is room from the first.
  private static func room(for triangles: Int) -> Int { triangles / 16 }

  /// The first change copies the triangles, which are the input's: with room for new ones they are not copied again.
  private mutating func makeRoom() {
    let room = inputTriangles + RepairState.room(for: inputTriangles)
    if triangles.capacity < room { triangles.reserveCapacity(room) }
  }

  private mutating func touch(_ t: Triangle) {
    touched.append(t.a)
    touched.append(t.b)
    touched.append(t.c)
  }

  /// Brings topology, bad edges and sheets up to date.
  mutating func matchEdges(_ run: RunContext) throws(MeshError) {
    if changed.isEmpty { return }
    if changed.count > triangles.count / 8 {
      topology = Topology(twin: [], degenerateTriangles: 0)
      topology = try Topology(mesh, run)
      badEdges = try topology.badEdges(of: mesh, run)
    } else {
      try matchTouchedEdges(run)
    }
    if var sheets = knownSheets {
      knownSheets = nil
      try sheets.join(along: changed, mesh, topology, run)
      knownSheets = sheets
    }
    changed.removeAll()
    touched.removeAll()
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
    var bad = BadEdgeLists()
    edges.forEachEdge { group in
      if group.count == 1 {
        twin[Int(group.first!.halfEdge)] = Topology.boundary
        bad.boundary.append(group.first!.halfEdge)
      } else if group.count == 2, group.first!.isForward != group.last!.isForward {
        twin[Int(group.first!.halfEdge)] = group.last!.halfEdge
        twin[Int(group.last!.halfEdge)] = group.first!.halfEdge
      } else {
        for side in group { twin[Int(side.halfEdge)] = Topology.nonManifold }
        bad.append(edge: group.map(\.halfEdge))
      }
    }
    topology = Topology(twin: twin, degenerateTriangles: degenerate)
    bad.boundary.sort()
    let mesh = mesh
    badEdges = badEdges.replacing(with: bad, in: mesh) { h in
      if triangles[Int(h / 3)].isDegenerate { return true }
      let (from, to) = (mesh.corner(Int(h)), mesh.corner(Topology.next(Int(h))))
      return isTouched[Int(from / 64)] >> UInt64(from % 64) & isTouched[Int(to / 64)] >> UInt64(to % 64) & 1
        != 0
    }
  }

  /// Whether the mesh is solid as a file would hold it; nobody looks for self-intersections.
  func solidity(_ run: RunContext) throws(MeshError) -> Solidity {
    if try !coincidentVertices(run).isEmpty {
      return try finish(run).solidity(findingCrossings: false, run)
    }
    let contours = try badEdges.contours(in: mesh, run)
    var solidity = Solidity()
    solidity.badEdges = badEdges.count
    solidity.badContours = contours.count
    // What was never changed is measured as any mesh is, to the last bit.
    if !ledger.entries.isEmpty, let knownSheets {
      solidity.volume = knownSheets.volume + contours.missingVolume
    } else {
      solidity.volume = try mesh.measured(run).volume + contours.missingVolume
    }
    return solidity
  }
}
