/// What is known about the walls behind a piece of the surface.
struct PieceThickness: BitwiseCopyable, Sendable {
  /// Where the wall is thinnest, in its place and what is opposite.
  var place: (Float, Float, Float) = (0, 0, 0)
  var opposite: (Float, Float, Float) = (0, 0, 0)
  /// The least thickness that is certain, mm.
  var least = Float.infinity
  /// No wall behind the piece is thinner.
  var lower = Float.infinity
  /// The thickness in the piece's middle.
  var middle = Float.infinity
  /// Surface above walls that are too thin, mm².
  var thinArea: Float = 0
  var isUnmeasured = false
  /// Whether smaller pieces would tell more.
  var wantsSplit = false
}

/// Measures pieces.
struct WallGauge: Sendable {
  let scene: WallScene
  /// To tell surface that lies inside another shell where the surface is open; nil when nothing does.
  let winding: WindingNumber?
  let isOpen: Bool
  /// mm.
  let minimum: Double
  let samplingDistance: Float

  /// Gaps as wide as this close themselves, mm: no printer leaves them open that makes no wall of the minimum.
  var gap: Double { minimum * Tolerances.closedGap }

  /// Thin is thinner than this, mm.
  var limit: Double { minimum - scene.rounding }
}

/// One piece, while it is measured.
struct PieceProbe {
  private let context: UnsafePointer<WallGauge>
  let view: WallView
  let stack: UnsafeMutablePointer<UInt32>
  private let corners: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
  private let prism: WallPrism
  private var result = PieceThickness()
  private let depth: Double
  private let limit: Double

  /// Nil for a piece without area.
  init?(
    _ gauge: UnsafePointer<WallGauge>, _ piece: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), of source: UInt32,
    _ view: WallView, _ stack: UnsafeMutablePointer<UInt32>
  ) {
    depth = gauge.pointee.minimum * Double(WallThicknessOptions.reach)
    guard
      let prism = WallPrism(
        piece, of: source, gauge.pointee.scene.mesh.corners(Int(source)), depth: depth,
        rounding: gauge.pointee.scene.rounding
      )
    else { return nil }
    context = gauge
    limit = gauge.pointee.limit
    self.view = view
    self.stack = stack
    self.prism = prism
    corners = piece
  }

  mutating func measure() -> PieceThickness {
    var found = view.opposed(prism, depth: depth, threshold: limit, stack)
    // A ridge tells nothing where a facet stands opposite that is no farther away.
    if found.least <= found.ridgeDepth + 2 * view.rounding { found.ridgeDepth = .infinity }
    if found.isEmpty {
      if context.pointee.isOpen { result.isUnmeasured = !hasSurfaceBehind }
      return result
    }
    let least =
      found.facet >= 0
      ? max(found.least, view.ball(at: found.place, prism, largest: found.depth, stack)) : .infinity
    let mayBeThin = min(found.least, found.ridgeDepth) < limit
    var middle: WallExit?
    if !mayBeThin || !isBuried(prism.center) {
      middle = view.exit(from: prism.center, prism, depth: depth, stack)
    }
    if let middle { result.middle = Float(thickness(at: prism.center, middle)) }
    if found.least < limit {
      judge(found, least)
    } else {
      result.least = Float(least)
      result.lower = Float(found.least)
    }
    if found.ridgeDepth < limit { judgeRidge(found, middle) }
    result.wantsSplit = wantsSplit(found)
    return result
  }

  /// The thickness where a line leaves the material: infinite at an edge.
  private func thickness(at place: SIMD2<Double>, _ exit: WallExit) -> Double {
    guard exit.isOpposed else { return .infinity }
    let facing = min(1, -dot(SIMD3<Double>(view.normal(exit.facet)), prism.normal))
    let plane = exit.depth * WallView.thicknessOfDepth(facing)
    // Among shells that overlap a ball would meet surface that is inside.
    return exit.isFirst ? max(plane, view.ball(at: place, prism, largest: exit.depth, stack)) : plane
  }

  private mutating func take(_ thickness: Double, _ place: SIMD2<Double>, _ depth: Double) {
    guard Float(thickness) < result.least else { return }
    result.least = Float(thickness)
    let at = prism.place(place)
    let across = at - depth * prism.normal
    result.place = (Float(at.x), Float(at.y), Float(at.z))
    result.opposite = (Float(across.x), Float(across.y), Float(across.z))
  }

  /// Whether the wall that seems too thin is one: nothing comes between the piece and what is opposite. Where
  /// something does, lines tell.
  private mutating func judge(_ found: OpposedFacets, _ thickness: Double) {
    if !isBuried(found.inner), let exit = view.exit(from: found.inner, prism, depth: depth, stack) {
      if exit.facet == found.facet {
        take(thickness, found.place, found.depth)
        result.lower = Float(found.least)
        // The planes may come closer than the facets do.
        if thickness >= limit {
          result.lower = max(result.lower, Float(view.lowerBound(prism, corners, largest: thickness, stack)))
        }
        if thickness < limit {
          result.thinArea = Float(min(found.areaBelow / prism.innerArea, 1) * prism.area)
        }
      } else {
        take(self.thickness(at: found.inner, exit), found.inner, exit.depth)
      }
    }
    take(Double(result.middle), prism.center, Double(result.middle))
    result.lower = min(result.lower, result.least)
    if result.thinArea == 0 && Double(result.middle) < limit { result.thinArea = Float(prism.area) }
  }

  /// A ridge that points at the piece makes a wall where a ball fits in between and touches both on opposite sides.
  private mutating func judgeRidge(_ found: OpposedFacets, _ middle: WallExit?) {
    if !isBuried(found.ridgePlace), let exit = view.exit(from: found.ridgePlace, prism, depth: depth, stack) {
      let thickness = wallAtRidge(found.ridgePlace, exit)
      take(thickness, found.ridgePlace, exit.depth)
      result.lower = min(result.lower, result.least)
    }
    guard let middle else { return }
    let thickness = wallAtRidge(prism.center, middle)
    if Float(thickness) < result.middle { result.middle = Float(thickness) }
    if thickness < limit && result.thinArea == 0 { result.thinArea = Float(prism.area) }
  }

  /// The diameter of the inscribed ball where its contacts are opposite each other; else infinite.
  private func wallAtRidge(_ place: SIMD2<Double>, _ exit: WallExit) -> Double {
    guard exit.depth < limit else { return .infinity }
    let inward = -SIMD3<Float>(prism.normal)
    guard
      let ball = context.pointee.scene.tree.inscribedSphere(
        context.pointee.scene.mesh, at: SIMD3<Float>(prism.place(place)), normal: inward,
        largest: Float(exit.depth / 2)
      )
    else { return exit.depth }
    let across = dot(ball.contact - ball.center, inward)
    return across >= Float(Tolerances.wedgeCosine) * ball.radius ? Double(2 * ball.radius) : .infinity
  }

  private func wantsSplit(_ found: OpposedFacets) -> Bool {
    // Room for a little more than thin, so that a region's border shows.
    let close = 1.05 * context.pointee.minimum
    guard found.least < close || found.ridgeDepth < limit else { return false }
    let (a, b, c) = corners
    let (ab, bc, ca) = (b - a, c - b, a - c)
    let longest = max(dot(ab, ab), dot(bc, bc), dot(ca, ca))
    guard longest > context.pointee.samplingDistance * context.pointee.samplingDistance else { return false }
    if found.ridgeDepth < limit { return true }
    // A wall of one thickness throughout is one colour.
    var uniform = found.least + 0.05 * context.pointee.minimum
    if found.least < limit { uniform = min(uniform, limit) }
    let covered = view.opposed(prism, depth: depth, threshold: uniform, stack).areaBelow
    return covered < 0.998 * prism.innerArea
  }

  /// Whether a place lies inside a shell, or at a gap that closes itself: its outer side is material.
  private func isBuried(_ place: SIMD2<Double>) -> Bool {
    if view.isCovered(place, prism, stack) { return true }
    let offset = max(4 * view.rounding, context.pointee.minimum * 1e-4)
    let outside = prism.place(place) + prism.normal * offset
    if !context.pointee.isOpen {
      return view.cover(outside, in: context.pointee.scene.tree.bounds, stack) > 0
    }
    return context.pointee.winding.map { $0.at(SIMD3<Float>(outside)) > 0.5 } ?? false
  }

  private var hasSurfaceBehind: Bool {
    let from = SIMD3<Float>(prism.place(prism.center))
    return context.pointee.scene.tree.raycast(
      context.pointee.scene.mesh, origin: from, direction: -SIMD3<Float>(prism.normal),
      range: Float(8 * context.pointee.scene.rounding) ... .infinity) != nil
  }
}
