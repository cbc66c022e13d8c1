/// The nodes of one task's range; children numbered from the subtree's own root.
struct Subtree: Sendable {
  var nodes: [BVH.Node] = []
  var depth = 0

  /// Builds the tree of a range of more than one leaf, and writes its triangles to `order`.
  init(of range: BuildRange, _ builder: BVHBuilder, _ order: SharedElements<UInt32>) {
    guard range.count > BVH.leafSize else {
      // Its parent holds it as a leaf.
      write(range, builder, order)
      return
    }
    let bins = SplitBins()
    defer { bins.deallocate() }
    nodes.reserveCapacity(range.count / 12 + 8)
    _ = addNode(range, builder, bins, order, depth: 1)
  }

  private func write(_ range: BuildRange, _ builder: BVHBuilder, _ order: SharedElements<UInt32>) {
    let source = builder.buffer(range)
    for i in range.lower..<range.upper { order[i] = source[i].number }
  }

  private mutating func addNode(
    _ range: BuildRange, _ builder: BVHBuilder, _ bins: SplitBins, _ order: SharedElements<UInt32>,
    depth: Int
  ) -> UInt32 {
    self.depth = max(self.depth, depth)
    let index = nodes.count
    nodes.append(BVH.Node())
    // Open the child with the largest surface until there are eight, or none that is more than a leaf.
    withUnsafeTemporaryAllocation(of: BuildRange.self, capacity: 8) { children in
      children.initializeElement(at: 0, to: range)
      var count = 1
      while count < 8 {
        var largest = -1
        var largestArea: Float = -1
        for i in 0..<count where children[i].count > BVH.leafSize {
          let area = halfArea(children[i].box, builder.scale)
          if area > largestArea {
            largestArea = area
            largest = i
          }
        }
        if largest < 0 { break }
        let (left, right) = builder.split(children[largest], bins)
        children[largest] = left
        children.initializeElement(at: count, to: right)
        count += 1
      }
      for lane in 0..<count {
        let child = children[lane]
        if child.count <= BVH.leafSize {
          write(child, builder, order)
          nodes[index].set(lane, child.box.box, child: UInt32(child.lower), count: child.count)
        } else {
          let node = addNode(child, builder, bins, order, depth: depth + 1)
          nodes[index].set(lane, child.box.box, child: node, count: 0)
        }
      }
    }
    return UInt32(index)
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
