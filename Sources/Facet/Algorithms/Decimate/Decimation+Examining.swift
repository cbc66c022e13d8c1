extension Decimation {
  /// What a result turns out to be.
  struct Findings {
    /// Triangles, by their numbers here, where something does not hold.
    var bad: [Int] = []
    /// Those of them that cross another triangle.
    var crossing: [Int] = []
    var deviation: Deviation?
    /// The largest angle between an original triangle and the one that carries it, degrees, where samples are tracked.
    var largestTurn: Float?
    /// The tree of the result.
    var tree: BVH
  }

  /// Looks for triangles that cross, and with a limit on the accuracy for places beyond it.
  ///
  /// - Parameter tolerated: Triangles that cross others in the source already.
  func examine(
    _ result: Mesh, _ slots: [Int], sourceTree: BVH?, tolerated: Set<Int>, _ run: RunContext
  ) throws(MeshError) -> Findings {
    let tree = try BVH(result, run.slice(0...0.2))
    var findings = Findings(tree: tree)
    if result.triangles.isEmpty { return findings }
    var isBad = [Bool](repeating: false, count: result.triangles.count)
    for t in try result.selfIntersections(tree, run.slice(0.2...0.4)).triangles
    where !tolerated.contains(slots[Int(t)]) {
      isBad[Int(t)] = true
      findings.crossing.append(slots[Int(t)])
    }
    if let tracker {
      let carrier = carriers(slots, tracker)
      findings.largestTurn = try turn(of: result, carrier, tracker, run)
      if let accuracy, let sourceTree {
        try prove(accuracy, result, carrier, tracker, sourceTree, &findings, &isBad, run.slice(0.4...1))
      }
    }
    findings.bad = slots.indices.filter { isBad[$0] }.map { slots[$0] }
    return findings
  }

  /// For each original triangle the triangle of the result that carries its middle.
  private func carriers(_ slots: [Int], _ tracker: SampleTracker) -> [UInt32] {
    var carrier = [UInt32](repeating: .max, count: mesh.triangleCount)
    for (i, f) in slots.enumerated() {
      var s = tracker.first[f]
      while s != SampleTracker.none {
        if tracker.isTriangle(s) { carrier[Int(s) - tracker.vertexCount] = UInt32(i) }
        s = tracker.sample[Int(s)].w.bitPattern
      }
    }
    return carrier
  }

  /// The largest angle between an original triangle and its carrier, degrees.
  private func turn(
    of result: Mesh, _ carrier: [UInt32], _ tracker: SampleTracker, _ run: RunContext
  ) throws(MeshError) -> Float {
    let cosines = try run.mapChunks(of: mesh.triangleCount, size: 16384) { _, range in
      var least: Float = 1
      for f in range where carrier[f] != .max {
        let (t, n) = (tracker.original(f), result.corners(Int(carrier[f])))
        least = min(least, cosineBetween(cross(t.1 - t.0, t.2 - t.0), cross(n.1 - n.0, n.2 - n.0)))
      }
      return least
    }
    return degrees(ofCosine: cosines.min() ?? 1)
  }

  /// Proves that no point of either surface is farther from the other than the accuracy, or finds where one is.
  private func prove(
    _ accuracy: Float, _ result: Mesh, _ carrier: [UInt32], _ tracker: SampleTracker, _ sourceTree: BVH,
    _ findings: inout Findings, _ isBad: inout [Bool], _ run: RunContext
  ) throws(MeshError) {
    let tree = findings.tree
    // A little less, so that neither rounding nor writing makes it more.
    let forward = DistanceProof(target: result, tree: tree, limit: accuracy * 0.999)
    let backward = DistanceProof(target: source, tree: sourceTree, limit: accuracy * 0.999)
    let outwards = run.slice(0...0.5)
    let there = try outwards.mapChunks(of: mesh.triangleCount, size: 2048) { (_, range) throws(MeshError) in
      var outcomes = Outcomes()
      for f in range {
        outcomes.add(
          forward.outcome(of: tracker.original(f), hint: carrier[f] == .max ? nil : Int(carrier[f])))
      }
      outwards.report(Double(range.upperBound) / Double(mesh.triangleCount))
      return outcomes
    }
    let inwards = run.slice(0.5...1)
    let back = try inwards.mapChunks(of: result.triangles.count, size: 512) {
      (_, range) throws(MeshError) in
      var outcomes = Outcomes()
      for i in range {
        let outcome = backward.outcome(of: result.corners(i))
        outcomes.largest = max(outcomes.largest, outcome.largest)
        if outcome.offending != nil { outcomes.offending.append(i) }
      }
      inwards.report(Double(range.upperBound) / Double(result.triangles.count))
      return outcomes
    }
    for i in there.flatMap(\.offending) + back.flatMap(\.offending) { isBad[i] = true }
    findings.deviation = Deviation(
      forward: there.map(\.largest).max() ?? 0, backward: back.map(\.largest).max() ?? 0)
  }

  /// What the result's ``DecimationResult/deviation`` and ``DecimationResult/largestTurn`` say.
  func measures(of result: Mesh, _ findings: Findings, _ run: RunContext) throws(MeshError)
    -> DecimationMeasures
  {
    var sourceTree: BVH?
    if findings.deviation == nil { sourceTree = try BVH(source, run.slice(0...0.3)) }
    var measures = try DecimationMeasures(
      of: result, findings.tree, from: source, sourceTree, run.slice(0.3...1))
    if let proven = findings.deviation { measures.deviation = proven }
    if let turn = findings.largestTurn { measures.largestTurn = turn }
    return measures
  }

  private struct Outcomes {
    var largest: Float = 0
    /// Triangles of the result.
    var offending: [Int] = []

    mutating func add(_ outcome: DistanceProof.Outcome) {
      largest = max(largest, outcome.largest)
      if let triangle = outcome.offending { offending.append(triangle) }
    }
  }
}
