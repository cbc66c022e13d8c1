/// Collapses edges, one after another, among the vertices it owns.
struct CollapseWorker<Judge: CollapseJudge> {
  let mesh: CollapseMesh
  let limits: ShapeLimits
  /// Only collapses whose whole neighbourhood is in this range are this worker's: several may work side by side.
  var owned: Range<UInt32> = 0..<UInt32.max
  /// Edges that were cheap enough but reach beyond ``owned``.
  var postponed: [UInt32] = []
  var judge: Judge
  private var changed: [UInt32] = []
  private var fans = (Fan(), Fan())

  init(_ mesh: CollapseMesh, _ limits: ShapeLimits, _ judge: Judge) {
    self.mesh = mesh
    self.limits = limits
    self.judge = judge
  }

  func deallocate() {
    judge.deallocate()
    fans.0.deallocate()
    fans.1.deallocate()
  }

  /// Collapses what costs less than `limit` among the edges of its own triangles, in order, and weighs again what
  /// has changed.
  ///
  /// - Returns: How many triangles went, at most `quota`.
  mutating func collapse(
    _ triangles: Range<Int>, _ isOwn: UnsafeBufferPointer<Bool>, below limit: Float, quota: Int
  ) -> Int {
    var removed = 0
    for f in triangles where isOwn[f] {
      for h in 3 &* f..<3 &* f &+ 3 where mesh.cost[h] < limit {
        if removed + 2 > quota { break }
        removed += attempt(h, limit)
      }
    }
    weighChanged()
    return removed
  }

  /// The same for chosen edges.
  mutating func collapse(_ halfEdges: [UInt32], below limit: Float, quota: Int) -> Int {
    var removed = 0
    for h in halfEdges where mesh.cost[Int(h)] < limit {
      if removed >= quota { break }
      removed += attempt(Int(h), limit)
    }
    return removed
  }

  mutating func weighChanged() {
    for v in changed { mesh.weighFan(Int(v)) }
    for v in changed { mesh.vertex[Int(v)].kind.remove(.used) }
    changed.removeAll(keepingCapacity: true)
  }

  /// Collapses one edge if it may. Returns the number of triangles that go.
  @inline(__always)
  private mutating func attempt(_ h: Int, _ limit: Float) -> Int {
    let from = Int(mesh.corner[h])
    let to = Int(mesh.corner[Topology.next(h)])
    if !mesh.vertex[from].kind.union(mesh.vertex[to].kind).isDisjoint(with: .used) { return 0 }
    switch (mesh.collect(from, &fans.0, owned), mesh.collect(to, &fans.1, owned)) {
    case (.whole, .whole): break
    case (.foreign, _), (_, .foreign):
      postponed.append(UInt32(h))
      return 0
    default: return refuse(h)
    }
    guard mesh.isLinkSound(h, fans.0, fans.1) else { return refuse(h) }
    var place = mesh.proposal(h).place
    if !allows(h, from, to, place) {
      // The ends themselves may do where the best place does not.
      let ends = mesh.ends(h, below: limit)
      if let first = ends.first, first != place, allows(h, from, to, first) {
        place = first
      } else if let second = ends.second, second != place, allows(h, from, to, second) {
        place = second
      } else {
        return refuse(h)
      }
    }
    judge.commit()
    let removed = mesh.collapse(h, from, to, fans.0, to: place)
    mesh.vertex[to].kind.insert(.used)
    changed.append(UInt32(to))
    return removed
  }

  /// Whether the ends of half-edge `h`, whose fans are at hand, may move to `place`.
  @inline(__always)
  private mutating func allows(_ h: Int, _ from: Int, _ to: Int, _ place: SIMD3<Float>) -> Bool {
    mesh.allowsMoving(
      fans.0, from: mesh.vertex[from].position, to: place, except: UInt32(truncatingIfNeeded: to), limits)
      && mesh.allowsMoving(
        fans.1, from: mesh.vertex[to].position, to: place, except: UInt32(truncatingIfNeeded: from), limits)
      && judge.allows(mesh, from, to, fans.0, fans.1, place)
  }

  /// Not again before something around it changes.
  private func refuse(_ h: Int) -> Int {
    mesh.cost[h] = .infinity
    return 0
  }
}

/// What the triangles around a collapse must keep.
struct ShapeLimits {
  /// The squared cosine of the largest angle that a triangle may turn in one collapse.
  var turn: Float = 0.04
  /// The least square of twice the area by the fourth power of the longest side.
  var shape: Float = 1e-6
  /// The least height, mm: what rounding cannot make flat.
  var height: Float

  /// For when nothing else may collapse: what is flat needs long and narrow triangles where its outline has many
  /// corners.
  var lenient: ShapeLimits {
    var limits = self
    limits.shape = 1e-9
    return limits
  }
}
