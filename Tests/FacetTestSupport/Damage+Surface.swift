import Facet

// Damage to the triangles of a surface: gone, turned round, there twice.

extension Wreck {
  /// A hundredth of the triangles, none beside another.
  mutating func dropTriangles() {
    let facetOf = facetOfEdge()
    var dropped = Set<Int>()
    for _ in 0..<facets.count where dropped.count < max(1, facets.count / 100) {
      let f = facet()
      let t = facets[f].triangle
      let besideDropped = (0..<3).contains { corner in
        facetOf[Edge(t[(corner + 1) % 3], t[corner])].map(dropped.contains) ?? true
      }
      if isTaken(t) || besideDropped { continue }
      dropped.insert(f)
    }
    remove(dropped)
  }

  /// A compact patch. What a flat lid over the hole leaves out is at most 0.3 % of the volume: beyond that
  /// nobody could tell from the rest what was there.
  mutating func dropPatch() {
    let facetOf = facetOfEdge()
    for _ in 0..<200 {
      let largest = max(2, facets.count / 20)
      let size = Int.random(in: max(2, largest / 4)...largest, using: &random)
      guard let patch = patch(around: facet(), size, facetOf), let rim = rim(of: patch) else { continue }
      let middle = rim.reduce(SIMD3<Double>.zero) { $0 + SIMD3(positions[Int($1)]) } / Double(rim.count)
      var six = 0.0
      for f in patch {
        let (a, b, c) = corners(facets[f].triangle)
        six += dot(SIMD3(a) - middle, cross(SIMD3<Double>(b) - middle, SIMD3(c) - middle))
      }
      if abs(six) / 6 > 0.003 * clean.plainVolume { continue }
      remove(Set(patch))
      return
    }
  }

  mutating func flipTriangles() {
    for _ in 0..<max(1, facets.count / 50) {
      let f = facet()
      facets[f].triangle = facets[f].triangle.flipped
    }
  }

  mutating func flipPatch() {
    let size = Int.random(in: 2...max(3, facets.count / 10), using: &random)
    guard let patch = patch(around: facet(), size, facetOfEdge(), avoidingTaken: false) else { return }
    for f in patch { facets[f].triangle = facets[f].triangle.flipped }
  }

  mutating func duplicateTriangles(opposed: Bool) {
    for _ in 0..<max(1, facets.count / 100) {
      var copy = facets[facet()]
      if opposed {
        copy.triangle = copy.triangle.flipped
      } else {
        copy.triangle = Triangle(copy.triangle.b, copy.triangle.c, copy.triangle.a)
      }
      facets.insert(copy, at: Int.random(in: 0...facets.count, using: &random))
    }
  }

  private mutating func remove(_ dropped: Set<Int>) {
    for f in dropped { take(facets[f].triangle) }
    facets = facets.indices.filter { !dropped.contains($0) }.map { facets[$0] }
  }

  /// The `size` triangles that are reached first from `seed` when the nearest come first.
  func patch(
    around seed: Int, _ size: Int, _ facetOf: [Edge: Int], avoidingTaken: Bool = true
  ) -> [Int]? {
    var patch: [Int] = []
    var reached: Set<Int> = [seed]
    var waiting = [(distance: Float(0), facet: seed)]
    let origin = center(seed)
    while patch.count < size, let next = waiting.indices.min(by: { isNearer(waiting[$0], waiting[$1]) }) {
      let f = waiting.remove(at: next).facet
      let t = facets[f].triangle
      if avoidingTaken && isTaken(t) { continue }
      patch.append(f)
      for corner in 0..<3 {
        guard let g = facetOf[Edge(t[(corner + 1) % 3], t[corner])], reached.insert(g).inserted else {
          continue
        }
        waiting.append((length(center(g) - origin), g))
      }
    }
    return patch.count == size ? patch : nil
  }

  private func isNearer(_ a: (distance: Float, facet: Int), _ b: (distance: Float, facet: Int)) -> Bool {
    (a.distance, a.facet) < (b.distance, b.facet)
  }

  /// The vertices around a patch, in the order of its edges; nil unless it is a disc whose rim comes to no
  /// vertex twice.
  func rim(of patch: [Int]) -> [UInt32]? {
    var edges = Set<Edge>()
    for f in patch {
      let t = facets[f].triangle
      for corner in 0..<3 {
        let edge = Edge(t[corner], t[(corner + 1) % 3])
        if edges.remove(edge.reversed) == nil { edges.insert(edge) }
      }
    }
    var next: [UInt32: UInt32] = [:]
    for edge in edges where next.updateValue(edge.to, forKey: edge.from) != nil { return nil }
    guard let start = next.keys.min() else { return nil }
    var rim = [start]
    while let v = next[rim.last!], v != start { rim.append(v) }
    return rim.count == edges.count ? rim : nil
  }
}
