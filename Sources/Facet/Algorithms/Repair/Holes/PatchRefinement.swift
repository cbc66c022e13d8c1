/// Brings the triangles of a patch to the size of those around it: splits them at their centres and flips edges until
/// they are Delaunay ones, in turn (P. Liepa, "Filling holes in meshes", 2003).
struct PatchRefinement {
  private(set) var mesh: PatchMesh
  /// The rim's vertices first, then the new ones.
  private(set) var points: [SIMD3<Double>]
  private let rimCount: Int
  /// The edge length wanted at each vertex, mm.
  private var lengths: [Double]

  /// New vertices at most: where the hole is so large that more would be needed the triangles stay larger.
  static let limit = 20_000

  init(_ mesh: PatchMesh, _ rim: [SIMD3<Float>], edgeLengths: [Double]) {
    self.mesh = mesh
    points = rim.map { SIMD3<Double>($0) }
    lengths = edgeLengths
    rimCount = rim.count
  }

  /// - Parameter isForbidden: Whether there may be no edge between these two vertices of the rim.
  mutating func refine(_ run: RunContext, isForbidden: (Int, Int) -> Bool) throws(MeshError) {
    // Triangles may grow towards the middle of a large hole.
    let growth = rimCount <= 60 ? 1.0 : 1.15
    for _ in 0..<24 {
      try run.checkCancellation()
      var edges: [Int32] = []
      for f in 0..<mesh.triangleCount {
        if points.count - rimCount >= PatchRefinement.limit { break }
        let (a, b, c) = (
          Int(mesh.corners[3 * f]), Int(mesh.corners[3 * f + 1]), Int(mesh.corners[3 * f + 2])
        )
        let center = (points[a] + points[b] + points[c]) / 3
        let wanted = (lengths[a] + lengths[b] + lengths[c]) / 3 * growth
        func isFar(_ v: Int) -> Bool {
          let distance = 2.0.squareRoot() * length(center - points[v])
          return distance > wanted && distance > lengths[v]
        }
        guard isFar(a), isFar(b), isFar(c) else { continue }
        points.append(center)
        lengths.append(wanted)
        edges += [Int32(3 * f), Int32(mesh.corners.count), Int32(mesh.corners.count + 3)]
        mesh.split(f, at: Int32(points.count - 1))
      }
      if edges.isEmpty { break }
      try relax(run, isForbidden)
    }
  }

  /// Flips edges to Delaunay ones, in the metric of the surface, unless that folds it over.
  mutating func relax(_ run: RunContext, _ isForbidden: (Int, Int) -> Bool) throws(MeshError) {
    let points = self.points
    let rimCount = self.rimCount
    try mesh.flip(run) { mesh, h in
      improves(mesh, h, points, rimCount, flatterThan: -1, isForbidden)
    }
  }

  /// Sets the new vertices.
  mutating func place(_ new: [SIMD3<Double>]) {
    points.replaceSubrange(rimCount..., with: new)
  }
}

/// Whether flipping makes two triangles of a patch better ones, folds nothing over and makes no edge twice.
///
/// - Parameter flatterThan: The cosine that the bend at the edge must be above.
func improves(
  _ mesh: PatchMesh, _ h: Int, _ points: [SIMD3<Double>], _ rimCount: Int, flatterThan cosine: Double,
  _ isForbidden: (Int, Int) -> Bool
) -> Bool {
  let quad = mesh.quad(h)
  let (a, b) = (points[Int(quad.a)], points[Int(quad.b)])
  let (c, d) = (points[Int(quad.c)], points[Int(quad.d)])
  guard cotangent(a, b, c) + cotangent(a, b, d) < -1e-9 else { return false }
  let (first, second) = (cross(b - a, c - a), cross(d - a, b - a))
  if cosine > -1, dot(first.normalized, second.normalized) < cosine { return false }
  let facing = first.normalized + second.normalized
  let least = 1e-6 * dot(d - c, d - c)
  guard dot(cross(d - a, c - a), facing) > least, dot(cross(c - b, d - b), facing) > least else {
    return false
  }
  if Int(quad.c) < rimCount, Int(quad.d) < rimCount, isForbidden(Int(quad.c), Int(quad.d)) { return false }
  return !mesh.hasEdge(from: PatchMesh.previous(h), to: quad.d)
}
