/// A closed chain of boundary edges that visits no vertex twice, in the direction in which a patch runs along it.
struct HoleLoop: Sendable {
  /// Edge `i` of the patch's rim runs from vertex `i` to the next.
  var vertices: [UInt32]
  /// The mesh's half-edge that runs back along edge `i`: it starts at vertex `i + 1`.
  var rim: [UInt32]

  var count: Int { vertices.count }

  /// - Parameter halfEdges: Of the mesh, one after the other.
  init(_ halfEdges: ArraySlice<UInt32>, of mesh: Mesh) {
    rim = halfEdges.reversed()
    vertices = rim.map { mesh.corner(Topology.next(Int($0))) }
  }
}

/// Where the mesh's boundary vertices lie. Vertices at one place are one vertex once the mesh is in a file.
struct BoundaryPlaces: Sendable {
  /// For each vertex where a boundary vertex lies the first boundary vertex there; `.max` for all others.
  let place: [UInt32]

  init(
    _ mesh: Mesh, boundary halfEdges: [UInt32], _ run: RunContext
  ) throws(MeshError) {
    let positions = mesh.positions
    let table = PlaceTable(halfEdges.map { mesh.corner(Int($0)) }, of: positions)
    place = try [UInt32](filling: positions.count) { (place) throws(MeshError) in
      try run.forEachChunk(of: positions.count, size: 1 << 16) { _, range in
        table.forEachVertex(of: positions, range) { place[$0] = $1 }
      }
    }
  }
}

/// Parts loops into simple ones, and joins what a cut has parted there.
///
/// Two holes that touch in a vertex are one loop that visits its place twice. The fans of triangles between the two
/// visits become one once both holes are filled, so if they name two vertices there, both are given the first one's
/// name, unless the fans also meet at another place: then the edge between would have four triangles.
struct LoopSplitter {
  private let topology: Topology
  private let place: [UInt32]
  /// The mesh's triangles, with vertices joined.
  private(set) var triangles: [Triangle]
  /// The triangles whose vertices were joined with others; some repeatedly.
  private(set) var changed: [UInt32] = []
  private let positions: [SIMD3<Float>]

  init(_ mesh: Mesh, _ topology: Topology, _ places: BoundaryPlaces) {
    self.topology = topology
    place = places.place
    triangles = mesh.triangles
    positions = mesh.positions
  }

  private func start(_ h: UInt32) -> UInt32 { triangles[Int(h) / 3][Int(h) % 3] }

  /// The simple loops of one loop, as half-edges in order.
  mutating func simpleLoops(_ loop: ArraySlice<UInt32>) -> [[UInt32]] {
    var visits: [UInt32: Int] = [:]
    var isPinched = false
    if loop.count <= 8 {
      for (i, h) in loop.enumerated() where !isPinched {
        let own = place[Int(start(h))]
        isPinched = loop.prefix(i).contains { place[Int(start($0))] == own }
      }
    } else {
      visits.reserveCapacity(loop.count)
      for h in loop where visits.updateValue(0, forKey: place[Int(start(h))]) != nil { isPinched = true }
      visits.removeAll(keepingCapacity: true)
    }
    guard isPinched else { return [Array(loop)] }
    var result: [[UInt32]] = []
    var open: [UInt32] = []
    for h in loop {
      let own = place[Int(start(h))]
      if let visit = visits[own], join(h, to: open[visit]) {
        for closed in open[visit...] { visits[place[Int(start(closed))]] = nil }
        result.append(Array(open[visit...]))
        open.removeSubrange(visit...)
      }
      visits[own] = open.count
      open.append(h)
    }
    result.append(open)
    return result
  }

  /// Gives the vertex where one boundary half-edge starts the name of that where another starts.
  private mutating func join(_ h: UInt32, to other: UInt32) -> Bool {
    let (old, new) = (start(h), start(other))
    if old == new { return true }
    let neighbours = fan(other).flatMap(ends)
    if fan(h).flatMap(ends).contains(where: { neighbours.contains($0) }) { return false }
    for at in fan(h) {
      var t = triangles[at / 3]
      switch at % 3 {
      case 0: t.a = new
      case 1: t.b = new
      default: t.c = new
      }
      triangles[at / 3] = t
      changed.append(UInt32(at / 3))
    }
    return true
  }

  /// Where the two edges go that a triangle has at the start of a half-edge.
  private func ends(_ h: Int) -> [SIMD3<Float>] {
    [Topology.next(h), Topology.previous(h)].map { positions[Int(start(UInt32($0)))] }
  }

  private func fan(_ h: UInt32) -> [Int] {
    var result: [Int] = []
    topology.forEachInFan(from: h) { result.append($0) }
    return result
  }
}

extension Topology {
  /// Calls `body` with the half-edges that start where boundary half-edge `h` does, through its fan of triangles.
  @inline(__always)
  func forEachInFan(from h: UInt32, _ body: (Int) -> Void) {
    var at = Int(h)
    while true {
      body(at)
      let t = twin[Topology.previous(at)]
      if t >= Topology.degenerate || t == h { return }
      at = Int(t)
    }
  }
}

/// The edges between boundary vertices that the mesh has already, by the places of their ends.
struct BoundaryEdges: Sendable {
  private var table: [UInt64]
  private var count = 0

  init(_ mesh: Mesh, _ places: BoundaryPlaces, _ run: RunContext) throws(MeshError) {
    let parts = try mesh.withView { (mesh) throws(MeshError) in
      try run.mapChunks(of: mesh.triangleCount, size: 1 << 16) { _, range in
        var keys: [UInt64] = []
        places.place.withUnsafeBufferPointer { place in
          for f in range {
            let a = place[Int(mesh.corners[3 * f])]
            let b = place[Int(mesh.corners[3 * f + 1])]
            let c = place[Int(mesh.corners[3 * f + 2])]
            if a != .max && b != .max { keys.append(BoundaryEdges.key(a, b)) }
            if b != .max && c != .max { keys.append(BoundaryEdges.key(b, c)) }
            if c != .max && a != .max { keys.append(BoundaryEdges.key(c, a)) }
          }
        }
        return keys
      }
    }
    var capacity = 16
    let total = parts.reduce(0) { $0 + $1.count }
    while capacity < total * 2 { capacity *= 2 }
    table = Array(repeating: .max, count: capacity)
    for part in parts { for key in part { insert(key) } }
  }

  @inline(__always)
  static func key(_ a: UInt32, _ b: UInt32) -> UInt64 { UInt64(min(a, b)) << 32 | UInt64(max(a, b)) }

  /// Adds an edge; false when it was there.
  @discardableResult
  mutating func insert(_ key: UInt64) -> Bool {
    if (count + 1) * 2 > table.count {
      let old = table
      table = Array(repeating: .max, count: old.count * 2)
      count = 0
      for key in old where key != .max { insert(key) }
    }
    let slot = self.slot(key)
    if table[slot] == key { return false }
    table[slot] = key
    count += 1
    return true
  }

  @inline(__always)
  func contains(_ key: UInt64) -> Bool { table[slot(key)] == key }

  @inline(__always)
  private func slot(_ key: UInt64) -> Int {
    let mask = table.count - 1
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while table[slot] != .max, table[slot] != key { slot = (slot + 1) & mask }
    return slot
  }
}
