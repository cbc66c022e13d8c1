/// The triangles of one patch with their neighbours, to be flipped and split. Vertices are numbered within the patch:
/// those of the rim first, the new ones after.
struct PatchMesh {
  /// Three vertices a triangle; half-edge `h` starts at corner `h`.
  private(set) var corners: [Int32] = []
  /// The half-edge that runs back along the same edge, or -1 on the rim.
  private(set) var twin: [Int32] = []

  var triangleCount: Int { corners.count / 3 }

  var triangles: [SIMD3<Int32>] {
    (0..<triangleCount).map { SIMD3(corners[3 * $0], corners[3 * $0 + 1], corners[3 * $0 + 2]) }
  }

  /// nil when an edge has three triangles, or two that run along it the same way.
  init?(_ triangles: [SIMD3<Int32>]) {
    corners.reserveCapacity(triangles.count * 3)
    var keyed: [(edge: UInt64, halfEdge: Int32)] = []
    keyed.reserveCapacity(triangles.count * 3)
    for t in triangles {
      for k in 0..<3 {
        let (from, to) = (t[k], t[k == 2 ? 0 : k + 1])
        keyed.append((UInt64(min(from, to)) << 32 | UInt64(max(from, to)), Int32(corners.count)))
        corners.append(from)
      }
    }
    keyed.sort { ($0.edge, $0.halfEdge) < ($1.edge, $1.halfEdge) }
    twin = Array(repeating: -1, count: corners.count)
    var i = 0
    while i < keyed.count {
      var end = i + 1
      while end < keyed.count, keyed[end].edge == keyed[i].edge { end += 1 }
      if end - i > 2 { return nil }
      if end - i == 2 {
        let (h, t) = (keyed[i].halfEdge, keyed[i + 1].halfEdge)
        if corners[Int(h)] == corners[Int(t)] { return nil }
        twin[Int(h)] = t
        twin[Int(t)] = h
      }
      i = end
    }
  }

  @inline(__always)
  static func next(_ h: Int) -> Int { h % 3 == 2 ? h - 2 : h + 1 }

  @inline(__always)
  static func previous(_ h: Int) -> Int { h % 3 == 0 ? h + 2 : h - 1 }

  /// The four vertices about the edge of half-edge `h`, which has a twin: its ends, what is opposite to it and what is
  /// opposite to its twin.
  @inline(__always)
  func quad(_ h: Int) -> (a: Int32, b: Int32, c: Int32, d: Int32) {
    let t = Int(twin[h])
    return (corners[h], corners[t], corners[PatchMesh.previous(h)], corners[PatchMesh.previous(t)])
  }

  /// Turns the edge `a b` of two triangles `a b c` and `b a d` into `d c`.
  mutating func flip(_ h: Int) {
    let t = Int(twin[h])
    let (h1, h2) = (PatchMesh.next(h), PatchMesh.previous(h))
    let (t1, t2) = (PatchMesh.next(t), PatchMesh.previous(t))
    let (a, b, c, d) = quad(h)
    let (toH2, toT1, toT2, toH1) = (twin[h2], twin[t1], twin[t2], twin[h1])
    corners[h] = d
    corners[h1] = c
    corners[h2] = a
    corners[t] = c
    corners[t1] = d
    corners[t2] = b
    link(h1, toH2)
    link(h2, toT1)
    link(t1, toT2)
    link(t2, toH1)
  }

  private mutating func link(_ h: Int, _ t: Int32) {
    twin[h] = t
    if t >= 0 { twin[Int(t)] = Int32(h) }
  }

  /// Splits triangle `f` in three at a new vertex.
  mutating func split(_ f: Int, at vertex: Int32) {
    let (h0, h1, h2) = (3 * f, 3 * f + 1, 3 * f + 2)
    let (a, b, c) = (corners[h0], corners[h1], corners[h2])
    let (toB, toC) = (twin[h1], twin[h2])
    let new = corners.count
    // f: a b v; new: b c v and c a v.
    corners[h2] = vertex
    corners += [b, c, vertex, c, a, vertex]
    twin += [-1, -1, -1, -1, -1, -1]
    link(new, toB)
    link(new + 3, toC)
    link(h1, Int32(new + 2))
    link(new + 1, Int32(new + 5))
    link(new + 4, Int32(h2))
  }

  /// Whether there is an edge between the vertex where half-edge `h` starts and another.
  func hasEdge(from h: Int, to other: Int32) -> Bool {
    var at = h
    while true {
      if corners[PatchMesh.next(at)] == other || corners[PatchMesh.previous(at)] == other { return true }
      let t = twin[PatchMesh.previous(at)]
      if t < 0 { break }
      at = Int(t)
      if at == h { return false }
    }
    // The fan ends: the rest of it lies on the other side of `h`.
    at = h
    while twin[at] >= 0 {
      at = PatchMesh.next(Int(twin[at]))
      if corners[PatchMesh.next(at)] == other || corners[PatchMesh.previous(at)] == other { return true }
    }
    return false
  }

  /// Flips edges until `isBetter` holds for none, or for so long that something is wrong; `isBetter` gets a half-edge
  /// with a twin.
  mutating func flip(
    _ run: RunContext, startingAt first: [Int32]? = nil, where isBetter: (PatchMesh, Int) -> Bool
  ) throws(MeshError) {
    var waiting = first ?? (0..<Int32(corners.count)).filter { twin[Int($0)] > $0 }
    var left = 16 * waiting.count + 64
    var step = 0
    while let h = waiting.popLast(), left > 0 {
      step += 1
      if step & 0xFFF == 0 { try run.checkCancellation() }
      guard twin[Int(h)] >= 0, isBetter(self, Int(h)) else { continue }
      left -= 1
      let t = Int(twin[Int(h)])
      flip(Int(h))
      waiting.append(Int32(PatchMesh.next(Int(h))))
      waiting.append(Int32(PatchMesh.previous(Int(h))))
      waiting.append(Int32(PatchMesh.next(t)))
      waiting.append(Int32(PatchMesh.previous(t)))
    }
  }
}

/// The cotangent of the angle at `c` in the triangle `a b c`; 0 where it has no area.
@inline(__always)
func cotangent(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) -> Double {
  let (u, v) = (a - c, b - c)
  let sine = length(cross(u, v))
  return sine > 0 ? dot(u, v) / sine : 0
}
