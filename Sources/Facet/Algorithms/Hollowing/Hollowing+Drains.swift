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
      for places in try lowestPlaces(dense, apart: 2 * diameter, run) {
        var found: [DrainDrill] = []
        for place in places where found.count < count {
          try run.checkCancellation()
          // From below the part up: through the wall under this place.
          guard let floor = floor(under: place, hollow, tree) else { continue }
          guard
            let own = drill(DrainHole(position: floor, direction: SIMD3(0, 0, 1), diameter: diameter)),
            found.allSatisfy({ distanceAcross($0.start, own.start) >= 2 * diameter })
          else { continue }
          found.append(own)
        }
        missed += max(0, count - found.count)
        drills += found
      }
    }
    if drills.isEmpty { return Drained(mesh: hollow, plugs: nil, opened: 0, missed: missed) }
    let opened = Set(drills.map { shells.shell(of: inner.triangles[$0.entry - part.triangles.count]) })
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
      plugs = try both.withoutSelfIntersections(RepairOptions(), run.slice(0.6...1)).mesh
    }
    return Drained(mesh: mesh, plugs: plugs, opened: opened.count, missed: missed)
  }

  private func distanceAcross(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float {
    length(SIMD3(a.x - b.x, a.y - b.y, 0))
  }

  /// For each cavity its low places, the best first: of all that are lowest, the one closest to their middle, then of
  /// those some way apart the lowest again.
  private func lowestPlaces(_ dense: Mesh, apart: Float, _ run: RunContext) throws(MeshError) -> [[SIMD3<
    Float
  >]] {
    let shells = try InnerShells(dense, run)
    let tries = 16
    var places: [[SIMD3<Float>]] = []
    for vertices in shells.cavityVertices {
      try run.checkCancellation()
      var left = vertices.map { dense.positions[Int($0)] }
      var chosen: [SIMD3<Float>] = []
      while !left.isEmpty && chosen.count < tries {
        let lowest = left.reduce(Float.infinity) { min($0, $1.z) }
        let low = left.filter { $0.z <= lowest + voxel / 4 }
        var sum = SIMD3<Double>.zero
        for p in low { sum += SIMD3<Double>(p) }
        let middle = SIMD3<Float>(sum / Double(low.count))
        var best = low[0]
        for p in low where distanceAcross(p, middle) < distanceAcross(best, middle) { best = p }
        chosen.append(best)
        left.removeAll { distanceAcross($0, best) < apart }
      }
      places.append(chosen)
    }
    return places
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
