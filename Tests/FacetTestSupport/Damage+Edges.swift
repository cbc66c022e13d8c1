import Facet

// Damage to the edges of a surface: torn, or split on one side only.

extension Wreck {
  /// Tears the surface along some paths: the vertices of a path become two each, and the left one moves by a
  /// part of the stitch tolerance in `shares`; by more than one tolerance only away from the right one.
  mutating func tear(_ shares: ClosedRange<Float>) {
    let tolerance = min(
      Tolerances.stitch, Float(clean.bounds.diagonal * Tolerances.stitchShareOfDiagonal))
    let facetOf = facetOfEdge()
    let wanted = Int.random(in: 1...4, using: &random)
    var torn = 0
    for _ in 0..<200 where torn < wanted {
      guard let path = path(Int.random(in: 2...12, using: &random), facetOf),
        let fans = leftFans(of: path, facetOf)
      else { continue }
      for (fan, v) in zip(fans, path.dropFirst()) {
        let from = positions[Int(v)]
        var away = direction()
        if shares.upperBound > 1 {
          let middle = fan.reduce(SIMD3<Float>.zero) { $0 + center($1) } / Float(fan.count)
          away = (middle - from).normalized
        }
        let moved = add(from + away * (tolerance * number(shares)))
        for f in fan { facets[f].triangle = facets[f].triangle.replacing(v, with: moved) }
      }
      for v in path { isTaken[Int(v)] = true }
      for f in fans.joined() { take(facets[f].triangle) }
      torn += 1
    }
  }

  /// Vertices along edges, going on about straight; nil where damage is near.
  private mutating func path(_ edges: Int, _ facetOf: [Edge: Int]) -> [UInt32]? {
    let t = facets[facet()].triangle
    var path = [t.a, t.b]
    while path.count <= edges {
      let (before, at) = (path[path.count - 2], path[path.count - 1])
      guard let fan = fan(around: at, from: before, to: before, facetOf) else { return nil }
      let ahead = (positions[Int(at)] - positions[Int(before)]).normalized
      var best: (cosine: Float, vertex: UInt32)?
      for f in fan {
        for corner in 0..<3 {
          let v = facets[f].triangle[corner]
          if v == at || path.contains(v) { continue }
          let cosine = dot((positions[Int(v)] - positions[Int(at)]).normalized, ahead)
          if best == nil || cosine > best!.cosine { best = (cosine, v) }
        }
      }
      guard let best, best.cosine > 0 else { break }
      path.append(best.vertex)
    }
    guard path.count > 2, !path.contains(where: { isTaken[Int($0)] }) else { return nil }
    return path
  }

  /// For each vertex inside the path the triangles to its left.
  private func leftFans(of path: [UInt32], _ facetOf: [Edge: Int]) -> [[Int]]? {
    var fans: [[Int]] = []
    for i in 1..<path.count - 1 {
      guard let fan = fan(around: path[i], from: path[i + 1], to: path[i - 1], facetOf),
        !fan.contains(where: { isTaken(facets[$0].triangle) })
      else { return nil }
      fans.append(fan)
    }
    return fans
  }

  /// The triangles about `v` from the edge to `first` on, counter-clockwise, to the edge to `last`.
  private func fan(
    around v: UInt32, from first: UInt32, to last: UInt32, _ facetOf: [Edge: Int]
  ) -> [Int]? {
    var fan: [Int] = []
    var spoke = first
    repeat {
      guard let f = facetOf[Edge(v, spoke)], fan.count < 1000 else { return nil }
      fan.append(f)
      let t = facets[f].triangle
      spoke = t.a == v ? t.c : t.b == v ? t.a : t.b
    } while spoke != last
    return fan
  }

  /// T-junctions: one triangle at an edge becomes two, its neighbour stays.
  mutating func splitEdgesOnOneSide() {
    let facetOf = facetOfEdge()
    let wanted = max(1, facets.count / 100)
    var split = 0
    for _ in 0..<1000 where split < wanted {
      let f = facet()
      let corner = Int.random(in: 0..<3, using: &random)
      let t = facets[f].triangle
      let (a, b, c) = (t[corner], t[(corner + 1) % 3], t[(corner + 2) % 3])
      guard !isTaken(t), let other = facetOf[Edge(b, a)], !isTaken(facets[other].triangle) else { continue }
      let (p, q) = (positions[Int(a)], positions[Int(b)])
      let middle = add(p + (q - p) * number(0.3...0.7))
      take(t)
      take(facets[other].triangle)
      facets[f].triangle = Triangle(a, middle, c)
      facets.append(Piece(triangle: Triangle(middle, b, c), attribute: facets[f].attribute))
      split += 1
    }
  }
}

extension Triangle {
  func replacing(_ old: UInt32, with new: UInt32) -> Triangle {
    Triangle(a == old ? new : a, b == old ? new : b, c == old ? new : c)
  }
}
