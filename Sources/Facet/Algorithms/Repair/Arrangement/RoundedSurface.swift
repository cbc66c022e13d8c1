/// A surface whose new vertices have just been rounded to Floats: what rounding made equal is merged, what it made
/// flat is taken out, as far as that neither turns a triangle over nor changes how the surface hangs together.
struct RoundedSurface {
  private var positions: [SIMD3<Float>]
  private(set) var triangles: [Triangle]
  /// For each triangle the one of the input that it is a part of.
  private(set) var sources: [UInt32]
  private var isRemoved: [Bool]
  /// The triangles around those vertices that are new or next to one.
  private var around: [UInt32: [Int]] = [:]
  private let firstNew: Int
  /// The farthest that a vertex was moved, mm.
  private(set) var largestMove = 0.0

  /// - Parameter firstNew: Vertices from here on may be moved onto others.
  init(positions: [SIMD3<Float>], triangles: [Triangle], sources: [UInt32], firstNew: Int) {
    self.positions = positions
    self.triangles = triangles
    self.sources = sources
    self.firstNew = firstNew
    isRemoved = Array(repeating: false, count: triangles.count)
    mergeEqualVertices()
    cancelDuplicates()
    collapseShortEdges()
    drop()
  }

  /// The surface, with the colours of the triangles that it is made of.
  func mesh(colors: FacetColors?) -> Mesh {
    Mesh(unchecked: positions, triangles: triangles, colors: colors?.taken(from: sources))
      .withoutUnusedVertices()
  }

  // MARK: Equal vertices

  /// New vertices at the place of another one become that one.
  private mutating func mergeEqualVertices() {
    if firstNew == positions.count { return }
    var isNear = [Bool](repeating: false, count: positions.count)
    for t in triangles where isNew(t) {
      for k in 0..<3 { isNear[Int(t[k])] = true }
    }
    // Old vertices have places of their own, but a new one may have come to lie on any.
    var first: [SIMD3<Float>: UInt32] = [:]
    for v in isNear.indices where isNear[v] && v >= firstNew { first[positions[v]] = .max }
    for v in 0..<firstNew where first[positions[v]] != nil { first[positions[v]] = UInt32(v) }
    var renamed: [UInt32: UInt32] = [:]
    for v in firstNew..<positions.count where isNear[v] {
      let known = first[positions[v]]!
      if known == .max { first[positions[v]] = UInt32(v) } else { renamed[UInt32(v)] = known }
    }
    if renamed.isEmpty { return }
    for i in triangles.indices where isNew(triangles[i]) {
      let t = triangles[i]
      triangles[i] = Triangle(renamed[t.a] ?? t.a, renamed[t.b] ?? t.b, renamed[t.c] ?? t.c)
      if triangles[i].isDegenerate { isRemoved[i] = true }
    }
  }

  private func isNew(_ t: Triangle) -> Bool {
    Int(max(t.a, t.b, t.c)) >= firstNew
  }

  /// Two triangles with the same corners that face each other bound nothing.
  private mutating func cancelDuplicates() {
    var known: [SIMD3<UInt32>: [Int]] = [:]
    for i in triangles.indices where !isRemoved[i] && isNew(triangles[i]) {
      known[key(triangles[i]), default: []].append(i)
    }
    for list in known.values where list.count > 1 {
      // Whichever way most face stays, one of each.
      let facing = list.map { isEven(triangles[$0]) }
      let forward = facing.count { $0 }
      let keeps = 2 * forward == list.count ? nil : 2 * forward > list.count
      var hasKept = false
      for (i, isForward) in zip(list, facing) {
        if isForward == keeps && !hasKept { hasKept = true } else { isRemoved[i] = true }
      }
    }
  }

  private func key(_ t: Triangle) -> SIMD3<UInt32> {
    let (low, high) = (min(t.a, t.b, t.c), max(t.a, t.b, t.c))
    return SIMD3(low, t.a ^ t.b ^ t.c ^ low ^ high, high)
  }

  /// Whether the corners run as they do when turned to ascend.
  private func isEven(_ t: Triangle) -> Bool {
    t.a < t.b ? (t.b < t.c || t.c < t.a) : (t.b < t.c && t.c < t.a)
  }

  // MARK: Short edges

  /// Moves new vertices onto neighbours a few last places away.
  private mutating func collapseShortEdges() {
    if firstNew == positions.count { return }
    var isNear = [Bool](repeating: false, count: positions.count)
    var reach: Float = 0
    for (i, t) in triangles.enumerated() where !isRemoved[i] && isNew(t) {
      for k in 0..<3 {
        isNear[Int(t[k])] = true
        let p = positions[Int(t[k])]
        reach = max(reach, abs(p.x), abs(p.y), abs(p.z))
      }
    }
    for (i, t) in triangles.enumerated() where !isRemoved[i] {
      for k in 0..<3 where isNear[Int(t[k])] { around[t[k], default: []].append(i) }
    }
    let short = Double(reach) * 0x1p-21
    var edges: [(length: Double, from: UInt32, to: UInt32)] = []
    for (i, t) in triangles.enumerated() where !isRemoved[i] && isNew(t) {
      for k in 0..<3 {
        let (a, b) = (t[k], t[(k + 1) % 3])
        // The later one is moved.
        let (from, to) = (max(a, b), min(a, b))
        guard Int(from) >= firstNew else { continue }
        let length = distance(from, to)
        if length <= short { edges.append((length, from, to)) }
      }
    }
    edges.sort { ($0.length, $0.from, $0.to) < ($1.length, $1.from, $1.to) }
    for edge in edges { collapse(edge.from, onto: edge.to) }
  }

  private func distance(_ a: UInt32, _ b: UInt32) -> Double {
    length(SIMD3<Double>(positions[Int(a)]) - SIMD3<Double>(positions[Int(b)]))
  }

  private mutating func collapse(_ from: UInt32, onto to: UInt32) {
    let ring = (around[from] ?? []).filter { !isRemoved[$0] && triangles[$0].has(from) }
    let gone = ring.filter { triangles[$0].has(to) }
    guard gone.count == 2 else { return }
    // Neighbours of both ends have to be those of the two triangles that go.
    var neighbours = Set(ring.flatMap { corners(triangles[$0]) })
    neighbours.remove(from)
    neighbours.remove(to)
    let others = Set(
      (around[to] ?? []).filter { !isRemoved[$0] && triangles[$0].has(to) }
        .flatMap { corners(triangles[$0]) })
    guard neighbours.intersection(others).count == 2 else { return }
    for i in ring where !triangles[i].has(to) {
      let before = normal(triangles[i])
      let after = normal(replaced(triangles[i], from, to))
      // A triangle that was flat may turn anywhere; any other keeps its side.
      if after == .zero || dot(before, after) < 0 { return }
    }
    largestMove = max(largestMove, distance(from, to))
    for i in ring {
      if triangles[i].has(to) {
        isRemoved[i] = true
      } else {
        triangles[i] = replaced(triangles[i], from, to)
        around[to, default: []].append(i)
      }
    }
  }

  private func corners(_ t: Triangle) -> [UInt32] { [t.a, t.b, t.c] }

  private func replaced(_ t: Triangle, _ from: UInt32, _ to: UInt32) -> Triangle {
    Triangle(t.a == from ? to : t.a, t.b == from ? to : t.b, t.c == from ? to : t.c)
  }

  private func normal(_ t: Triangle) -> SIMD3<Double> {
    let a = SIMD3<Double>(positions[Int(t.a)])
    return cross(SIMD3<Double>(positions[Int(t.b)]) - a, SIMD3<Double>(positions[Int(t.c)]) - a)
  }

  private mutating func drop() {
    let kept = triangles.indices.filter { !isRemoved[$0] }
    triangles = kept.map { triangles[$0] }
    sources = kept.map { sources[$0] }
  }
}
