extension Decimation {
  /// How far the result is from the source, and how far the surface has turned.
  struct Measures {
    var deviation = Deviation(forward: 0, backward: 0)
    /// Degrees.
    var largestTurn: Float = 0
  }

  /// Measures by what each vertex has become: an original point is near the triangles around the vertices that its
  /// own triangle has become. Needs no search, and is never less than the true distance.
  ///
  /// Forward at the original vertices and the middles of the triangles, backward at the new ones.
  func measure(_ run: RunContext) throws(MeshError) -> Measures {
    let survivors = (0..<mesh.vertexCount).map { UInt32(mesh.survivor(of: $0)) }
    // For each original triangle, the new one that is nearest to its middle.
    var carrier = [UInt32](repeating: .max, count: mesh.triangleCount)
    let parts = try carrier.withSharedElements { (carrier) throws(MeshError) in
      try run.mapChunks(of: mesh.triangleCount, size: 4096) { _, range in
        var measures = Measures()
        var cosine: Float = 1
        var fan = Fan()
        defer { fan.deallocate() }
        for f in range {
          let (nearest, squared, turn) = measure(f, survivors, &fan)
          carrier[f] = nearest
          measures.deviation.forward = max(measures.deviation.forward, squared)
          cosine = min(cosine, turn)
        }
        measures.largestTurn = cosine
        return measures
      }
    }
    var result = Measures()
    result.deviation.forward = parts.map(\.deviation.forward).max()?.squareRoot() ?? 0
    result.largestTurn = degrees(ofCosine: parts.map(\.largestTurn).min() ?? 1)
    try run.checkCancellation()
    result.deviation.backward = backward(survivors, carrier)
    return result
  }

  /// Of original triangle `f`: the new triangle nearest to its middle, the larger of the squared distances of its
  /// middle and of the vertices that it is the first to name, and the cosine of its turn.
  private func measure(
    _ f: Int, _ survivors: [UInt32], _ fan: inout Fan
  ) -> (nearest: UInt32, squared: Float, cosine: Float) {
    let t = order.corners[f]
    let (a, b, c) = (original(t.a), original(t.b), original(t.c))
    let now = (survivors[Int(t.a)], survivors[Int(t.b)], survivors[Int(t.c)])
    let middle = (a + b + c) / 3
    var nearest = UInt32.max
    var least = Float.infinity
    var farthest: Float = 0
    for (k, v) in [now.0, now.1, now.2].enumerated() {
      let corner = k == 0 ? a : k == 1 ? b : c
      var atCorner = Float.infinity
      forEachTriangle(around: Int(v), &fan) { n in
        let (p, q, r) = place(n)
        let toMiddle = closestOffset(p - middle, q - middle, r - middle)
        if dot(toMiddle, toMiddle) < least {
          least = dot(toMiddle, toMiddle)
          nearest = UInt32(n)
        }
        let toCorner = closestOffset(p - corner, q - corner, r - corner)
        atCorner = min(atCorner, dot(toCorner, toCorner))
      }
      if atCorner < .infinity { farthest = max(farthest, atCorner) }
    }
    guard nearest != .max else { return (nearest, 0, 1) }
    let (p, q, r) = place(Int(nearest))
    return (nearest, max(farthest, least), cosineBetween(cross(b - a, c - a), cross(q - p, r - p)))
  }

  /// The largest distance of a new vertex, or of the middle of a new triangle, from the original triangles that
  /// became what is around it.
  private func backward(_ survivors: [UInt32], _ carrier: [UInt32]) -> Float {
    var atVertex = [Float](repeating: .infinity, count: mesh.vertexCount)
    var atMiddle = [Float](repeating: .infinity, count: mesh.triangleCount)
    for (f, t) in order.corners.enumerated() {
      let (a, b, c) = (original(t.a), original(t.b), original(t.c))
      func squared(_ p: SIMD3<Float>) -> Float {
        let offset = closestOffset(a - p, b - p, c - p)
        return dot(offset, offset)
      }
      for v in [survivors[Int(t.a)], survivors[Int(t.b)], survivors[Int(t.c)]] where atVertex[Int(v)] > 0 {
        atVertex[Int(v)] = min(atVertex[Int(v)], squared(mesh.vertex[Int(v)].position))
      }
      let n = Int(carrier[f])
      if carrier[f] != .max {
        let (p, q, r) = place(n)
        atMiddle[n] = min(atMiddle[n], squared((p + q + r) / 3))
      }
    }
    var farthest: Float = 0
    for v in 0..<mesh.vertexCount where Int(survivors[v]) == v && atVertex[v] < .infinity {
      farthest = max(farthest, atVertex[v])
    }
    // A triangle that is nobody's nearest lies among those of its corners.
    for f in 0..<mesh.triangleCount where !mesh.isGone(f) && atMiddle[f] < .infinity {
      farthest = max(farthest, atMiddle[f])
    }
    return farthest.squareRoot()
  }

  @inline(__always)
  private func original(_ v: UInt32) -> SIMD3<Float> { source.positions[Int(order.vertices[Int(v)])] }

  @inline(__always)
  private func place(_ f: Int) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    (
      mesh.vertex[Int(mesh.corner[3 * f])].position, mesh.vertex[Int(mesh.corner[3 * f + 1])].position,
      mesh.vertex[Int(mesh.corner[3 * f + 2])].position
    )
  }

  @inline(__always)
  private func forEachTriangle(around v: Int, _ fan: inout Fan, _ body: (Int) -> Void) {
    if mesh.vertex[v].start == CollapseMesh.gone { return }
    guard mesh.collect(v, &fan, 0..<UInt32.max) == .whole else { return }
    for i in 0..<fan.count { body(Int(fan.halfEdges[i]) / 3) }
  }
}
