/// A run of the reducer: collapses, proofs, and what follows when a proof fails.
///
/// Collapses are judged by samples and by the triangles around them, which is quick and nearly always right. The
/// whole result is then examined: every point of both surfaces within the accuracy, no triangle through another that
/// was not so before. Where that does not hold, the collapses are undone and tried again under closer limits, and
/// left undone if that fails too; in the end everything holds.
struct Decimation {
  let source: Mesh
  let options: DecimationOptions
  let order: SpatialOrder
  let mesh: CollapseMesh
  let vertexStarts: [UInt32]
  let tracker: SampleTracker?
  /// The promise of ``DecimationOptions/accuracy``, mm: at least ``roundingAllowance`` last places of the largest
  /// coordinate, since points of one plane are off it by rounding, and so are distances.
  let accuracy: Float?
  /// The unit in the last place of the largest coordinate, mm.
  let rounding: Float
  let target: Int
  private(set) var passes = 0
  /// What forbade collapses in the last passes of a run.
  private var refusals = Refusals()
  private var usedAllPasses = false
  /// The result as it was examined last; nil when it has changed or was examined in part.
  var examined: Examined?
  var hasBeenExamined = false
  /// What has been proven of the result that was examined last.
  var proven: Proven?
  /// Triangles that were at something not manifold.
  let untouchedTriangles: Int

  private static let roundingAllowance: Float = 8

  init(_ source: Mesh, _ options: DecimationOptions, _ run: RunContext) throws(MeshError) {
    self.source = source
    self.options = options
    let (vertices, triangles) = (source.positions.count, source.triangles.count)
    let isTracked = options.accuracy != nil || options.maximumAngle != nil
    try run.reserve(
      bytes: 100 * triangles + 72 * vertices
        + (isTracked ? SampleTracker.bytes(vertices: vertices, triangles: triangles) : 0),
      for: "reducing triangles")
    order = try SpatialOrder(source, run)
    try run.checkCancellation()
    vertexStarts = CollapsePasses<LenientJudge>.vertexStarts(order.corners)
    mesh = CollapseMesh(vertexCount: order.vertices.count, triangleCount: triangles)
    let bounds = source.bounds
    let farthest = greater(bounds.maximum, -bounds.minimum)
    let rounding = max(farthest.x, farthest.y, farthest.z).ulp
    self.rounding = rounding
    accuracy = options.accuracy.map { max($0, Decimation.roundingAllowance * rounding) }
    target = options.goal(of: source)
    do throws(MeshError) {
      try mesh.build(source, order, options, run)
    } catch {
      mesh.deallocate()
      throw error
    }
    let mesh = mesh
    untouchedTriangles = (0..<triangles).count { f in
      (3 * f..<3 * f + 3).contains { mesh.vertex[Int(mesh.corner[$0])].kind.contains(.complex) }
    }
    tracker =
      isTracked
      ? SampleTracker(mesh, order.corners, accuracy: accuracy, maximumAngle: options.maximumAngle) : nil
  }

  func deallocate() {
    mesh.deallocate()
    tracker?.deallocate()
  }

  /// Collapses under the limits of a try, starting from the edges of `vertices` and those weighed before, or from all.
  mutating func collapse(
    _ attempt: DecimationTry, from vertices: [Int]? = nil, _ run: RunContext
  ) throws(MeshError) {
    let limits = ShapeLimits(turn: attempt.turn, height: 16 * rounding)
    if let tracker {
      var tighter = tracker
      if let accuracy {
        // Never so close that rounding alone forbids everything.
        let limit = max(accuracy * attempt.tightness, 3 * rounding)
        tighter.limit =
          accuracy > Decimation.roundingAllowance * rounding ? limit * limit : 9 * rounding * rounding
      }
      try collapse(vertices, limits, run) { SampleJudge(tighter) }
    } else {
      try collapse(vertices, limits, run) { LenientJudge() }
    }
  }

  private mutating func collapse<Judge: CollapseJudge>(
    _ vertices: [Int]?, _ limits: ShapeLimits, _ run: RunContext, _ judge: @escaping () -> Judge
  ) throws(MeshError) {
    let mesh = mesh
    var collapsing = CollapsePasses(
      mesh, vertexStarts, target: target, maximumPasses: (options.maximumPasses ?? .max) - passes, limits,
      judge)
    let isAnywhere = options.target != nil
    try collapsing.run(run) { (isAgain, run) throws(MeshError) in
      // Towards a target anywhere may go on; without one the rest has gone as far as it may.
      if let vertices, !(isAgain && isAnywhere) {
        for v in vertices { mesh.weighFan(v) }
      } else {
        try run.forEachChunk(of: mesh.vertexCount, size: 4096) { _, range in
          for v in range { mesh.weighFan(v, isFirstTime: true) }
        }
      }
    }
    usedAllPasses = usedAllPasses || passes + collapsing.passes >= (options.maximumPasses ?? .max)
    passes += collapsing.passes
    if vertices == nil {
      refusals = collapsing.refusals
    } else {
      refusals.add(collapsing.refusals)
    }
  }

  /// Why there are not fewer triangles than this.
  func stopReason(_ triangles: Int) -> DecimationResult.StopReason {
    if triangles <= target { return .target }
    if usedAllPasses { return .passes }
    if refusals.distance > 0 && options.accuracy != nil { return .accuracy }
    return refusals.angle > 0 ? .angle : .shape
  }

  /// The triangles that are left, in the order of the source, and for each its number here.
  func result() -> (mesh: Mesh, slots: [Int]) {
    var slotOf = [UInt32](repeating: .max, count: mesh.triangleCount)
    for f in 0..<mesh.triangleCount where !mesh.isGone(f) { slotOf[Int(order.triangles[f])] = UInt32(f) }
    var slots: [Int] = []
    var sources: [UInt32] = []
    for (i, f) in slotOf.enumerated() where f != .max {
      slots.append(Int(f))
      sources.append(UInt32(i))
    }
    var name = [UInt32](repeating: .max, count: mesh.vertexCount)
    var positions: [SIMD3<Float>] = []
    let triangles = slots.map { f in
      func named(_ v: Int) -> UInt32 {
        if name[v] == .max {
          name[v] = UInt32(positions.count)
          positions.append(mesh.vertex[v].position)
        }
        return name[v]
      }
      return Triangle(
        named(Int(mesh.corner[3 * f])), named(Int(mesh.corner[3 * f + 1])), named(Int(mesh.corner[3 * f + 2]))
      )
    }
    return (
      Mesh(unchecked: positions, triangles: triangles, colors: source.colors?.taken(from: sources)), slots
    )
  }
}

/// How bold collapses are: at first, and at places where what came of it did not hold.
struct DecimationTry {
  /// The distance limit of the samples as a share of the accuracy.
  var tightness: Float
  /// The squared cosine of the largest angle that a triangle may turn in one collapse.
  var turn: Float
  /// Whether what has come back stays, and only other places make up for it.
  var isElsewhere = false

  /// Without samples only crossings are found wrong, which are few: one more try does.
  static func all(tracked: Bool, toTarget: Bool) -> [DecimationTry] {
    let tries =
      tracked
      ? [
        DecimationTry(tightness: 0.9, turn: 0.04), DecimationTry(tightness: 0.7, turn: 0.25),
        DecimationTry(tightness: 0.4, turn: 0.75), DecimationTry(tightness: 0.2, turn: 0.9),
        DecimationTry(tightness: 0.05, turn: 0.98),
      ] : [DecimationTry(tightness: 1, turn: 0.04), DecimationTry(tightness: 1, turn: 0.75)]
    if !toTarget { return tries }
    var elsewhere = tries[1]
    elsewhere.isElsewhere = true
    return tries + [elsewhere, elsewhere, elsewhere]
  }
}
