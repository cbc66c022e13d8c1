/// The part whose walls are to be kept, as the inner loops read it. Valid inside ``with(_:_:_:_:_:)`` only.
struct PartScene: @unchecked Sendable {
  let points: PointScene
  let triangles: UnsafePointer<Triangle>
  /// In the order of the tree, the triangles' planes: normals of length 1, or zero, and heights.
  private let planes: UnsafePointer<SIMD4<Float>>
  /// For each slot of the tree's nodes.
  let discs: UnsafePointer<SlotDisc>
  /// More than rounding puts a height off, mm.
  let rounding: Float
  let winding: WindingNumber
  let stackCapacity: Int

  static func with<Result>(
    _ mesh: Mesh, _ bvh: BVH, _ winding: WindingNumber, _ run: RunContext,
    _ body: (PartScene) throws(MeshError) -> Result
  ) throws(MeshError) -> Result {
    let count = bvh.order.count
    try run.reserve(bytes: count * 16 + PartDiscs.bytes(bvh), for: "the part's planes")
    let planes = try [SIMD4<Float>](filling: count) { (planes) throws(MeshError) in
      try run.forEachChunk(of: count, size: 1 << 14) { _, range in
        for i in range {
          let (a, b, c) = mesh.corners(Int(bvh.order[i]))
          let p = SIMD3<Double>(a)
          let normal = cross(SIMD3<Double>(b) - p, SIMD3<Double>(c) - p).normalized
          planes[i] = SIMD4(SIMD3<Float>(normal), Float(dot(normal, p)))
        }
      }
    }
    let discs = try PartDiscs(mesh, bvh, run).discs
    let (low, high) = (bvh.bounds.minimum, bvh.bounds.maximum)
    let reach = max(
      abs(low.x), abs(low.y), max(abs(low.z), abs(high.x), max(abs(high.y), abs(high.z))))
    return try planes.withUnsafeBufferPointer { (planes) throws(MeshError) in
      try discs.withUnsafeBufferPointer { (discs) throws(MeshError) in
        try bvh.nodes.withUnsafeBufferPointer { (nodes) throws(MeshError) in
          try bvh.order.withUnsafeBufferPointer { (order) throws(MeshError) in
            try bvh.corners.withUnsafeBufferPointer { (corners) throws(MeshError) in
              try mesh.positions.withUnsafeBufferPointer { (positions) throws(MeshError) in
                try mesh.triangles.withUnsafeBufferPointer { (triangles) throws(MeshError) in
                  try body(
                    PartScene(
                      points: PointScene(
                        nodes: nodes.baseAddress!, order: order, positions: positions, corners: corners),
                      triangles: triangles.baseAddress!, planes: planes.baseAddress!,
                      discs: discs.baseAddress!, rounding: reach * 0x1p-20, winding: winding,
                      stackCapacity: bvh.stackCapacity))
                }
              }
            }
          }
        }
      }
    }
  }

  /// What a thread needs to ask.
  final class Scratch {
    let places: UnsafeMutablePointer<UInt32>
    let near = NearTriangles()

    init(_ scene: PartScene) {
      places = .allocate(capacity: scene.stackCapacity)
    }

    deinit {
      places.deallocate()
    }
  }

  /// The triangle nearest to a point, of several the one with the lowest index.
  ///
  /// - Parameter hint: A triangle that may be near, or `.max`: saves time, never changes the answer.
  @inline(__always)
  func nearest(to point: SIMD3<Float>, hint: UInt32, _ scratch: Scratch) -> NearestPoint {
    var nearest = NearestPoint(limit: .infinity)
    nearest.triangle = hint == .max ? someNear(point) : hint
    nearest.offset = offset(from: point, to: nearest.triangle)
    nearest.squared = dot(nearest.offset, nearest.offset)
    search(point, &nearest, scratch.places)
    return nearest
  }

  /// As ``PointScene/search(_:_:_:)``, but what lies in discs that are too far away is not looked at: from
  /// the middle of a wall that is most of what boxes do not tell. And as a triangle is known that is hardly farther than
  /// the nearest, in no order.
  private func search(
    _ point: SIMD3<Float>, _ nearest: inout NearestPoint, _ stack: UnsafeMutablePointer<UInt32>
  ) {
    let (px, py, pz) = (SIMD8(repeating: point.x), SIMD8(repeating: point.y), SIMD8(repeating: point.z))
    let at = SIMD4(point, 0)
    var reach = nearest.squared.squareRoot() * 1.00001 + rounding
    stack[0] = 0
    var top = 1
    while top > 0 {
      top -= 1
      let node = points.nodes + Int(stack[top])
      let discs = discs + Int(stack[top]) &* 8
      // A little farther than known, so that rounding never hides the closest triangle.
      var mask = bits(node.squaredDistances(px, py, pz) .<= nearest.squared * 1.000001)
      while mask != 0 {
        let lane = mask.trailingZeroBitCount
        mask &= mask &- 1
        if discs[lane].isBeyond(at, reach * reach) { continue }
        let count = node.count(lane)
        if count == 0 {
          stack[top] = node.child(lane)
          top += 1
          continue
        }
        if points.look(Int(node.child(lane)), count, point, &nearest) {
          reach = nearest.squared.squareRoot() * 1.00001 + rounding
        }
      }
    }
  }

  /// A triangle that is near to a point: of the leaf whose box is the nearest, and so on from the root.
  @inline(never)
  private func someNear(_ point: SIMD3<Float>) -> UInt32 {
    let (px, py, pz) = (SIMD8(repeating: point.x), SIMD8(repeating: point.y), SIMD8(repeating: point.z))
    var node = points.nodes
    while true {
      let near = node.squaredDistances(px, py, pz)
      var (best, least) = (0, Float.infinity)
      for lane in 0..<8 where near[lane] < least { (best, least) = (lane, near[lane]) }
      let child = Int(node.child(best))
      if node.count(best) > 0 { return points.order[child] }
      // The root is nobody's child: all is too far away to tell.
      if child == 0 { return points.order[0] }
      node = points.nodes + child
    }
  }

  /// Of the triangle at a place in the tree: of length 1, or zero.
  @inline(__always)
  func normal(at place: Int) -> SIMD3<Float> {
    let plane = planes[place]
    return SIMD3(plane.x, plane.y, plane.z)
  }

  /// Of a leaf's triangles: normals and heights.
  @inline(__always)
  func planes(_ leaf: Leaf) -> (normals: Lanes3, heights: SIMD4<Float>) {
    let (p, q, r, s) = (planes[leaf.i0], planes[leaf.i1], planes[leaf.i2], planes[leaf.i3])
    return (
      Lanes3(
        x: SIMD4(p.x, q.x, r.x, s.x), y: SIMD4(p.y, q.y, r.y, s.y), z: SIMD4(p.z, q.z, r.z, s.z)),
      SIMD4(p.w, q.w, r.w, s.w)
    )
  }

  /// From a point to the closest one of a triangle.
  @inline(__always)
  func offset(from point: SIMD3<Float>, to triangle: UInt32) -> SIMD3<Float> {
    let t = triangles[Int(triangle)]
    return closestOffset(
      points.positions[Int(t.a)] - point, points.positions[Int(t.b)] - point,
      points.positions[Int(t.c)] - point)
  }
}

/// Tells which side of a part's surface points are on. Between two points whose empty balls meet there is no surface:
/// so most points are on the side of another one that is known.
struct SideFinder {
  private static var capacity: Int { 32 }
  private let scene: PartScene
  /// How far to go from a point to one that tells more, mm.
  private let step: Float
  /// Empty balls: middles and radii.
  private var known = InlineArray<32, SIMD4<Float>>(repeating: .zero)
  private var inside: UInt32 = 0
  private var count = 0
  /// The one that was noted first is forgotten first.
  private var oldest = 0

  init(_ scene: PartScene, step: Float) {
    self.scene = scene
    self.step = step
  }

  /// Whether a point is inside.
  ///
  /// - Parameter nearest: What of the surface is nearest to it.
  mutating func isInside(
    _ point: SIMD3<Float>, _ nearest: NearestPoint, _ scratch: PartScene.Scratch
  ) -> Bool {
    var (middle, radius) = (point, nearest.squared.squareRoot())
    if let side = side(middle, radius) {
      if radius > step { note(middle, radius, side) }
      return side
    }
    if radius > 0 {
      // Away from the surface balls are larger, and to ask for one takes a tenth of what the winding number takes.
      let next = point - nearest.offset * (step / radius)
      let around = scene.nearest(to: next, hint: nearest.triangle, scratch).squared.squareRoot()
      if step < (radius + around) * 0.9999 {
        if let side = side(next, around) {
          note(next, around, side)
          return side
        }
        if around > radius { (middle, radius) = (next, around) }
      }
    }
    let isInside = scene.winding.at(middle) > 0.5
    note(middle, radius, isInside)
    return isInside
  }

  private mutating func note(_ middle: SIMD3<Float>, _ radius: Float, _ isInside: Bool) {
    known[oldest] = SIMD4(middle, radius)
    inside = inside & ~(1 &<< UInt32(oldest)) | (isInside ? 1 : 0) &<< UInt32(oldest)
    oldest = (oldest &+ 1) % SideFinder.capacity
    count = min(count &+ 1, SideFinder.capacity)
  }

  /// The side of a ball that meets one that is known.
  private func side(_ middle: SIMD3<Float>, _ radius: Float) -> Bool? {
    for i in 0..<count {
      let other = known[i]
      let away = SIMD3(other.x, other.y, other.z) - middle
      let reach = (radius + other.w) * 0.9999
      if dot(away, away) < reach * reach { return inside &>> UInt32(i) & 1 != 0 }
    }
    return nil
  }
}
