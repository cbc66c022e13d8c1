/// The arrays that queries of one thread look at, and what they write on.
struct QueryScene {
  let nodes: UnsafePointer<BVH.Node>
  let order: UnsafeBufferPointer<UInt32>
  let positions: UnsafeBufferPointer<SIMD3<Float>>
  let corners: UnsafeBufferPointer<Triangle>
  /// What the leaves of `nodes` name, instead of places in `order`, when there are any.
  let blocks: UnsafePointer<LeafBlock>?
  /// Where a leaf is gathered when there are none.
  let gathered: UnsafeMutablePointer<LeafBlock>
  /// Has room for the tree's ``BVH/stackCapacity``.
  let stack: UnsafeMutablePointer<WaitingSlot>

  /// The triangles of a leaf; overwritten by the next call.
  @inline(__always)
  func leaf(_ child: UInt32, _ count: Int) -> UnsafePointer<LeafBlock> {
    if let blocks { return blocks + Int(child) }
    gather(Int(child), count)
    return UnsafePointer(gathered)
  }

  @inline(never)
  private func gather(_ first: Int, _ count: Int) {
    let leaf = Leaf(first, count)
    let (a, b, c) = leaf.corners(corners, positions)
    gathered.initialize(
      to: LeafBlock(a, b, c, SIMD4(order[leaf.i0], order[leaf.i1], order[leaf.i2], order[leaf.i3])))
  }
}

extension BVH {
  /// Calls `body` with what a thread's queries need.
  @inline(__always)
  func withScene(_ mesh: Mesh, _ laidOut: LeafBlocks?, _ body: (QueryScene) -> Void) {
    withUnsafeTemporaryAllocation(of: WaitingSlot.self, capacity: stackCapacity) { stack in
      withUnsafeTemporaryAllocation(of: LeafBlock.self, capacity: 1) { gathered in
        (laidOut?.nodes ?? nodes).withUnsafeBufferPointer { nodes in
          order.withUnsafeBufferPointer { order in
            mesh.positions.withUnsafeBufferPointer { positions in
              corners.withUnsafeBufferPointer { corners in
                func call(_ blocks: UnsafePointer<LeafBlock>?) {
                  body(
                    QueryScene(
                      nodes: nodes.baseAddress!, order: order, positions: positions, corners: corners,
                      blocks: blocks, gathered: gathered.baseAddress!, stack: stack.baseAddress!))
                }
                if let laidOut {
                  laidOut.blocks.withUnsafeBufferPointer { call($0.baseAddress) }
                } else {
                  call(nil)
                }
              }
            }
          }
        }
      }
    }
  }
}

/// The places of a leaf's triangles in ``BVH/order``; one of fewer than four has its last one again.
struct Leaf {
  let i0: Int
  let i1: Int
  let i2: Int
  let i3: Int

  @inline(__always)
  init(_ first: Int, _ count: Int) {
    i0 = first
    i1 = first &+ min(1, count &- 1)
    i2 = first &+ min(2, count &- 1)
    i3 = first &+ count &- 1
  }

  @inline(__always)
  func corners(
    _ corners: UnsafeBufferPointer<Triangle>, _ positions: UnsafeBufferPointer<SIMD3<Float>>
  ) -> (a: Lanes3, b: Lanes3, c: Lanes3) {
    let t0 = corners[i0]
    let t1 = corners[i1]
    let t2 = corners[i2]
    let t3 = corners[i3]
    return (
      Lanes3(t0.a, t1.a, t2.a, t3.a, positions), Lanes3(t0.b, t1.b, t2.b, t3.b, positions),
      Lanes3(t0.c, t1.c, t2.c, t3.c, positions)
    )
  }
}
