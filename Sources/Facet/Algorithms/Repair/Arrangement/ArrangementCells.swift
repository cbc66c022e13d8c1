/// The cells into which an arrangement's faces divide space, and which of them are inside the solid.
///
/// Two sides of faces are of one cell when they follow one another around a common edge; around an edge with more
/// than two faces these are sorted by exact predicates. Across a face the winding number rises by its step. Where
/// that agrees all around, as it does for closed surfaces, samples have only to tell one number for all connected
/// cells; where it does not (holes, sheets inside the part) each cell is labelled by its own samples' mean.
struct ArrangementCells {
  /// For each face whether it parts inside from outside: 1 with the inside behind it, -1 with the inside before it,
  /// else 0.
  private(set) var facing: [Int8]

  /// - Parameter winding: How often the surface winds around a point.
  init(
    _ arrangement: Arrangement, _ winding: SurfaceWinding, _ run: RunContext
  ) throws(MeshError) {
    var builder = CellBuilder(arrangement)
    try builder.joinSides(run.slice(0...0.5))
    try builder.findWindings(run)
    facing = try builder.labelled(winding, run.slice(0.5...1))
  }
}

private struct CellBuilder {
  private let arrangement: Arrangement
  private let faces: [Arrangement.Face]
  private let complex: Mesh
  /// Side 2f is before face f, side 2f + 1 behind it.
  private var sides: DisjointSets
  /// Faces connected over edges that have just two, of one step.
  private var patches: DisjointSets
  /// The first face of each patch.
  private var patchFaces: [Int] = []
  /// By cell, that is by root side: the winding number less that of the first cell of the component.
  private var relative: [UInt32: Int] = [:]
  /// By cell: the number of its component of connected cells.
  private var component: [UInt32: Int] = [:]
  private var isConsistent: [Bool] = []

  init(_ arrangement: Arrangement) {
    self.arrangement = arrangement
    faces = arrangement.faces
    complex = arrangement.complex()
    sides = DisjointSets(count: faces.count * 2)
    patches = DisjointSets(count: faces.count)
  }

  // MARK: Sides

  mutating func joinSides(_ run: RunContext) throws(MeshError) {
    let topology = try Topology(complex, run.slice(0...0.7))
    for h in topology.twin.indices {
      if h & 0xFFFF == 0 { try run.checkCancellation() }
      let t = topology.twin[h]
      let f = UInt32(h / 3)
      if t == Topology.boundary {
        sides.join(2 * f, 2 * f + 1)
      } else if t < Topology.degenerate, t < h {
        let g = t / 3
        sides.join(2 * f, 2 * g)
        sides.join(2 * f + 1, 2 * g + 1)
        if faces[Int(f)].step == faces[Int(g)].step { patches.join(f, g) }
      }
    }
    let badEdges = try topology.badEdges(of: complex, run)
    for edge in 0..<badEdges.nonManifoldCount {
      if edge & 1023 == 0 { try run.checkCancellation() }
      joinAround(badEdges.nonManifold(edge))
    }
    for f in faces.indices where patches.root(UInt32(f)) == f { patchFaces.append(f) }
  }

  /// Sorts the faces around an edge and joins the sides that look at each other.
  private mutating func joinAround(_ halfEdges: ArraySlice<UInt32>) {
    let first = halfEdges.first!
    let from = complex.corner(Int(first))
    /// A face at the edge: which way it runs, and the corner that is not on it.
    struct Leaf {
      var face: UInt32
      var runsForward: Bool
      var apex: UInt32
    }
    let leaves = halfEdges.map { h in
      Leaf(
        face: h / 3, runsForward: complex.corner(Int(h)) == from,
        apex: complex.corner(Topology.previous(Int(h))))
    }
    let points = arrangement.points
    /// 1 when `b` comes within half a turn after `a`, -1 when within half a turn before, 0 for opposite (or the
    /// same) directions.
    func turn(_ a: Leaf, _ b: Leaf) -> Int {
      points.side(of: b.apex, ofPlane: faces[Int(a.face)].source) * (a.runsForward ? 1 : -1)
    }
    let reference = leaves[0]
    var after: [Leaf] = []
    var opposite: [Leaf] = []
    var before: [Leaf] = []
    for leaf in leaves.dropFirst() {
      switch turn(reference, leaf) {
      case 1: after.append(leaf)
      case -1: before.append(leaf)
      default: opposite.append(leaf)
      }
    }
    func sorted(_ leaves: [Leaf]) -> [Leaf] {
      // By insertion: few, and it ends whatever the comparisons say.
      var result: [Leaf] = []
      for leaf in leaves {
        var i = result.count
        while i > 0 && turn(leaf, result[i - 1]) > 0 { i -= 1 }
        result.insert(leaf, at: i)
      }
      return result
    }
    let order = [reference] + sorted(after) + opposite + sorted(before)
    for (i, leaf) in order.enumerated() {
      let next = order[(i + 1) % order.count]
      // The normal of a face that runs forward points on around the edge.
      sides.join(
        2 * leaf.face + (leaf.runsForward ? 0 : 1), 2 * next.face + (next.runsForward ? 1 : 0))
    }
  }

  // MARK: Windings

  private mutating func cells(of face: Int) -> (front: UInt32, back: UInt32) {
    (sides.root(UInt32(2 * face)), sides.root(UInt32(2 * face + 1)))
  }

  /// Numbers the components of connected cells and carries the winding number from cell to cell.
  mutating func findWindings(_ run: RunContext) throws(MeshError) {
    var neighbours: [UInt32: [(cell: UInt32, step: Int)]] = [:]
    var order: [UInt32] = []
    for f in patchFaces {
      let (front, back) = cells(of: f)
      let step = Int(faces[f].step)
      if neighbours[front] == nil { order.append(front) }
      neighbours[front, default: []].append((back, step))
      if neighbours[back] == nil { order.append(back) }
      neighbours[back, default: []].append((front, -step))
    }
    for start in order where component[start] == nil {
      try run.checkCancellation()
      let number = isConsistent.count
      isConsistent.append(true)
      component[start] = number
      relative[start] = 0
      var stack = [start]
      while let cell = stack.popLast() {
        let own = relative[cell]!
        for (next, step) in neighbours[cell]! {
          if let known = relative[next] {
            if known != own + step { isConsistent[number] = false }
          } else {
            relative[next] = own + step
            component[next] = number
            stack.append(next)
          }
        }
      }
    }
  }

  // MARK: Labels

  mutating func labelled(_ winding: SurfaceWinding, _ run: RunContext) throws(MeshError) -> [Int8] {
    let samples = try chosenSamples(run)
    let measured = try windings(samples, winding, run)
    let components = isConsistent.count
    // Votes for what to add to the relative winding numbers, by component.
    var votes = [[Int: Int]](repeating: [:], count: components)
    // Sums of winding numbers by cell, and by patch the mean of both sides.
    var sums: [UInt32: (winding: Double, weight: Double)] = [:]
    var middles: [Int: (winding: Double, weight: Double)] = [:]
    for (sample, winding) in zip(samples, measured) {
      let f = sample.face
      let (front, back) = cells(of: f)
      let number = component[front]!
      let (front3, back3) = (winding.before, winding.behind)
      if isConsistent[number] {
        let whole = front3.rounded()
        // Where another surface is as near as the sample, or the numbers are not whole, it counts for less.
        let isClear = abs(front3 - whole) < 0.1 && abs(back3 - front3 - Double(faces[f].step)) < 0.1
        votes[number][Int(whole) - relative[front]!, default: 0] += isClear ? 16 : 1
      } else {
        let size = sample.weight
        sums[front, default: (0, 0)].winding += front3 * size
        sums[front, default: (0, 0)].weight += size
        sums[back, default: (0, 0)].winding += back3 * size
        sums[back, default: (0, 0)].weight += size
        let patch = Int(patches.root(UInt32(f)))
        middles[patch, default: (0, 0)].winding += (front3 + back3) / 2 * size
        middles[patch, default: (0, 0)].weight += size
      }
    }
    let offsets = votes.map { votes in
      votes.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
    }
    func isInside(_ cell: UInt32) -> Bool {
      let number = component[cell]!
      if isConsistent[number] { return relative[cell]! + offsets[number] >= 1 }
      guard let sum = sums[cell], sum.weight > 0 else { return false }
      return sum.winding / sum.weight > 0.5
    }
    var facingOfPatch: [Int: Int8] = [:]
    for f in patchFaces {
      let (front, back) = cells(of: f)
      if front == back {
        // A sheet, or a part with a hole: whether it winds from outside to inside here.
        let middle = middles[f].map { $0.winding / $0.weight } ?? 0
        facingOfPatch[f] = middle > -0.25 && middle < 0.75 ? 1 : 0
      } else {
        let (before, behind) = (isInside(front), isInside(back))
        facingOfPatch[f] = before == behind ? 0 : behind ? 1 : -1
      }
    }
    var result = [Int8](repeating: 0, count: faces.count)
    for f in faces.indices {
      if f & 0xFFFF == 0 { try run.checkCancellation() }
      result[f] = facingOfPatch[Int(patches.root(UInt32(f)))]!
    }
    return result
  }

  private struct Sample {
    var face: Int
    var weight: Double
  }

  /// The winding numbers a little before and behind each sample.
  private func windings(
    _ samples: [Sample], _ winding: SurfaceWinding, _ run: RunContext
  ) throws(MeshError) -> [(before: Double, behind: Double)] {
    let done = Lock(0)
    return try run.mapChunks(of: samples.count, size: 16) { _, range in
      let result = range.map { i in
        let (before, behind) = offsetPoints(samples[i].face)
        return (before: winding.at(before), behind: winding.at(behind))
      }
      done.withLock {
        $0 += range.count
        run.report(Double($0) / Double(samples.count))
      }
      return result
    }.flatMap { $0 }
  }

  /// The roundest large faces: some of each component, of components that do not agree some of each patch.
  private mutating func chosenSamples(_ run: RunContext) throws(MeshError) -> [Sample] {
    let perComponent = 9
    let perPatch = 5
    var best: [Int: [(radius: Double, face: Int)]] = [:]
    var areas: [Int: Double] = [:]
    for f in faces.indices {
      if f & 0xFFFF == 0 { try run.checkCancellation() }
      let number = component[sides.root(UInt32(2 * f))]!
      let patch = Int(patches.root(UInt32(f)))
      // Components and patches in one table: the latter below zero.
      let key = isConsistent[number] ? number : -1 - patch
      let limit = isConsistent[number] ? perComponent : perPatch
      let (radius, area) = inscribed(f)
      if key < 0 { areas[key, default: 0] += area }
      let count = best[key]?.count ?? 0
      if count == limit && best[key]![count - 1].radius >= radius { continue }
      var list = best[key] ?? []
      let place = list.firstIndex { $0.radius < radius } ?? list.count
      list.insert((radius, f), at: place)
      if list.count > limit { list.removeLast() }
      best[key] = list
    }
    return best.keys.sorted().flatMap { key in
      best[key]!.map {
        Sample(face: $0.face, weight: (areas[key] ?? 1) / Double(best[key]!.count) + .leastNonzeroMagnitude)
      }
    }
  }

  /// The radius of a face's inscribed circle, and its area.
  private func inscribed(_ f: Int) -> (radius: Double, area: Double) {
    let t = faces[f].corners
    let a = arrangement.points.approximation(t.a)
    let b = arrangement.points.approximation(t.b)
    let c = arrangement.points.approximation(t.c)
    let area = length(cross(b - a, c - a)) / 2
    let around = length(b - a) + length(c - b) + length(a - c)
    return (around > 0 ? 2 * area / around : 0, area)
  }

  /// Points a little before and behind a face's middle.
  private func offsetPoints(_ f: Int) -> (before: SIMD3<Float>, behind: SIMD3<Float>) {
    let t = faces[f].corners
    let a = arrangement.points.approximation(t.a)
    let b = arrangement.points.approximation(t.b)
    let c = arrangement.points.approximation(t.c)
    // The plane of the source is known better than that of a sliver.
    let (p, q, r) = arrangement.points.corners(ofTriangle: faces[f].source)
    let normal = cross(SIMD3<Double>(q) - SIMD3<Double>(p), SIMD3<Double>(r) - SIMD3<Double>(p)).normalized
    let middle = (a + b + c) / 3
    let largest = max(abs(middle.x), abs(middle.y), abs(middle.z))
    let offset = normal * max(inscribed(f).radius * 0.02, largest * 0x1p-20)
    return (SIMD3<Float>(middle + offset), SIMD3<Float>(middle - offset))
  }
}
