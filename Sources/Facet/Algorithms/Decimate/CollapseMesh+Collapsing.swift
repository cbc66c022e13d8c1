/// The half-edges that start at a vertex, counter-clockwise.
struct Fan {
  /// A vertex with more triangles stays as it is.
  static let capacity = 1024
  let halfEdges = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
  var count = 0
  var isOpen = false

  func deallocate() { halfEdges.deallocate() }
}

enum FanState {
  case whole
  /// A neighbour is not the worker's.
  case foreign
  /// More triangles than ``Fan/capacity``.
  case tooLarge
}

extension CollapseMesh {
  /// Walks around a vertex all of whose neighbours should be `owned`.
  @inline(__always)
  func collect(_ v: Int, _ fan: inout Fan, _ owned: Range<UInt32>) -> FanState {
    let first = Int(vertex[v].start)
    var h = first
    var count = 0
    repeat {
      if count == Fan.capacity { return .tooLarge }
      let end = corner[Topology.next(h)]
      if end < owned.lowerBound || end >= owned.upperBound { return .foreign }
      fan.halfEdges[count] = UInt32(truncatingIfNeeded: h)
      count &+= 1
      h = nextAround(h)
    } while h >= 0 && h != first
    fan.count = count
    fan.isOpen = h < 0
    if h < 0 {
      let end = corner[Topology.previous(Int(fan.halfEdges[count - 1]))]
      if end < owned.lowerBound || end >= owned.upperBound { return .foreign }
    }
    return .whole
  }

  /// The link condition: the ends have no common neighbours but the corners opposite to their edge.
  @inline(__always)
  func isLinkSound(_ h: Int, _ fanU: Fan, _ fanV: Fan) -> Bool {
    let isBorder = twin[h] >= Topology.degenerate
    if !isBorder && fanU.count == 3 && fanV.count == 3 { return false }
    for i in 0..<fanU.count { vertex[Int(corner[Topology.next(Int(fanU.halfEdges[i]))])].mark = 1 }
    if fanU.isOpen { vertex[Int(corner[Topology.previous(Int(fanU.halfEdges[fanU.count - 1]))])].mark = 1 }
    var common = 0
    for i in 0..<fanV.count where vertex[Int(corner[Topology.next(Int(fanV.halfEdges[i]))])].mark == 1 {
      common &+= 1
    }
    if fanV.isOpen, vertex[Int(corner[Topology.previous(Int(fanV.halfEdges[fanV.count - 1]))])].mark == 1 {
      common &+= 1
    }
    for i in 0..<fanU.count { vertex[Int(corner[Topology.next(Int(fanU.halfEdges[i]))])].mark = 0 }
    if fanU.isOpen { vertex[Int(corner[Topology.previous(Int(fanU.halfEdges[fanU.count - 1]))])].mark = 0 }
    if common != (isBorder ? 1 : 2) { return false }
    // A triangle that hangs on nothing else would leave its corner without one.
    func dangles(_ h: Int) -> Bool {
      twin[Topology.next(h)] >= Topology.degenerate && twin[Topology.previous(h)] >= Topology.degenerate
    }
    if dangles(h) { return false }
    if !isBorder && dangles(Int(twin[h])) { return false }
    return true
  }

  /// Whether the triangles of a fan stay good when its vertex moves to `place`; those that name `other` go.
  @inline(__always)
  func allowsMoving(
    _ fan: Fan, from old: SIMD3<Float>, to place: SIMD3<Float>, except other: UInt32, _ limits: ShapeLimits
  ) -> Bool {
    for i in 0..<fan.count {
      let h = Int(fan.halfEdges[i])
      let (a, b) = (corner[Topology.next(h)], corner[Topology.previous(h)])
      if a == other || b == other { continue }
      let (pa, pb) = (vertex[Int(a)].position, vertex[Int(b)].position)
      let base = pb - pa
      let before = cross(pa - old, base)
      let toA = pa - place
      let after = cross(toA, base)
      let s = dot(before, after)
      let n = dot(after, after)
      if !(s > 0 && s * s > limits.turn * dot(before, before) * n) { return false }
      let toB = pb - place
      let longest = max(dot(base, base), max(dot(toA, toA), dot(toB, toB)))
      if !(n > longest * max(limits.shape * longest, limits.height * limits.height)) { return false }
    }
    return true
  }

  /// Collapses half-edge `h`: its first end goes, its second moves to `place`.
  @inline(__always)
  func collapse(_ h: Int, _ u: Int, _ v: Int, _ fanU: Fan, to place: SIMD3<Float>) -> Int {
    let t = twin[h]
    let step = SIMD3<Double>(place - vertex[u].position)
    let other = SIMD3<Double>(place - vertex[v].position)
    vertex[v].quadric =
      (Quadric(vertex[u].quadric).seen(from: step) + Quadric(vertex[v].quadric).seen(from: other)).stored
    vertex[v].position = place
    vertex[v].kind.insert(.changed)
    for i in 0..<fanU.count { corner[Int(fanU.halfEdges[i])] = UInt32(truncatingIfNeeded: v) }
    var removed = 1
    close(h, v)
    if t < Topology.degenerate {
      close(Int(t), v)
      removed = 2
    }
    if vertex[u].kind.contains(.border) { vertex[v].kind.insert(.border) }
    if vertex[u].kind.contains(.locked) { vertex[v].kind.insert(.locked) }
    vertex[u].kind = .merged
    vertex[u].start = UInt32(truncatingIfNeeded: v)
    turnToBorder(v)
    return removed
  }

  /// Takes the triangle of half-edge `h`, whose ends have become one, out of the mesh.
  @inline(__always)
  private func close(_ h: Int, _ v: Int) {
    let n = Topology.next(h)
    let p = Topology.previous(h)
    let apex = Int(corner[p])
    let tn = twin[n]
    let tp = twin[p]
    if tn < Topology.degenerate { twin[Int(tn)] = tp }
    if tp < Topology.degenerate { twin[Int(tp)] = tn }
    let first = h - h % 3
    corner[first] = CollapseMesh.gone
    for k in 0..<3 { cost[first + k] = .infinity }
    // Half-edges that start at the apex and at the vertex and are still there.
    if tn < Topology.degenerate {
      vertex[apex].start = tn
      vertex[v].start = UInt32(truncatingIfNeeded: Topology.next(Int(tn)))
    } else {
      vertex[v].start = tp
      vertex[apex].start = UInt32(truncatingIfNeeded: Topology.next(Int(tp)))
    }
    if vertex[apex].kind.contains(.border) { turnToBorder(apex) }
  }

  /// Lets `start` name the clockwise-most half-edge of a border vertex.
  @inline(__always)
  private func turnToBorder(_ v: Int) {
    guard vertex[v].kind.contains(.border) else { return }
    let first = Int(vertex[v].start)
    var h = first
    repeat {
      let t = twin[h]
      if t >= Topology.degenerate { break }
      h = Topology.next(Int(t))
    } while h != first
    vertex[v].start = UInt32(truncatingIfNeeded: h)
  }
}
