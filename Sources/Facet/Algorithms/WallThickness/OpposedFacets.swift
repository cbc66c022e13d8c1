// What a facet faces across the material. Behind a piece of a facet, straight inward, stands a prism; the facets in it
// that face away from the piece are the other side of a wall. Each is clipped to the prism, so the least thickness
// over the whole piece and the area that is too thin come out exactly: nothing hides between samples.

/// What stands opposite a piece.
struct OpposedFacets {
  /// No wall behind the piece is thinner; infinite when nothing is opposite.
  var least = Double.infinity
  /// Where that is in the piece's plane, how deep the other side is there, and a place a little towards the middle of
  /// what is above that facet.
  var place = SIMD2<Double>.zero
  var depth = 0.0
  var inner = SIMD2<Double>.zero
  /// The facet there, in the tree's order.
  var facet = -1
  /// How much of the piece has something opposite at less than the threshold.
  var areaBelow = 0.0
  /// How deep the highest point of a ridge is that points at the piece, as a groove's bottom does, and where.
  var ridgeDepth = Double.infinity
  var ridgePlace = SIMD2<Double>.zero

  var isEmpty: Bool { facet < 0 && ridgeDepth == .infinity }
}

extension WallView {
  /// Looks at every facet in the prism that faces away from the piece, and at every ridge that points at it.
  ///
  /// - Parameters:
  ///   - depth: How deep the prism is, mm.
  ///   - threshold: The thickness below which area is summed up, mm.
  func opposed(
    _ prism: WallPrism, depth: Double, threshold: Double, _ stack: UnsafeMutablePointer<UInt32>
  ) -> OpposedFacets {
    var found = OpposedFacets()
    let sight = OpposedSight(prism.normal)
    let n = SIMD3<Float>(prism.normal)
    stack[0] = 0
    var top = 1
    while top > 0 {
      top -= 1
      let index = Int(stack[top])
      let node = nodes + index
      var mask = node.lanesTouching(prism.low, prism.high)
      if mask == 0 { continue }
      mask &= sight.lanes(bounds + index)
      // Three bits or more: where few are left this costs more than it saves.
      let rest = mask & (mask &- 1)
      if rest & (rest &- 1) != 0 { mask &= prism.sight.lanes(node) }
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
          if -dot(normal(i), n) >= Float(Tolerances.wedgeCosine) {
            clip(i, prism, depth, threshold, &found)
          } else if ridges[i] != 0 {
            lookAtRidges(i, prism, n, depth, &found)
          }
        }
      }
    }
    return found
  }

  /// Clips a facet to the prism and adds what it finds.
  @inline(never)
  private func clip(
    _ i: Int, _ prism: WallPrism, _ depth: Double, _ threshold: Double, _ found: inout OpposedFacets
  ) {
    let t = corners[i]
    let a = prism.local(positions[Int(t.a)])
    let b = prism.local(positions[Int(t.b)])
    let c = prism.local(positions[Int(t.c)])
    if max(a.z, b.z, c.z) < -rounding || min(a.z, b.z, c.z) > depth { return }
    if prism.hasBeside(a, b, c) { return }
    var polygon = ClippedPolygon(a, b, c)
    polygon.clip(prism.sides.0)
    polygon.clip(prism.sides.1)
    polygon.clip(prism.sides.2)
    if min(a.z, b.z, c.z) < -rounding { polygon.clip(SIMD4(0, 0, 1, rounding)) }
    if max(a.z, b.z, c.z) > depth { polygon.clip(SIMD4(0, 0, -1, depth)) }
    if polygon.count < 3 { return }
    let facing = min(1, -dot(SIMD3<Double>(normal(i)), prism.normal))
    let factor = WallView.thicknessOfDepth(facing)
    let (lowest, highest) = polygon.lowestAndHighest
    let depthThere = max(0, polygon[lowest].z)
    let least = depthThere * factor
    guard least < found.least || least < threshold else { return }
    if least < found.least {
      found.least = least
      found.depth = depthThere
      found.facet = i
      let at = SIMD2(polygon[lowest].x, polygon[lowest].y)
      found.place = at
      found.inner = at + 0.05 * (polygon.middle - at)
    }
    if least < threshold {
      if polygon[highest].z * factor >= threshold { polygon.clip(SIMD4(0, 0, -1, threshold / factor)) }
      found.areaBelow += polygon.flatArea
    }
  }

  /// The ball that touches the piece and, straight below, a plane is this many times as thick as that is deep:
  /// 1 - tan²(ψ/2) for a plane that leans by ψ.
  ///
  /// - Parameter facing: cos ψ.
  @inline(__always)
  static func thicknessOfDepth(_ facing: Double) -> Double { 2 * facing / (1 + facing) }

  /// Finds the highest point in the prism of the ridges of a facet that point at the piece.
  @inline(never)
  private func lookAtRidges(
    _ i: Int, _ prism: WallPrism, _ n: SIMD3<Float>, _ depth: Double, _ found: inout OpposedFacets
  ) {
    let f = Int(order[i])
    let t = corners[i]
    let least = Float(Tolerances.wedgeCosine)
    for k in 0..<3 {
      if ridges[i] >> UInt8(k) & 1 != 0 {
        let across = (normals[f] + normals[Int(twin[3 * f + k] / 3)]).normalized
        if -dot(across, n) >= least {
          let from = prism.local(positions[Int(t[k])])
          let to = prism.local(positions[Int(t[(k + 1) % 3])])
          found.add(ridge: prism.clipped(from, to, rounding), depth: depth, rounding)
        }
      }
      if ridges[i] >> UInt8(k + 3) & 1 != 0, -dot(ridgeNormals[Int(t[k])], n) >= least {
        let tip = prism.local(positions[Int(t[k])])
        found.add(ridge: prism.clipped(tip, tip, rounding), depth: depth, rounding)
      }
    }
  }

  /// The diameter of the largest ball that touches a piece at a place and holds nothing that faces away from it.
  ///
  /// - Parameter largest: The diameter to start from, mm.
  func ball(
    at place: SIMD2<Double>, _ prism: WallPrism, largest: Double, _ stack: UnsafeMutablePointer<UInt32>
  ) -> Double {
    if largest <= rounding { return max(0, largest) }
    let point = prism.place(place)
    var ball = TouchingBall(point: point, normal: -prism.normal, clearance: 0, radius: largest / 2)
    let center = SIMD3<Float>(point - prism.normal * (largest / 2))
    let reach = Float(largest / 2) + Float(rounding)
    forEachOpposed(prism, center - reach, center + reach, stack) { i in
      let t = corners[i]
      // What is farther from the first ball's centre than its surface leaves it alone.
      if abs(dot(normal(i), positions[Int(t.a)] - center)) > reach { return }
      ball.shrink(positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)], order[i])
    }
    return ball.radius * 2
  }

  /// A thickness that no wall behind the piece falls short of: over all facets that face away and that a ball of the
  /// diameter `largest` can reach, the larger one of the distance and of the least ball between the planes.
  func lowerBound(
    _ prism: WallPrism, _ piece: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), largest: Double,
    _ stack: UnsafeMutablePointer<UInt32>
  ) -> Double {
    let p = (SIMD3<Double>(piece.0), SIMD3<Double>(piece.1), SIMD3<Double>(piece.2))
    let margin = Float(largest / 2)
    var bound = largest
    forEachOpposed(prism, prism.low - margin, prism.high + margin, stack) { i in
      let t = corners[i]
      let a = SIMD3<Double>(positions[Int(t.a)])
      let (b, c) = (SIMD3<Double>(positions[Int(t.b)]), SIMD3<Double>(positions[Int(t.c)]))
      // Only what is below the piece's plane.
      if max(dot(prism.normal, p.0 - a), dot(prism.normal, p.0 - b), dot(prism.normal, p.0 - c)) < -rounding {
        return
      }
      let away = SIMD3<Double>(normal(i))
      let height = min(dot(away, a - p.0), dot(away, a - p.1), dot(away, a - p.2))
      let planes = 2 * max(0, height) / (1 - dot(away, prism.normal))
      if planes >= bound { return }
      bound = min(bound, max(planes, distance(p, (a, b, c))))
    }
    return bound
  }

  /// Calls `body` with each facet, in the tree's order, that faces away from the piece and is in a leaf that meets a box.
  @inline(__always)
  private func forEachOpposed(
    _ prism: WallPrism, _ low: SIMD3<Float>, _ high: SIMD3<Float>, _ stack: UnsafeMutablePointer<UInt32>,
    _ body: (Int) -> Void
  ) {
    let sight = OpposedSight(prism.normal)
    let n = SIMD3<Float>(prism.normal)
    stack[0] = 0
    var top = 1
    while top > 0 {
      top -= 1
      let index = Int(stack[top])
      let node = nodes + index
      var mask = node.lanesTouching(low, high)
      if mask == 0 { continue }
      mask &= sight.lanes(bounds + index)
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
          if -dot(normal(i), n) >= Float(Tolerances.wedgeCosine) { body(i) }
        }
      }
    }
  }
}

extension OpposedFacets {
  fileprivate mutating func add(ridge point: SIMD3<Double>?, depth: Double, _ rounding: Double) {
    guard let point, point.z > rounding, point.z <= depth, point.z < ridgeDepth else { return }
    ridgeDepth = point.z
    ridgePlace = SIMD2(point.x, point.y)
  }
}

/// Tells which slots of a node may hold a direction that is opposed to a normal: where even the best of their bounds
/// is not, nothing is.
struct OpposedSight {
  private let negated: SIMD3<Float>
  private let offsets: (Int, Int, Int)

  init(_ normal: SIMD3<Double>) {
    negated = SIMD3<Float>(-normal)
    offsets = (negated.x < 0 ? 0 : 96, negated.y < 0 ? 32 : 128, negated.z < 0 ? 64 : 160)
  }

  @inline(__always)
  func lanes(_ bounds: UnsafePointer<WallScene.NormalBounds>) -> UInt32 {
    let raw = UnsafeRawPointer(bounds)
    let x = (raw + offsets.0).load(as: SIMD8<Float>.self) * negated.x
    let y = (raw + offsets.1).load(as: SIMD8<Float>.self) * negated.y
    let z = (raw + offsets.2).load(as: SIMD8<Float>.self) * negated.z
    // Rounding may cost a little.
    return bits(x + y + z .>= Float(Tolerances.wedgeCosine) - 1e-4)
  }
}
