/// Up to four triangles side by side: corners, vertex indices and boxes, a lane each. Missing lanes have the
/// empty box.
struct TriangleLanes: BitwiseCopyable {
  // Corner by corner; read by byte offset, see `coordinates`.
  var ax = SIMD4<Float>.zero
  var ay = SIMD4<Float>.zero
  var az = SIMD4<Float>.zero
  var bx = SIMD4<Float>.zero
  var by = SIMD4<Float>.zero
  var bz = SIMD4<Float>.zero
  var cx = SIMD4<Float>.zero
  var cy = SIMD4<Float>.zero
  var cz = SIMD4<Float>.zero
  var a = SIMD4<UInt32>.zero
  var b = SIMD4<UInt32>.zero
  var c = SIMD4<UInt32>.zero
  var lowX = SIMD4<Float>.zero
  var lowY = SIMD4<Float>.zero
  var lowZ = SIMD4<Float>.zero
  var highX = SIMD4<Float>.zero
  var highY = SIMD4<Float>.zero
  var highZ = SIMD4<Float>.zero
  /// Where in the tree's order they are.
  var first = 0
}

/// One of the lanes' triangles.
struct LaneTriangle {
  let a: SIMD3<Float>
  let b: SIMD3<Float>
  let c: SIMD3<Float>
  let indices: Triangle
  let low: SIMD3<Float>
  let high: SIMD3<Float>
  /// Where in the tree's order it is.
  let place: Int
}

extension UnsafeMutablePointer<TriangleLanes> {
  /// Axis `axis` of corner `corner`, all lanes.
  @inline(__always)
  func coordinates(_ corner: Int, _ axis: Int) -> SIMD4<Float> {
    (UnsafeRawPointer(self) + (corner * 3 + axis) * 16).load(as: SIMD4<Float>.self)
  }

  @inline(__always)
  private func scalar(_ vector: Int, _ lane: Int) -> Float {
    (UnsafeRawPointer(self) + (vector * 16 + lane * 4)).load(as: Float.self)
  }

  @inline(__always)
  private func index(_ vector: Int, _ lane: Int) -> UInt32 {
    (UnsafeRawPointer(self) + (vector * 16 + lane * 4)).load(as: UInt32.self)
  }

  @inline(__always)
  func triangle(_ lane: Int) -> LaneTriangle {
    LaneTriangle(
      a: SIMD3(scalar(0, lane), scalar(1, lane), scalar(2, lane)),
      b: SIMD3(scalar(3, lane), scalar(4, lane), scalar(5, lane)),
      c: SIMD3(scalar(6, lane), scalar(7, lane), scalar(8, lane)),
      indices: Triangle(index(9, lane), index(10, lane), index(11, lane)),
      low: SIMD3(scalar(12, lane), scalar(13, lane), scalar(14, lane)),
      high: SIMD3(scalar(15, lane), scalar(16, lane), scalar(17, lane)),
      place: pointee.first + lane)
  }

  /// Reads a leaf's triangles.
  @inline(__always)
  func load(_ first: Int, _ count: Int, _ scene: TriangleScene) {
    let t0 = scene.leafCorners[first]
    let t1 = scene.leafCorners[first + Swift.min(1, count - 1)]
    let t2 = scene.leafCorners[first + Swift.min(2, count - 1)]
    let t3 = scene.leafCorners[first + count - 1]
    pointee.a = SIMD4(t0.a, t1.a, t2.a, t3.a)
    pointee.b = SIMD4(t0.b, t1.b, t2.b, t3.b)
    pointee.c = SIMD4(t0.c, t1.c, t2.c, t3.c)
    let (ax, ay, az) = scene.corners(t0.a, t1.a, t2.a, t3.a)
    let (bx, by, bz) = scene.corners(t0.b, t1.b, t2.b, t3.b)
    let (cx, cy, cz) = scene.corners(t0.c, t1.c, t2.c, t3.c)
    pointee.ax = ax
    pointee.ay = ay
    pointee.az = az
    pointee.bx = bx
    pointee.by = by
    pointee.bz = bz
    pointee.cx = cx
    pointee.cy = cy
    pointee.cz = cz
    let missing = SIMD4<Int32>(0, 1, 2, 3) .>= SIMD4(repeating: Int32(count))
    pointee.lowX = lesser(lesser(ax, bx), cx).replacing(with: .infinity, where: missing)
    pointee.lowY = lesser(lesser(ay, by), cy)
    pointee.lowZ = lesser(lesser(az, bz), cz)
    pointee.highX = greater(greater(ax, bx), cx).replacing(with: -.infinity, where: missing)
    pointee.highY = greater(greater(ay, by), cy)
    pointee.highZ = greater(greater(az, bz), cz)
    pointee.first = first
  }

  /// A bit for each lane whose box comes inside the given one on every axis.
  @inline(__always)
  func lanesCrossing(_ low: SIMD3<Float>, _ high: SIMD3<Float>) -> UInt32 {
    let x = (pointee.lowX .< high.x) .& (pointee.highX .> low.x)
    let y = (pointee.lowY .< high.y) .& (pointee.highY .> low.y)
    let z = (pointee.lowZ .< high.z) .& (pointee.highZ .> low.z)
    return bits(x .& y .& z)
  }

  /// A bit for each lane whose box meets the given one; boxes that only touch do.
  @inline(__always)
  func lanesTouching(_ low: SIMD3<Float>, _ high: SIMD3<Float>) -> UInt32 {
    let x = (pointee.lowX .<= high.x) .& (pointee.highX .>= low.x)
    let y = (pointee.lowY .<= high.y) .& (pointee.highY .>= low.y)
    let z = (pointee.lowZ .<= high.z) .& (pointee.highZ .>= low.z)
    return bits(x .& y .& z)
  }
}

/// The arrays that a scan over pairs of triangles reads.
struct TriangleScene {
  let nodes: UnsafePointer<BVH.Node>
  let order: UnsafePointer<UInt32>
  let positions: UnsafePointer<SIMD3<Float>>
  /// In the tree's order.
  let leafCorners: UnsafePointer<Triangle>

  @inline(__always)
  func corners(
    _ i0: UInt32, _ i1: UInt32, _ i2: UInt32, _ i3: UInt32
  ) -> (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>) {
    let p0 = positions[Int(i0)]
    let p1 = positions[Int(i1)]
    let p2 = positions[Int(i2)]
    let p3 = positions[Int(i3)]
    return (
      SIMD4(p0.x, p1.x, p2.x, p3.x), SIMD4(p0.y, p1.y, p2.y, p3.y), SIMD4(p0.z, p1.z, p2.z, p3.z)
    )
  }
}

extension Mesh {
  /// Calls `body` with the addresses of this mesh's and its tree's arrays. The mesh has triangles.
  func withScene<Result>(
    _ bvh: BVH, _ body: (TriangleScene) throws(MeshError) -> Result
  ) throws(MeshError) -> Result {
    precondition(bvh.order.count == triangles.count, "the tree is of another mesh")
    return try bvh.nodes.withUnsafeBufferPointer { (nodes) throws(MeshError) in
      try bvh.order.withUnsafeBufferPointer { (order) throws(MeshError) in
        try positions.withUnsafeBufferPointer { (positions) throws(MeshError) in
          try bvh.corners.withUnsafeBufferPointer { (corners) throws(MeshError) in
            try body(
              TriangleScene(
                nodes: nodes.baseAddress!, order: order.baseAddress!, positions: positions.baseAddress!,
                leafCorners: corners.baseAddress!))
          }
        }
      }
    }
  }
}
