extension CollapseMesh {
  /// Where an edge would collapse to, and at what cost.
  struct Proposal {
    var place: SIMD3<Float>
    var cost: Float
    static let none = Proposal(place: .zero, cost: .infinity)
  }

  /// The best place for the vertex that replaces both ends of half-edge `h`.
  @inline(__always)
  func proposal(_ h: Int) -> Proposal {
    let u = Int(corner[h])
    let v = Int(corner[next(h)])
    let (ku, kv) = (vertex[u].kind, vertex[v].kind)
    if !ku.union(kv).isDisjoint(with: .complex) { return .none }
    let step = SIMD3<Double>(vertex[v].position - vertex[u].position)
    let q = Quadric(vertex[u].quadric) + Quadric(vertex[v].quadric).seen(from: -step)
    let fixed = ku.union(kv).isDisjoint(with: [.border, .locked])
    let regular = q.weight * dot(step, step) * Double(Quadric.preference)
    if !fixed {
      let pinsU = ku.contains(.locked) || (ku.contains(.border) && !kv.contains(.border))
      let pinsV = kv.contains(.locked) || (kv.contains(.border) && !ku.contains(.border))
      if pinsU && pinsV { return .none }
      if ku.contains(.border) && kv.contains(.border) && twin[h] < Topology.degenerate { return .none }
      if pinsU { return Proposal(place: vertex[u].position, cost: q.rank(max(0, q.c) + regular)) }
      if pinsV { return Proposal(place: vertex[v].position, cost: q.rank(max(0, q.error(at: step)) + regular)) }
    }
    let place = q.minimum(near: step * 0.5)
    let atU = max(0, q.c)
    let atV = max(0, q.error(at: step))
    var best = dot(place - step * 0.5, place - step * 0.5) <= 4 * dot(step, step) ? max(0, q.error(at: place)) : .infinity
    var result = vertex[u].position + SIMD3<Float>(place)
    // Where planes leave the place free, a vertex that is there already stays exactly on its edge or corner.
    let spared = regular
    if min(atU, atV) <= best + spared {
      if atU <= atV {
        best = atU
        result = vertex[u].position
      } else {
        best = atV
        result = vertex[v].position
      }
    }
    return Proposal(place: result, cost: q.rank(best + regular))
  }
}
