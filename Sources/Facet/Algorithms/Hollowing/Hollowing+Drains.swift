extension Hollowing {
  /// What drilling made of a hollow part.
  struct Drained {
    var mesh: Mesh
    var plugs: Mesh?
    /// Cavities that a hole opens.
    var opened: Int
    /// Holes that meet no cavity and were left out.
    var missed: Int
  }

  /// Drills the drain holes.
  ///
  /// The hole is the difference of the part and a cylinder: with the cylinder turned inside out, what remains is where
  /// the surfaces together wind around once. A plug is what both have in common: with a box turned inside out around
  /// everything, again where all together wind around once.
  ///
  /// - Parameters:
  ///   - inner: The inner shells; facing into the cavities.
  ///   - dense: The same before flat places were thinned.
  func drained(_ inner: Mesh, dense: Mesh, _ run: RunContext) throws(MeshError) -> Drained {
    let hollow = part.adding(inner)
    if options.drains == .none { return Drained(mesh: hollow, plugs: nil, opened: 0, missed: 0) }
    let tree = try BVH(hollow, run.slice(0...0.1))
    let shells = try InnerShells(inner, run)
    func drill(_ hole: DrainHole) -> DrainDrill? {
      DrainDrill(hole, hollow, tree, partCount: part.triangles.count, voxel: voxel)
    }
    var (drills, missed): ([DrainDrill], Int) = ([], 0)
    switch options.drains {
    case .none: break
    case .placed(let holes):
      drills = holes.compactMap(drill)
      missed = holes.count - drills.count
    case .automatic(let count, let diameter):
      for (cavity, places) in try lowestPlaces(inner, dense, shells, apart: 2 * diameter, run) {
        var found: [DrainDrill] = []
        for place in places where found.count < count {
          try run.checkCancellation()
          // From below the part up: through the wall under this place.
          guard let floor = floor(under: place, hollow, tree) else { continue }
          guard
            let own = drill(DrainHole(position: floor, direction: SIMD3(0, 0, 1), diameter: diameter)),
            found.allSatisfy({ distanceAcross($0.start, own.start) >= 2 * diameter }),
            // Not into another cavity below.
            shells.shell(of: inner.triangles[own.entry - part.triangles.count]) == cavity
          else { continue }
          found.append(own)
        }
        missed += max(0, count - found.count)
        drills += found
      }
    }
    if drills.isEmpty { return Drained(mesh: hollow, plugs: nil, opened: 0, missed: missed) }
    let opened = opened(by: drills, hollow, tree, inner, shells)
    var turned = hollow
    for drill in drills { turned = turned.adding(drill.cylinder.turned) }
    let mesh = try turned.withoutSelfIntersections(RepairOptions(), run.slice(0.1...0.6)).mesh
    var plugs: Mesh?
    if options.makesPlugs {
      var both = Mesh(unchecked: hollow.positions, triangles: hollow.triangles)
      for drill in drills { both = both.adding(drill.slimCylinder) }
      let bounds = both.bounds
      let margin = SIMD3<Float>(repeating: Float(bounds.diagonal) * 0.01 + voxel)
      both = both.adding(
        Primitive.box(minimum: bounds.minimum - margin, maximum: bounds.maximum + margin).turned)
      let pieces = try both.withoutSelfIntersections(RepairOptions(), run.slice(0.6...1)).mesh
      plugs = try options.infill == .none ? pieces : withoutLattice(pieces, run)
    }
    return Drained(mesh: mesh, plugs: plugs, opened: opened.count, missed: missed)
  }

  /// The cavities that holes open: those that their axes enter, and in a lattice those beside.
  private func opened(
    by drills: [DrainDrill], _ hollow: Mesh, _ tree: BVH, _ inner: Mesh, _ shells: InnerShells
  ) -> Set<UInt32> {
    var opened: Set<UInt32> = []
    for drill in drills {
      opened.insert(shells.shell(of: inner.triangles[drill.entry - part.triangles.count]))
      for t in tree.triangles(hollow, overlapping: drill.bounds) where t >= part.triangles.count {
        let triangle = inner.triangles[Int(t) - part.triangles.count]
        let shell = shells.shell(of: triangle)
        guard shells.volumes[shell] ?? 0 < 0, !opened.contains(shell) else { continue }
        let (a, b, c) = hollow.corners(Int(t))
        if drill.contains(a) || drill.contains(b) || drill.contains(c) { opened.insert(shell) }
      }
    }
    return opened
  }

  /// Of pieces of a plug those that reach the part's surface: others are of lattice that the hole cut.
  private func withoutLattice(_ pieces: Mesh, _ run: RunContext) throws(MeshError) -> Mesh {
    var sets = DisjointSets(count: pieces.positions.count)
    for t in pieces.triangles {
      sets.join(t.a, t.b)
      sets.join(t.a, t.c)
    }
    let scratch = PartScene.Scratch(scene)
    var reaching: Set<UInt32> = []
    for (v, p) in pieces.positions.enumerated() {
      if v & 0xFFF == 0 { try run.checkCancellation() }
      let nearest = scene.nearest(to: p, hint: .max, scratch).squared.squareRoot()
      if nearest < options.wall / 4 { reaching.insert(sets.root(UInt32(v))) }
    }
    return pieces.keeping { reaching.contains(sets.root(pieces.triangles[$0].a)) }.withoutUnusedVertices()
  }

  private func distanceAcross(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float {
    length(SIMD3(a.x - b.x, a.y - b.y, 0))
  }

  /// For each cavity, by its number among the shells of `inner`, its low places, the best first: of all that are lowest,
  /// the one closest to their middle, then of those some way apart the lowest again.
  ///
  /// - Parameter dense: The same shells with more vertices.
  private func lowestPlaces(
    _ inner: Mesh, _ dense: Mesh, _ shells: InnerShells, apart: Float, _ run: RunContext
  ) throws(MeshError) -> [(cavity: UInt32, places: [SIMD3<Float>])] {
    // Vertices have not moved.
    var cavityAt: [SIMD3<Float>: UInt32] = [:]
    for (shell, volume) in shells.volumes where volume < 0 { cavityAt[inner.positions[Int(shell)]] = shell }
    let tries = 16
    var all: [(cavity: UInt32, places: [SIMD3<Float>])] = []
    for vertices in try InnerShells(dense, run).cavityVertices {
      try run.checkCancellation()
      var left = vertices.map { dense.positions[Int($0)] }
      guard let cavity = left.lazy.compactMap({ cavityAt[$0] }).first else { continue }
      var places: [SIMD3<Float>] = []
      while !left.isEmpty && places.count < tries {
        try run.checkCancellation()
        let lowest = left.reduce(Float.infinity) { min($0, $1.z) }
        let low = left.filter { $0.z <= lowest + voxel / 4 }
        var sum = SIMD3<Double>.zero
        for p in low { sum += SIMD3<Double>(p) }
        let middle = SIMD3<Float>(sum / Double(low.count))
        var best = low[0]
        for p in low where distanceAcross(p, middle) < distanceAcross(best, middle) { best = p }
        places.append(best)
        left.removeAll { distanceAcross($0, best) < apart }
      }
      all.append((cavity, places))
    }
    return all
  }

  /// The part's surface straight below a place in a wall.
  private func floor(under place: SIMD3<Float>, _ hollow: Mesh, _ tree: BVH) -> SIMD3<Float>? {
    let down = SIMD3<Float>(0, 0, -1)
    var from: Float = 0
    for _ in 0..<64 {
      guard let hit = tree.raycast(hollow, origin: place, direction: down, range: from ... .infinity)
      else { return nil }
      if hit.triangle < part.triangles.count { return place + down * hit.distance }
      from = (hit.distance * 1.000001).nextUp
    }
    return nil
  }
}

extension Mesh {
  /// The mesh inside out, without colours.
  fileprivate var turned: Mesh {
    Mesh(unchecked: positions, triangles: triangles.map { Triangle($0.a, $0.c, $0.b) })
  }
}
