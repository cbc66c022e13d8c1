/// The triangles of one leaf, a lane each. 176 bytes.
struct LeafBlock: BitwiseCopyable, Sendable {
  var ax: SIMD4<Float>
  var ay: SIMD4<Float>
  var az: SIMD4<Float>
  var bx: SIMD4<Float>
  var by: SIMD4<Float>
  var bz: SIMD4<Float>
  var cx: SIMD4<Float>
  var cy: SIMD4<Float>
  var cz: SIMD4<Float>
  /// A third of the longest edge's square: what a point of the triangle may be nearer to anything, squared, than
  /// the nearest corner.
  var depth: SIMD4<Float>
  /// A leaf of fewer than four has its last one in the lanes that are left.
  var triangles: SIMD4<UInt32>

  @inline(__always)
  init(_ a: Lanes3, _ b: Lanes3, _ c: Lanes3, _ triangles: SIMD4<UInt32>) {
    (ax, ay, az) = (a.x, a.y, a.z)
    (bx, by, bz) = (b.x, b.y, b.z)
    (cx, cy, cz) = (c.x, c.y, c.z)
    depth = greater(greater((b - a).squared, (c - a).squared), (c - b).squared) * 0.33334
    self.triangles = triangles
  }
}

// By byte offset: see the nodes' extension.
extension UnsafePointer<LeafBlock> {
  /// Corner a, b or c of one triangle.
  @inline(__always)
  func corner(_ corner: Int, _ lane: Int) -> SIMD3<Float> {
    let base = UnsafeRawPointer(self) + (corner * 48 + lane * 4)
    return SIMD3(
      base.load(as: Float.self), base.load(fromByteOffset: 16, as: Float.self),
      base.load(fromByteOffset: 32, as: Float.self))
  }

  @inline(__always)
  func triangle(_ lane: Int) -> UInt32 {
    (UnsafeRawPointer(self) + (160 + lane * 4)).load(as: UInt32.self)
  }
}

/// A tree with the corners of its leaves side by side: for so many queries that copying them pays. Without it,
/// every leaf that a query looks at is gathered from twelve places of the mesh.
struct LeafBlocks {
  /// The tree's nodes, with a leaf's block for its child.
  let nodes: [BVH.Node]
  let blocks: [LeafBlock]

  /// - Throws: ``MeshError/cancelled``.
  init(_ bvh: BVH, _ mesh: Mesh, _ run: RunContext) throws(MeshError) {
    let size = 2048
    // How many leaves the nodes of each chunk have, and the number of its first.
    var firsts = try run.mapChunks(of: bvh.nodes.count, size: size) { _, range in
      var leaves = 0
      for i in range { for lane in 0..<8 where bvh.nodes[i].count[lane] > 0 { leaves += 1 } }
      return leaves
    }
    var leaves = 0
    for chunk in firsts.indices {
      let own = firsts[chunk]
      firsts[chunk] = leaves
      leaves += own
    }
    var copies: [BVH.Node] = []
    blocks = try [LeafBlock](filling: leaves) { (blocks) throws(MeshError) in
      adviseLargePages(
        UnsafeMutableRawBufferPointer(start: blocks.base, count: leaves * MemoryLayout<LeafBlock>.stride))
      copies = try [BVH.Node](filling: bvh.nodes.count) { (nodes) throws(MeshError) in
        try run.forEachChunk(of: nodes.count, size: size) { chunk, range in
          LeafBlocks.fill(range, firsts[chunk], bvh, mesh, nodes, blocks)
        }
      }
    }
    nodes = copies
  }

  private static func fill(
    _ range: Range<Int>, _ first: Int, _ bvh: BVH, _ mesh: Mesh, _ nodes: SharedElements<BVH.Node>,
    _ blocks: SharedElements<LeafBlock>
  ) {
    mesh.positions.withUnsafeBufferPointer { positions in
      bvh.corners.withUnsafeBufferPointer { corners in
        bvh.order.withUnsafeBufferPointer { order in
          var next = first
          for i in range {
            nodes[i] = bvh.nodes[i]
            let node = nodes.base + i
            for lane in 0..<8 {
              let count = UnsafePointer(node).count(lane)
              if count == 0 { continue }
              let leaf = Leaf(Int(UnsafePointer(node).child(lane)), count)
              let (a, b, c) = leaf.corners(corners, positions)
              blocks[next] = LeafBlock(
                a, b, c, SIMD4(order[leaf.i0], order[leaf.i1], order[leaf.i2], order[leaf.i3]))
              node.pointee.child[lane] = UInt32(next)
              next += 1
            }
          }
        }
      }
    }
  }
}

extension BVH {
  /// The blocks for a batch, when there are enough queries for them to pay and memory for them.
  ///
  /// - Parameter bytes: What the caller reserves beside.
  func leafBlocks(
    _ mesh: Mesh, queries: Int, bytes: Int, _ run: RunContext
  ) throws(MeshError) -> LeafBlocks? {
    let leaves = order.count / 3 + 1
    let needed = nodes.count * MemoryLayout<Node>.stride + leaves * MemoryLayout<LeafBlock>.stride
    // A block costs a tenth of what it saves a query, or thereabouts.
    guard queries > order.count / 8, needed <= run.memoryBudget - bytes else { return nil }
    return try LeafBlocks(self, mesh, run)
  }
}
