/// Where a line that goes straight inward leaves the material.
struct WallExit {
  /// How deep, mm.
  var depth: Double
  /// Whether the facet faces away from where the line starts; an edge's other side does not.
  var isOpposed: Bool
  /// Whether the line crosses nothing before.
  var isFirst: Bool
  /// The facet, in the tree's order.
  var facet: Int
}

extension WallView {
  /// Where the line from a place of a piece straight inward comes out of the material, within `depth` mm. What overlaps
  /// counts as one: the line is out once it has left as many shells as it has come into, and does not come into
  /// another one within a gap that closes itself.
  func exit(
    from at: SIMD2<Double>, _ prism: WallPrism, depth: Double, _ stack: UnsafeMutablePointer<UInt32>
  ) -> WallExit? {
    var crossings = Crossings()
    forEachCrossing(at, prism, from: -rounding, to: depth, stack) { crossing in
      // What lies upon the piece and faces the same way is the piece.
      if !crossing.isEntry || crossing.depth > rounding { crossings.insert(crossing) }
    }
    var inside = 1
    for i in 0..<crossings.count {
      let crossing = crossings[i]
      inside += crossing.isEntry ? 1 : -1
      if inside > 0 { continue }
      if i + 1 < crossings.count, crossings[i + 1].isEntry, crossings[i + 1].depth <= crossing.depth + gap {
        inside = 0
        continue
      }
      let isOpposed =
        -dot(normal(crossing.facet), SIMD3<Float>(prism.normal)) >= Float(Tolerances.wedgeCosine)
      return WallExit(
        depth: max(0, crossing.depth), isOpposed: isOpposed, isFirst: i == 0, facet: crossing.facet)
    }
    return nil
  }

  /// Whether another side stands in front of a place of a piece, no farther away than a gap that closes itself.
  func isCovered(
    _ at: SIMD2<Double>, _ prism: WallPrism, _ stack: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    var isCovered = false
    forEachCrossing(at, prism, from: -gap, to: -rounding, stack) { crossing in
      // Seen from the piece's outside the line runs outward.
      if !crossing.isEntry { isCovered = true }
    }
    return isCovered
  }

  /// Calls `body` for each facet that the line through a place of a piece crosses between two depths.
  @inline(__always)
  private func forEachCrossing(
    _ at: SIMD2<Double>, _ prism: WallPrism, from: Double, to: Double, _ stack: UnsafeMutablePointer<UInt32>,
    _ body: (Crossing) -> Void
  ) {
    let place = prism.place(at)
    let (p, q) = (SIMD3<Float>(place - from * prism.normal), SIMD3<Float>(place - to * prism.normal))
    let low = lesser(p, q) - Float(rounding)
    let high = greater(p, q) + Float(rounding)
    forEachFacet(touching: low, high, stack) { i in
      if order[i] != prism.source, let crossing = crossing(i, prism, at), crossing.depth >= from,
        crossing.depth <= to
      {
        body(crossing)
      }
    }
  }

  /// Calls `body` for the facets, in the tree's order, of all leaves whose boxes meet a box.
  @inline(__always)
  private func forEachFacet(
    touching low: SIMD3<Float>, _ high: SIMD3<Float>, _ stack: UnsafeMutablePointer<UInt32>,
    _ body: (Int) -> Void
  ) {
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
        for i in child..<child + count { body(i) }
      }
    }
  }

  /// How many shells a point lies in: the crossings of a line from there to the nearest side of the part's box. Of a
  /// closed surface.
  func cover(_ point: SIMD3<Double>, in box: Box, _ stack: UnsafeMutablePointer<UInt32>) -> Int {
    let below = point - SIMD3<Double>(box.minimum)
    let above = SIMD3<Double>(box.maximum) - point
    var (axis, isUp, least) = (0, false, Double.infinity)
    for k in 0..<3 {
      if below[k] < least { (axis, isUp, least) = (k, false, below[k]) }
      if above[k] < least { (axis, isUp, least) = (k, true, above[k]) }
    }
    var low = SIMD3<Float>(point) - Float(rounding)
    var high = SIMD3<Float>(point) + Float(rounding)
    if isUp { high[axis] = .infinity } else { low[axis] = -.infinity }
    let (x, y) = ((axis + 1) % 3, (axis + 2) % 3)
    let at = SIMD2(point[x], point[y])
    var cover = 0
    forEachFacet(touching: low, high, stack) { i in
      let t = corners[i]
      @inline(__always) func seen(_ v: UInt32) -> SIMD3<Double> {
        let p = SIMD3<Double>(positions[Int(v)])
        return SIMD3(p[x], p[y], p[axis])
      }
      guard let (height, isUpward) = pierced(t, seen(t.a), seen(t.b), seen(t.c), at) else { return }
      if isUp ? height > point[axis] : height < point[axis] { cover += isUpward == isUp ? 1 : -1 }
    }
    return cover
  }

  /// Where the line crosses a facet. Of two facets that share an edge through which it goes exactly one is crossed, or,
  /// where they fold back, both or none.
  @inline(__always)
  private func crossing(_ i: Int, _ prism: WallPrism, _ at: SIMD2<Double>) -> Crossing? {
    let t = corners[i]
    let a = prism.local(positions[Int(t.a)])
    let b = prism.local(positions[Int(t.b)])
    let c = prism.local(positions[Int(t.c)])
    guard let (depth, isEntry) = pierced(t, a, b, c, at) else { return nil }
    return Crossing(depth: depth, facet: i, isEntry: isEntry)
  }

  /// The z at which the line along z through `at` meets a triangle, and whether the triangle's corners run
  /// counter-clockwise there.
  @inline(__always)
  private func pierced(
    _ t: Triangle, _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>, _ at: SIMD2<Double>
  ) -> (z: Double, isCounterClockwise: Bool)? {
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
    return ((wa * a.z + wb * b.z + wc * c.z) / sum, sideA)
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

  mutating func insert(_ new: Crossing) {
    if count == 16 {
      if new.depth >= items[15].depth { return }
      count = 15
    }
    var place = count
    while place > 0 {
      let last = items[place - 1]
      guard new.depth < last.depth || (new.depth == last.depth && new.facet < last.facet) else { break }
      items[place] = last
      place -= 1
    }
    items[place] = new
    count += 1
  }
}
