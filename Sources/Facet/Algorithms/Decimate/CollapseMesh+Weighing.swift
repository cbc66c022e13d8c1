extension CollapseMesh {
  /// Where an edge would collapse to, and the rank of that (``Quadric/rank(_:)``).
  struct Proposal {
    var place: SIMD3<Float>
    var rank: Float
    static let none = Proposal(place: .zero, rank: .infinity)
  }

  /// Which end of an edge must stay where it is.
  private enum Pin {
    case none, first, second, both
  }

  @inline(__always)
  private func pin(_ h: Int, _ u: VertexKind, _ v: VertexKind) -> Pin {
    if u.union(v).isDisjoint(with: .held) { return .none }
    if u.union(v).contains(.complex) { return .both }
    // An edge across the part between two borders would join them.
    if u.contains(.border) && v.contains(.border) && twin[h] < Topology.degenerate { return .both }
    let first = u.contains(.locked) || (u.contains(.border) && !v.contains(.border))
    let second = v.contains(.locked) || (v.contains(.border) && !u.contains(.border))
    return first ? (second ? .both : .first) : second ? .second : .none
  }

  /// The errors of an edge, as seen from its first end.
  private struct Errors {
    var quadric: Quadric
    /// From the first end to the second.
    var step: SIMD3<Double>
    var pin: Pin
    /// What is not told from nothing.
    var regular: Double { quadric.weight * dot(step, step) * Double(Quadric.preference) }
    var atFirst: Double { max(0, quadric.c) }
    var atSecond: Double { max(0, quadric.error(at: step)) }

    @inline(__always)
    func rank(_ error: Double) -> Float { quadric.rank(error + regular * quadric.ease) }
  }

  @inline(__always)
  private func errors(_ h: Int) -> Errors {
    let u = Int(corner[h])
    let v = Int(corner[Topology.next(h)])
    let step = SIMD3<Double>(vertex[v].position - vertex[u].position)
    return Errors(
      quadric: Quadric(vertex[u].quadric) + Quadric(vertex[v].quadric).seen(from: -step), step: step,
      pin: pin(h, vertex[u].kind, vertex[v].kind))
  }

  /// The best place for the vertex that replaces both ends of half-edge `h`.
  @inline(__always)
  func proposal(_ h: Int) -> Proposal {
    let e = errors(h)
    let u = vertex[Int(corner[h])].position
    let v = vertex[Int(corner[Topology.next(h)])].position
    switch e.pin {
    case .both: return .none
    case .first: return Proposal(place: u, rank: e.rank(e.atFirst))
    case .second: return Proposal(place: v, rank: e.rank(e.atSecond))
    case .none: break
    }
    let place = e.quadric.minimum(near: e.step * 0.5)
    let away = place - e.step * 0.5
    let (atFirst, atSecond) = (e.atFirst, e.atSecond)
    let best = dot(away, away) <= 4 * dot(e.step, e.step) ? max(0, e.quadric.error(at: place)) : .infinity
    // Where planes leave the place free, a vertex that is there already stays exactly on its edge or corner.
    if min(atFirst, atSecond) > best + e.regular {
      return Proposal(place: u + SIMD3<Float>(place), rank: e.rank(best))
    }
    return atFirst <= atSecond
      ? Proposal(place: u, rank: e.rank(atFirst)) : Proposal(place: v, rank: e.rank(atSecond))
  }

  /// The places of those ends of half-edge `h` to which it may collapse at a rank below `limit`.
  func ends(_ h: Int, below limit: Float) -> (first: SIMD3<Float>?, second: SIMD3<Float>?) {
    let e = errors(h)
    let mayFirst = e.pin == .none || e.pin == .first
    let maySecond = e.pin == .none || e.pin == .second
    return (
      mayFirst && e.rank(e.atFirst) < limit ? vertex[Int(corner[h])].position : nil,
      maySecond && e.rank(e.atSecond) < limit ? vertex[Int(corner[Topology.next(h)])].position : nil
    )
  }
}
