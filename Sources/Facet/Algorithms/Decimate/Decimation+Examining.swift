extension Decimation {
  /// A result as it was examined.
  struct Examined {
    var mesh: Mesh
    /// For each triangle its number here.
    var slots: [Int]
    var tree: BVH
    /// The largest angle between an original triangle and the one that carries it, degrees, where samples are tracked.
    var largestTurn: Float?
  }

  /// What a result turns out to be.
  struct Findings {
    /// Triangles, by their numbers here, where something does not hold.
    var bad: [Int] = []
    /// Those of them that cross another triangle.
    var crossing: [Int] = []
  }

  /// Looks for triangles that cross, and with a limit on accuracy or angle for places beyond it. After the first
  /// time, only where something has changed since.
  ///
  /// - Parameter tolerated: Triangles that cross others in the source already.
  mutating func examine(
    sourceTree: BVH?, tolerated: Set<Int>, _ run: RunContext
  ) throws(MeshError) -> Findings {
    var findings = Findings()
    examined = nil
    if hasBeenExamined && tracker == nil {
      findings.crossing = try crossingChanges(run).filter { !(tolerated.contains($0) && isOriginal($0)) }
      findings.bad = findings.crossing
      forgetChanges()
      return findings
    }
    let (result, slots) = result()
    var latest = Examined(mesh: result, slots: slots, tree: try BVH(result, run.slice(0...0.2)))
    findings.crossing = try result.selfIntersections(latest.tree, run.slice(0.2...0.4)).triangles
      .map { slots[Int($0)] }.filter { !(tolerated.contains($0) && isOriginal($0)) }
    findings.bad = findings.crossing
    if let tracker {
      let carrier = carriers(slots, tracker)
      let turns = try turns(of: result, carrier, tracker, run)
      latest.largestTurn = turns.largest
      findings.bad += turns.beyond.map { slots[$0] }
      if let accuracy, let sourceTree {
        findings.bad += try prove(accuracy, latest, carrier, tracker, sourceTree, run.slice(0.4...1))
          .map { slots[$0] }
      }
    }
    hasBeenExamined = true
    examined = latest
    forgetChanges()
    findings.bad = Set(findings.bad).sorted()
    return findings
  }

  /// From here on what changes is new.
  private func forgetChanges() {
    for f in 0..<mesh.triangleCount where !mesh.isGone(f) {
      for k in 0..<3 { mesh.vertex[Int(mesh.corner[3 * f + k])].kind.remove(.changed) }
    }
  }

  /// For each original triangle the triangle of the result that carries its middle.
  private func carriers(_ slots: [Int], _ tracker: SampleTracker) -> [UInt32] {
    var carrier = [UInt32](repeating: .max, count: mesh.triangleCount)
    for (i, f) in slots.enumerated() {
      var s = tracker.first[f]
      while s != SampleTracker.none {
        if tracker.isTriangle(s) { carrier[Int(s) - tracker.vertexCount] = UInt32(i) }
        s = index(tracker.sample[Int(s)].w)
      }
    }
    return carrier
  }

  /// The largest angle between an original triangle and its carrier, degrees, and the carriers where it is beyond
  /// the limit.
  private func turns(
    of result: Mesh, _ carrier: [UInt32], _ tracker: SampleTracker, _ run: RunContext
  ) throws(MeshError) -> (largest: Float, beyond: [Int]) {
    let parts = try run.mapChunks(of: mesh.triangleCount, size: 16384) { _, range in
      var least: Float = 1
      var beyond: [Int] = []
      for f in range where carrier[f] != .max {
        let (t, n) = (tracker.original(f), result.corners(Int(carrier[f])))
        let cosine = cosineBetween(cross(t.1 - t.0, t.2 - t.0), cross(n.1 - n.0, n.2 - n.0))
        least = min(least, cosine)
        if cosine < tracker.cosine { beyond.append(Int(carrier[f])) }
      }
      return (least: least, beyond: beyond)
    }
    return (degrees(ofCosine: parts.map(\.least).min() ?? 1), parts.flatMap(\.beyond))
  }

  /// The result, how far it is from the source, and how far the surface turned.
  mutating func finished(_ run: RunContext) throws(MeshError) -> (mesh: Mesh, measures: DecimationMeasures?) {
    if !options.measures && proven == nil { return (examined?.mesh ?? result().mesh, nil) }
    var measures = DecimationMeasures()
    let mesh = examined?.mesh ?? result().mesh
    if proven == nil || examined?.largestTurn == nil {
      var tree = examined?.tree
      if tree == nil { tree = try BVH(mesh, run.slice(0...0.1)) }
      let sourceTree = proven == nil ? try BVH(source, run.slice(0.1...0.4)) : nil
      measures = try DecimationMeasures(of: mesh, tree!, from: source, sourceTree, run.slice(0.4...1))
    }
    if let proven { measures.deviation = proven.deviation(self.mesh) }
    if let turn = examined?.largestTurn { measures.largestTurn = turn }
    return (mesh, measures)
  }
}
