/// What one worker found: pairs counted, triangles marked. A byte a triangle, so that a soup in which everything
/// crosses everything needs no more memory than a sound part.
final class FoundTriangles: @unchecked Sendable {
  // Only its worker writes to it, and only after all are done is it read.
  private let marks: UnsafeMutablePointer<Bool>
  private let count: Int
  private(set) var pairCount = 0

  init(count: Int) {
    self.count = count
    marks = .allocate(capacity: count)
    marks.initialize(repeating: false, count: count)
  }

  deinit { marks.deallocate() }

  func add(_ first: UInt32, _ second: UInt32) {
    pairCount += 1
    marks[Int(first)] = true
    marks[Int(second)] = true
  }

  func add(_ other: FoundTriangles) {
    pairCount += other.pairCount
    for i in 0..<count where other.marks[i] { marks[i] = true }
  }

  /// The marked ones, lowest index first.
  var triangles: [UInt32] { (0..<count).filter { marks[$0] }.map { UInt32($0) } }
}

extension Mesh {
  /// Calls `visit` for all pairs of near leaves, on all threads, with a place for what it finds. Which worker
  /// finds what differs from run to run, but not what all have found together.
  func forEachLeafPair(
    _ bvh: BVH, _ meeting: BoxMeeting, _ run: RunContext,
    _ visit: (TriangleScene, FoundTriangles, LeafPairWalk.Pair) -> Void
  ) throws(MeshError) -> FoundTriangles {
    try run.reserve(bytes: triangles.count * (run.threads + 1), for: "the search for crossing triangles")
    let count = triangles.count
    let all = FoundTriangles(count: count)
    let workers = Lock<[FoundTriangles]>([])
    let progress = Lock(0)
    // Many more tasks than threads, so that a crowded corner of the part does not keep one thread late.
    let starts = LeafPairWalk.starts(bvh.nodes, meeting, atLeast: 4096)
    let taskSize = 8
    try withScene(bvh) { (scene) throws(MeshError) in
      let walk = LeafPairWalk(scene, meeting)
      try run.forEachChunk(
        of: starts.count, size: taskSize,
        scratch: {
          let found = FoundTriangles(count: count)
          workers.withLock { $0.append(found) }
          return (found: found, stack: [LeafPairWalk.Pair]())
        }
      ) { scratch, _, range in
        let found = scratch.found
        for start in range {
          walk.leafPairs(below: starts[start], &scratch.stack) { visit(scene, found, $0) }
        }
        progress.withLock { done in
          done += range.count
          run.report(Double(done) / Double(starts.count))
        }
      }
    }
    for found in workers.withLock({ $0 }) { all.add(found) }
    return all
  }
}

/// Calls `body` with each triangle of the first leaf, as lanes and a lane of them, and the lanes to hold it
/// against: those of the second leaf that `among` has a bit for.
@inline(__always)
func withLanes(
  of pair: LeafPairWalk.Pair, _ scene: TriangleScene,
  _ body: (
    _ first: UnsafeMutablePointer<TriangleLanes>, _ lane: Int,
    _ second: UnsafeMutablePointer<TriangleLanes>, _ among: UInt32
  ) -> Void
) {
  withUnsafeTemporaryAllocation(of: TriangleLanes.self, capacity: 2) { lanes in
    let first = lanes.baseAddress!
    let second = first + 1
    let firstNode = scene.nodes + Int(pair.first.node)
    let firstLane = Int(pair.first.lane)
    let firstCount = firstNode.count(firstLane)
    first.load(Int(firstNode.child(firstLane)), firstCount, scene)
    if pair.first.node == pair.second.node && pair.first.lane == pair.second.lane {
      for lane in 0..<firstCount - 1 { body(first, lane, first, ~0 << UInt32(lane + 1)) }
      return
    }
    let secondNode = scene.nodes + Int(pair.second.node)
    let secondLane = Int(pair.second.lane)
    second.load(Int(secondNode.child(secondLane)), secondNode.count(secondLane), scene)
    for lane in 0..<firstCount { body(first, lane, second, ~0) }
  }
}
