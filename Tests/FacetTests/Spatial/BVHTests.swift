import FacetTestSupport
import Testing

@testable import Facet

/// Meshes that make trees of every shape.
enum TreeShapes {
  static func all() throws -> [(name: String, mesh: Mesh)] {
    var shapes: [(String, Mesh)] = [("empty", .empty)]
    for count in [1, 2, 4, 5, 9, 33, 200] {
      shapes.append(("\(count) loose", .randomSoup(triangles: count, seed: UInt64(count))))
    }
    // Larger than one task, so that levels above the tasks are there too.
    shapes.append(("20000 loose", .randomSoup(triangles: 20_000, size: 0.01, seed: 7)))
    shapes.append(("grid", .gridSoup(triangles: 300, side: 4, seed: 8, allowingDegenerate: true)))
    let corners = [SIMD3<Float>(0, 0, 0), SIMD3<Float>(1, 0, 0), SIMD3<Float>(0, 1, 0)]
    shapes.append(
      (
        "9000 times the same",
        try Mesh(positions: corners, triangles: [Triangle](repeating: Triangle(0, 1, 2), count: 9000))
      ))
    // Each one far smaller than the next: the most lopsided splits.
    var positions: [SIMD3<Float>] = []
    var triangles: [Triangle] = []
    for i in 0..<250 {
      let size = Float(sign: .plus, exponent: i - 125, significand: 1)
      triangles.append(Triangle(UInt32(i * 3), UInt32(i * 3 + 1), UInt32(i * 3 + 2)))
      positions += [SIMD3(size, 0, 0), SIMD3(size, size, 0), SIMD3(size, 0, size)]
    }
    shapes.append(("powers of two", try Mesh(positions: positions, triangles: triangles)))
    let far = positions.map { _ in SIMD3<Float>(-3e38, 3e38, 3e38) }
    shapes.append(("points at the far end", try Mesh(positions: far, triangles: triangles)))
    return shapes
  }
}

@Suite struct BVHTests {
  @Test func everyTreeIsSound() throws {
    for (name, mesh) in try TreeShapes.all() {
      #expect(try BVH(mesh, RunContext(threads: 2)).violation(mesh) == nil, "\(name)")
    }
  }

  @Test func aNodeIsLaidOutAsTheLoopsReadIt() {
    #expect(MemoryLayout<BVH.Node>.stride == 240)
    #expect(MemoryLayout<BVH.Node>.offset(of: \.maxX) == 96)
    #expect(MemoryLayout<BVH.Node>.offset(of: \.child) == 192)
    #expect(MemoryLayout<BVH.Node>.offset(of: \.count) == 224)
  }

  @Test func anyNumberOfThreadsBuildsTheSameTree() throws {
    for (name, mesh) in try TreeShapes.all() {
      let one = try BVH(mesh, RunContext(threads: 1))
      for threads in [2, 5] {
        let other = try BVH(mesh, RunContext(threads: threads))
        #expect(one.order == other.order, "\(name)")
        let same = one.nodes.withUnsafeBytes { a in
          other.nodes.withUnsafeBytes { b in a.count == b.count && nodesAreEqual(a, b) }
        }
        #expect(same, "\(name)")
      }
    }
  }

  /// Byte by byte, but for the padding at each node's end.
  private func nodesAreEqual(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    for start in stride(from: 0, to: a.count, by: MemoryLayout<BVH.Node>.stride) {
      if !a[start..<start + 232].elementsEqual(b[start..<start + 232]) { return false }
    }
    return true
  }

  @Test func buildingStopsWhenCancelledOrOverTheBudget() {
    let mesh = Mesh.randomSoup(triangles: 1000, seed: 1)
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: MeshError.cancelled) { try BVH(mesh, RunContext(cancellation: cancellation)) }
    #expect(throws: MeshError.self) { try BVH(mesh, RunContext(memoryBudget: 1000)) }
  }

  @Test func trianglesInABoxEqualBruteForce() throws {
    var random = SeededGenerator(seed: 2)
    let mesh = Mesh.randomSoup(triangles: 500, seed: 3)
    let bvh = try BVH(mesh)
    for _ in 0..<100 {
      let a = SIMD3<Float>.random(in: -0.2...1.2, using: &random)
      let b = SIMD3<Float>.random(in: -0.2...1.2, using: &random)
      let box = Box(minimum: lesser(a, b), maximum: greater(a, b))
      let expected = mesh.triangles.indices.filter { i in
        var own = Box.empty
        own.formUnion(mesh.corners(i).0)
        own.formUnion(mesh.corners(i).1)
        own.formUnion(mesh.corners(i).2)
        return own.intersects(box)
      }
      #expect(bvh.triangles(mesh, overlapping: box) == expected.map { UInt32($0) })
    }
    #expect(bvh.triangles(mesh, overlapping: .empty) == [])
    #expect(bvh.triangles(mesh, overlapping: bvh.bounds).count == 500)
  }

  @Test func leafPairsAreEachPairOnce() throws {
    let mesh = Mesh.randomSoup(triangles: 300, seed: 4)
    let bvh = try BVH(mesh)
    bvh.nodes.withUnsafeBufferPointer { nodes in
      let walk = LeafPairWalk(nodes.baseAddress!, .within(0))
      for least in [1, 50, 4096] {
        var found: [Set<Int>: Int] = [:]
        var stack: [LeafPairWalk.Pair] = []
        for start in LeafPairWalk.starts(bvh.nodes, .within(0), atLeast: least) {
          walk.leafPairs(below: start, &stack) { pair in
            let a = Int(pair.first.node) * 8 + Int(pair.first.lane)
            let b = Int(pair.second.node) * 8 + Int(pair.second.lane)
            found[[a, b], default: 0] += 1
          }
        }
        var leaves: [(Int, Box)] = []
        for (i, node) in bvh.nodes.enumerated() {
          for lane in 0..<8 where node.count[lane] > 0 { leaves.append((i * 8 + lane, node.box(lane))) }
        }
        var expected: [Set<Int>: Int] = [:]
        for (i, box) in leaves {
          for (j, other) in leaves where j <= i && box.intersects(other) { expected[[i, j]] = 1 }
        }
        #expect(found == expected)
      }
    }
  }

  @Test func lanesTellWhichBitsAreSet() {
    for pattern in 0..<256 {
      let lanes = SIMD8<Int32>((0..<8).map { pattern >> $0 & 1 == 1 ? 1 : 0 })
      #expect(bits(lanes .== 1) == UInt32(pattern))
      var spread: UInt64 = 0
      for lane in 0..<8 where pattern >> lane & 1 == 1 { spread |= 1 << UInt64(8 * lane) }
      #expect(spreadBits(lanes .== 1) == spread)
      #expect(bits(lanes.lowHalf .== 1) == UInt32(pattern & 15))
    }
    // A number that is none replaces nothing, and is not replaced.
    let (a, b) = (
      SIMD8<Float>(1, 2, -0.0, .nan, 5, .infinity, -1, 0), SIMD8<Float>(2, 1, 0, 1, .nan, 3, -2, 0)
    )
    for less in [lesser(a, b), lesserInChain(a, b)] {
      for lane in 0..<8 { #expect(less[lane].bitPattern == (b[lane] < a[lane] ? b : a)[lane].bitPattern) }
    }
    for more in [greater(a, b), greaterInChain(a, b)] {
      for lane in 0..<8 { #expect(more[lane].bitPattern == (b[lane] > a[lane] ? b : a)[lane].bitPattern) }
    }
    #expect(magnitude(SIMD4<Float>(-1, 2, -0, -.infinity)) == SIMD4(1, 2, 0, .infinity))
  }
}

extension SIMD3<Float> {
  static func random(in range: ClosedRange<Float>, using generator: inout SeededGenerator) -> Self {
    SIMD3(
      .random(in: range, using: &generator), .random(in: range, using: &generator),
      .random(in: range, using: &generator))
  }
}
