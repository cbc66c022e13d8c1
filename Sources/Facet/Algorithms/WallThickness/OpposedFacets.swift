// What a facet faces across the material. Behind a piece of a facet, straight inward, stands a prism; the facets in it
// that face away from the piece are the other side of a wall. Each is clipped to the prism, so the least thickness
// over the whole piece and the area that is too thin come out exactly: nothing hides between samples.

/// A mesh with its tree and what finding the other side of walls needs besides.
struct WallScene: Sendable {
  /// Welded, facing outward.
  let mesh: Mesh
  let tree: BVH
  /// The outward normals of the triangles in the tree's order; zero for one without area.
  let normals: [SIMD3<Float>]
  /// For each node the least and greatest components of the normals below its eight slots.
  let normalBounds: [NormalBounds]
  /// What coordinates may be off by, mm.
  let rounding: Double

  /// 192 bytes; an empty slot's are never passed.
  struct NormalBounds: BitwiseCopyable, Sendable {
    var lowX = SIMD8<Float>(repeating: .infinity)
    var lowY = SIMD8<Float>(repeating: .infinity)
    var lowZ = SIMD8<Float>(repeating: .infinity)
    var highX = SIMD8<Float>(repeating: -.infinity)
    var highY = SIMD8<Float>(repeating: -.infinity)
    var highZ = SIMD8<Float>(repeating: -.infinity)
  }

  init(_ mesh: Mesh, _ tree: BVH, _ run: RunContext) throws(MeshError) {
    try run.reserve(
      bytes: mesh.triangles.count * 16 + tree.nodes.count * MemoryLayout<NormalBounds>.stride,
      for: "the facets' directions")
    self.mesh = mesh
    self.tree = tree
    let order = tree.order
    let normals = try [SIMD3<Float>](filling: order.count) { (normals) throws(MeshError) in
      try run.forEachChunk(of: order.count, size: 1 << 14) { _, range in
        for i in range { normals[i] = mesh.direction(ofTriangle: Int(order[i])) }
      }
    }
    self.normals = normals
    normalBounds = WallScene.normalBounds(of: tree, normals)
    var largest: Float = 0
    for bound in [tree.bounds.minimum, tree.bounds.maximum] {
      for axis in 0..<3 { largest = max(largest, abs(bound[axis])) }
    }
    rounding = Tolerances.wallRounding * Double(tree.triangleCount == 0 ? 0 : largest.ulp)
  }

  private static func normalBounds(of tree: BVH, _ normals: [SIMD3<Float>]) -> [NormalBounds] {
    var result = [NormalBounds](repeating: NormalBounds(), count: tree.nodes.count)
    var whole = [Box](repeating: .empty, count: tree.nodes.count)
    // Children come after their parents.
    for index in tree.nodes.indices.reversed() {
      let node = tree.nodes[index]
      for lane in 0..<8 where node.minX[lane] != .infinity {
        let child = Int(node.child[lane])
        var box = Box.empty
        if node.count[lane] == 0 {
          box = whole[child]
        } else {
          for i in child..<child + Int(node.count[lane]) where normals[i] != .zero {
            box.formUnion(normals[i])
          }
        }
        result[index].lowX[lane] = box.minimum.x
        result[index].lowY[lane] = box.minimum.y
        result[index].lowZ[lane] = box.minimum.z
        result[index].highX[lane] = box.maximum.x
        result[index].highY[lane] = box.maximum.y
        result[index].highZ[lane] = box.maximum.z
        whole[index].formUnion(box)
      }
    }
    return result
  }
}

extension Mesh {
  /// The outward normal of a triangle, of length 1; zero when it has no area.
  func direction(ofTriangle triangle: Int) -> SIMD3<Float> {
    let (a, b, c) = corners(triangle)
    let origin = SIMD3<Double>(a)
    return SIMD3<Float>(cross(SIMD3<Double>(b) - origin, SIMD3<Double>(c) - origin).normalized)
  }
}

/// A piece of a facet: the facet's plane with the piece's corners in it, and the prism inward.
struct WallPrism {
  /// Of the facet that the piece is of.
  let source: UInt32
  let origin: SIMD3<Double>
  /// Outward.
  let normal: SIMD3<Double>
  private let u: SIMD3<Double>
  private let v: SIMD3<Double>
  /// The piece's corners in the plane, counter-clockwise.
  let corners: (SIMD2<Double>, SIMD2<Double>, SIMD2<Double>)
  let area: Double
  /// The prism's sides, positive inside: a hair inside of the piece, so that what only touches its prism is not in it.
  let sides: (SIMD4<Double>, SIMD4<Double>, SIMD4<Double>)
  /// Around the prism.
  let low: SIMD3<Float>
  let high: SIMD3<Float>

  /// Nil for a piece without area.
  init?(
    _ piece: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), of source: UInt32,
    _ facet: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), depth: Double, rounding: Double
  ) {
    self.source = source
    origin = SIMD3<Double>(facet.0)
    let e = SIMD3<Double>(facet.1) - origin
    let f = SIMD3<Double>(facet.2) - origin
    normal = cross(e, f).normalized
    guard normal != .zero else { return nil }
    u = (dot(e, e) >= dot(f, f) ? e : f).normalized
    v = cross(normal, u)
    let (o, u, v) = (origin, u, v)
    func flat(_ p: SIMD3<Float>) -> SIMD2<Double> {
      let d = SIMD3<Double>(p) - o
      return SIMD2(dot(d, u), dot(d, v))
    }
    corners = (flat(piece.0), flat(piece.1), flat(piece.2))
    area = 0.5 * crossed(corners.1 - corners.0, corners.2 - corners.0)
    guard area > 0 else { return nil }
    func side(_ from: SIMD2<Double>, _ to: SIMD2<Double>) -> SIMD4<Double> {
      let along = to - from
      let inward = SIMD2(-along.y, along.x) / (along.x * along.x + along.y * along.y).squareRoot()
      return SIMD4(inward.x, inward.y, 0, -inward.x * from.x - inward.y * from.y - rounding)
    }
    sides = (side(corners.0, corners.1), side(corners.1, corners.2), side(corners.2, corners.0))
    let inward = SIMD3<Float>(-depth * normal)
    var box = Box.empty
    for p in [piece.0, piece.1, piece.2] {
      box.formUnion(p)
      box.formUnion(p + inward)
    }
    low = box.minimum - Float(rounding)
    high = box.maximum + Float(rounding)
  }

  /// A point as the prism sees it: in the plane, and how deep below it.
  @inline(__always)
  func local(_ p: SIMD3<Float>) -> SIMD3<Double> {
    let d = SIMD3<Double>(p) - origin
    return SIMD3(dot(d, u), dot(d, v), -dot(d, normal))
  }

  /// Whether a triangle is on the outer side of one of the prism's.
  @inline(__always)
  func hasBeside(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) -> Bool {
    @inline(__always) func isBeside(_ s: SIMD4<Double>) -> Bool {
      a.x * s.x + a.y * s.y + s.w < 0 && b.x * s.x + b.y * s.y + s.w < 0 && c.x * s.x + c.y * s.y + s.w < 0
    }
    return isBeside(sides.0) || isBeside(sides.1) || isBeside(sides.2)
  }

  /// The point of the surface above a place in the plane.
  func place(_ at: SIMD2<Double>) -> SIMD3<Double> { origin + at.x * u + at.y * v }

  var center: SIMD2<Double> { (corners.0 + corners.1 + corners.2) / 3 }
}

@inline(__always)
func crossed(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { a.x * b.y - a.y * b.x }

/// What stands opposite a piece.
struct OpposedFacets {
  /// The least thickness over the piece; infinite when nothing is opposite.
  var least = Double.infinity
  /// Where that is in the piece's plane, how deep the other side is there, and a place a little towards the middle of
  /// what is above that facet.
  var place = SIMD2<Double>.zero
  var depth = 0.0
  var inner = SIMD2<Double>.zero
  /// The facet there, in the tree's order.
  var facet = -1
  /// How much of the piece has something opposite at less than the threshold.
  var areaBelow = 0.0
}

/// The scene as plain pointers, for inner loops.
struct WallView {
  let nodes: UnsafePointer<BVH.Node>
  let bounds: UnsafePointer<WallScene.NormalBounds>
  let normals: UnsafePointer<SIMD3<Float>>
  let order: UnsafePointer<UInt32>
  let corners: UnsafePointer<Triangle>
  let positions: UnsafePointer<SIMD3<Float>>
  let rounding: Double
}

extension WallScene {
  func withView<Result>(_ body: (WallView) -> Result) -> Result {
    tree.nodes.withUnsafeBufferPointer { nodes in
      normalBounds.withUnsafeBufferPointer { bounds in
        normals.withUnsafeBufferPointer { normals in
          tree.order.withUnsafeBufferPointer { order in
            tree.corners.withUnsafeBufferPointer { corners in
              mesh.positions.withUnsafeBufferPointer { positions in
                body(
                  WallView(
                    nodes: nodes.baseAddress!, bounds: bounds.baseAddress!, normals: normals.baseAddress!,
                    order: order.baseAddress!, corners: corners.baseAddress!,
                    positions: positions.baseAddress!, rounding: rounding))
              }
            }
          }
        }
      }
    }
  }
}

extension WallView {
  /// Looks at every facet in the prism that faces away from the piece.
  ///
  /// - Parameters:
  ///   - depth: How deep the prism is, mm.
  ///   - threshold: The thickness below which area is summed up, mm.
  func opposed(
    _ prism: WallPrism, depth: Double, threshold: Double, _ stack: UnsafeMutablePointer<UInt32>
  ) -> OpposedFacets {
    var found = OpposedFacets()
    let n = SIMD3<Float>(prism.normal)
    // A slot holds nothing opposed when even the best of its normals' bounds is not.
    let least = SIMD8<Float>(repeating: Float(Tolerances.wedgeCosine) - 1e-4)
    let ox = n.x > 0 ? 0 : 96
    let oy = n.y > 0 ? 32 : 128
    let oz = n.z > 0 ? 64 : 160
    stack[0] = 0
    var top = 1
    while top > 0 {
      top -= 1
      let index = Int(stack[top])
      let node = nodes + index
      var mask = node.lanesTouching(prism.low, prism.high)
      if mask == 0 { continue }
      let raw = UnsafeRawPointer(bounds + index)
      let x = (raw + ox).load(as: SIMD8<Float>.self) * -n.x
      let y = (raw + oy).load(as: SIMD8<Float>.self) * -n.y
      let z = (raw + oz).load(as: SIMD8<Float>.self) * -n.z
      mask &= bits(x + y + z .>= least)
      while mask != 0 {
        let lane = mask.trailingZeroBitCount
        mask &= mask &- 1
        let count = node.count(lane)
        let child = Int(node.child(lane))
        if count == 0 {
          stack[top] = UInt32(child)
          top += 1
          continue
        }
        for i in child..<child + count {
          let facing = -dot(normals[i], n)
          if facing >= Float(Tolerances.wedgeCosine) && order[i] != prism.source {
            clip(i, prism, depth, threshold, &found)
          }
        }
      }
    }
    return found
  }

  /// Clips a facet to the prism and adds what it finds.
  @inline(never)
  private func clip(
    _ i: Int, _ prism: WallPrism, _ depth: Double, _ threshold: Double, _ found: inout OpposedFacets
  ) {
    let t = corners[i]
    let a = prism.local(positions[Int(t.a)])
    let b = prism.local(positions[Int(t.b)])
    let c = prism.local(positions[Int(t.c)])
    if max(a.z, b.z, c.z) < -rounding || min(a.z, b.z, c.z) > depth { return }
    if prism.hasBeside(a, b, c) { return }
    var polygon = ClippedPolygon(a, b, c)
    polygon.clip(prism.sides.0)
    polygon.clip(prism.sides.1)
    polygon.clip(prism.sides.2)
    if min(a.z, b.z, c.z) < -rounding { polygon.clip(SIMD4(0, 0, 1, rounding)) }
    if max(a.z, b.z, c.z) > depth { polygon.clip(SIMD4(0, 0, -1, depth)) }
    if polygon.count < 3 { return }
    // Depths to thicknesses: the ball that touches the piece and, straight below, a plane that leans by an angle ψ
    // is 1 - tan²(ψ/2) times as thick as that is deep.
    let facing = min(1, -dot(SIMD3<Double>(normals[i]), prism.normal))
    let factor = 2 * facing / (1 + facing)
    let (lowest, highest) = polygon.lowestAndHighest
    let depthThere = max(0, polygon[lowest].z)
    if depthThere * factor < found.least {
      found.least = depthThere * factor
      found.depth = depthThere
      found.facet = i
      let at = SIMD2(polygon[lowest].x, polygon[lowest].y)
      found.place = at
      found.inner = at + 0.05 * (polygon.middle - at)
    }
    if depthThere * factor < threshold {
      if polygon[highest].z * factor >= threshold { polygon.clip(SIMD4(0, 0, -1, threshold / factor)) }
      found.areaBelow += polygon.flatArea
    }
  }
}

/// A convex polygon of few corners, in place: x and y in a plane, z below it.
struct ClippedPolygon {
  private static var capacity: Int { 10 }
  private var corners = InlineArray<10, SIMD3<Double>>(repeating: .zero)
  private(set) var count = 3

  init(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) {
    corners[0] = a
    corners[1] = b
    corners[2] = c
  }

  subscript(i: Int) -> SIMD3<Double> { corners[i] }

  /// Keeps where the plane (x, y, z and what is added) is not negative. A plane adds one corner at most.
  @inline(__always)
  mutating func clip(_ plane: SIMD4<Double>) {
    if count == 0 { return }
    func side(_ p: SIMD3<Double>) -> Double { p.x * plane.x + p.y * plane.y + p.z * plane.z + plane.w }
    var kept = 0
    let last = corners[count - 1]
    let first = corners[0]
    var previous = last
    var before = side(previous)
    // Corners are read ahead of where they are written: the first one may be gone when it is needed.
    var corner = first
    for i in 0..<count {
      let next = i + 1 < count ? corners[i + 1] : first
      let here = side(corner)
      if (here >= 0) != (before >= 0) && kept < ClippedPolygon.capacity {
        corners[kept] = previous + (corner - previous) * (before / (before - here))
        kept += 1
      }
      if here >= 0 && kept < ClippedPolygon.capacity {
        corners[kept] = corner
        kept += 1
      }
      previous = corner
      before = here
      corner = next
    }
    count = kept
  }

  var lowestAndHighest: (Int, Int) {
    var (lowest, highest) = (0, 0)
    for i in 1..<count {
      if corners[i].z < corners[lowest].z { lowest = i }
      if corners[i].z > corners[highest].z { highest = i }
    }
    return (lowest, highest)
  }

  var middle: SIMD2<Double> {
    var sum = SIMD2<Double>.zero
    for i in 0..<count { sum += SIMD2(corners[i].x, corners[i].y) }
    return sum / Double(count)
  }

  /// Seen along z.
  var flatArea: Double {
    var twice = 0.0
    if count < 3 { return 0 }
    let o = SIMD2(corners[0].x, corners[0].y)
    for i in 1..<count - 1 {
      twice += crossed(SIMD2(corners[i].x, corners[i].y) - o, SIMD2(corners[i + 1].x, corners[i + 1].y) - o)
    }
    return abs(twice) / 2
  }
}
