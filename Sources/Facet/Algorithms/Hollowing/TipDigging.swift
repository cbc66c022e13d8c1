/// Digs the acute tips of cavities out, to where the fronts from both sides meet.
///
/// Where the cavity is thinner than a voxel there is no node of the lattice in it: the contour ends before, with facets
/// from one front to the other. Such an edge gets a vertex where the fronts' planes meet, or is turned towards one that
/// is there already; vertices that had to stay in their cells are let go. What may be done is decided by each change
/// alone: the new triangles keep the wall for certain, meet nothing, and hold nothing between them and the old ones.
struct TipDigging {
  let proof: WallProof
  /// Where the surface is to be, mm from the part.
  let level: Float
  let voxel: Float
  private(set) var mesh: CavityMesh
  /// For each vertex the direction from the part to it, of length 1.
  private(set) var ways: [SIMD3<Float>]
  private(set) var bins: TriangleBins

  /// What is less too deep stays, in voxels.
  static let tolerance: Float = 0.06
  /// How far a change reaches at most, in voxels.
  static let reach: Float = 3
  private static let rounds = 6
  /// Changes that are looked for side by side: some then are in each other's way.
  private static let atOnce = 256

  /// An edge that lies too deep in the cavity, or a vertex, twice.
  struct Spot: BitwiseCopyable {
    var a: UInt32
    var b: UInt32
    /// Of the edge; short ones come first.
    var lengthSquared: Float
  }

  static func dig(
    _ mesh: inout CavityMesh, _ proof: WallProof, level: Float, voxel: Float, _ run: RunContext
  ) throws(MeshError) {
    let count = mesh.positions.count
    try run.reserve(bytes: count * 16, for: "the tips of cavities")
    let (positions, sources) = (mesh.positions, mesh.sources)
    let ways = try [SIMD3<Float>](filling: count) { (ways) throws(MeshError) in
      try run.forEachChunk(of: count, size: 1 << 13) { _, range in
        for v in range {
          let way = proof.scene.offset(from: positions[v], to: sources[v])
          ways[v] = (SIMD3<Float>.zero - way).normalized
        }
      }
    }
    let tips = Tips(mesh, ways, level: level, least: tolerance * voxel)
    var spots = try tips.spots(among: nil, run)
    if spots.isEmpty { return }
    let places = spots.map { spot in
      let (a, b) = (positions[Int(spot.a)], positions[Int(spot.b)])
      return Box(a, b, b).grown(by: reach * voxel)
    }
    let bins = try TriangleBins(places, width: 2 * voxel, of: mesh, run)
    var digging = TipDigging(
      proof: proof, level: level, voxel: voxel, mesh: mesh, ways: ways, bins: bins)
    for round in 1...rounds {
      let changed = try digging.round(spots, run)
      run.report(Double(round) / Double(rounds))
      if changed.isEmpty { break }
      let tips = Tips(digging.mesh, digging.ways, level: level, least: tolerance * voxel)
      spots = try tips.spots(among: changed, run)
    }
    mesh = digging.mesh
  }

  /// Makes what changes it can, some at a time: those that wait see what has been changed before.
  ///
  /// - Returns: The triangles that are new or other than they were, ascending.
  private mutating func round(_ spots: [Spot], _ run: RunContext) throws(MeshError) -> [UInt32] {
    var changed: Set<UInt32> = []
    for start in stride(from: 0, to: spots.count, by: TipDigging.atOnce) {
      let proposals = try proposals(spots[start..<min(start + TipDigging.atOnce, spots.count)], run)
      var made: [(place: Box, triangles: [UInt32])] = []
      for case let room? in proposals {
        // It was free of all that is as it was.
        let isStillFree = made.allSatisfy {
          !$0.place.intersects(room.place) || isFree(room, ofChanged: $0.triangles)
        }
        guard isStillFree else { continue }
        let triangles = make(room.change)
        made.append((room.place, triangles))
        changed.formUnion(triangles)
      }
    }
    return changed.sorted()
  }

  /// Changes that could be made now.
  private func proposals(_ spots: ArraySlice<Spot>, _ run: RunContext) throws(MeshError) -> [Room?] {
    try run.mapChunks(of: spots.count, size: 16) { _, range in
      let scratch = PartScene.Scratch(proof.scene)
      return range.map { i in
        let change = proposal(spots[spots.startIndex + i], scratch)
        return change.map(room).flatMap { isFree($0) ? $0 : nil }
      }
    }.flatMap(\.self)
  }

  /// Makes a change.
  ///
  /// - Returns: Its triangles.
  private mutating func make(_ change: Change) -> [UInt32] {
    var vertex = change.vertex
    if let point = change.point {
      if vertex == Change.new {
        vertex = UInt32(mesh.positions.count)
        mesh.positions.append(point.position)
        mesh.sources.append(point.source)
        mesh.distances.append(point.distance)
        ways.append(point.way)
      } else {
        let v = Int(vertex)
        mesh.positions[v] = point.position
        mesh.sources[v] = point.source
        mesh.distances[v] = point.distance
        ways[v] = point.way
      }
    }
    var triangles = change.removed
    for (i, triangle) in change.added.enumerated() {
      func corner(_ k: Int) -> UInt32 { triangle[k] == Change.new ? vertex : triangle[k] }
      let t = Triangle(corner(0), corner(1), corner(2))
      if i == triangles.count {
        triangles.append(UInt32(mesh.triangles.count))
        mesh.triangles.append(t)
      } else {
        mesh.triangles[Int(triangles[i])] = t
      }
      bins.add(triangles[i], box(t))
    }
    return triangles
  }

  func box(_ t: Triangle) -> Box {
    Box(mesh.positions[Int(t.a)], mesh.positions[Int(t.b)], mesh.positions[Int(t.c)])
  }
}

/// Tells from the planes before which vertices lie where a surface is too deep.
private struct Tips {
  let mesh: CavityMesh
  let ways: [SIMD3<Float>]
  let level: Float
  /// What is less too deep is left, mm.
  let least: Float

  /// Directions from the part that differ by less belong to one front: cos 26°.
  private static let sameFront: Float = 0.9

  init(_ mesh: CavityMesh, _ ways: [SIMD3<Float>], level: Float, least: Float) {
    self.mesh = mesh
    self.ways = ways
    self.level = level
    self.least = least
  }

  /// - Parameter triangles: nil for all.
  func spots(among triangles: [UInt32]?, _ run: RunContext) throws(MeshError) -> [TipDigging.Spot] {
    let count = triangles?.count ?? mesh.triangles.count
    var all = try run.mapChunks(of: count, size: 1 << 13) { _, range in
      var own: [TipDigging.Spot] = []
      mesh.positions.withUnsafeBufferPointer { positions in
        ways.withUnsafeBufferPointer { ways in
          for i in range {
            let t = mesh.triangles[triangles.map { Int($0[i]) } ?? i]
            for k in 0..<3 {
              let (a, b) = (Int(t[k]), Int(t[(k + 1) % 3]))
              if mesh.distances[a] - level > least {
                own.append(TipDigging.Spot(a: UInt32(a), b: UInt32(a), lengthSquared: 0))
              }
              let way = positions[b] - positions[a]
              let fromA = mesh.distances[a] + dot(ways[a], way) * 0.5
              let fromB = mesh.distances[b] - dot(ways[b], way) * 0.5
              if min(fromA, fromB) - level > least, dot(ways[a], ways[b]) < Tips.sameFront {
                own.append(
                  TipDigging.Spot(
                    a: UInt32(min(a, b)), b: UInt32(max(a, b)), lengthSquared: dot(way, way)))
              }
            }
          }
        }
      }
      return own
    }.flatMap(\.self)
    all.sort { ($0.lengthSquared, $0.a, $0.b) < ($1.lengthSquared, $1.a, $1.b) }
    var last = SIMD2(UInt32.max, 0)
    all.removeAll { spot in
      defer { last = SIMD2(spot.a, spot.b) }
      return last == SIMD2(spot.a, spot.b)
    }
    return all
  }
}
