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
  /// Added to one box on every side.
  private let margin: Float
  private let onlyCrossing: Bool

  init(_ nodes: UnsafePointer<BVH.Node>, _ meeting: BoxMeeting) {
    self.nodes = nodes
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
      openOne(pair.first, secondNode.child(Int(pair.second.lane)), body)
    } else if isLeaf(pair.second) {
      openOne(pair.second, firstNode.child(Int(pair.first.lane)), body)
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
