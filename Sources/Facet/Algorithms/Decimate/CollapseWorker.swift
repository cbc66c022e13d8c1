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

  /// Collapses what costs less than `limit`, in order, and weighs again what has changed.
  ///
  /// - Returns: How many triangles went, at most `quota`.
  mutating func collapse(_ halfEdges: Range<Int>, below limit: Float, quota: Int) -> Int {
    var removed = 0
    for h in halfEdges where mesh.cost[h] < limit {
      if removed + 2 > quota { break }
      removed += attempt(h)
    }
    weighChanged()
    return removed
  }

  /// The same for chosen edges.
  mutating func collapse(_ halfEdges: [UInt32], below limit: Float, quota: Int) -> Int {
    var removed = 0
    for h in halfEdges where mesh.cost[Int(h)] < limit {
      if removed >= quota { break }
      removed += attempt(Int(h))
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
  private mutating func attempt(_ h: Int) -> Int {
    let from = Int(mesh.corner[h])
    let to = Int(mesh.corner[mesh.next(h)])
    if !owned.contains(UInt32(from)) || !owned.contains(UInt32(to)) {
      postponed.append(UInt32(h))
      return 0
    }
    if !mesh.vertex[from].kind.union(mesh.vertex[to].kind).isDisjoint(with: .used) { return 0 }
    switch (mesh.collect(from, &fans.0, owned), mesh.collect(to, &fans.1, owned)) {
    case (.whole, .whole): break
    case (.foreign, _), (_, .foreign):
      postponed.append(UInt32(h))
      return 0
    default: return refuse(h)
    }
    guard mesh.isLinkSound(h, from, to, fans.0, fans.1) else { return refuse(h) }
    let place = mesh.proposal(h).place
    guard
      mesh.allowsMoving(
        fans.0, from: mesh.vertex[from].position, to: place, except: UInt32(to), limits),
      mesh.allowsMoving(
        fans.1, from: mesh.vertex[to].position, to: place, except: UInt32(from), limits),
      judge.allows(mesh, from, to, fans.0, fans.1, place)
    else { return refuse(h) }
    judge.commit()
    let removed = mesh.collapse(h, from, to, fans.0, to: place)
    mesh.vertex[to].kind.insert(.used)
    changed.append(UInt32(to))
    return removed
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
}
