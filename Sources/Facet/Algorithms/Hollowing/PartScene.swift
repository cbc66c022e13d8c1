/// The part whose walls are to be kept, as the inner loops read it. Valid inside ``with(_:_:_:_:_:)`` only.
struct PartScene: @unchecked Sendable {
  let points: PointScene
  let triangles: UnsafePointer<Triangle>
  /// In the order of the tree, the triangles' planes: normals of length 1, or zero, and heights.
  private let planes: UnsafePointer<SIMD4<Float>>
  /// More than rounding puts a height off, mm.
  private let rounding: Float
  let winding: WindingNumber
  let stackCapacity: Int

  static func with<Result>(
    _ mesh: Mesh, _ bvh: BVH, _ winding: WindingNumber, _ run: RunContext,
    _ body: (PartScene) throws(MeshError) -> Result
  ) throws(MeshError) -> Result {
    let count = bvh.order.count
    try run.reserve(bytes: count * 16, for: "the part's planes")
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
    let (low, high) = (bvh.bounds.minimum, bvh.bounds.maximum)
    let reach = max(
      abs(low.x), abs(low.y), max(abs(low.z), abs(high.x), max(abs(high.y), abs(high.z))))
    return try planes.withUnsafeBufferPointer { (planes) throws(MeshError) in
      try bvh.nodes.withUnsafeBufferPointer { (nodes) throws(MeshError) in
        try bvh.order.withUnsafeBufferPointer { (order) throws(MeshError) in
          try bvh.corners.withUnsafeBufferPointer { (corners) throws(MeshError) in
            try mesh.positions.withUnsafeBufferPointer { (positions) throws(MeshError) in
              try mesh.triangles.withUnsafeBufferPointer { (triangles) throws(MeshError) in
                try body(
                  PartScene(
                    points: PointScene(
                      nodes: nodes.baseAddress!, order: order, positions: positions, corners: corners),
                    triangles: triangles.baseAddress!, planes: planes.baseAddress!, rounding: reach * 0x1p-19,
                    winding: winding, stackCapacity: bvh.stackCapacity))
              }
            }
          }
        }
      }
    }
  }

  /// What a thread needs to ask.
  final class Scratch {
    let stack: UnsafeMutablePointer<WaitingSlot>
    let places: UnsafeMutablePointer<UInt32>

    init(_ scene: PartScene) {
      stack = .allocate(capacity: scene.stackCapacity)
      places = .allocate(capacity: scene.stackCapacity)
    }

    deinit {
      stack.deallocate()
      places.deallocate()
    }
  }

  /// The triangle nearest to a point, of several the one with the lowest index.
  ///
  /// - Parameter hint: A triangle that may be near, or `.max`: saves time, never changes the answer.
  @inline(__always)
  func nearest(to point: SIMD3<Float>, hint: UInt32, _ scratch: Scratch) -> NearestPoint {
    var nearest = NearestPoint(limit: .infinity)
    if hint != .max {
      nearest.offset = offset(from: point, to: hint)
      nearest.squared = dot(nearest.offset, nearest.offset)
      nearest.triangle = hint
    }
    search(point, &nearest, scratch.stack)
    return nearest
  }

  /// As ``PointScene/search(_:_:_:)``, but triangles whose planes are too far away are not looked at: from the middle of
  /// a wall that are most.
  private func search(
    _ point: SIMD3<Float>, _ nearest: inout NearestPoint, _ stack: UnsafeMutablePointer<WaitingSlot>
  ) {
    let px = SIMD8(repeating: point.x)
    let py = SIMD8(repeating: point.y)
    let pz = SIMD8(repeating: point.z)
    let zero = SIMD8<Float>.zero
    var reach = nearest.squared.squareRoot() * 1.00001 + rounding
    stack[0] = WaitingSlot(near: 0, child: 0, count: 0)
    var top = 1
    while top > 0 {
      top -= 1
      let slot = stack[top]
      if slot.near > nearest.squared { continue }
      if slot.count > 0 {
        for i in Int(slot.child)..<Int(slot.child) &+ Int(slot.count) {
          let plane = planes[i]
          let height = point.x * plane.x + point.y * plane.y + point.z * plane.z - plane.w
          if abs(height) > reach { continue }
          let t = points.corners[i]
          let offset = closestOffset(
            points.positions[Int(t.a)] - point, points.positions[Int(t.b)] - point,
            points.positions[Int(t.c)] - point)
          let squared = dot(offset, offset)
          if squared > nearest.squared { continue }
          let id = points.order[i]
          if squared < nearest.squared || id < nearest.triangle {
            nearest.squared = squared
            nearest.triangle = id
            nearest.offset = offset
            reach = squared.squareRoot() * 1.00001 + rounding
          }
        }
        continue
      }
      let node = points.nodes + Int(slot.child)
      let x = greater(greater(zero, node.lanes(at: 0) - px), px - node.lanes(at: 96))
      let y = greater(greater(zero, node.lanes(at: 32) - py), py - node.lanes(at: 128))
      let z = greater(greater(zero, node.lanes(at: 64) - pz), pz - node.lanes(at: 160))
      // A little less than computed, so that rounding never hides the closest triangle.
      let near = (x * x + y * y + z * z) * 0.999999
      var mask = bits(near .<= SIMD8(repeating: nearest.squared))
      let first = top
      while mask != 0 {
        let lane = mask.trailingZeroBitCount
        mask &= mask &- 1
        let distance = near[lane]
        // Empty slots lie at infinity, and so may the limit.
        if distance == .infinity { continue }
        var place = top
        while place > first, stack[place - 1].near < distance {
          stack[place] = stack[place - 1]
          place -= 1
        }
        stack[place] = WaitingSlot(near: distance, child: node.child(lane), count: UInt32(node.count(lane)))
        top += 1
      }
    }
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
  private static var capacity: Int { 16 }
  private var known = InlineArray<16, SIMD4<Float>>(repeating: .zero)
  private var inside: UInt32 = 0
  private var count = 0

  mutating func forget() { count = 0 }

  /// Whether a point is inside, at a distance from the surface.
  mutating func isInside(_ point: SIMD3<Float>, distance: Float, _ scene: PartScene) -> Bool {
    for i in 0..<count {
      let other = known[i]
      let away = SIMD3(other.x, other.y, other.z) - point
      let reach = (distance + other.w) * 0.9999
      if dot(away, away) < reach * reach { return inside &>> UInt32(i) & 1 != 0 }
    }
    let isInside = scene.winding.at(point) > 0.5
    let place = count < SideFinder.capacity ? count : SideFinder.capacity - 1
    known[place] = SIMD4(point, distance)
    inside = inside & ~(1 &<< UInt32(place)) | (isInside ? 1 : 0) &<< UInt32(place)
    count = place + 1
    return isInside
  }
}
