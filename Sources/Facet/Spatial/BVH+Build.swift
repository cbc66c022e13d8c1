// Top down by the surface area heuristic over bins of centroids (Wald, "On fast construction of SAH-based
// bounding volume hierarchies", 2007). The upper levels are split together, a level at a time, by loops over
// pieces of their ranges; what is below `subtreeSize` is one task each. Both sizes are fixed, pieces are
// merged in order and every partition is stable, so the tree is the same on any number of threads.

extension BVH {
  /// Builds the tree of a mesh's triangles.
  ///
  /// - Throws: ``MeshError/cancelled`` or ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public init(_ mesh: Mesh, _ run: RunContext = .init()) throws(MeshError) {
    let count = mesh.triangles.count
    guard count > 0 else {
      self.init(nodes: [Node()], order: [], corners: [], bounds: .empty, depth: 1)
      return
    }
    try run.reserve(
      bytes: count * (2 * MemoryLayout<BuildItem>.stride + 16 + MemoryLayout<Node>.stride / 8),
      for: "the search tree")
    let items = UnsafeMutablePointer<BuildItem>.allocate(capacity: count)
    defer { items.deallocate() }
    let spare = UnsafeMutablePointer<BuildItem>.allocate(capacity: count)
    defer { spare.deallocate() }
    adviseLargePages(
      UnsafeMutableRawBufferPointer(start: items, count: count * MemoryLayout<BuildItem>.stride))
    adviseLargePages(
      UnsafeMutableRawBufferPointer(start: spare, count: count * MemoryLayout<BuildItem>.stride))
    var builder = BVHBuilder(count: count, items: items, spare: spare)
    self = try builder.build(mesh, run)
  }
}

/// What the builder moves around: a triangle's box as (least x, y, z, number, -greatest x, y, z, 0), so that one
/// lanewise `lesser` unites two boxes.
typealias BuildItem = SIMD8<Float>

/// A run of items with the box around them and the box around their centroids, both as in `BuildItem`.
struct BuildRange: BitwiseCopyable {
  var lower: Int
  var upper: Int
  var box: BuildItem
  var centroids: BuildItem
  /// Whether the items are in the spare buffer.
  var inSpare = false
  var depth = 0

  var count: Int { upper - lower }
}

extension SIMD8<Float> {
  static var emptyBuildBox: Self { SIMD8(repeating: .infinity) }

  /// Makes every number's bits a float that stays normal when scaled and squared: subnormal ones cost a hundred
  /// times as much, and the number's lane takes part in all arithmetic, of areas too where the compiler goes by
  /// whole vectors.
  private static var tagBase: UInt32 { 0x3000_0000 }

  @inline(__always)
  init(low: SIMD3<Float>, high: SIMD3<Float>, number: Int) {
    let tag = Float(bitPattern: UInt32(truncatingIfNeeded: number) &+ BuildItem.tagBase)
    self.init(low.x, low.y, low.z, tag, -high.x, -high.y, -high.z, 0)
  }

  @inline(__always)
  var number: UInt32 { self[3].bitPattern &- BuildItem.tagBase }

  var box: Box {
    Box(minimum: SIMD3(self[0], self[1], self[2]), maximum: SIMD3(-self[4], -self[5], -self[6]))
  }
}

struct BVHBuilder {
  let count: Int
  let items: UnsafeMutablePointer<BuildItem>
  let spare: UnsafeMutablePointer<BuildItem>
  /// A power of two that brings coordinates to about 1, so that areas neither overflow nor vanish.
  var scale: Float = 1

  /// Items below which a range becomes one task.
  static let subtreeSize = 8192
  /// Items that one step of a parallel loop looks at.
  static let pieceSize = 16384

  mutating func build(_ mesh: Mesh, _ run: RunContext) throws(MeshError) -> BVH {
    var top = TopTree(try collectItems(mesh, run))
    run.report(0.1)
    try splitTop(&top, run)
    run.report(0.4)

    // Each task writes its triangles to its own part of `order` and `corners`.
    let tasks = top.leaves
    var subtrees: [Subtree] = []
    var order: [UInt32] = []
    let builder = self
    let corners = try [Triangle](filling: count) { (corners) throws(MeshError) in
      adviseLargePages(UnsafeMutableRawBufferPointer(start: corners.base, count: count * 12))
      order = try [UInt32](filling: count) { (order) throws(MeshError) in
        subtrees = try run.mapChunks(of: tasks.count, size: 1) {
          (task, _) throws(MeshError) in
          let range = top.nodes[tasks[task]].range
          let subtree = Subtree(of: range, builder, order)
          mesh.triangles.withUnsafeBufferPointer { triangles in
            for i in range.lower..<range.upper { corners[i] = triangles[Int(order[i])] }
          }
          return subtree
        }
      }
    }
    run.report(0.9)
    let tree = try join(top, subtrees, order, corners, run)
    run.report(1)
    return tree
  }

  /// Fills `items` and returns the range of all of them.
  private mutating func collectItems(_ mesh: Mesh, _ run: RunContext) throws(MeshError) -> BuildRange {
    let items = items
    let positions = mesh.positions
    let triangles = mesh.triangles
    let boxes = try run.mapChunks(of: count, size: BVHBuilder.pieceSize) { _, range in
      var box = BuildItem.emptyBuildBox
      var least = SIMD4<Float>(repeating: .infinity)
      var greatest = SIMD4<Float>(repeating: -.infinity)
      positions.withUnsafeBufferPointer { positions in
        triangles.withUnsafeBufferPointer { triangles in
          for i in range {
            let t = triangles[i]
            let a = positions[Int(t.a)]
            let b = positions[Int(t.b)]
            let c = positions[Int(t.c)]
            let low = lesser(lesser(a, b), c)
            let high = greater(greater(a, b), c)
            let item = BuildItem(low: low, high: high, number: i)
            items[i] = item
            box = lesser(box, item)
            let half = centroid(item, 0.5)
            least = lesser(least, half)
            greatest = greater(greatest, half)
          }
        }
      }
      return (box, SIMD8(lowHalf: least, highHalf: -greatest))
    }
    let box = boxes.reduce(.emptyBuildBox) { lesser($0, $1.0) }
    var largest: Float = 0
    for lane in [0, 1, 2, 4, 5, 6] { largest = max(largest, abs(box[lane])) }
    let exponent = largest == 0 ? 0 : min(max(-Int(largest.exponent) - 1, -126), 126)
    scale = Float(sign: .plus, exponent: exponent, significand: 1)
    // Scaling by a power of two changes nothing but the exponent.
    let centroids = boxes.reduce(.emptyBuildBox) { lesser($0, $1.1) } * 2 * scale
    return BuildRange(lower: 0, upper: count, box: box, centroids: centroids)
  }
}

/// The box around scaled centroids of items; see ``BuildItem``.
@inline(__always)
func centroidBox(
  _ items: UnsafeMutablePointer<BuildItem>, _ lower: Int, _ upper: Int, _ scale: Float
) -> BuildItem {
  var low = SIMD4<Float>(repeating: .infinity)
  var high = SIMD4<Float>(repeating: -.infinity)
  for i in lower..<upper {
    let c = centroid(items[i], scale)
    low = lesser(low, c)
    high = greater(high, c)
  }
  return SIMD8(lowHalf: low, highHalf: -high)
}

/// Twice the scaled centroid, and something finite in the last lane.
@inline(__always)
func centroid(_ item: BuildItem, _ scale: Float) -> SIMD4<Float> {
  item.lowHalf * scale - item.highHalf * scale
}

/// Half the surface of a scaled box.
@inline(__always)
func halfArea(_ box: BuildItem, _ scale: Float) -> Float {
  let size = -(box.lowHalf * scale) - box.highHalf * scale
  return size.x * (size.y + size.z) + size.y * size.z
}
