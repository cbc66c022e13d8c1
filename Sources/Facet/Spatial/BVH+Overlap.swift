extension BVH {
  /// The triangles whose boxes meet `box`, lowest index first; boxes that only touch meet.
  public func triangles(_ mesh: Mesh, overlapping box: Box) -> [UInt32] {
    if box.isEmpty { return [] }
    var found: [UInt32] = []
    nodes.withUnsafeBufferPointer { nodes in
      var stack: [UInt32] = []
      nodes.baseAddress!.forEachLeaf(touching: box, &stack) { leaf in
        for i in leaf {
          let (a, b, c) = mesh.corners(Int(order[i]))
          let own = Box(minimum: lesser(lesser(a, b), c), maximum: greater(greater(a, b), c))
          if own.intersects(box) { found.append(order[i]) }
        }
      }
    }
    return found.sorted()
  }
}

extension UnsafePointer<BVH.Node> {
  /// Calls `body` for the leaves of the tree with this root whose boxes meet `box`, with their places in the tree's
  /// order; boxes that only touch do.
  @inline(__always)
  func forEachLeaf(touching box: Box, _ stack: inout [UInt32], _ body: (Range<Int>) -> Void) {
    stack.removeAll(keepingCapacity: true)
    stack.append(0)
    while let next = stack.popLast() {
      let node = self + Int(next)
      var mask = node.lanesTouching(box.minimum, box.maximum)
      while mask != 0 {
        let lane = mask.trailingZeroBitCount
        mask &= mask &- 1
        let first = Int(node.child(lane))
        let count = node.count(lane)
        if count == 0 { stack.append(UInt32(first)) } else { body(first..<first + count) }
      }
    }
  }
}

/// When two boxes count as near each other.
enum BoxMeeting {
  /// They share more than a common side: on each axis, each begins before the other ends.
  case crossing
  /// Their gap is at most this on each axis; 0 for touching.
  case within(Float)
}

/// Finds the pairs of leaves whose boxes meet, each pair once and each leaf with itself, by going down the
/// tree against itself.
struct LeafPairWalk {
  let nodes: UnsafePointer<BVH.Node>
  /// Where the leaves' triangles are to be looked at: a large triangle's box meets far more than its plane.
  private let scene: TriangleScene?
  /// Added to one box on every side.
  private let margin: Float
  private let onlyCrossing: Bool

  /// Leaves out pairs of leaves that a plane of one of their triangles tells apart.
  init(_ scene: TriangleScene, _ meeting: BoxMeeting) { self.init(scene.nodes, scene, meeting) }

  init(_ nodes: UnsafePointer<BVH.Node>, _ meeting: BoxMeeting) { self.init(nodes, nil, meeting) }

  private init(_ nodes: UnsafePointer<BVH.Node>, _ scene: TriangleScene?, _ meeting: BoxMeeting) {
    self.nodes = nodes
    self.scene = scene
    switch meeting {
    case .crossing:
      margin = 0
      onlyCrossing = true
    case .within(let distance):
      margin = distance
      onlyCrossing = false
    }
  }

  /// Two slots, or one with itself.
  struct Pair: BitwiseCopyable {
    var first: BVHSlot
    var second: BVHSlot
  }

  /// Pairs of slots that cover all pairs of leaves: where parallel walks start. The same for any number of
  /// threads.
  static func starts(_ nodes: [BVH.Node], _ meeting: BoxMeeting, atLeast count: Int) -> [Pair] {
    nodes.withUnsafeBufferPointer { nodes in
      let walk = LeafPairWalk(nodes.baseAddress!, meeting)
      var pairs: [Pair] = []
      walk.openSelf(0) { pairs.append($0) }
      while pairs.count < count {
        var next: [Pair] = []
        for pair in pairs {
          if walk.isLeaf(pair.first) && walk.isLeaf(pair.second) {
            next.append(pair)
          } else {
            walk.open(pair) { next.append($0) }
          }
        }
        if next.count == pairs.count || next.isEmpty { return next }
        pairs = next
      }
      return pairs
    }
  }

  /// Calls `body` for each pair of leaves below a pair of slots.
  @inline(__always)
  func leafPairs(below pair: Pair, _ stack: inout [Pair], _ body: (Pair) -> Void) {
    stack.removeAll(keepingCapacity: true)
    stack.append(pair)
    while let next = stack.popLast() {
      if isLeaf(next.first) && isLeaf(next.second) {
        body(next)
      } else {
        open(next) { stack.append($0) }
      }
    }
  }

  @inline(__always)
  func isLeaf(_ slot: BVHSlot) -> Bool { (nodes + Int(slot.node)).count(Int(slot.lane)) > 0 }

  @inline(__always)
  private func isSame(_ pair: Pair) -> Bool {
    pair.first.node == pair.second.node && pair.first.lane == pair.second.lane
  }

  /// The meeting pairs one level further down.
  @inline(__always)
  private func open(_ pair: Pair, _ body: (Pair) -> Void) {
    let firstNode = nodes + Int(pair.first.node)
    let secondNode = nodes + Int(pair.second.node)
    if isSame(pair) {
      openSelf(firstNode.child(Int(pair.first.lane)), body)
    } else if isLeaf(pair.first) {
      openLeaf(pair.first, secondNode.child(Int(pair.second.lane)), body)
    } else if isLeaf(pair.second) {
      openLeaf(pair.second, firstNode.child(Int(pair.first.lane)), body)
    } else {
      let first = firstNode.child(Int(pair.first.lane))
      let second = secondNode.child(Int(pair.second.lane))
      var lanes = meeting(pair.second, first)
      while lanes != 0 {
        let lane = lanes.trailingZeroBitCount
        lanes &= lanes &- 1
        openOne(BVHSlot(node: first, lane: UInt32(lane)), second, body)
      }
    }
  }

  /// A node's slots among themselves.
  @inline(__always)
  private func openSelf(_ index: UInt32, _ body: (Pair) -> Void) {
    for lane in 0..<UInt32(8) {
      let slot = BVHSlot(node: index, lane: lane)
      if isEmpty(slot) { continue }
      body(Pair(first: slot, second: slot))
      var others = meeting(slot, index) & ~((2 << lane) - 1)
      while others != 0 {
        body(Pair(first: slot, second: BVHSlot(node: index, lane: UInt32(others.trailingZeroBitCount))))
        others &= others &- 1
      }
    }
  }

  /// A leaf against the slots of a node.
  @inline(__always)
  private func openLeaf(_ slot: BVHSlot, _ index: UInt32, _ body: (Pair) -> Void) {
    var lanes = meeting(slot, index)
    // As many as a leaf of large triangles meets.
    if lanes.nonzeroBitCount > 3, scene != nil { lanes = reached(slot, index, lanes) }
    while lanes != 0 {
      body(Pair(first: slot, second: BVHSlot(node: index, lane: UInt32(lanes.trailingZeroBitCount))))
      lanes &= lanes &- 1
    }
  }

  /// Of some lanes of a node those whose boxes are not all on one side of the planes of a leaf's triangles; a lane
  /// that is left out is so for certain, whatever rounding does.
  @inline(never)
  private func reached(_ leaf: BVHSlot, _ index: UInt32, _ lanes: UInt32) -> UInt32 {
    let own = nodes + Int(leaf.node)
    let first = Int(own.child(Int(leaf.lane)))
    let node = nodes + Int(index)
    var reached: UInt32 = 0
    for i in first..<first + own.count(Int(leaf.lane)) {
      let t = scene!.leafCorners[i]
      let a = scene!.positions[Int(t.a)]
      let p = scene!.positions[Int(t.b)] - a
      let q = scene!.positions[Int(t.c)] - a
      var low = SIMD8<Float>.zero
      var high = SIMD8<Float>.zero
      var magnitude = SIMD8<Float>.zero
      for axis in 0..<3 {
        let (u, v) = ((axis + 1) % 3, (axis + 2) % 3)
        let (left, right) = (p[u] * q[v], p[v] * q[u])
        let normal = left - right
        let from = node.lanes(at: 32 * axis) - (a[axis] + 0) - margin
        let to = node.lanes(at: 96 + 32 * axis) - (a[axis] + 0) + margin
        low += (normal < 0 ? to : from) * normal
        high += (normal < 0 ? from : to) * normal
        let farthest = from.replacing(with: -from, where: from .< 0)
        let other = to.replacing(with: -to, where: to .< 0)
        magnitude += farthest.replacing(with: other, where: other .> farthest) * (abs(left) + abs(right))
      }
      // What rounding can do, many times over; not a number is not beyond it.
      let bound = magnitude * 0x1p-18 + 0x1p-100
      reached |= ~bits((low .> bound) .| (high .< -bound))
    }
    return lanes & reached
  }

  /// A slot against the slots of a node.
  @inline(__always)
  private func openOne(_ slot: BVHSlot, _ index: UInt32, _ body: (Pair) -> Void) {
    var lanes = meeting(slot, index)
    while lanes != 0 {
      body(Pair(first: slot, second: BVHSlot(node: index, lane: UInt32(lanes.trailingZeroBitCount))))
      lanes &= lanes &- 1
    }
  }

  @inline(__always)
  private func isEmpty(_ slot: BVHSlot) -> Bool {
    (nodes + Int(slot.node)).scalar(at: 0, Int(slot.lane)) == .infinity
  }

  /// The lanes of a node whose boxes meet a slot's.
  @inline(__always)
  private func meeting(_ slot: BVHSlot, _ index: UInt32) -> UInt32 {
    let own = nodes + Int(slot.node)
    let low = own.minimum(Int(slot.lane))
    let high = own.maximum(Int(slot.lane))
    let other = nodes + Int(index)
    return onlyCrossing
      ? other.lanesCrossing(low, high) : other.lanesTouching(low - margin, high + margin)
  }
}
