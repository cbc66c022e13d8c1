/// Bends a patch as the surface around it bends: the new vertices take the places of least thin-plate energy, given
/// the rim and the vertices next to it (L. Kobbelt et al., "Interactive multi-resolution modeling on arbitrary
/// meshes", 1998; weights by cotangents, M. Botsch and L. Kobbelt, "An intuitive framework for real-time freeform
/// modeling", 2004).
struct PatchFairing {
  private let rimCount: Int
  private var rows: [Row]

  /// The Laplacian at one vertex, before division by its area.
  private struct Row {
    /// Weights of other vertices of the patch.
    var weights: [(vertex: Int32, weight: Double)] = []
    /// The sum of weights times positions, of vertices outside the patch.
    var outside = SIMD3<Double>.zero
    var total = 0.0
    var area = 0.0

    mutating func add(_ vertex: Int32, _ weight: Double) {
      total += weight
      if let i = weights.firstIndex(where: { $0.vertex == vertex }) {
        weights[i].weight += weight
      } else {
        weights.append((vertex, weight))
      }
    }
  }

  /// The new vertices' places, or nil when they have none: the patch has no new vertex, or is too large.
  static func positions(
    _ patch: PatchRefinement, rim loop: HoleLoop, in mesh: Mesh, _ topology: Topology, _ run: RunContext
  ) throws(MeshError) -> [SIMD3<Double>]? {
    let count = patch.points.count - loop.count
    guard count > 0 else { return nil }
    var fairing = PatchFairing(rimCount: loop.count, rows: Array(repeating: Row(), count: patch.points.count))
    fairing.addPatch(patch)
    fairing.addSurroundings(loop, mesh, topology)
    return try fairing.solve(patch.points, run)
  }

  private mutating func addPatch(_ patch: PatchRefinement) {
    for f in 0..<patch.mesh.triangleCount {
      let v = (0..<3).map { patch.mesh.corners[3 * f + $0] }
      let p = v.map { patch.points[Int($0)] }
      let area = length(cross(p[1] - p[0], p[2] - p[0])) / 6
      for k in 0..<3 {
        let (i, j) = (v[(k + 1) % 3], v[(k + 2) % 3])
        let weight = bounded(cotangent(p[(k + 1) % 3], p[(k + 2) % 3], p[k]))
        rows[Int(i)].add(j, weight)
        rows[Int(j)].add(i, weight)
        rows[Int(v[k])].area += area
      }
    }
  }

  /// The mesh's triangles at the rim: they tell in which direction the surface arrives there.
  private mutating func addSurroundings(_ loop: HoleLoop, _ mesh: Mesh, _ topology: Topology) {
    for i in 0..<loop.count {
      let center = SIMD3<Double>(mesh.positions[Int(loop.vertices[i])])
      topology.forEachInFan(from: loop.rim[i > 0 ? i - 1 : loop.count - 1]) { h in
        let p = SIMD3<Double>(mesh.positions[Int(mesh.corner(Topology.next(h)))])
        let q = SIMD3<Double>(mesh.positions[Int(mesh.corner(Topology.previous(h)))])
        let (toP, toQ) = (bounded(cotangent(center, p, q)), bounded(cotangent(center, q, p)))
        rows[i].outside += toP * p + toQ * q
        rows[i].total += toP + toQ
        rows[i].area += length(cross(p - center, q - center)) / 6
      }
    }
  }

  /// A cotangent that a needle cannot make rule all others, nor an obtuse angle negative.
  private func bounded(_ cotangent: Double) -> Double { min(max(cotangent, 0.02), 20) }

  private func solve(_ points: [SIMD3<Double>], _ run: RunContext) throws(MeshError) -> [SIMD3<Double>]? {
    let count = points.count - rimCount
    let order = order(count)
    // The energy's normal equations: for each row, the products of its weights with each other.
    var first = (0..<count).map { $0 }
    for row in rows.indices {
      let members = unknowns(row).map { order[$0.unknown] }
      guard let least = members.min() else { continue }
      for member in members { first[member] = min(first[member], least) }
    }
    guard var matrix = SkylineMatrix(first: first, work: 2e9) else { return nil }
    try run.reserve(bytes: matrix.bytes, for: "fairing a patch")
    var right = [SIMD3<Double>](repeating: .zero, count: count)
    for row in rows.indices {
      let members = unknowns(row)
      if members.isEmpty { continue }
      var known = rows[row].outside
      for (vertex, weight) in rows[row].weights where Int(vertex) < rimCount {
        known += weight * points[Int(vertex)]
      }
      if row < rimCount { known -= rows[row].total * points[row] }
      let scale = 1 / max(rows[row].area, 1e-300)
      for (i, a) in members {
        right[order[i]] -= scale * a * known
        for (j, b) in members where order[j] <= order[i] { matrix.add(order[i], order[j], scale * a * b) }
      }
    }
    guard try matrix.factorize(run) else { return nil }
    matrix.solve(&right)
    guard right.allSatisfy({ abs($0.x) < 1e30 && abs($0.y) < 1e30 && abs($0.z) < 1e30 }) else { return nil }
    return (0..<count).map { right[order[$0]] }
  }

  /// What of a row is unknown, with its weight.
  private func unknowns(_ row: Int) -> [(unknown: Int, weight: Double)] {
    var result: [(unknown: Int, weight: Double)] = []
    for (vertex, weight) in rows[row].weights where Int(vertex) >= rimCount {
      result.append((Int(vertex) - rimCount, weight))
    }
    if row >= rimCount { result.append((row - rimCount, -rows[row].total)) }
    return result
  }

  /// Where each new vertex comes in the matrix: breadth first from one end, so that neighbours are near each other
  /// (E. Cuthill and J. McKee, 1969).
  private func order(_ count: Int) -> [Int] {
    func walk(from start: Int, _ place: inout [Int], _ next: inout Int) -> Int {
      var queue = [start]
      place[start] = next
      next += 1
      var i = 0
      while i < queue.count {
        for (vertex, _) in rows[queue[i] + rimCount].weights where Int(vertex) >= rimCount {
          let v = Int(vertex) - rimCount
          if place[v] < 0 {
            place[v] = next
            next += 1
            queue.append(v)
          }
        }
        i += 1
      }
      return queue.last!
    }
    var place = [Int](repeating: -1, count: count)
    var next = 0
    for v in 0..<count where place[v] < 0 {
      // The last one reached is an end; start there.
      var trial = place
      var mark = next
      let end = walk(from: v, &trial, &mark)
      _ = walk(from: end, &place, &next)
    }
    return place
  }
}

/// A symmetric positive definite matrix of which each row is kept from its first entry to the diagonal.
struct SkylineMatrix {
  private let first: [Int]
  private let starts: [Int]
  private var values: [Double]

  /// nil when its factor would take more than `work` multiplications.
  init?(first: [Int], work: Double) {
    var starts = [0]
    var needed = 0.0
    for (row, column) in first.enumerated() {
      starts.append(starts[row] + row - column + 1)
      needed += Double(row - column) * Double(row - column) / 2
    }
    guard needed <= work else { return nil }
    self.first = first
    self.starts = starts
    values = Array(repeating: 0, count: starts[first.count])
  }

  var bytes: Int { values.count * 8 }

  /// Adds to an entry on or below the diagonal and within the row's range.
  mutating func add(_ row: Int, _ column: Int, _ value: Double) {
    values[starts[row] + column - first[row]] += value
  }

  /// Cholesky's factor in place; false when the matrix is not positive definite.
  mutating func factorize(_ run: RunContext) throws(MeshError) -> Bool {
    let (first, starts) = (first, starts)
    return try values.withUnsafeMutableBufferPointer { (values) throws(MeshError) in
      guard let base = values.baseAddress else { return true }
      for i in first.indices {
        try run.checkCancellation()
        let row = base + (starts[i] - first[i])
        for j in first[i]..<i {
          let other = base + (starts[j] - first[j])
          var sum = row[j]
          for k in max(first[i], first[j])..<max(first[i], first[j], j) { sum -= row[k] * other[k] }
          row[j] = sum / other[j]
        }
        var pivot = row[i]
        let before = pivot
        for k in first[i]..<i { pivot -= row[k] * row[k] }
        guard pivot > before * 1e-14, pivot.isFinite else { return false }
        row[i] = pivot.squareRoot()
      }
      return true
    }
  }

  /// Solves for one right side in place, after ``factorize(_:)``.
  func solve(_ right: inout [SIMD3<Double>]) {
    for i in first.indices {
      let row = starts[i] - first[i]
      for k in first[i]..<i { right[i] -= values[row + k] * right[k] }
      right[i] /= values[row + i]
    }
    for i in first.indices.reversed() {
      let row = starts[i] - first[i]
      right[i] /= values[row + i]
      for k in first[i]..<i { right[k] -= values[row + k] * right[i] }
    }
  }
}
