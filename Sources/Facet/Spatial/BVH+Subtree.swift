/// The nodes of one task's range; children numbered from the subtree's own root.
struct Subtree: Sendable {
  var nodes: [BVH.Node] = []
  var depth = 0

  /// Builds the tree of a range of more than one leaf, and writes its triangles to `order`.
  init(of range: BuildRange, _ builder: BVHBuilder, _ order: SharedElements<UInt32>) {
    let binary = BinaryTree(range, builder, order)
    defer { binary.deallocate() }
    // Its parent holds a single leaf as one.
    guard binary.count > 1 else { return }
    nodes.reserveCapacity(range.count / 20 + 8)
    _ = addNode(of: 0, binary, depth: 1)
  }

  private mutating func addNode(of parent: Int, _ binary: BinaryTree, depth: Int) -> UInt32 {
    self.depth = max(self.depth, depth)
    let index = nodes.count
    nodes.append(BVH.Node())
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 8) { children in
      var count = 0
      binary.collect(parent, cut: binary.cuts[parent].whole, to: children.baseAddress!, &count)
      for lane in 0..<count {
        let child = binary.nodes[Int(children[lane])]
        let isLeaf = child.left == 0
        let target = isLeaf ? child.lower : addNode(of: Int(children[lane]), binary, depth: depth + 1)
        nodes[index].set(lane, child.box.box, child: target, count: isLeaf ? Int(child.count) : 0)
      }
    }
    return UInt32(index)
  }
}

/// The binary tree that splitting makes, and which of its nodes become those of the wide tree: of all ways to
/// give each up to eight children the one with the least surface in all, which is what queries visit (the dynamic
/// program of Ylitie, Karras and Laine, "Efficient incoherent ray traversal on GPUs through compressed wide BVHs",
/// 2017, section 3).
private struct BinaryTree {
  struct Node {
    var box: BuildItem
    var lower: UInt32
    var count: UInt32
    /// The second child comes after this one; 0 for a leaf.
    var left: UInt32
  }

  /// How a node's content is divided among its two children, as numbers of wide nodes or leaves, the first
  /// child's in the low four bits; 0: not at all, it is a wide node of its own.
  struct Cuts {
    /// With up to 1, 2… 7 in all.
    var among: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0, 0, 0, 0)
    /// With up to eight, when it is a wide node.
    var whole: UInt8 = 0
  }

  /// The surface of wide nodes below with up to 1, 2… 7 of them, or leaves, at the top.
  typealias Costs = SIMD8<Float>

  let nodes: UnsafeMutablePointer<Node>
  let cuts: UnsafeMutablePointer<Cuts>
  private(set) var count = 1

  init(_ range: BuildRange, _ builder: BVHBuilder, _ order: SharedElements<UInt32>) {
    // A leaf has one triangle at least.
    nodes = .allocate(capacity: 2 * range.count)
    cuts = .allocate(capacity: 2 * range.count)
    split(range, builder, order)
    choose(builder.scale)
  }

  func deallocate() {
    nodes.deallocate()
    cuts.deallocate()
  }

  /// Splits ranges until they are leaves, whose triangles it writes.
  private mutating func split(
    _ range: BuildRange, _ builder: BVHBuilder, _ order: SharedElements<UInt32>
  ) {
    let bins = SplitBins()
    defer { bins.deallocate() }
    var waiting: [(range: BuildRange, node: Int)] = [(range, 0)]
    while let (range, node) = waiting.popLast() {
      nodes[node] = Node(
        box: range.box, lower: UInt32(range.lower), count: UInt32(range.count), left: 0)
      if range.count <= BVH.leafSize {
        let source = builder.buffer(range)
        for i in range.lower..<range.upper { order[i] = source[i].number }
        continue
      }
      let (left, right) = builder.split(range, bins)
      nodes[node].left = UInt32(count)
      waiting.append((right, count + 1))
      waiting.append((left, count))
      count += 2
    }
  }

  /// Fills `cuts`, from the leaves up.
  private func choose(_ scale: Float) {
    let costs = UnsafeMutablePointer<Costs>.allocate(capacity: count)
    defer { costs.deallocate() }
    for node in stride(from: count - 1, through: 0, by: -1) {
      cuts[node] = Cuts()
      let left = Int(nodes[node].left)
      if left == 0 {
        costs[node] = .zero
        continue
      }
      let first = UnsafeRawPointer(costs + left).assumingMemoryBound(to: Float.self)
      let second = first + 8
      let own = UnsafeMutableRawPointer(costs + node).assumingMemoryBound(to: Float.self)
      let among = UnsafeMutableRawPointer(cuts + node).assumingMemoryBound(to: UInt8.self)
      // The least for each number of wide nodes or leaves; the costs fall as the number grows.
      @inline(__always) func best(_ number: Int) -> (cost: Float, cut: UInt8) {
        var cost = Float.infinity
        var cut: UInt8 = 0
        for k in 1..<number {
          let sum = first[k - 1] + second[number - k - 1]
          if sum < cost {
            cost = sum
            cut = UInt8(truncatingIfNeeded: k | (number - k) << 4)
          }
        }
        return (cost, cut)
      }
      let (below, whole) = best(8)
      own[0] = below + halfArea(nodes[node].box, scale)
      among[7] = whole
      for number in 2...7 {
        let (cost, cut) = best(number)
        let isBetter = cost < own[number - 2]
        own[number - 1] = isBetter ? cost : own[number - 2]
        among[number - 1] = isBetter ? cut : among[number - 2]
      }
      own[7] = 0
    }
  }

  /// Writes the nodes that become children of a wide node above, or are its leaves.
  func collect(_ node: Int, cut: UInt8, to list: UnsafeMutablePointer<UInt32>, _ count: inout Int) {
    if cut == 0 {
      list[count] = UInt32(node)
      count += 1
      return
    }
    let left = Int(nodes[node].left)
    collect(left, cut: self.cut(left, into: Int(cut & 15)), to: list, &count)
    collect(left + 1, cut: self.cut(left + 1, into: Int(cut >> 4)), to: list, &count)
  }

  private func cut(_ node: Int, into number: Int) -> UInt8 {
    UnsafeRawPointer(cuts + node).load(fromByteOffset: number - 1, as: UInt8.self)
  }
}

extension BVH.Node {
  mutating func set(_ lane: Int, _ box: Box, child: UInt32, count: Int) {
    minX[lane] = box.minimum.x
    minY[lane] = box.minimum.y
    minZ[lane] = box.minimum.z
    maxX[lane] = box.maximum.x
    maxY[lane] = box.maximum.y
    maxZ[lane] = box.maximum.z
    self.child[lane] = child
    self.count[lane] = UInt8(count)
  }
}
