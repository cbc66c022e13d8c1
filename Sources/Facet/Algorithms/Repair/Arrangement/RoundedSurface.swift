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
  /// Vertices that may be moved.
  private var isLoose: [Bool]
  /// What is no longer than this is too short, mm.
  private var short = 0.0
  /// Whether there are triangles that lie upon one of the same corners that faces their way.
  private(set) var hasDoubles = false
  /// The farthest that a vertex was moved, mm.
  private(set) var largestMove = 0.0

  /// - Parameters:
  ///   - firstNew: Vertices from here on are new.
  ///   - isCut: For each triangle whether it is a part of one that was cut.
  ///   - round: How often that has been tried before. From the second time on vertices that are not new may be
  ///     moved too, and farther each time.
  ///   - flipsCaps: Whether edges give way to corners that all but lie on them.
  init(
    positions: [SIMD3<Float>], triangles: [Triangle], sources: [UInt32], firstNew: Int, isCut: [Bool],
    round: Int, flipsCaps: Bool, _ run: RunContext
  ) throws(MeshError) {
    self.positions = positions
    self.triangles = triangles
    self.sources = sources
    self.firstNew = firstNew
    isRemoved = Array(repeating: false, count: triangles.count)
    isLoose = Array(repeating: false, count: positions.count)
    try run.checkCancellation()
    mergeEqualVertices()
    try run.checkCancellation()
    cancelDuplicates()
    var reach: Float = 0
    for (i, t) in self.triangles.enumerated() where isCut[i] && !isRemoved[i] {
      for k in 0..<3 {
        let v = Int(t[k])
        if v >= firstNew || round > 0 { isLoose[v] = true }
        reach = max(reach, abs(positions[v].x), abs(positions[v].y), abs(positions[v].z))
      }
    }
    // Some last places of the coordinates.
    short = Double(reach) * 0x1p-21 * Double(1 << round)
    try run.checkCancellation()
    findNeighbours()
    for _ in 0..<3 {
      let collapsed = try collapseShortEdges(run)
      let flipped = flipsCaps ? try flipCaps(run) : 0
      if collapsed + flipped == 0 { break }
    }
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
    var isNamed = [Bool](repeating: false, count: positions.count)
    for t in triangles where isNew(t) {
      for k in 0..<3 { isNamed[Int(t[k])] = true }
    }
    let new = (firstNew..<positions.count).filter { isNamed[$0] }.map { UInt32($0) }
    // Old vertices have places of their own, but a new one may have come to lie on any.
    let table = PlaceTable(new, of: positions)
    var old: [UInt32: UInt32] = [:]
    table.forEachVertex(of: positions, 0..<firstNew) { v, known in
      if known != .max { old[known] = UInt32(v) }
    }
    var renamed: [UInt32: UInt32] = [:]
    table.forEachVertex(of: positions, firstNew..<positions.count) { v, known in
      if !isNamed[v] { return }
      let first = old[known] ?? known
      if first != v { renamed[UInt32(v)] = first }
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
      // As many stay as face one way more than the other.
      let facing = list.map { isEven(triangles[$0]) }
      let forward = facing.count { $0 }
      var rest = abs(2 * forward - list.count)
      if rest > 1 { hasDoubles = true }
      for (i, isForward) in zip(list, facing) {
        if isForward == (2 * forward > list.count) && rest > 0 { rest -= 1 } else { isRemoved[i] = true }
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

  private func isLoose(_ t: Triangle) -> Bool {
    isLoose[Int(t.a)] || isLoose[Int(t.b)] || isLoose[Int(t.c)]
  }

  /// Finds the triangles around all vertices up to two edges away from a loose one.
  private mutating func findNeighbours() {
    var isNear = isLoose
    for _ in 0..<2 {
      let isNearer = isNear
      for (i, t) in triangles.enumerated() where !isRemoved[i] {
        guard isNearer[Int(t.a)] || isNearer[Int(t.b)] || isNearer[Int(t.c)] else { continue }
        for k in 0..<3 { isNear[Int(t[k])] = true }
      }
    }
    for (i, t) in triangles.enumerated() where !isRemoved[i] {
      for k in 0..<3 where isNear[Int(t[k])] { around[t[k], default: []].append(i) }
    }
  }

  /// Moves vertices onto neighbours a few last places away; returns how many.
  private mutating func collapseShortEdges(_ run: RunContext) throws(MeshError) -> Int {
    var edges: [(length: Double, from: UInt32, to: UInt32)] = []
    for (i, t) in triangles.enumerated() where !isRemoved[i] && isLoose(t) {
      if i & 0xFFFF == 0 { try run.checkCancellation() }
      for k in 0..<3 {
        let (a, b) = (t[k], t[(k + 1) % 3])
        let length = distance(a, b)
        if length > short { continue }
        // The later one is moved if both can be.
        if isLoose[Int(max(a, b))] { edges.append((length, max(a, b), min(a, b))) }
        if isLoose[Int(min(a, b))] { edges.append((length, min(a, b), max(a, b))) }
      }
    }
    edges.sort { ($0.length, $1.from, $0.to) < ($1.length, $0.from, $1.to) }
    var count = 0
    for (i, edge) in edges.enumerated() {
      if i & 0xFF == 0 { try run.checkCancellation() }
      if collapse(edge.from, onto: edge.to) { count += 1 }
    }
    return count
  }

  private func distance(_ a: UInt32, _ b: UInt32) -> Double {
    length(SIMD3<Double>(positions[Int(a)]) - SIMD3<Double>(positions[Int(b)]))
  }

  private func triangles(around v: UInt32) -> [Int] {
    // A triangle that left and came back is listed twice.
    var found: [Int] = []
    for i in around[v] ?? [] where !isRemoved[i] && triangles[i].has(v) && !found.contains(i) {
      found.append(i)
    }
    return found
  }

  private mutating func collapse(_ from: UInt32, onto to: UInt32) -> Bool {
    guard around[from] != nil, around[to] != nil else { return false }
    let ring = triangles(around: from)
    let gone = ring.filter { triangles[$0].has(to) }
    guard gone.count == 2 else { return false }
    // Neighbours of both ends have to be those of the two triangles that go.
    var neighbours = Set(ring.flatMap { corners(triangles[$0]) })
    neighbours.remove(from)
    neighbours.remove(to)
    let others = Set(triangles(around: to).flatMap { corners(triangles[$0]) })
    guard neighbours.intersection(others).count == 2 else { return false }
    for i in ring where !triangles[i].has(to) {
      let before = normal(triangles[i])
      let after = normal(replaced(triangles[i], from, to))
      // A triangle that was flat may turn anywhere; any other keeps its side.
      if after == .zero || dot(before, after) < 0 { return false }
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
    return true
  }

  // MARK: Caps

  /// Where a corner all but lies on the opposite edge, that edge gives way to one from the corner to the other side;
  /// returns how often.
  private mutating func flipCaps(_ run: RunContext) throws(MeshError) -> Int {
    var count = 0
    for i in triangles.indices where !isRemoved[i] && isLoose(triangles[i]) {
      if i & 0x3FF == 0 { try run.checkCancellation() }
      for k in 0..<3 where flipCap(i, k) {
        count += 1
        break
      }
    }
    return count
  }

  /// Flips edge k of triangle i if the corner opposite lies that near to it.
  private mutating func flipCap(_ i: Int, _ k: Int) -> Bool {
    let t = triangles[i]
    let (u, w, n) = (t[k], t[(k + 1) % 3], t[(k + 2) % 3])
    let (p, q, r) = (
      SIMD3<Double>(positions[Int(u)]), SIMD3<Double>(positions[Int(w)]), SIMD3<Double>(positions[Int(n)])
    )
    let along = q - p
    let place = dot(r - p, along)
    let square = dot(along, along)
    guard place > 0, place < square, length(cross(r - p, along)) <= short * square.squareRoot() else {
      return false
    }
    let both = triangles(around: u).filter { $0 != i && triangles[$0].has(w) }
    guard both.count == 1, let other = both.first else { return false }
    let s = triangles[other]
    // It has to run the other way along the edge.
    guard s.a == w && s.b == u || s.b == w && s.c == u || s.c == w && s.a == u else { return false }
    let x = s.a ^ s.b ^ s.c ^ u ^ w
    // Not if that edge is there already, nor beyond the vertices whose triangles are known.
    guard x != n, around[x] != nil, !triangles(around: n).contains(where: { triangles[$0].has(x) }) else {
      return false
    }
    let first = Triangle(n, u, x)
    let second = Triangle(x, w, n)
    let facing = normal(s)
    guard dot(normal(first), facing) > 0, dot(normal(second), facing) > 0 else { return false }
    // What is flat must become less so.
    guard min(height(first), height(second)) > height(t) else { return false }
    triangles[i] = first
    triangles[other] = second
    sources[i] = sources[other]
    largestMove = max(largestMove, length(cross(r - p, along)) / square.squareRoot())
    around[x, default: []] += [i]
    around[n, default: []] += [other]
    return true
  }

  private func corners(_ t: Triangle) -> [UInt32] { [t.a, t.b, t.c] }

  private func replaced(_ t: Triangle, _ from: UInt32, _ to: UInt32) -> Triangle {
    Triangle(t.a == from ? to : t.a, t.b == from ? to : t.b, t.c == from ? to : t.c)
  }

  private func normal(_ t: Triangle) -> SIMD3<Double> {
    let a = SIMD3<Double>(positions[Int(t.a)])
    return cross(SIMD3<Double>(positions[Int(t.b)]) - a, SIMD3<Double>(positions[Int(t.c)]) - a)
  }

  /// The least of the distances from a corner to the edge opposite.
  private func height(_ t: Triangle) -> Double {
    let longest = max(distance(t.a, t.b), distance(t.b, t.c), distance(t.c, t.a))
    return longest > 0 ? length(normal(t)) / longest : 0
  }

  private mutating func drop() {
    let kept = triangles.indices.filter { !isRemoved[$0] }
    triangles = kept.map { triangles[$0] }
    sources = kept.map { sources[$0] }
  }
}
