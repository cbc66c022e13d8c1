/// Collapses edges, one after another, among the vertices it owns.
struct Worker {
  private var fanU = Fan()
  private var fanV = Fan()
  /// Only collapses all of whose neighbourhood is in this range are this worker's.
  var owned: Range<UInt32> = 0..<UInt32.max
  /// Edges that were cheap enough but reach beyond ``owned``.
  var postponed: [UInt32] = []
  private var changed: [UInt32] = []

  func deallocate() {
    fanU.deallocate()
    fanV.deallocate()
  }

  mutating func pass(_ mesh: CollapseMesh, _ cost: UnsafeMutablePointer<Float>, _ halfEdges: Range<Int>, _ limit: Float, _ quota: Int, _ settings: Decimation.Settings) -> Int {
    var removed = 0
    for h in halfEdges where cost[h] < limit {
      removed += attempt(mesh, cost, h, settings)
      if removed + 2 > quota { break }
    }
    weigh(mesh, cost)
    return removed
  }

  mutating func pass(_ mesh: CollapseMesh, _ cost: UnsafeMutablePointer<Float>, among halfEdges: [UInt32], _ limit: Float, _ quota: Int, _ settings: Decimation.Settings) -> Int {
    var removed = 0
    for h in halfEdges where cost[Int(h)] < limit {
      if removed >= quota { break }
      removed += attempt(mesh, cost, Int(h), settings)
    }
    return removed
  }

  mutating func weigh(_ mesh: CollapseMesh, _ cost: UnsafeMutablePointer<Float>) {
    for v in changed { mesh.weighFan(Int(v), onlyFromLower: .used, into: cost) }
    for v in changed { mesh.vertex[Int(v)].kind.remove(.used) }
    changed.removeAll(keepingCapacity: true)
  }

  @inline(__always)
  private mutating func attempt(_ mesh: CollapseMesh, _ cost: UnsafeMutablePointer<Float>, _ h: Int, _ settings: Decimation.Settings) -> Int {
    if mesh.corner[h - h % 3] == CollapseMesh.gone { return 0 }
    let from = Int(mesh.corner[h])
    let to = Int(mesh.corner[mesh.next(h)])
    if !owned.contains(UInt32(from)) || !owned.contains(UInt32(to)) {
      postponed.append(UInt32(h))
      return 0
    }
    if !mesh.vertex[from].kind.union(mesh.vertex[to].kind).isDisjoint(with: .used) { return 0 }
    switch (mesh.collect(from, &fanU, owned), mesh.collect(to, &fanV, owned)) {
    case (.whole, .whole): break
    case (.tooLarge, _), (_, .tooLarge):
      cost[h] = .infinity
      return 0
    default:
      postponed.append(UInt32(h))
      return 0
    }
    guard mesh.isLinkSound(h, from, to, fanU, fanV) else {
      cost[h] = .infinity
      return 0
    }
    let place = mesh.proposal(h).place
    guard mesh.allowsMoving(fanU, from: mesh.vertex[from].position, to: place, except: UInt32(to), settings.turn, settings.shape),
      mesh.allowsMoving(fanV, from: mesh.vertex[to].position, to: place, except: UInt32(from), settings.turn, settings.shape)
    else {
      cost[h] = .infinity
      return 0
    }
    let twin = Int(mesh.twin[h])
    let removed = mesh.collapse(h, from, to, fanU, to: place)
    for k in 0..<3 { cost[h - h % 3 + k] = .infinity }
    if removed == 2 { for k in 0..<3 { cost[twin - twin % 3 + k] = .infinity } }
    mesh.vertex[to].kind.insert(.used)
    changed.append(UInt32(to))
    return removed
  }
}
