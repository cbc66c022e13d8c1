/// A bounding volume hierarchy over a mesh's triangles: boxes in boxes, eight a node, that answer where a ray
/// hits, what is closest to a point and which triangles come near each other.
///
/// It names triangles of the mesh it was built from and reads their positions there: pass that same mesh to
/// every query. The tree depends on the mesh alone, never on the number of threads that built it.
public struct BVH: Sendable {
  /// Eight boxes side by side, so that one query tests all of them at once. 240 bytes.
  package struct Node: BitwiseCopyable, Sendable {
    package var minX = SIMD8<Float>(repeating: .infinity)
    package var minY = SIMD8<Float>(repeating: .infinity)
    package var minZ = SIMD8<Float>(repeating: .infinity)
    package var maxX = SIMD8<Float>(repeating: -.infinity)
    package var maxY = SIMD8<Float>(repeating: -.infinity)
    package var maxZ = SIMD8<Float>(repeating: -.infinity)
    /// A node, or the first of a leaf's triangles in ``BVH/order``. An empty slot has the empty box, which
    /// nothing meets.
    package var child = SIMD8<UInt32>(repeating: 0)
    /// How many triangles the leaf has; 0 for a node.
    package var count = SIMD8<UInt8>(repeating: 0)

    package init() {}
  }

  /// Triangles of one leaf at most: as many as one SIMD register has lanes.
  package static let leafSize = 4

  /// The root first; children come after their parent.
  package let nodes: [Node]
  /// All triangles, leaf after leaf.
  package let order: [UInt32]
  /// Their vertices in the same order: a query that went through ``order`` to the mesh's triangles would
  /// wait for memory once more in every leaf.
  package let corners: [Triangle]
  /// The box around all triangles; empty for a mesh without any.
  public let bounds: Box
  /// Nodes on the longest way from the root to a leaf.
  package let depth: Int

  public var triangleCount: Int { order.count }

  package init(nodes: [Node], order: [UInt32], corners: [Triangle], bounds: Box, depth: Int) {
    self.nodes = nodes
    self.order = order
    self.corners = corners
    self.bounds = bounds
    self.depth = depth
  }

  /// The most slots that wait at once while a query goes depth first: all but one of every node on the way.
  var stackCapacity: Int { depth * 7 + 1 }
}

/// A box of a node: the node and the lane.
package struct BVHSlot: BitwiseCopyable, Sendable {
  package var node: UInt32
  package var lane: UInt32

  @inline(__always)
  package init(node: UInt32, lane: UInt32) {
    self.node = node
    self.lane = lane
  }
}

// Nodes as the hot loops read them: by byte offset, because a vector's lane that is only known when running
// would otherwise be looked up through a copy of the whole vector on the stack.
extension UnsafePointer<BVH.Node> {
  static var minimumOffset: (x: Int, y: Int, z: Int) { (0, 32, 64) }
  static var maximumOffset: (x: Int, y: Int, z: Int) { (96, 128, 160) }

  @inline(__always)
  func lanes(at offset: Int) -> SIMD8<Float> {
    (UnsafeRawPointer(self) + offset).load(as: SIMD8<Float>.self)
  }

  @inline(__always)
  func scalar(at offset: Int, _ lane: Int) -> Float {
    (UnsafeRawPointer(self) + (offset + lane * 4)).load(as: Float.self)
  }

  @inline(__always)
  func child(_ lane: Int) -> UInt32 {
    (UnsafeRawPointer(self) + (192 + lane * 4)).load(as: UInt32.self)
  }

  @inline(__always)
  func count(_ lane: Int) -> Int {
    Int((UnsafeRawPointer(self) + (224 + lane)).load(as: UInt8.self))
  }

  /// Bit `8 i` is set where lane `i` is a leaf.
  @inline(__always)
  var leaves: UInt64 {
    let counts = (UnsafeRawPointer(self) + 224).load(as: UInt64.self)
    return (counts &+ 0x7f7f_7f7f_7f7f_7f7f) >> 7 & 0x0101_0101_0101_0101
  }

  @inline(__always)
  func minimum(_ lane: Int) -> SIMD3<Float> {
    SIMD3(scalar(at: 0, lane), scalar(at: 32, lane), scalar(at: 64, lane))
  }

  @inline(__always)
  func maximum(_ lane: Int) -> SIMD3<Float> {
    SIMD3(scalar(at: 96, lane), scalar(at: 128, lane), scalar(at: 160, lane))
  }

  /// A bit for each lane whose box meets the given one; boxes that only touch do.
  @inline(__always)
  func lanesTouching(_ low: SIMD3<Float>, _ high: SIMD3<Float>) -> UInt32 {
    let x = (lanes(at: 0) .<= high.x) .& (lanes(at: 96) .>= low.x)
    let y = (lanes(at: 32) .<= high.y) .& (lanes(at: 128) .>= low.y)
    let z = (lanes(at: 64) .<= high.z) .& (lanes(at: 160) .>= low.z)
    return bits(x .& y .& z)
  }

  /// A bit for each lane whose box comes inside the given one on every axis. Flat boxes may, for instance
  /// where one passes through the other, but boxes that only touch never do.
  @inline(__always)
  func lanesCrossing(_ low: SIMD3<Float>, _ high: SIMD3<Float>) -> UInt32 {
    let x = (lanes(at: 0) .< high.x) .& (lanes(at: 96) .> low.x)
    let y = (lanes(at: 32) .< high.y) .& (lanes(at: 128) .> low.y)
    let z = (lanes(at: 64) .< high.z) .& (lanes(at: 160) .> low.z)
    return bits(x .& y .& z)
  }

  /// From a point to each lane's box.
  @inline(__always)
  func squaredDistances(_ x: SIMD8<Float>, _ y: SIMD8<Float>, _ z: SIMD8<Float>) -> SIMD8<Float> {
    let zero = SIMD8<Float>.zero
    let dx = greater(greater(zero, lanes(at: 0) - x), x - lanes(at: 96))
    let dy = greater(greater(zero, lanes(at: 32) - y), y - lanes(at: 128))
    let dz = greater(greater(zero, lanes(at: 64) - z), z - lanes(at: 160))
    return dx * dx + dy * dy + dz * dz
  }
}
