// The levels above the tasks.

/// A binary tree whose leaves are the ranges that become tasks.
struct TopTree {
  struct Node {
    var range: BuildRange
    /// -1 for a leaf.
    var left = -1
    var right = -1
  }

  var nodes: [Node]

  init(_ range: BuildRange) { nodes = [Node(range: range)] }

  /// The leaves' nodes, in the order they were made.
  var leaves: [Int] { nodes.indices.filter { nodes[$0].left < 0 } }
}

extension BVHBuilder {
  /// One piece of a range in a level.
  private struct Piece {
    var range: Int
    var lower: Int
    var upper: Int
  }

  /// Splits ranges, a level at a time, until each is small enough for one task.
  func splitTop(_ tree: inout TopTree, _ run: RunContext) throws(MeshError) {
    var level = [0]
    while true {
      level = level.filter { tree.nodes[$0].range.count > BVHBuilder.subtreeSize }
      if level.isEmpty { return }
      let ranges = level.map { tree.nodes[$0].range }
      let halves = try splitLevel(ranges, run)
      var next: [Int] = []
      for (node, (left, right)) in zip(level, halves) {
        tree.nodes[node].left = tree.nodes.count
        tree.nodes[node].right = tree.nodes.count + 1
        next.append(tree.nodes.count)
        next.append(tree.nodes.count + 1)
        tree.nodes.append(TopTree.Node(range: left))
        tree.nodes.append(TopTree.Node(range: right))
      }
      level = next
    }
  }

  private func splitLevel(
    _ ranges: [BuildRange], _ run: RunContext
  ) throws(MeshError) -> [(BuildRange, BuildRange)] {
    let binnings = ranges.map { Binning($0, scale) }
    var pieces: [Piece] = []
    for (i, range) in ranges.enumerated() {
      for lower in stride(from: range.lower, to: range.upper, by: BVHBuilder.pieceSize) {
        pieces.append(Piece(range: i, lower: lower, upper: min(range.upper, lower + BVHBuilder.pieceSize)))
      }
    }
    let bins = pieces.map { _ in SplitBins() }
    defer { for b in bins { b.deallocate() } }
    try run.forEachChunk(of: pieces.count, size: 1) { [pieces] i, _ in
      let piece = pieces[i]
      bins[i].clear(binnings[piece.range])
      bins[i].add(buffer(ranges[piece.range]), piece.lower, piece.upper, binnings[piece.range])
    }

    // The best plane of each range, and where each piece's items go.
    let sums = ranges.map { _ in SplitBins() }
    defer { for b in sums { b.deallocate() } }
    for (i, b) in sums.enumerated() { b.clear(binnings[i]) }
    for (i, piece) in pieces.enumerated() { sums[piece.range].add(bins[i]) }
    let planes = ranges.indices.map { i in
      ranges[i].depth >= BVHBuilder.deepestPlane ? SplitPlane() : sums[i].bestPlane(binnings[i], scale)
    }
    var leftEnds = ranges.map(\.lower)
    var rightEnds = ranges.indices.map { ranges[$0].lower + planes[$0].leftCount }
    var targets: [(left: Int, right: Int)] = []
    for (i, piece) in pieces.enumerated() {
      targets.append((leftEnds[piece.range], rightEnds[piece.range]))
      let plane = planes[piece.range]
      if plane.axis < 0 { continue }
      var left = 0
      for bin in 0...plane.last { left += Int(bins[i].counts[plane.axis * SplitBins.most + bin]) }
      leftEnds[piece.range] += left
      rightEnds[piece.range] += piece.upper - piece.lower - left
    }

    let centroids = try run.mapChunks(of: pieces.count, size: 1) { [pieces, targets] i, _ in
      move(
        pieces[i].lower, pieces[i].upper, of: ranges[pieces[i].range], planes[pieces[i].range],
        binnings[pieces[i].range], to: targets[i])
    }
    var left = ranges.map { _ in BuildItem.emptyBuildBox }
    var right = left
    for (i, piece) in pieces.enumerated() {
      left[piece.range] = lesser(left[piece.range], centroids[i].0)
      right[piece.range] = lesser(right[piece.range], centroids[i].1)
    }
    return ranges.indices.map { i in
      let range = ranges[i]
      let plane = planes[i]
      if plane.axis < 0 { return cut(range) }
      let middle = range.lower + plane.leftCount
      return (
        BuildRange(
          lower: range.lower, upper: middle, box: plane.left, centroids: left[i],
          inSpare: !range.inSpare, depth: range.depth + 1),
        BuildRange(
          lower: middle, upper: range.upper, box: plane.right, centroids: right[i],
          inSpare: !range.inSpare, depth: range.depth + 1)
      )
    }
  }

  /// Moves a piece's items to the other buffer, each to its side, in order; returns the boxes around the
  /// centroids of both sides.
  private func move(
    _ lower: Int, _ upper: Int, of range: BuildRange, _ plane: SplitPlane, _ binning: Binning,
    to target: (left: Int, right: Int)
  ) -> (BuildItem, BuildItem) {
    guard plane.axis >= 0 else { return (.emptyBuildBox, .emptyBuildBox) }
    let source = buffer(range)
    let other = range.inSpare ? items : spare
    let last = UInt32(plane.last)
    let axis = plane.axis
    var left = target.left
    var right = target.right
    for i in lower..<upper {
      let item = source[i]
      if binning.bins(item)[axis] <= last {
        other[left] = item
        left &+= 1
      } else {
        other[right] = item
        right &+= 1
      }
    }
    return (
      centroidBox(other, target.left, left, scale), centroidBox(other, target.right, right, scale)
    )
  }

  /// Makes one tree of the levels above and the tasks' subtrees.
  func join(
    _ top: TopTree, _ subtrees: [Subtree], _ order: [UInt32], _ corners: [Triangle], _ run: RunContext
  ) throws(MeshError) -> BVH {
    var upper = UpperNodes(top)
    if top.nodes[0].left >= 0 {
      upper.addNode(of: 0, depth: 1)
    } else if top.nodes[0].range.count <= BVH.leafSize {
      // A mesh of a single leaf still has a root.
      var node = BVH.Node()
      node.set(0, top.nodes[0].range.box.box, child: 0, count: top.nodes[0].range.count)
      upper.nodes = [node]
      upper.depth = 1
    }
    var starts: [Int] = []
    var total = upper.nodes.count
    var depth = upper.depth
    for (i, subtree) in subtrees.enumerated() {
      starts.append(total)
      total += subtree.nodes.count
      depth = max(depth, upper.leafDepths[top.leaves[i]] + subtree.depth)
    }
    upper.setChildren(starts)
    let upperNodes = upper.nodes
    let nodes = try [BVH.Node](filling: total) { (nodes) throws(MeshError) in
      adviseLargePages(
        UnsafeMutableRawBufferPointer(start: nodes.base, count: total * MemoryLayout<BVH.Node>.stride))
      for (i, node) in upperNodes.enumerated() { nodes[i] = node }
      try run.forEachChunk(of: subtrees.count, size: 4) { [starts] _, range in
        for i in range {
          let start = starts[i]
          for (k, node) in subtrees[i].nodes.enumerated() {
            var node = node
            for lane in 0..<8 where node.count[lane] == 0 { node.child[lane] &+= UInt32(start) }
            nodes[start + k] = node
          }
        }
      }
    }
    return BVH(
      nodes: nodes, order: order, corners: corners, bounds: top.nodes[0].range.box.box, depth: depth)
  }
}

/// Wide nodes over the binary tree of the upper levels.
private struct UpperNodes {
  let top: TopTree
  var nodes: [BVH.Node] = []
  var depth = 0
  /// Wide nodes above each leaf of the binary tree.
  var leafDepths: [Int]
  /// Lanes whose child is a task's root.
  private var pending: [(node: Int, lane: Int, task: Int)] = []
  private var taskOf: [Int: Int] = [:]

  init(_ top: TopTree) {
    self.top = top
    leafDepths = [Int](repeating: 0, count: top.nodes.count)
    for (task, node) in top.leaves.enumerated() { taskOf[node] = task }
  }

  @discardableResult
  mutating func addNode(of root: Int, depth: Int) -> Int {
    self.depth = max(self.depth, depth)
    let index = nodes.count
    nodes.append(BVH.Node())
    var children = [root]
    while children.count < 8 {
      let open = children.indices.filter { top.nodes[children[$0]].left >= 0 }
      // Opens the one with the most triangles: at these sizes area and number go together, and an even
      // depth matters more.
      guard let widest = open.max(by: { count(children[$0]) < count(children[$1]) }) else { break }
      let node = top.nodes[children[widest]]
      children[widest] = node.left
      children.append(node.right)
    }
    for (lane, child) in children.enumerated() {
      let range = top.nodes[child].range
      if top.nodes[child].left >= 0 {
        let node = addNode(of: child, depth: depth + 1)
        nodes[index].set(lane, range.box.box, child: UInt32(node), count: 0)
        continue
      }
      leafDepths[child] = depth
      if range.count <= BVH.leafSize {
        nodes[index].set(lane, range.box.box, child: UInt32(range.lower), count: range.count)
      } else {
        nodes[index].set(lane, range.box.box, child: 0, count: 0)
        pending.append((index, lane, taskOf[child]!))
      }
    }
    return index
  }

  private func count(_ node: Int) -> Int { top.nodes[node].range.count }

  mutating func setChildren(_ starts: [Int]) {
    for p in pending { nodes[p.node].child[p.lane] = UInt32(starts[p.task]) }
  }
}
