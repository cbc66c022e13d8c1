extension Decimation {
  /// How far the triangles of both surfaces are from the other one at most, mm; infinity where nothing is proven.
  struct Proven {
    /// Of the original triangles.
    var forward: [Float]
    /// Of the triangles of the result, by their numbers here.
    var backward: [Float]
    /// The result that this has been proven of.
    var mesh: Mesh
    var slots: [Int]

    func deviation(_ mesh: CollapseMesh) -> Deviation {
      var farthest: Float = 0
      for f in slots { farthest = max(farthest, backward[f]) }
      return Deviation(forward: forward.max() ?? 0, backward: farthest)
    }
  }

  /// Proves that no point of either surface is farther from the other than the accuracy, or finds where one is. What
  /// was proven before holds as long as nothing that near has changed.
  ///
  /// - Returns: Triangles of the result.
  mutating func prove(
    _ accuracy: Float, _ latest: Examined, _ carrier: [UInt32], _ tracker: SampleTracker, _ sourceTree: BVH,
    _ run: RunContext
  ) throws(MeshError) -> [Int] {
    let (mesh, result) = (mesh, latest.mesh)
    let count = mesh.triangleCount
    var (forward, backward) = try stillProven(accuracy, tracker, run)
    proven = nil
    // A little less, so that neither rounding nor writing makes it more.
    let there = DistanceProof(target: result, tree: latest.tree, limit: accuracy * 0.999)
    let back = DistanceProof(target: source, tree: sourceTree, limit: accuracy * 0.999)
    let outwards = run.slice(0...0.5)
    let offendingThere = try forward.withSharedElements { (forward) throws(MeshError) in
      try outwards.mapChunks(of: count, size: 2048) { (_, range) throws(MeshError) in
        var offending: [Int] = []
        for f in range where forward[f] == .infinity {
          let outcome = there.outcome(
            of: tracker.original(f), hint: carrier[f] == .max ? nil : Int(carrier[f]))
          if let triangle = outcome.offending {
            offending.append(triangle)
          } else {
            forward[f] = outcome.largest
          }
        }
        outwards.report(Double(range.upperBound) / Double(count))
        return offending
      }
    }
    let inwards = run.slice(0.5...1)
    let slots = latest.slots
    let offendingBack = try backward.withSharedElements { (backward) throws(MeshError) in
      try inwards.mapChunks(of: slots.count, size: 512) { (_, range) throws(MeshError) in
        var offending: [Int] = []
        for i in range where backward[slots[i]] == .infinity {
          let outcome = back.outcome(of: result.corners(i))
          if outcome.offending != nil { offending.append(i) } else { backward[slots[i]] = outcome.largest }
        }
        inwards.report(Double(range.upperBound) / Double(slots.count))
        return offending
      }
    }
    proven = Proven(forward: forward, backward: backward, mesh: result, slots: slots)
    return (offendingThere + offendingBack).flatMap { $0 }
  }

  /// What of the last proof still holds.
  private func stillProven(
    _ accuracy: Float, _ tracker: SampleTracker, _ run: RunContext
  ) throws(MeshError) -> (forward: [Float], backward: [Float]) {
    let unproven = [Float](repeating: .infinity, count: mesh.triangleCount)
    guard let proven else { return (unproven, unproven) }
    // Triangles that were used in proofs and are no more.
    let mesh = mesh
    let lost = proven.mesh.keeping { mesh.isGone(proven.slots[$0]) || mesh.isChanged(proven.slots[$0]) }
    if lost.triangles.count * 2 > proven.slots.count { return (unproven, unproven) }
    var backward = proven.backward
    for f in 0..<mesh.triangleCount where mesh.isGone(f) || mesh.isChanged(f) { backward[f] = .infinity }
    if lost.triangles.isEmpty { return (proven.forward, backward) }
    var forward = proven.forward
    let tree = try BVH(lost, run)
    try forward.withSharedElements { (forward) throws(MeshError) in
      try run.forEachChunk(of: mesh.triangleCount, size: 16384, scratch: { [UInt32]() }) { stack, _, range in
        for f in range where forward[f] < .infinity {
          let (a, b, c) = tracker.original(f)
          let around = Box(
            minimum: lesser(lesser(a, b), c) - accuracy, maximum: greater(greater(a, b), c) + accuracy)
          if tree.touches(around, &stack) { forward[f] = .infinity }
        }
      }
    }
    return (forward, backward)
  }
}

extension BVH {
  /// Whether a box meets the box of a leaf. Of no use to the caller but as room for the walk: `stack`.
  @inline(__always)
  func touches(_ box: Box, _ stack: inout [UInt32]) -> Bool {
    nodes.withUnsafeBufferPointer { nodes in
      var isTouching = false
      nodes.baseAddress!.forEachLeaf(touching: box, &stack) { _ in isTouching = true }
      return isTouching
    }
  }
}
