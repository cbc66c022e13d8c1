import Facet
import Testing

/// Welding by the book: a dictionary over coordinate bits, in corner order.
private func naivelyWelded(_ corners: [SIMD3<Float>]) -> Mesh {
  var ids: [SIMD3<UInt32>: UInt32] = [:]
  var positions: [SIMD3<Float>] = []
  var indices: [UInt32] = []
  for corner in corners {
    let canonical = SIMD3<Float>(
      corner.x == 0 ? 0 : corner.x, corner.y == 0 ? 0 : corner.y, corner.z == 0 ? 0 : corner.z)
    let key = SIMD3(canonical.x.bitPattern, canonical.y.bitPattern, canonical.z.bitPattern)
    if let id = ids[key] {
      indices.append(id)
    } else {
      ids[key] = UInt32(positions.count)
      indices.append(UInt32(positions.count))
      positions.append(canonical)
    }
  }
  let triangles = stride(from: 0, to: indices.count, by: 3).map {
    Triangle(indices[$0], indices[$0 + 1], indices[$0 + 2])
  }
  return Mesh(unchecked: positions, triangles: triangles)
}

/// Corners on a small grid, so that most coincide; zeros of both signs.
private func gridSoup(facets: Int, side: Int, seed: UInt64) -> TriangleSoup {
  var random = SplitMix(seed)
  func coordinate() -> Float {
    let value = Float(Int(random.next() % UInt64(side)) - side / 2) / 4
    return value == 0 && random.next() % 2 == 0 ? -0.0 : value
  }
  return TriangleSoup(
    corners: (0..<facets * 3).map { _ in SIMD3(coordinate(), coordinate(), coordinate()) })
}

struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

private func bits(_ mesh: Mesh) -> [UInt32] {
  mesh.positions.flatMap { [$0.x.bitPattern, $0.y.bitPattern, $0.z.bitPattern] }
    + mesh.triangles.flatMap { [$0.a, $0.b, $0.c] }
}

@Suite struct WeldingTests {
  @Test(arguments: [1, 2, 5]) func weldsAsADictionaryWouldOnAnyNumberOfThreads(threads: Int) throws {
    let run = RunContext(threads: threads)
    for (seed, (facets, side)) in [(1, 2), (7, 3), (500, 4), (40_000, 9), (40_000, 60)].enumerated() {
      let soup = gridSoup(facets: facets, side: side, seed: UInt64(seed))
      let mesh = try Mesh.welded(soup, run)
      #expect(bits(mesh) == bits(naivelyWelded(soup.corners)), "\(facets) facets on a grid of \(side)")
    }
  }
}
