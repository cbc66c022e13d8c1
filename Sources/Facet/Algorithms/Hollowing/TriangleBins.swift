/// Triangles of a changing mesh by the cubes they pass through, only in some places.
struct TriangleBins {
  private let width: Float
  private var numbers: BlockNumbers
  private var lists: [[UInt32]]

  /// - Parameters:
  ///   - places: Boxes in which triangles will be asked for.
  ///   - width: Of a cube, mm.
  init(_ places: [Box], width: Float, of mesh: CavityMesh, _ run: RunContext) throws(MeshError) {
    self.width = width
    var numbers = BlockNumbers()
    for (i, box) in places.enumerated() {
      if i & 0xFF == 0 { try run.checkCancellation() }
      TriangleBins.forEachCube(of: box, width) { _ = numbers.number($0) }
    }
    let cubes = numbers
    // Pairs of a cube and a triangle.
    let found = try run.mapChunks(of: mesh.triangles.count, size: 1 << 13) { _, range in
      var own: [SIMD2<UInt32>] = []
      mesh.triangles.withUnsafeBufferPointer { triangles in
        mesh.positions.withUnsafeBufferPointer { positions in
          for i in range {
            let t = triangles[i]
            let box = Box(positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)])
            TriangleBins.forEachCube(of: box, width) {
              if let cube = cubes.find($0) { own.append(SIMD2(UInt32(cube), UInt32(i))) }
            }
          }
        }
      }
      return own
    }
    var lists = [[UInt32]](repeating: [], count: cubes.keys.count)
    for pair in found.joined() { lists[Int(pair.x)].append(pair.y) }
    self.numbers = numbers
    self.lists = lists
  }

  /// Adds a triangle that is new or larger than it was.
  mutating func add(_ triangle: UInt32, _ box: Box) {
    let numbers = numbers
    TriangleBins.forEachCube(of: box, width) {
      if let cube = numbers.find($0) { lists[cube].append(triangle) }
    }
  }

  /// Those triangles that may pass through a box and are wanted, ascending; nil where not all are known.
  @inline(__always)
  func triangles(near box: Box, where isWanted: (UInt32) -> Bool) -> [UInt32]? {
    var all: [UInt32] = []
    var isKnown = true
    TriangleBins.forEachCube(of: box, width) {
      guard let cube = numbers.find($0) else { return isKnown = false }
      for triangle in lists[cube] where isWanted(triangle) && !all.contains(triangle) { all.append(triangle) }
    }
    return isKnown ? all.sorted() : nil
  }

  /// Whether something holds of all triangles whose boxes meet a box; false where not all of them are known.
  ///
  /// - Parameter boxOf: Of a triangle, as it is now.
  @inline(__always)
  func allSatisfy(
    near box: Box, boxOf: (UInt32) -> Box, _ predicate: (_ triangle: UInt32, _ box: Box) -> Bool
  ) -> Bool {
    var isTrue = true
    TriangleBins.forEachCube(of: box, width) { key in
      guard isTrue, let cube = numbers.find(key) else { return isTrue = false }
      for triangle in lists[cube] {
        let own = boxOf(triangle)
        // In the first of the cubes that both pass through.
        if own.intersects(box), key == TriangleBins.key(greater(own.minimum, box.minimum), width) {
          isTrue = predicate(triangle, own)
          if !isTrue { return }
        }
      }
    }
    return isTrue
  }

  @inline(__always)
  private static func forEachCube(of box: Box, _ width: Float, _ body: (UInt64) -> Void) {
    let (low, high) = (cube(box.minimum, width), cube(box.maximum, width))
    for z in low.z...high.z {
      for y in low.y...high.y {
        for x in low.x...high.x { body(BlockNumbers.key(SIMD3(x, y, z))) }
      }
    }
  }

  @inline(__always)
  private static func cube(_ p: SIMD3<Float>, _ width: Float) -> SIMD3<Int32> {
    let q = p * (1 / width)
    return SIMD3(Int32(q.x.rounded(.down)), Int32(q.y.rounded(.down)), Int32(q.z.rounded(.down)))
  }

  @inline(__always)
  private static func key(_ p: SIMD3<Float>, _ width: Float) -> UInt64 {
    BlockNumbers.key(cube(p, width))
  }
}

extension Box {
  /// Around three points.
  @inline(__always)
  init(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) {
    self.init(minimum: lesser(lesser(a, b), c), maximum: greater(greater(a, b), c))
  }

  @inline(__always)
  func grown(by margin: Float) -> Box {
    Box(minimum: minimum - SIMD3(repeating: margin), maximum: maximum + SIMD3(repeating: margin))
  }
}
