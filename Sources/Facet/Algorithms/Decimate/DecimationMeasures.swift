/// How far a reduced mesh is from its source, and how far the surface has turned.
struct DecimationMeasures {
  var deviation = Deviation(forward: 0, backward: 0)
  /// Degrees.
  var largestTurn: Float = 0

  /// Of more triangles, that many or fewer are looked at, evenly by their numbers.
  private static let sampleLimit = 300_000

  /// Nothing measured.
  init() {}

  /// - Parameter sourceTree: nil leaves the way back out.
  init(
    of result: Mesh, _ tree: BVH, from source: Mesh, _ sourceTree: BVH?, _ run: RunContext
  ) throws(MeshError) {
    if result.triangles.isEmpty || source.triangles.isEmpty { return }
    let step = (source.triangles.count + Self.sampleLimit - 1) / Self.sampleLimit
    let samples = (source.triangles.count + step - 1) / step
    let there = try run.mapChunks(of: samples, size: 2048) { _, range in
      var (distance, cosine) = (Float(0), Float(1))
      for i in range {
        let (a, b, c) = source.corners(i * step)
        if let closest = tree.closestPoint(result, to: a) { distance = max(distance, closest.distance) }
        guard let closest = tree.closestPoint(result, to: (a + b + c) / 3) else { continue }
        distance = max(distance, closest.distance)
        let (p, q, r) = result.corners(closest.triangle)
        cosine = min(cosine, cosineBetween(cross(b - a, c - a), cross(q - p, r - p)))
      }
      return (distance: distance, cosine: cosine)
    }
    for part in there {
      deviation.forward = max(deviation.forward, part.distance)
      largestTurn = max(largestTurn, degrees(ofCosine: part.cosine))
    }
    guard let sourceTree else { return }
    // The vertices, then the middles of the triangles.
    let (vertices, count) = (result.positions.count, result.positions.count + result.triangles.count)
    let back = try run.mapChunks(of: count, size: 2048) { _, range in
      var distance: Float = 0
      for i in range {
        var p = SIMD3<Float>.zero
        if i < vertices {
          p = result.positions[i]
        } else {
          let (a, b, c) = result.corners(i - vertices)
          p = (a + b + c) / 3
        }
        if let closest = sourceTree.closestPoint(source, to: p) { distance = max(distance, closest.distance) }
      }
      return distance
    }
    deviation.backward = back.max() ?? 0
  }
}
