/// Collapses the edges of a mesh, cheapest first, until it has few enough triangles or nothing more may go.
///
/// Not one by one: a pass takes every edge under a limit, in the order of memory, and weighs what changed
/// afterwards; limits rise so that a pass takes about a tenth of the triangles. That is nearly as good as a
/// priority queue and waits far less for memory. The triangles are divided into chunks that fit a cache, and a
/// chunk goes through several passes before the next one; chunks do not share vertices, so threads may take them
/// side by side, and what reaches across is done afterwards. The division does not depend on the threads.
struct CollapsePasses<Judge: CollapseJudge> {
  let mesh: CollapseMesh
  let target: Int
  private var limits: ShapeLimits
  let makeJudge: () -> Judge
  private(set) var triangles: Int
  /// Passes made so far, and allowed.
  private(set) var passes = 0
  let maximumPasses: Int
  private(set) var refusals = Refusals()
  /// Triangles of each chunk that are not gone.
  private var alive: [Int]
  /// The first vertex that is first named in each chunk, and the number of vertices at the end.
  private let vertexStarts: [UInt32]

  private static var chunk: Int { 16384 }
  /// The share of the triangles that a pass takes.
  private static var share: Double { 0.145 }
  /// How the limit grows from one pass to the next where several are planned at once.
  private static var growth: Float { 1.5 }
  private static var passesPerRound: Int { 4 }

  init(
    _ mesh: CollapseMesh, _ vertexStarts: [UInt32], target: Int, maximumPasses: Int, _ limits: ShapeLimits,
    _ makeJudge: @escaping () -> Judge
  ) {
    self.mesh = mesh
    self.vertexStarts = vertexStarts
    self.target = target
    self.maximumPasses = maximumPasses
    self.limits = limits
    self.makeJudge = makeJudge
    alive = [Int](repeating: 0, count: vertexStarts.count - 1)
    for f in 0..<mesh.triangleCount where !mesh.isGone(f) { alive[f / Self.chunk] += 1 }
    triangles = alive.reduce(0, +)
  }

  /// The first vertex that is first named in each chunk of triangles, and the number of vertices at the end.
  static func vertexStarts(_ corners: [Triangle]) -> [UInt32] {
    var starts: [UInt32] = []
    var seen: UInt32 = 0
    for (f, t) in corners.enumerated() {
      if f % chunk == 0 { starts.append(seen) }
      seen = max(seen, max(t.a, max(t.b, t.c)) + 1)
    }
    return starts + [seen]
  }

  /// - Parameter weigh: Ranks edges that may collapse: at the start, and again when hardly anything goes any more.
  mutating func run(
    _ run: RunContext, weighing weigh: (_ isAgain: Bool, RunContext) throws(MeshError) -> Void
  ) throws(MeshError) {
    try weigh(false, run)
    let before = triangles
    // How often in a row everything was weighed again because hardly anything went.
    var triesAgain = 0
    while triangles > target, passes < maximumPasses {
      let passLimits = try plan(run)
      refusals = Refusals()
      let needed = triangles - target
      let removed = try makeRound(passLimits, run)
      passes += passLimits.count
      run.report(Double(before - triangles) / Double(max(1, before - target)))
      if removed * 500 > triangles || removed * 10 > needed { continue }
      if removed == 0 && triesAgain >= 2 { break }
      // What was refused may be possible now that its surroundings have changed, or under looser limits.
      triesAgain += 1
      if triesAgain > 6 { break }
      limits = limits.lenient
      try weigh(true, run)
    }
    run.report(1)
  }

  /// The limits of the next passes.
  private func plan(_ run: RunContext) throws(MeshError) -> [Float] {
    let mesh = mesh
    let halfEdges = 3 * mesh.triangleCount
    let histograms = try run.mapChunks(of: halfEdges, size: 1 << 18) { _, range in
      var histogram = [Int32](repeating: 0, count: Self.buckets)
      histogram.withUnsafeMutableBufferPointer { histogram in
        for h in range { histogram[Self.bucket(mesh.cost[h])] &+= 1 }
      }
      return histogram
    }
    let wanted = min(Int(Double(triangles) * Self.share), (triangles - target) * 3 / 8 + 1)
    var sum = 0
    var bucket = 0
    while bucket < Self.bucket(.infinity) {
      sum += histograms.reduce(0) { $0 + Int($1[bucket]) }
      if sum >= wanted { break }
      bucket += 1
    }
    var limits = [Float(bitPattern: UInt32(bucket + 1) << 19)]
    if bucket >= Self.bucket(.infinity) { limits = [.infinity] }
    // As many passes in one round as stay clear of the target.
    var left = Double(triangles) * (1 - Self.share)
    while limits.count < min(Self.passesPerRound, maximumPasses - passes),
      left * (1 - Self.share) > Double(target) * 1.05
    {
      limits.append(limits.last! * Self.growth)
      left *= 1 - Self.share
    }
    return limits
  }

  private static var buckets: Int { 4096 }

  /// Sixteen buckets for each power of two. Of coordinates at the ends of Float's range a cost may be no number: that is
  /// never below a limit, and counts as the largest.
  @inline(__always)
  private static func bucket(_ cost: Float) -> Int { min(Int(cost.bitPattern >> 19), buckets - 1) }

  /// Makes the passes, chunk by chunk and then across chunks. Returns how many triangles went.
  private mutating func makeRound(_ passLimits: [Float], _ run: RunContext) throws(MeshError) -> Int {
    let (mesh, limits, starts, makeJudge) = (mesh, limits, vertexStarts, makeJudge)
    let before = triangles
    // No chunk may take more than its share of what is to go, so that all together stop at the target.
    let share = Double(triangles - target) / Double(triangles)
    let quotas = alive.map { Int(Double($0) * share) }
    let isOwn = try ownTriangles(run)
    let outcomes = try isOwn.withUnsafeBufferPointer { (isOwn) throws(MeshError) in
      nonisolated(unsafe) let isOwn = isOwn
      return try run.mapChunks(of: alive.count, size: 1) { chunk, _ in
        var outcome = Outcome()
        if quotas[chunk] < 2 { return outcome }
        var worker = CollapseWorker(mesh, limits, makeJudge())
        defer { worker.deallocate() }
        worker.owned = starts[chunk]..<starts[chunk + 1]
        let triangles = Self.triangles(of: chunk, mesh)
        for limit in passLimits {
          outcome.removed += worker.collapse(
            triangles, isOwn, below: limit, quota: quotas[chunk] - outcome.removed)
        }
        outcome.postponed = worker.postponed
        outcome.refusals = worker.judge.refusals
        return outcome
      }
    }
    // What reaches across chunks, and everything where a quota left nothing to the chunk itself.
    let most = passLimits.last!
    let across = try run.mapChunks(of: alive.count, size: 1) { chunk, _ in
      var edges: [UInt32] = []
      for f in Self.triangles(of: chunk, mesh) where !isOwn[f] || quotas[chunk] < 2 {
        for h in 3 * f..<3 * f + 3 where mesh.cost[h] < most { edges.append(UInt32(h)) }
      }
      return edges + outcomes[chunk].postponed
    }
    for (chunk, outcome) in outcomes.enumerated() {
      alive[chunk] -= outcome.removed
      triangles -= outcome.removed
      refusals.add(outcome.refusals)
    }
    var worker = CollapseWorker(mesh, limits, makeJudge())
    defer { worker.deallocate() }
    for limit in passLimits {
      for chunk in alive.indices {
        try run.checkCancellation()
        let removed = worker.collapse(across[chunk], below: limit, quota: triangles - target)
        alive[chunk] -= removed
        triangles -= removed
      }
      worker.weighChanged()
    }
    refusals.add(worker.judge.refusals)
    return before - triangles
  }

  /// For each triangle whether all its vertices are its chunk's own. Nobody else changes it then, nor reads it.
  private func ownTriangles(_ run: RunContext) throws(MeshError) -> [Bool] {
    let (mesh, starts) = (mesh, vertexStarts)
    return try [Bool](filling: mesh.triangleCount) { (isOwn) throws(MeshError) in
      try run.forEachChunk(of: alive.count, size: 1) { chunk, _ in
        let owned = starts[chunk]..<starts[chunk + 1]
        for f in Self.triangles(of: chunk, mesh) {
          isOwn[f] =
            owned.contains(mesh.corner[3 * f]) && owned.contains(mesh.corner[3 * f + 1])
            && owned.contains(mesh.corner[3 * f + 2])
        }
      }
    }
  }

  private static func triangles(of chunk: Int, _ mesh: CollapseMesh) -> Range<Int> {
    chunk * Self.chunk..<min(mesh.triangleCount, (chunk + 1) * Self.chunk)
  }

  private struct Outcome {
    var removed = 0
    var postponed: [UInt32] = []
    var refusals = Refusals()
  }
}

/// How often a collapse was forbidden by a limit of the caller's.
struct Refusals {
  var distance = 0
  var angle = 0

  mutating func add(_ other: Refusals) {
    distance += other.distance
    angle += other.angle
  }
}
