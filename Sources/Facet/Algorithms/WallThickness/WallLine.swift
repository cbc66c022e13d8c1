/// Where a line that goes straight inward leaves the material.
struct WallExit {
  /// How deep, mm.
  var depth: Double
  /// The thickness there: infinite when the facet does not face away, as an edge's other side.
  var thickness: Double
  /// The facet, in the tree's order.
  var facet: Int
}

extension WallView {
  /// Where the line from a place of a piece straight inward comes out of the material, within `depth` mm. What overlaps
  /// counts as one: the line is out once it has left as many shells as it has come into.
  func exit(
    from at: SIMD2<Double>, _ prism: WallPrism, depth: Double, _ stack: UnsafeMutablePointer<UInt32>
  ) -> WallExit? {
    var crossings = Crossings()
    let start = prism.place(at)
    let end = start - depth * prism.normal
    let (p, q) = (SIMD3<Float>(start), SIMD3<Float>(end))
    let low = lesser(p, q) - Float(rounding)
    let high = greater(p, q) + Float(rounding)
    stack[0] = 0
    var top = 1
    while top > 0 {
      top -= 1
      let node = nodes + Int(stack[top])
      var mask = node.lanesTouching(low, high)
      while mask != 0 {
        let lane = mask.trailingZeroBitCount
        mask &= mask &- 1
        let count = node.count(lane)
        let child = Int(node.child(lane))
        if count == 0 {
          stack[top] = UInt32(child)
          top += 1
          continue
        }
        for i in child..<child + count where order[i] != prism.source {
          if let crossing = crossing(i, prism, at), crossing.depth >= -rounding, crossing.depth <= depth {
            // What lies upon the piece and faces the same way is the piece.
            if crossing.isEntry && crossing.depth <= rounding { continue }
            crossings.insert(crossing, rounding)
          }
        }
      }
    }
    var inside = 1
    for i in 0..<crossings.count {
      let crossing = crossings[i]
      inside += crossing.isEntry ? 1 : -1
      if inside > 0 { continue }
      let facing = min(1, -dot(SIMD3<Double>(normals[crossing.facet]), prism.normal))
      let deep = max(0, crossing.depth)
      return WallExit(
        depth: deep,
        thickness: facing >= Tolerances.wedgeCosine ? deep * 2 * facing / (1 + facing) : .infinity,
        facet: crossing.facet)
    }
    return nil
  }

  /// Where the line crosses a facet. Of two facets that share an edge through which it goes exactly one is crossed, or,
  /// where they fold back, both or none.
  @inline(__always)
  private func crossing(_ i: Int, _ prism: WallPrism, _ at: SIMD2<Double>) -> Crossing? {
    let t = corners[i]
    let a = prism.local(positions[Int(t.a)])
    let b = prism.local(positions[Int(t.b)])
    let c = prism.local(positions[Int(t.c)])
    let p = SIMD2(a.x, a.y) - at
    let q = SIMD2(b.x, b.y) - at
    let r = SIMD2(c.x, c.y) - at
    // The same two corners give the same number in both facets, but for its sign.
    let wc = crossed(p, q)
    let wa = crossed(q, r)
    let wb = crossed(r, p)
    let sideC = wc != 0 ? wc > 0 : t.a < t.b
    let sideA = wa != 0 ? wa > 0 : t.b < t.c
    let sideB = wb != 0 ? wb > 0 : t.c < t.a
    guard sideA == sideB, sideB == sideC else { return nil }
    let sum = wa + wb + wc
    guard sum != 0 else { return nil }
    return Crossing(depth: (wa * a.z + wb * b.z + wc * c.z) / sum, facet: i, isEntry: sideA)
  }
}

private struct Crossing: BitwiseCopyable {
  var depth = 0.0
  var facet = 0
  /// Whether the line comes into the material there.
  var isEntry = false
}

/// The first crossings of a line, by depth.
private struct Crossings {
  private var items = InlineArray<16, Crossing>(repeating: Crossing())
  private(set) var count = 0

  subscript(i: Int) -> Crossing { items[i] }

  /// Where shells touch the line goes from one into the other, not out and in again.
  mutating func insert(_ new: Crossing, _ rounding: Double) {
    func key(_ c: Crossing) -> Double { c.isEntry ? c.depth - 2 * rounding : c.depth }
    if count == 16 {
      if key(new) >= key(items[15]) { return }
      count = 15
    }
    var place = count
    while place > 0 {
      let (k, l) = (key(new), key(items[place - 1]))
      guard k < l || (k == l && new.facet < items[place - 1].facet) else { break }
      items[place] = items[place - 1]
      place -= 1
    }
    items[place] = new
    count += 1
  }
}
