/// How a plane is seen along an axis: two coordinates of each point, unrounded, so that what is decided there is
/// decided exactly. Counter-clockwise as seen from the side that the normal points to.
struct PlaneView: Sendable {
  private let u: Int
  private let v: Int

  init(normal: SIMD3<Double>) {
    let size = SIMD3(abs(normal.x), abs(normal.y), abs(normal.z))
    let axis = size.x > size.y ? (size.x > size.z ? 0 : 2) : (size.y > size.z ? 1 : 2)
    let (first, second) = ((axis + 1) % 3, (axis + 2) % 3)
    (u, v) = normal[axis] > 0 ? (first, second) : (second, first)
  }

  @inline(__always)
  func callAsFunction(_ p: SIMD3<Float>) -> SIMD2<Float> { SIMD2(p[u], p[v]) }
}

/// The shape of a loop as a whole.
struct LoopShape: Sendable {
  /// Its area times its normal, as the patch faces, mm².
  let areaVector: SIMD3<Double>
  let center: SIMD3<Double>
  let perimeter: Double
  let box: Box
  /// The farthest that a vertex is from the plane through the centre, mm.
  let deviation: Double

  init(_ points: [SIMD3<Float>]) {
    var box = Box.empty
    var center = SIMD3<Double>.zero
    for p in points {
      box.formUnion(p)
      center += SIMD3<Double>(p)
    }
    center /= Double(points.count)
    var twice = SIMD3<Double>.zero
    var perimeter = 0.0
    var last = SIMD3<Double>(points[points.count - 1]) - center
    for p in points {
      let at = SIMD3<Double>(p) - center
      twice += cross(last, at)
      perimeter += length(at - last)
      last = at
    }
    let normal = twice.normalized
    var deviation = 0.0
    for p in points { deviation = max(deviation, abs(dot(SIMD3<Double>(p) - center, normal))) }
    areaVector = twice / 2
    self.center = center
    self.perimeter = perimeter
    self.box = box
    self.deviation = deviation
  }

  var normal: SIMD3<Double> { areaVector.normalized }

  /// Within the tolerance, and flat for its size: a tiny loop in a curved surface is not planar.
  var isPlanar: Bool {
    deviation <= min(Double(Tolerances.planarity), box.diagonal * 0.02)
      && length(areaVector) > 1e-9 * perimeter * perimeter
  }

  /// Whether a point is in the loop's plane, as far as that is known.
  func planeHolds(_ point: SIMD3<Float>) -> Bool {
    abs(dot(SIMD3<Double>(point) - center, normal))
      <= min(Double(Tolerances.planarity), box.diagonal * 0.02)
  }
}

/// Which loops bound one hole together.
struct PlanarNesting {
  /// An outline, and the loops in its plane that bound the same hole from inside, such as the inner rim at the end of
  /// a tube.
  struct Hole {
    var outline: Int
    var inner: [Int] = []
  }

  /// Groups all loops; each that is not planar is a hole of its own.
  ///
  /// - Parameters:
  ///   - isPlanar: Which of the loops are to be filled flat.
  static func holes(
    _ loops: [HoleLoop], _ shapes: [LoopShape], isPlanar: [Bool], in mesh: Mesh, _ run: RunContext
  ) throws(MeshError) -> [Hole] {
    let planar = loops.indices.filter { isPlanar[$0] }
    // Sweep over the boxes: an outline's box begins before the boxes of all it encloses.
    let order = planar.sorted {
      let (a, b) = (shapes[$0].box, shapes[$1].box)
      if a.minimum.x != b.minimum.x { return a.minimum.x < b.minimum.x }
      return a.diagonal != b.diagonal ? a.diagonal > b.diagonal : $0 < $1
    }
    var parents = [Int](repeating: -1, count: loops.count)
    var active: [Int] = []
    for (step, child) in order.enumerated() {
      if step & 0xFF == 0 { try run.checkCancellation() }
      let box = shapes[child].box
      active.removeAll { shapes[$0].box.maximum.x < box.minimum.x }
      var least = Double.infinity
      for candidate in active {
        let outer = shapes[candidate].box
        guard outer.minimum.y <= box.minimum.y, outer.minimum.z <= box.minimum.z,
          outer.maximum.x >= box.maximum.x, outer.maximum.y >= box.maximum.y,
          outer.maximum.z >= box.maximum.z
        else { continue }
        let size = length(shapes[candidate].areaVector)
        guard size < least, encloses(candidate, child, loops, shapes, mesh) else { continue }
        least = size
        parents[child] = candidate
      }
      active.append(child)
    }
    // Parents are larger than their children: from the largest down, each knows what its parent is.
    var innerOf = [Int](repeating: -1, count: loops.count)
    var members: [Int: [Int]] = [:]
    for loop in planar.sorted(by: {
      let (a, b) = (length(shapes[$0].areaVector), length(shapes[$1].areaVector))
      return a != b ? a > b : $0 < $1
    }) {
      let parent = parents[loop]
      guard parent >= 0, innerOf[parent] < 0,
        dot(shapes[parent].areaVector, shapes[loop].areaVector) < 0
      else { continue }
      innerOf[loop] = parent
      members[parent, default: []].append(loop)
    }
    return loops.indices.filter { innerOf[$0] < 0 }.map {
      Hole(outline: $0, inner: (members[$0] ?? []).sorted())
    }
  }

  /// Whether loop `inner` lies in the plane of loop `outer` and within it.
  private static func encloses(
    _ outer: Int, _ inner: Int, _ loops: [HoleLoop], _ shapes: [LoopShape], _ mesh: Mesh
  ) -> Bool {
    let shape = shapes[outer]
    guard length(shape.areaVector) > length(shapes[inner].areaVector),
      loops[inner].vertices.allSatisfy({ shape.planeHolds(mesh.positions[Int($0)]) })
    else { return false }
    let view = PlaneView(normal: shape.areaVector)
    let point = view(mesh.positions[Int(loops[inner].vertices[0])])
    // Crossings of a ray to the right of the point.
    var isInside = false
    var last = view(mesh.positions[Int(loops[outer].vertices.last!)])
    for v in loops[outer].vertices {
      let p = view(mesh.positions[Int(v)])
      if (last.y > point.y) != (p.y > point.y) {
        let (low, high) = last.y < p.y ? (last, p) : (p, last)
        if orient2d(low, high, point) > 0 { isInside.toggle() }
      }
      last = p
    }
    return isInside
  }
}
