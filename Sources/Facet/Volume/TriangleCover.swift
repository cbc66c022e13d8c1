/// The blocks whose nodes a triangle may come near, a row of them along x at a time.
///
/// A block's box, grown by the band, meets the triangle unless one of thirteen axes separates them (Akenine-Möller,
/// "Fast 3D triangle-box overlap testing", 2001). For a row of boxes each axis allows one interval, so rows are
/// found without looking at every box. A little is always added for rounding: too many blocks do no harm.
struct TriangleCover {
  private(set) var z: Int32
  private(set) var y: Int32 = 0
  /// The blocks of the row.
  private(set) var first: Int32 = 0
  private(set) var last: Int32 = -1

  private let low: SIMD3<Int32>
  private let high: SIMD3<Int32>
  private var lastY: Int32 = -1
  /// What the layer allows along x.
  private var layer = Interval.everything
  /// Half the grown box.
  private let half: Double
  private let a: SIMD3<Double>
  private let b: SIMD3<Double>
  private let c: SIMD3<Double>
  private let normal: SIMD3<Double>
  private let isSmall: Bool

  /// - Parameter band: In voxels.
  init(_ mesh: MeshView, _ f: Int, _ lattice: Lattice, band: Double) {
    self.init(
      lattice.local(mesh.positions[Int(mesh.corners[3 * f])]),
      lattice.local(mesh.positions[Int(mesh.corners[3 * f + 1])]),
      lattice.local(mesh.positions[Int(mesh.corners[3 * f + 2])]), band: band)
  }

  /// Corners and band in voxels.
  init(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>, band: Double) {
    self.a = a
    self.b = b
    self.c = c
    half = 3.5 + band + 1e-6
    var (low, high) = (SIMD3<Int32>.zero, SIMD3<Int32>.zero)
    for axis in 0..<3 {
      let least = min(a[axis], b[axis], c[axis]) - band - 1e-6
      let greatest = max(a[axis], b[axis], c[axis]) + band + 1e-6
      // Where no node is between them the range is empty, or has a block too many.
      low[axis] = Int32(least.rounded(.up)) >> 3
      high[axis] = Int32(greatest.rounded(.down)) >> 3
    }
    self.low = low
    self.high = high
    normal = cross(b - a, c - a)
    // Boxes of two blocks or less are not worth a second look.
    let size = high &- low
    isSmall = size.x &+ size.y &+ size.z <= 1
    z = low.z &- 1
  }

  /// Goes to the next row that has blocks; false at the end.
  mutating func nextRow() -> Bool {
    while true {
      if y >= lastY {
        z += 1
        if z > high.z { return false }
        startLayer()
        continue
      }
      y += 1
      if isSmall {
        (first, last) = (low.x, high.x)
      } else {
        var row = layer
        let (cy, cz) = (Double(y) * 8 + 3.5, Double(z) * 8 + 3.5)
        // The axes z × edge do not see z, the normal sees all.
        for (p, q) in [(a, b), (b, c), (c, a)] {
          let e = q - p
          row.keep(slope: e.y, offset: -e.x * cy, over: a, b, c, axis: SIMD3(e.y, -e.x, 0), half)
        }
        row.keep(slope: normal.x, offset: normal.y * cy + normal.z * cz, over: a, b, c, axis: normal, half)
        (first, last) = row.blocks(within: low.x, high.x)
      }
      if first <= last { return true }
    }
  }

  private mutating func startLayer() {
    y = low.y &- 1
    lastY = high.y
    layer = .everything
    if isSmall { return }
    let cz = Double(z) * 8 + 3.5
    var rows = Interval.everything
    for (p, q) in [(a, b), (b, c), (c, a)] {
      let e = q - p
      rows.keep(slope: e.z, offset: -e.y * cz, over: a, b, c, axis: SIMD3(0, e.z, -e.y), half)
      layer.keep(slope: e.z, offset: -e.x * cz, over: a, b, c, axis: SIMD3(e.z, 0, -e.x), half)
    }
    let (firstY, last) = rows.blocks(within: low.y, high.y)
    y = firstY &- 1
    lastY = last
  }

  /// Where along an axis the middles of boxes may lie.
  private struct Interval {
    var low = -Double.infinity
    var high = Double.infinity

    static var everything: Interval { Interval() }

    /// Keeps what the separating axis allows: `offset + slope * middle` is where it sees a box's middle.
    @inline(__always)
    mutating func keep(
      slope: Double, offset: Double, over a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>,
      axis: SIMD3<Double>, _ half: Double
    ) {
      let (pa, pb, pc) = (dot(axis, a), dot(axis, b), dot(axis, c))
      let size = abs(axis.x) + abs(axis.y) + abs(axis.z)
      // Rounding of the projections, and of the offset.
      let slack = (abs(pa) + abs(pb) + abs(pc) + abs(offset)) * 1e-14
      let reach = half * size + slack
      // An axis that hardly sees the row cannot tell its boxes apart.
      guard abs(slope) > size * 1e-9 else { return }
      let inverse = 1 / slope
      let p = (min(pa, pb, pc) - reach - offset) * inverse
      let q = (max(pa, pb, pc) + reach - offset) * inverse
      low = max(low, min(p, q))
      high = min(high, max(p, q))
    }

    func blocks(within first: Int32, _ last: Int32) -> (Int32, Int32) {
      guard low <= high else { return (0, -1) }
      // Middles are at 8 * block + 3.5.
      let from = max(Double(first), ((low - 3.5) / 8 - 1e-6).rounded(.up))
      let to = min(Double(last), ((high - 3.5) / 8 + 1e-6).rounded(.down))
      return from <= to ? (Int32(from), Int32(to)) : (0, -1)
    }
  }
}
