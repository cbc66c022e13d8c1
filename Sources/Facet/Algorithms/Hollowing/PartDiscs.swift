/// A flat round box around some triangles of a part: where the surface is about flat it is far thinner than one whose
/// sides lie along the axes, however the surface lies.
struct SlotDisc: BitwiseCopyable {
  /// Across the disc, of length 1; in the last lane half its thickness.
  var normal: SIMD4<Float>
  /// In the last lane its radius; infinite for a disc that holds everything.
  var center: SIMD4<Float>

  static let everything = SlotDisc(normal: .zero, center: SIMD4(0, 0, 0, .infinity))

  /// Whether all of the disc is certainly farther from a point than a distance.
  ///
  /// - Parameter reachSquared: Of the distance and a hundred-thousandth of it.
  @inline(__always)
  func isBeyond(_ point: SIMD4<Float>, _ reachSquared: Float) -> Bool {
    let away = point - center
    let (along, squares) = (away * normal, away * away)
    let height = along.x + along.y + along.z
    let squared = squares.x + squares.y + squares.z
    let over = max(abs(height) - normal.w, 0)
    let aside = squared - height * height
    let radiusSquared = center.w * center.w
    // What is left of the reach in the disc's plane; the last term is more than rounding does to all of these.
    let left = reachSquared - over * over + 4e-6 * (squared + radiusSquared)
    if left < 0 { return true }
    // √aside − radius > √left, without roots.
    let excess = aside + radiusSquared - left
    return aside > radiusSquared && excess > 0 && excess * excess > 4 * radiusSquared * aside
  }

  /// Whether all of the disc certainly lies lower than a height along a direction of length 1, seen from a point.
  @inline(__always)
  func isBelow(_ height: Float, _ way: SIMD3<Float>, _ point: SIMD3<Float>) -> Bool {
    let away = SIMD3(center.x, center.y, center.z) - point
    let slant = normal.x * way.x + normal.y * way.y + normal.z * way.z
    let top =
      dot(away, way) + normal.w * abs(slant) + center.w * max(1 - slant * slant, 0).squareRoot()
    let size = abs(away.x) + abs(away.y) + abs(away.z) + normal.w + center.w
    // Where the disc lies straight across, the root of what rounding leaves is far more than rounding.
    return top + size * 1e-6 + center.w * 5e-4 < height
  }

  /// - Parameter triangles: One at least.
  init(_ triangles: UnsafeBufferPointer<Triangle>, _ positions: UnsafeBufferPointer<SIMD3<Float>>) {
    var (low, high) = (SIMD3<Float>(repeating: .infinity), SIMD3<Float>(repeating: -.infinity))
    var sum = SIMD3<Double>.zero
    for t in triangles {
      let (a, b, c) = (positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)])
      low = lesser(lesser(low, a), lesser(b, c))
      high = greater(greater(high, a), greater(b, c))
      let p = SIMD3<Double>(a)
      sum += cross(SIMD3<Double>(b) - p, SIMD3<Double>(c) - p)
    }
    let n = SIMD3<Float>(sum.normalized)
    guard n != .zero else {
      self = .everything
      return
    }
    let (normal, middle) = (SIMD3<Double>(n), (SIMD3<Double>(low) + SIMD3<Double>(high)) / 2)
    var (lowest, highest) = (Double.infinity, -Double.infinity)
    for t in triangles {
      for v in [t.a, t.b, t.c] {
        let height = dot(SIMD3<Double>(positions[Int(v)]) - middle, normal)
        lowest = min(lowest, height)
        highest = max(highest, height)
      }
    }
    // Measured from the center as it is kept.
    let c = SIMD3<Float>(middle + normal * ((lowest + highest) / 2))
    let center = SIMD3<Double>(c)
    var (thickness, radiusSquared) = (0.0, 0.0)
    for t in triangles {
      for v in [t.a, t.b, t.c] {
        let away = SIMD3<Double>(positions[Int(v)]) - center
        let height = dot(away, normal)
        thickness = max(thickness, abs(height))
        radiusSquared = max(radiusSquared, dot(away, away) - height * height)
      }
    }
    // The normal is of length 1 to seven digits.
    let radius = radiusSquared.squareRoot()
    self.normal = SIMD4(n, Float(thickness + radius * 2e-7).nextUp)
    self.center = SIMD4(c, Float(radius + (thickness + radius) * 2e-7).nextUp)
  }

  init(normal: SIMD4<Float>, center: SIMD4<Float>) {
    self.normal = normal
    self.center = center
  }
}

/// A disc for each slot of a tree's nodes, eight a node.
struct PartDiscs {
  let discs: [SlotDisc]

  /// What holds more triangles is hardly ever flat.
  private static let most = 128

  static func bytes(_ bvh: BVH) -> Int { bvh.nodes.count * 8 * MemoryLayout<SlotDisc>.stride }

  /// - Throws: ``MeshError/cancelled``.
  init(_ mesh: Mesh, _ bvh: BVH, _ run: RunContext) throws(MeshError) {
    let members = PartDiscs.members(bvh)
    discs = try [SlotDisc](filling: bvh.nodes.count * 8) { (discs) throws(MeshError) in
      try run.forEachChunk(of: bvh.nodes.count, size: 256) { _, range in
        mesh.positions.withUnsafeBufferPointer { positions in
          bvh.corners.withUnsafeBufferPointer { corners in
            for i in range {
              for lane in 0..<8 {
                let own = PartDiscs.members(bvh.nodes[i], lane, members)
                discs[8 * i + lane] =
                  own.isEmpty || own.count > PartDiscs.most
                  ? .everything : SlotDisc(UnsafeBufferPointer(rebasing: corners[own]), positions)
              }
            }
          }
        }
      }
    }
  }

  /// For each node the places of its triangles in the tree's order.
  private static func members(_ bvh: BVH) -> [Range<Int>] {
    var members = [Range<Int>](repeating: 0..<0, count: bvh.nodes.count)
    // Children come after their parent.
    for i in bvh.nodes.indices.reversed() {
      var (first, end) = (Int.max, 0)
      for lane in 0..<8 {
        let own = PartDiscs.members(bvh.nodes[i], lane, members)
        if own.isEmpty { continue }
        first = min(first, own.lowerBound)
        end = max(end, own.upperBound)
      }
      members[i] = min(first, end)..<end
    }
    return members
  }

  private static func members(_ node: BVH.Node, _ lane: Int, _ members: [Range<Int>]) -> Range<Int> {
    let (child, count) = (Int(node.child[lane]), Int(node.count[lane]))
    if count > 0 { return child..<child + count }
    // The root is nobody's child.
    return child > 0 ? members[child] : 0..<0
  }
}
