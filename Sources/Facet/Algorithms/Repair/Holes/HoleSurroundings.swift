/// What the mesh is like around a loop.
struct HoleSurroundings {
  /// For each edge of the loop the unit normal of the mesh's triangle there; zero where that has no area.
  let normals: [SIMD3<Double>]
  /// For each vertex the mean length of the mesh's edges there, mm.
  let edgeLengths: [Double]
  /// How many vertices lie on a crease.
  let creases: Int

  init(_ loop: HoleLoop, in mesh: Mesh, _ topology: Topology) {
    normals = loop.rim.map { unitNormal(mesh, Int($0) / 3) }
    let limit = creaseCosine
    var edgeLengths = [Double](repeating: 0, count: loop.count)
    var creases = 0
    for i in 0..<loop.count {
      let h = loop.rim[i > 0 ? i - 1 : loop.count - 1]
      let center = SIMD3<Double>(mesh.positions[Int(loop.vertices[i])])
      var sum = 0.0
      var count = 0.0
      var last = SIMD3<Double>.zero
      var isCrease = false
      topology.forEachInFan(from: h) { at in
        let normal = unitNormal(mesh, at / 3)
        if last != .zero, normal != .zero, dot(last, normal) < limit { isCrease = true }
        if normal != .zero { last = normal }
        // Each edge but the outer two is seen from both sides.
        for other in [Topology.next(at), Topology.previous(at)] {
          sum += length(SIMD3<Double>(mesh.positions[Int(mesh.corner(other))]) - center)
          count += 1
        }
      }
      edgeLengths[i] = sum / count
      if isCrease { creases += 1 }
    }
    self.edgeLengths = edgeLengths
    self.creases = creases
  }

  /// Whether the surface around is one smooth piece, apart from some noise.
  var isSmooth: Bool { creases <= max(1, edgeLengths.count / 20) }
}

/// The cosine of ``Tolerances/creaseAngle``, 30°.
private let creaseCosine = 0.8660254037844387

func unitNormal(_ mesh: Mesh, _ triangle: Int) -> SIMD3<Double> {
  let (a, b, c) = mesh.corners(triangle)
  let origin = SIMD3<Double>(a)
  return cross(SIMD3<Double>(b) - origin, SIMD3<Double>(c) - origin).normalized
}

extension HoleLoop {
  /// Whether a loop that lies in a plane is the rim of a hole in a curved surface, a sphere's parallel for instance:
  /// the surface leans away from the plane's normal, and bends as it must to come level in the middle of the hole.
  func isInCurvedSurface(_ shape: LoopShape, in mesh: Mesh, _ topology: Topology) -> Bool {
    let normal = shape.normal
    func lean(_ unit: SIMD3<Double>) -> Double {
      // The chord for the angle: near enough, and the same on every machine.
      length(unit - normal)
    }
    var (leans, weights) = (0.0, 0.0)
    var (rise, spread) = (0.0, 0.0)
    for i in 0..<count {
      let f = Int(rim[i]) / 3
      let own = unitNormal(mesh, f)
      let p = SIMD3<Double>(mesh.positions[Int(vertices[i])])
      let q = SIMD3<Double>(mesh.positions[Int(vertices[i + 1 < count ? i + 1 : 0])])
      let size = length(q - p)
      leans += lean(own) * size
      weights += size
      // Away from the hole, within the triangle. The rim runs with the hole on its left.
      let outward = cross(q - p, own).normalized
      let center = middle(mesh, f)
      // Two triangles away: the next one is often the other half of a flat quadrilateral.
      for near in neighbours(f, topology) {
        for g in [near] + neighbours(near, topology) where g != f {
          let away = dot(middle(mesh, g) - center, outward)
          rise += (lean(unitNormal(mesh, g)) - lean(own)) * away * size
          spread += away * away * size
        }
      }
    }
    let leaning = leans / weights
    // From 1.5° to 70°: less is a plane, more is a wall.
    guard leaning > 0.026, leaning < 1.15, spread > 0 else { return false }
    let radius = 2 * length(shape.areaVector) / shape.perimeter
    let leveling = rise / spread * radius / leaning
    return leveling > 0.4 && leveling < 2.5
  }

  private func neighbours(_ triangle: Int, _ topology: Topology) -> [Int] {
    (3 * triangle..<3 * triangle + 3).compactMap {
      topology.hasTwin($0) ? Int(topology.twin[$0]) / 3 : nil
    }
  }

  private func middle(_ mesh: Mesh, _ triangle: Int) -> SIMD3<Double> {
    let (a, b, c) = mesh.corners(triangle)
    return (SIMD3<Double>(a) + SIMD3<Double>(b) + SIMD3<Double>(c)) / 3
  }
}
