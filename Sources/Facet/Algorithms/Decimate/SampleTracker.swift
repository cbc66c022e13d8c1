#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Points of the original surface, carried by the triangles that took its place (Klein, Liebich and Straßer 1996,
/// "Mesh reduction with error control"): every vertex, and the middles of every triangle and every edge.
///
/// A collapse may happen when all samples of the triangles around it are near enough to those that replace them,
/// and points of these near enough to original triangles among them. That finds nearly all that would break the
/// promise of accuracy, not all: what holds is proven afterwards.
struct SampleTracker {
  /// Position, and in the last lane (``lane(_:)``) the next sample of the same triangle. The vertices in the new order
  /// first, then the middles of the triangles, then those of the edges.
  let sample: UnsafeMutablePointer<SIMD4<Float>>
  /// For each triangle its first sample.
  let first: UnsafeMutablePointer<UInt32>
  /// For each sample that is the middle of an edge, a half-edge of it in the original.
  let edge: UnsafeMutablePointer<UInt32>
  /// Original corners, in the new order.
  let corners: [Triangle]
  let vertexCount: Int
  var triangleCount: Int { corners.count }
  /// Squared, mm².
  var limit: Float
  /// The cosine of the largest angle that the surface may turn, or -2.
  let cosine: Float

  static let none = UInt32.max

  /// Bytes that the samples of a mesh take.
  static func bytes(vertices: Int, triangles: Int) -> Int {
    16 * (vertices + triangles + 3 * triangles) + 16 * triangles
  }

  init(_ mesh: CollapseMesh, _ corners: [Triangle], accuracy: Float?, maximumAngle: Float?) {
    let (nv, nt) = (mesh.vertexCount, mesh.triangleCount)
    func isCanonical(_ h: Int) -> Bool {
      let t = mesh.twin[h]
      return t >= Topology.degenerate || t > UInt32(truncatingIfNeeded: h)
    }
    var edges = 0
    for h in 0..<3 * nt where isCanonical(h) { edges += 1 }
    sample = allocateLarge(nv + nt + edges, SIMD4<Float>.self)
    first = allocateLarge(nt, UInt32.self)
    edge = allocateLarge(edges, UInt32.self)
    self.corners = corners
    vertexCount = nv
    limit = accuracy.map { $0 * $0 } ?? .infinity
    cosine = maximumAngle.map { Float(cos((Double($0) + 0.01) * .pi / 180)) } ?? -2
    let unseen = SampleTracker.none - 1
    for v in 0..<nv { sample[v] = SIMD4(mesh.vertex[v].position, lane(unseen)) }
    edges = 0
    for f in 0..<nt {
      let t = corners[f]
      let (a, b, c) = (Int(t.a), Int(t.b), Int(t.c))
      // A vertex and an edge go with the first triangle that has them.
      var head = SampleTracker.none
      for v in [a, b, c] where index(sample[v].w) == unseen {
        sample[v].w = lane(head)
        head = UInt32(truncatingIfNeeded: v)
      }
      let (p, q, r) = (mesh.vertex[a].position, mesh.vertex[b].position, mesh.vertex[c].position)
      for (k, middle) in [(0, (p + q) * 0.5), (1, (q + r) * 0.5), (2, (r + p) * 0.5)]
      where isCanonical(3 * f + k) {
        sample[nv + nt + edges] = SIMD4(middle, lane(head))
        head = UInt32(truncatingIfNeeded: nv + nt + edges)
        edge[edges] = UInt32(truncatingIfNeeded: 3 * f + k)
        edges += 1
      }
      sample[nv + f] = SIMD4((p + q + r) / 3, lane(head))
      first[f] = UInt32(truncatingIfNeeded: nv + f)
    }
  }

  func deallocate() {
    sample.deallocate()
    first.deallocate()
    edge.deallocate()
  }

  @inline(__always)
  func position(_ s: Int) -> SIMD3<Float> { unsafeBitCast(sample[s], to: SIMD3<Float>.self) }

  /// Whether a sample is the middle of a triangle.
  @inline(__always)
  func isTriangle(_ s: UInt32) -> Bool { Int(s) >= vertexCount && Int(s) < vertexCount + triangleCount }

  /// The corners of an original triangle.
  @inline(__always)
  func original(_ f: Int) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    let t = corners[f]
    return (position(Int(t.a)), position(Int(t.b)), position(Int(t.c)))
  }

  /// The original vertices that a sample is made of.
  func sources(_ s: Int) -> (Int, Int, Int) {
    if s < vertexCount { return (s, s, s) }
    let t = s - vertexCount
    if t < triangleCount { return (Int(corners[t].a), Int(corners[t].b), Int(corners[t].c)) }
    let h = Int(edge[t - triangleCount])
    let (u, v) = (corners[h / 3][h % 3], corners[h / 3][(h + 1) % 3])
    return (Int(u), Int(v), Int(v))
  }

  /// Lets triangle `f` carry a sample.
  @inline(__always)
  func add(_ s: Int, to f: Int) {
    sample[s].w = lane(first[f])
    first[f] = UInt32(truncatingIfNeeded: s)
  }
}

/// In degrees, 0 to 180.
func degrees(ofCosine cosine: Float) -> Float {
  Float(acos(Double(max(-1, min(1, cosine)))) * 180 / .pi)
}
