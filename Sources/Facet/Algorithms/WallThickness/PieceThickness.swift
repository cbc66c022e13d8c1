/// What is known about the walls behind a piece of the surface.
struct PieceThickness: BitwiseCopyable, Sendable {
  /// Where the wall is thinnest.
  var place = SIMD3<Float>.zero
  /// The place opposite.
  var opposite = SIMD3<Float>.zero
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
  /// To tell surface that lies inside another shell; nil when nothing does.
  let winding: WindingNumber?
  let isOpen: Bool
  /// mm.
  let minimum: Double
  let samplingDistance: Float

  /// Thin is thinner than this, mm.
  var limit: Double { minimum - scene.rounding }
  private var depth: Double { minimum * Double(WallThicknessOptions.reach) }

  func measure(
    _ piece: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), of source: UInt32, _ view: WallView,
    _ stack: UnsafeMutablePointer<UInt32>
  ) -> PieceThickness {
    var result = PieceThickness()
    guard
      let prism = WallPrism(
        piece, of: source, scene.mesh.corners(Int(source)), depth: depth, rounding: scene.rounding)
    else { return result }
    let found = view.opposed(prism, depth: depth, threshold: limit, stack)
    if found.facet < 0 {
      if isOpen { result.isUnmeasured = !hasSurfaceBehind(prism) }
      return result
    }
    if found.least < limit && isBuried(prism) { return result }
    result.lower = Float(found.least)
    if let exit = view.exit(from: prism.center, prism, depth: depth, stack) {
      result.middle = Float(exit.thickness)
    }
    if found.least < limit {
      judge(found, prism, view, stack, &result)
    } else {
      result.least = Float(found.least)
    }
    result.wantsSplit = wantsSplit(piece, prism, found, view, stack)
    return result
  }

  /// Whether the wall that seems too thin is one: nothing comes between the piece and what is opposite.
  private func judge(
    _ found: OpposedFacets, _ prism: WallPrism, _ view: WallView, _ stack: UnsafeMutablePointer<UInt32>,
    _ result: inout PieceThickness
  ) {
    var place = found.place
    var deep = found.depth
    if let exit = view.exit(from: found.inner, prism, depth: depth, stack), exit.thickness.isFinite {
      if exit.facet == found.facet {
        result.least = Float(found.least)
        result.thinArea = Float(min(found.areaBelow, prism.area))
      } else {
        result.least = Float(exit.thickness)
        place = found.inner
        deep = exit.depth
      }
    }
    if result.middle < result.least {
      result.least = result.middle
      place = prism.center
      deep = Double(result.middle)
    }
    if Double(result.least) < limit && result.thinArea == 0 && Double(result.middle) < limit {
      result.thinArea = Float(prism.area)
    }
    let at = prism.place(place)
    result.place = SIMD3<Float>(at)
    result.opposite = SIMD3<Float>(at - deep * prism.normal)
  }

  private func wantsSplit(
    _ piece: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ prism: WallPrism, _ found: OpposedFacets,
    _ view: WallView, _ stack: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    // Room for a little more than thin, so that a region's border shows.
    guard found.least < 1.05 * minimum else { return false }
    let edges = [piece.1 - piece.0, piece.2 - piece.1, piece.0 - piece.2].map { dot($0, $0) }
    guard max(edges[0], edges[1], edges[2]) > samplingDistance * samplingDistance else { return false }
    // A wall of one thickness throughout is one colour.
    var uniform = found.least + 0.05 * minimum
    if found.least < limit { uniform = min(uniform, limit) }
    let covered = view.opposed(prism, depth: depth, threshold: uniform, stack).areaBelow
    return covered < 0.998 * prism.area
  }

  /// Whether the piece lies inside another shell: its outer side is material.
  private func isBuried(_ prism: WallPrism) -> Bool {
    guard let winding else { return false }
    let outside = prism.place(prism.center) + prism.normal * max(4 * scene.rounding, minimum * 1e-4)
    return winding.at(SIMD3<Float>(outside)) > 0.5
  }

  private func hasSurfaceBehind(_ prism: WallPrism) -> Bool {
    let from = SIMD3<Float>(prism.place(prism.center))
    return scene.tree.raycast(
      scene.mesh, origin: from, direction: -SIMD3<Float>(prism.normal),
      range: Float(8 * scene.rounding) ... .infinity) != nil
  }
}
