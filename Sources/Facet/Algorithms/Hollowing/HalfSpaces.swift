/// A few half-spaces, and the point in all of them that is nearest to the origin.
struct HalfSpaces {
  private static var capacity: Int { 8 }
  private var ways = InlineArray<8, SIMD3<Float>>(repeating: .zero)
  private var heights = InlineArray<8, Float>(repeating: 0)
  private var count = 0

  /// - Parameters:
  ///   - way: Of length 1; into the half-space.
  ///   - height: Of its border, along `way`.
  mutating func add(_ way: SIMD3<Float>, _ height: Float) {
    for i in 0..<count where dot(ways[i], way) > 0.9999 {
      heights[i] = max(heights[i], height)
      return
    }
    let place = count < HalfSpaces.capacity ? count : HalfSpaces.capacity - 1
    ways[place] = way
    heights[place] = height
    count = place + 1
  }

  /// The point nearest to the origin: it is on the borders of one, two or three of them. Where half-spaces have nothing
  /// in common, or hardly, the nearest one of those that are in most.
  var nearest: SIMD3<Float> {
    var best = SIMD3<Float>.zero
    var (leastFault, leastSize) = (fault(.zero), Float(0))
    if leastFault <= 0 { return .zero }
    func consider(_ point: SIMD3<Float>) {
      let (fault, size) = (max(fault(point), 0), dot(point, point))
      if fault < leastFault || fault == leastFault && size < leastSize {
        (leastFault, leastSize) = (fault, size)
        best = point
      }
    }
    for i in 0..<count {
      consider(ways[i] * heights[i])
      for j in 0..<i {
        let cosine = dot(ways[i], ways[j])
        let scale = 1 - cosine * cosine
        guard scale > 1e-3 else { continue }
        let (a, b) = ((heights[i] - cosine * heights[j]) / scale, (heights[j] - cosine * heights[i]) / scale)
        consider(ways[i] * a + ways[j] * b)
        let along = cross(ways[i], ways[j])
        for k in 0..<j {
          let volume = dot(along, ways[k])
          guard abs(volume) > 0.03 else { continue }
          let sum =
            heights[i] * cross(ways[j], ways[k]) + heights[j] * cross(ways[k], ways[i]) + heights[k] * along
          consider(sum / volume)
        }
      }
    }
    return best
  }

  /// How far a point is outside of the half-space that it is farthest out of; rounding counts as none.
  private func fault(_ point: SIMD3<Float>) -> Float {
    var worst: Float = 0
    for i in 0..<count {
      let missing = heights[i] - dot(ways[i], point)
      if missing > 1e-5 * abs(heights[i]) { worst = max(worst, missing) }
    }
    return worst
  }
}
