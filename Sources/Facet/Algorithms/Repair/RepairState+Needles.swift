// Triangles so flat that a Float's last places decide which way they face, or that have no area at all. A needle
// has one short side, which is collapsed; a cap has a corner on its long side, which is flipped to run to that
// corner. Both leave the surface where it is, to within the height of what they remove.

extension RepairState {
  /// Removes needles and caps lower than some last places of their coordinates.
  mutating func removeNeedles(_ run: RunContext) throws(MeshError) {
    var entry = RepairLedger.Entry(.needles, count: 0)
    // One that is beside another has its turn in the next round.
    for _ in 0..<10 {
      let flat = try mesh.flatTriangles(run)
      if flat.isEmpty { break }
      let before = entry.count
      var isBusy = Set<UInt32>()
      for (i, f) in flat.enumerated() {
        if i & 0xFFF == 0 { try run.checkCancellation() }
        if isBusy.contains(f) { continue }
        if !collapseShortEdge(of: Int(f), &isBusy, &entry) { flipLongEdge(of: Int(f), &isBusy, &entry) }
      }
      if entry.count == before { break }
      try matchEdges(run)
    }
    ledger.add(entry)
  }

  /// Half-edges around the end of `h` that start there, `next(h)` first; nil unless they make one fan.
  private func fan(aroundEndOf h: Int) -> [Int]? {
    var fan: [Int] = []
    let start = Topology.next(h)
    var at = start
    // Turn one way, and from a boundary the other way.
    repeat {
      fan.append(at)
      let t = topology.twin[Topology.previous(at)]
      if t == Topology.boundary {
        var back = topology.twin[start]
        while back < Topology.degenerate {
          let next = Topology.next(Int(back))
          fan.append(next)
          back = topology.twin[next]
        }
        return back == Topology.boundary ? fan : nil
      }
      guard t < Topology.degenerate, fan.count < 1000 else { return nil }
      at = Int(t)
    } while at != start
    return fan
  }

  // MARK: Needles

  /// Collapses an edge that is as short as the triangle is low. False when there is none, or it may not be.
  private mutating func collapseShortEdge(
    of f: Int, _ isBusy: inout Set<UInt32>, _ entry: inout RepairLedger.Entry
  ) -> Bool {
    func size(_ h: Int) -> Float {
      length(positions[Int(mesh.corner(h))] - positions[Int(mesh.corner(Topology.next(h)))])
    }
    let short = (3 * f..<3 * f + 3).min { (size($0), $0) < (size($1), $1) }!
    let t = triangles[f]
    let limit = 4 * roundingHeight(positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)])
    guard size(short) <= limit, topology.twin[short] < Topology.degenerate else { return false }
    // Either end may go to the other.
    for h in [short, Int(topology.twin[short])] where collapse(h, &isBusy, &entry) { return true }
    return false
  }

  /// Joins the end of half-edge `h` with its start.
  private mutating func collapse(
    _ h: Int, _ isBusy: inout Set<UInt32>, _ entry: inout RepairLedger.Entry
  ) -> Bool {
    let (kept, gone) = (mesh.corner(h), mesh.corner(Topology.next(h)))
    guard let fan = fan(aroundEndOf: h),
      let other = self.fan(aroundEndOf: Topology.previous(h)),
      !fan.contains(where: { isBusy.contains(UInt32($0 / 3)) }),
      !other.contains(where: { isBusy.contains(UInt32($0 / 3)) })
    else { return false }
    // No vertex but those across the edge may be next to both ends.
    func neighbours(_ fan: [Int]) -> Set<UInt32> {
      Set(fan.flatMap { [mesh.corner(Topology.next($0)), mesh.corner(Topology.previous($0))] })
    }
    guard neighbours(fan).intersection(neighbours(other)).count == 2 else { return false }
    var moved: [(f: Int, new: Triangle)] = []
    for at in fan {
      let t = triangles[at / 3]
      let new = Triangle(t.a == gone ? kept : t.a, t.b == gone ? kept : t.b, t.c == gone ? kept : t.c)
      if !new.isDegenerate && !isFlat(t) {
        guard !isFlat(new), dot(normal(t), normal(new)) > 0 else { return false }
      }
      moved.append((at / 3, new))
    }
    for at in fan + other { isBusy.insert(UInt32(at / 3)) }
    entry.largestMove = max(entry.largestMove, length(positions[Int(kept)] - positions[Int(gone)]))
    for (f, new) in moved {
      entry.area += mesh.area(of: f)
      if new.isDegenerate {
        remove(f)
        entry.count += 1
      } else {
        replace(f, with: new)
      }
    }
    return true
  }

  // MARK: Caps

  /// Lets the long edge run from the far corner of the neighbour to the corner that lies on it.
  private mutating func flipLongEdge(
    of f: Int, _ isBusy: inout Set<UInt32>, _ entry: inout RepairLedger.Entry
  ) {
    func size(_ h: Int) -> Double {
      let (p, q) = (positions[Int(mesh.corner(h))], positions[Int(mesh.corner(Topology.next(h)))])
      return length(SIMD3<Double>(p) - SIMD3<Double>(q))
    }
    let h = (3 * f..<3 * f + 3).max { (size($0), $1) < (size($1), $0) }!
    let t = topology.twin[h]
    guard t < Topology.degenerate else { return }
    let g = Int(t / 3)
    let (a, b) = (mesh.corner(h), mesh.corner(Topology.next(h)))
    let (c, d) = (mesh.corner(Topology.previous(h)), mesh.corner(Topology.previous(Int(t))))
    guard c != d, !isBusy.contains(UInt32(g)), !isFlat(triangles[g]) else { return }
    let (first, second) = (Triangle(a, d, c), Triangle(d, b, c))
    let facing = normal(triangles[g])
    guard !isFlat(first), !isFlat(second), dot(normal(first), facing) > 0, dot(normal(second), facing) > 0,
      let around = fan(aroundEndOf: Topology.next(h)),
      !around.contains(where: { isBusy.contains(UInt32($0 / 3)) }),
      !around.contains(where: {
        mesh.corner(Topology.next($0)) == d || mesh.corner(Topology.previous($0)) == d
      })
    else { return }
    for at in around { isBusy.insert(UInt32(at / 3)) }
    isBusy.insert(UInt32(g))
    // The corner was this far from the surface that now goes through it.
    let height = length(normal(triangles[f])) / size(h)
    entry.largestMove = max(entry.largestMove, Float(height))
    entry.area += mesh.area(of: f) + mesh.area(of: g)
    entry.count += 1
    replace(f, with: first)
    replace(g, with: second)
  }

  private func isFlat(_ t: Triangle) -> Bool {
    isTooFlat(positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)])
  }
}

/// How low a triangle may be: within this many mm rounding of coordinates decides which way it faces.
private func roundingHeight(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) -> Float {
  let p = SIMD3(abs(a.x), abs(a.y), abs(a.z))
  let q = SIMD3(abs(b.x), abs(b.y), abs(b.z))
  let r = SIMD3(abs(c.x), abs(c.y), abs(c.z))
  let largest = greater(greater(p, q), r)
  return max(largest.x, largest.y, largest.z) * 1.2e-7
}

/// Whether rounding decides which way a triangle faces.
func isTooFlat(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) -> Bool {
  let p = SIMD3<Double>(a)
  let (u, v, w) = (SIMD3<Double>(b) - p, SIMD3<Double>(c) - p, SIMD3<Double>(c) - SIMD3<Double>(b))
  let longest = max(dot(u, u), dot(v, v), dot(w, w)).squareRoot()
  return length(cross(u, v)) <= Double(roundingHeight(a, b, c)) * longest
}

extension Mesh {
  /// The triangles of three vertices that are too flat to face anywhere, ascending.
  func flatTriangles(_ run: RunContext) throws(MeshError) -> [UInt32] {
    let parts = try withView { (view) throws(MeshError) in
      try run.mapChunks(of: view.triangleCount, size: 1 << 15) { _, range in view.flatTriangles(range) }
    }
    return parts.flatMap { $0 }
  }
}

extension MeshView {
  fileprivate func flatTriangles(_ range: Range<Int>) -> [UInt32] {
    var found: [UInt32] = []
    func look(_ f: Int) {
      let (a, b, c) = triangle(f)
      let t = Triangle(corners[3 &* f], corners[3 &* f &+ 1], corners[3 &* f &+ 2])
      if !t.isDegenerate && isTooFlat(a, b, c) { found.append(UInt32(f)) }
    }
    var f = range.lowerBound
    while f &+ 4 <= range.upperBound {
      if !areClearlyHigh(f) { for i in f..<f &+ 4 { look(i) } }
      f &+= 4
    }
    for i in f..<range.upperBound { look(i) }
    return found
  }

  /// Whether four triangles are higher than rounding could make them, as most are; tells in single precision.
  @inline(__always)
  private func areClearlyHigh(_ f: Int) -> Bool {
    let (h, positions) = (corners + 3 &* f, UnsafeBufferPointer(start: positions, count: vertexCount))
    let a = Lanes3(h[0], h[3], h[6], h[9], positions)
    let u = Lanes3(h[1], h[4], h[7], h[10], positions) - a
    let v = Lanes3(h[2], h[5], h[8], h[11], positions) - a
    let longest = greater(greater(u.squared, v.squared), (v - u).squared)
    let length = longest * longest
    // NaN and overflow do not pass.
    let isHigh = (u.cross(v).squared .> 1e-6 * length) .& (length .< .infinity)
    return bits(isHigh) == 0b1111
  }
}
