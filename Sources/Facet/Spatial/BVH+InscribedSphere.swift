/// A ball inside a surface that touches it at a point and, on the other side, at a triangle.
public struct InscribedSphere: Sendable, Equatable, BitwiseCopyable {
  /// From the point along the inward normal, a ``radius`` away.
  public var center: SIMD3<Float>
  /// In millimetres. The wall there is twice as thick when the contacts face each other.
  public var radius: Float
  /// The triangle that keeps the ball from being larger.
  public var triangle: Int
  /// Where that triangle touches the ball.
  public var contact: SIMD3<Float>
}

extension BVH {
  /// The largest ball that touches the surface at `point` from within, with no surface inside it; nil when the
  /// ball of the `largest` radius touches nothing else. Of several triangles that limit the ball equally, the one
  /// with the lowest index.
  ///
  /// Triangles that go through the point, or lie in the plane of contact, do not limit the ball: such that it
  /// touches no higher above that plane than 2⁻²⁰ of the mesh's greatest coordinate, which is what rounding the
  /// point to single precision may cost. Any other triangle does, however close: near a convex edge the ball is as
  /// small as the faces beside it demand.
  ///
  /// - Parameters:
  ///   - point: On the surface, as well as single precision allows.
  ///   - inward: The direction from `point` into the material, square to the surface. Of any length but zero.
  ///   - largest: In millimetres.
  public func inscribedSphere(
    _ mesh: Mesh, at point: SIMD3<Float>, normal inward: SIMD3<Float>, largest radius: Float
  ) -> InscribedSphere? {
    guard
      var ball = TouchingBall(point, inward, radius, clearance: contactClearance, reach: reach(point))
    else { return nil }
    var recent = RecentLeaves()
    withScene(mesh, nil) { $0.shrink(&ball, &recent) }
    return ball.result
  }

  /// The inscribed sphere at each of many points, as ``inscribedSphere(_:at:normal:largest:)`` finds it: the same
  /// values, sooner, because neighbours start from each other's balls. In any order; results are in that of the
  /// points.
  ///
  /// - Parameter normals: The inward directions, as many as points.
  /// - Throws: ``MeshError/cancelled`` or ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public func inscribedSpheres(
    _ mesh: Mesh, at points: [SIMD3<Float>], normals: [SIMD3<Float>], largest radius: Float,
    _ run: RunContext = .init()
  ) throws(MeshError) -> [InscribedSphere?] {
    precondition(points.count == normals.count, "an inward normal for each point")
    let own = points.count * (MemoryLayout<InscribedSphere?>.stride + 20)
    try run.reserve(bytes: own, for: "inscribed spheres")
    let sequence = try mortonOrder(points, run)
    let clearance = contactClearance
    let laidOut = try leafBlocks(mesh, queries: points.count, bytes: own, run)
    return try [InscribedSphere?](filling: points.count) { (spheres) throws(MeshError) in
      try run.forEachChunk(of: points.count, size: 1024) { _, chunk in
        withScene(mesh, laidOut) { scene in
          var recent = RecentLeaves()
          // All at once: one after another, each would wait for memory.
          let contacts = chunk.map { points[Int(sequence[$0])] }
          let inward = chunk.map { normals[Int(sequence[$0])] }
          for next in chunk {
            let i = Int(sequence[next])
            let point = contacts[next - chunk.lowerBound]
            guard
              var ball = TouchingBall(
                point, inward[next - chunk.lowerBound], radius, clearance: clearance, reach: reach(point))
            else {
              spheres[i] = nil
              continue
            }
            scene.shrink(&ball, &recent)
            spheres[i] = ball.result
          }
        }
      }
    }
  }

  /// How high above the plane of contact a point may be and still lie in it, in millimetres.
  var contactClearance: Double {
    if bounds.isEmpty { return 0 }
    let far = greater(bounds.maximum, -bounds.minimum)
    return 0x1p-20 * Double(max(far.x, far.y, far.z))
  }

  /// A distance from `point` within which the whole mesh is.
  func reach(_ point: SIMD3<Float>) -> Double {
    if bounds.isEmpty { return 0 }
    let low = SIMD3<Double>(point) - SIMD3<Double>(bounds.minimum)
    let high = SIMD3<Double>(bounds.maximum) - SIMD3<Double>(point)
    return length(
      SIMD3(max(abs(low.x), abs(high.x)), max(abs(low.y), abs(high.y)), max(abs(low.z), abs(high.z))))
  }
}

extension TouchingBall {
  /// - Parameter reach: The farthest that anything is from the point. Radii are cut where no contact higher than
  ///   the clearance could tell larger ones apart.
  init?(
    _ point: SIMD3<Float>, _ inward: SIMD3<Float>, _ largest: Float, clearance: Double, reach: Double
  ) {
    let normal = SIMD3<Double>(inward).normalized
    guard point.isFinite, inward.isFinite, normal != .zero, largest > 0 else { return nil }
    self.point = SIMD3<Double>(point)
    self.normal = normal
    self.clearance = clearance
    // No contact above the clearance leaves a larger ball.
    let most = clearance > 0 ? reach * reach / (2 * clearance) : 0
    radius = min(Double(largest), most)
  }

  var result: InscribedSphere? {
    if triangle == .max { return nil }
    return InscribedSphere(
      center: SIMD3<Float>(point + radius * normal), radius: Float(radius), triangle: Int(triangle),
      contact: SIMD3<Float>(point + contact))
  }
}
