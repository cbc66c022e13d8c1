/// The part whose walls are to be kept, as the inner loops read it. Valid inside ``with(_:_:_:_:)`` only.
struct PartScene: @unchecked Sendable {
  let points: PointScene
  let triangles: UnsafePointer<Triangle>
  let winding: WindingNumber
  let stackCapacity: Int

  static func with<Result>(
    _ mesh: Mesh, _ bvh: BVH, _ winding: WindingNumber,
    _ body: (PartScene) throws(MeshError) -> Result
  ) throws(MeshError) -> Result {
    try bvh.nodes.withUnsafeBufferPointer { (nodes) throws(MeshError) in
      try bvh.order.withUnsafeBufferPointer { (order) throws(MeshError) in
        try bvh.corners.withUnsafeBufferPointer { (corners) throws(MeshError) in
          try mesh.positions.withUnsafeBufferPointer { (positions) throws(MeshError) in
            try mesh.triangles.withUnsafeBufferPointer { (triangles) throws(MeshError) in
              try body(
                PartScene(
                  points: PointScene(
                    nodes: nodes.baseAddress!, order: order, positions: positions, corners: corners),
                  triangles: triangles.baseAddress!, winding: winding, stackCapacity: bvh.stackCapacity))
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
    points.search(point, &nearest, scratch.stack)
    return nearest
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
