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

  /// The triangles that may pass through a box, ascending, and maybe some more; nil where not all are known.
  func triangles(near box: Box) -> [UInt32]? {
    var all: [UInt32] = []
    var isKnown = true
    TriangleBins.forEachCube(of: box, width) {
      if let cube = numbers.find($0) { all += lists[cube] } else { isKnown = false }
    }
    if !isKnown { return nil }
    all.sort()
    var last = UInt32.max
    all.removeAll { triangle in
      defer { last = triangle }
      return triangle == last
    }
    return all
  }

  @inline(__always)
  private static func forEachCube(of box: Box, _ width: Float, _ body: (UInt64) -> Void) {
    @inline(__always)
    func cube(_ p: SIMD3<Float>) -> SIMD3<Int32> {
      let q = p * (1 / width)
      return SIMD3(Int32(q.x.rounded(.down)), Int32(q.y.rounded(.down)), Int32(q.z.rounded(.down)))
    }
    let (low, high) = (cube(box.minimum), cube(box.maximum))
    for z in low.z...high.z {
      for y in low.y...high.y {
        for x in low.x...high.x { body(BlockNumbers.key(SIMD3(x, y, z))) }
      }
    }
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
