/// Points by the cubes they lie in.
struct PointGrid: Sendable {
  private let cell: Double
  private let mask: UInt64
  /// For each hash the last point filed, and for each point the one filed before it.
  private let heads: [Int32]
  private let previous: [Int32]
  private let keys: [UInt64]
  /// Looks at no more points of one cell: where hundreds lie that close, which fits which is guesswork.
  private static let mostInOneCell = 256

  /// - Parameter cell: The width of a cube, mm: twice the distance to look within.
  init(_ points: [SIMD3<Double>], cell: Double) {
    self.cell = cell
    var size: UInt64 = 16
    while size < points.count * 2 { size *= 2 }
    mask = size - 1
    var heads = [Int32](repeating: -1, count: Int(size))
    var previous = [Int32](repeating: -1, count: points.count)
    var keys = [UInt64](repeating: 0, count: points.count)
    for (i, point) in points.enumerated() {
      let at = point / cell
      keys[i] = PointGrid.key(at.x.rounded(.down), at.y.rounded(.down), at.z.rounded(.down))
      let slot = Int(keys[i] & mask)
      previous[i] = heads[slot]
      heads[slot] = Int32(i)
    }
    self.heads = heads
    self.previous = previous
    self.keys = keys
  }

  /// Calls `body` for all points within a quarter of a cell of the line between two points, and for some more;
  /// some of them repeatedly.
  func visit(
    along from: SIMD3<Float>, _ to: SIMD3<Float>, _ run: RunContext, _ body: (Int) -> Void
  ) throws(MeshError) {
    let (from, to) = (SIMD3<Double>(from), SIMD3<Double>(to))
    let steps = max(1, Int((length(to - from) / cell * 2).rounded(.up)))
    for step in 0...steps {
      if step & 0xFFF == 0xFFF { try run.checkCancellation() }
      visit(around: from + (to - from) * (Double(step) / Double(steps)), body)
    }
  }

  /// The points of the eight cells around a point.
  func visit(around point: SIMD3<Double>, _ body: (Int) -> Void) {
    let at = point / cell
    let low = SIMD3((at.x - 0.5).rounded(.down), (at.y - 0.5).rounded(.down), (at.z - 0.5).rounded(.down))
    for corner in 0..<8 {
      let key = PointGrid.key(
        low.x + Double(corner & 1), low.y + Double(corner >> 1 & 1), low.z + Double(corner >> 2))
      var i = heads[Int(key & mask)]
      var left = PointGrid.mostInOneCell
      while i >= 0 && left > 0 {
        if keys[Int(i)] == key {
          body(Int(i))
          left -= 1
        }
        i = previous[Int(i)]
      }
    }
  }

  /// Of a cell's whole coordinates, which may be too large for integers. Different cells may have one key, at
  /// odds of 2⁻⁶⁴; what is too far is sorted out by distance.
  private static func key(_ x: Double, _ y: Double, _ z: Double) -> UInt64 {
    // Adding zero makes −0 into 0.
    var h = (x + 0).bitPattern &* 0x9E37_79B9_7F4A_7C15
    h = (h ^ h >> 32) &+ (y + 0).bitPattern &* 0xC2B2_AE3D_27D4_EB4F
    h = (h ^ h >> 29) &* 0xBF58_476D_1CE4_E5B9 &+ (z + 0).bitPattern &* 0x1656_67B1_9E37_79F9
    h = (h ^ h >> 32) &* 0x94D0_49BB_1331_11EB
    return h ^ h >> 29
  }
}
