/// Takes vertices out of a mesh's flat regions and out of the straight edges between two of them, by collapsing
/// each onto a neighbour.
///
/// Seen along its region's axis every new triangle is turned as the old ones were, decided exactly; so a region
/// remains a triangulation of the same area, without folds. All vertices stay where they are, so no point
/// moves farther than twice the regions' tolerance.
struct Thinning: @unchecked Sendable {
  private let positions: UnsafePointer<SIMD3<Float>>
  private let triangles: UnsafeMutablePointer<Triangle>
  private let twin: UnsafeMutablePointer<UInt32>
  /// A half-edge that starts at each vertex; `.max` at those that are gone.
  private let start: UnsafeMutablePointer<UInt32>
  private let regionOf: UnsafeMutablePointer<Int32>
  private let planes: UnsafePointer<ThinningRegions.Plane>
  /// Bits: vertices that stay.
  private let kept: UnsafePointer<UInt64>
  /// For each vertex whether it is known that it cannot go while what is around it stays as it is.
  private let settled: UnsafeMutablePointer<Bool>
  /// Triangles keep at least this height, mm, as seen along the axis.
  private let leastHeight: Float

  /// Vertices that one thread looks at before any other thread does. They are numbered block by block.
  private static let chunk = 1 << 14

  /// The mesh with flat regions thinned, or nil where that is not worth the while.
  ///
  /// - Parameters:
  ///   - mesh: Closed and 2-manifold.
  ///   - source: Of each vertex, see ``ThinningRegions``.
  ///   - voxel: Of the lattice that the mesh comes from, mm.
  ///   - tolerance: How far vertices may be from a region's plane, mm; nil for a 40th of the voxel.
  ///   - offset: How far in front of the input the mesh lies, mm.
  static func thinned(
    _ mesh: Mesh, input: Mesh, source: [UInt32], voxel: Double, tolerance: Double? = nil, offset: Double = 0,
    _ run: RunContext
  ) throws(MeshError) -> Mesh? {
    try run.reserve(
      bytes: mesh.triangles.count * 64 + mesh.positions.count * 17, for: "thinning flat regions")
    let topology = try Topology(mesh, run.slice(0...0.1))
    var regions = try ThinningRegions(
      mesh, topology, input: input, source: source, voxel: voxel, tolerance: tolerance ?? voxel / 40,
      offset: offset, run)
    run.report(0.2)
    var left = run.slice(0.2...1)
    guard regions.triangleCount * 3 >= mesh.triangles.count else { return nil }
    var kept = [UInt64](repeating: 0, count: mesh.positions.count / 64 + 1)
    var tree: BVH?
    for round in 0... {
      let attempt = left.slice(0...0.7)
      left = left.slice(0.7...1)
      let (thin, regionOf) = try collapsed(mesh, topology, regions, kept, voxel, attempt)
      attempt.report(0.5)
      // Regions that come near each other, nearer than the tolerance, may cross or touch now.
      let bvh = try BVH(thin, attempt.slice(0.5...0.7))
      let crossing = try thin.meetingTriangles(bvh, attempt.slice(0.7...0.9))
      var excluded: Set<Int> = []
      if crossing.isEmpty {
        let bad = try Topology(thin, attempt.slice(0.9...1)).badEdges(of: thin, run)
        if bad.count == 0 { return thin }
        for h in bad.boundary + bad.nonManifold { excluded.insert(Int(regionOf[Int(h / 3)])) }
      } else if round < 3 {
        if tree == nil { tree = try BVH(mesh, run) }
        // There it stays as it is, and round it a little farther each time.
        let margin = Float(voxel) * Float(1 << round)
        for (f, box) in try thin.meetingBoxes(crossing, run) where regionOf[Int(f)] >= 0 {
          try run.checkCancellation()
          var wide = box
          wide.minimum -= SIMD3(repeating: margin)
          wide.maximum += SIMD3(repeating: margin)
          for g in tree!.triangles(mesh, overlapping: wide)
          where regions.regionOf[Int(g)] == regionOf[Int(f)] {
            let t = mesh.triangles[Int(g)]
            for k in 0..<3 { kept[Int(t[k] / 64)] |= 1 << UInt64(t[k] % 64) }
          }
        }
        continue
      } else {
        for f in crossing { excluded.insert(Int(regionOf[Int(f)])) }
      }
      excluded.remove(-1)
      if excluded.isEmpty { return nil }
      for region in excluded { regions.exclude(region) }
    }
    return nil
  }

  private static func collapsed(
    _ mesh: Mesh, _ topology: Topology, _ regions: ThinningRegions, _ kept: [UInt64], _ voxel: Double,
    _ run: RunContext
  ) throws(MeshError) -> (mesh: Mesh, regionOf: [Int32]) {
    var triangles = mesh.triangles
    var twin = topology.twin
    var regionOf = regions.regionOf
    var start = [UInt32](repeating: .max, count: mesh.positions.count)
    var settled = [Bool](repeating: false, count: mesh.positions.count)
    for (i, t) in triangles.enumerated() {
      start[Int(t.a)] = UInt32(3 * i)
      start[Int(t.b)] = UInt32(3 * i + 1)
      start[Int(t.c)] = UInt32(3 * i + 2)
    }
    try triangles.withSharedElements { (triangles) throws(MeshError) in
      try twin.withSharedElements { (twin) throws(MeshError) in
        try regionOf.withSharedElements { (regionOf) throws(MeshError) in
          try start.withSharedElements { (start) throws(MeshError) in
            try mesh.positions.withUnsafeBufferPointer { (positions) throws(MeshError) in
              try regions.planes.withUnsafeBufferPointer { (planes) throws(MeshError) in
                try kept.withUnsafeBufferPointer { (kept) throws(MeshError) in
                  guard let planes = planes.baseAddress, let positions = positions.baseAddress else { return }
                  try settled.withSharedElements { (settled) throws(MeshError) in
                    let thinning = Thinning(
                      positions: positions, triangles: triangles.base, twin: twin.base, start: start.base,
                      regionOf: regionOf.base, planes: planes, kept: kept.baseAddress!,
                      settled: settled.base, leastHeight: Float(voxel * 0.02))
                    try thinning.collapseAll(vertexCount: mesh.positions.count, run)
                  }
                }
              }
            }
          }
        }
      }
    }
    var kept: [Triangle] = []
    var keptRegions: [Int32] = []
    for (i, t) in triangles.enumerated() where regionOf[i] != Thinning.gone {
      kept.append(t)
      keptRegions.append(regionOf[i])
    }
    return (Mesh(unchecked: mesh.positions, triangles: kept).withoutUnusedVertices(), keptRegions)
  }

  private static let gone: Int32 = -2

  /// First vertices whose surroundings belong to one chunk, chunk by chunk; then with other borders between the
  /// chunks; then the rest.
  private func collapseAll(vertexCount: Int, _ run: RunContext) throws(MeshError) {
    let size = Thinning.chunk
    for shift in [0, size / 2] {
      try run.forEachChunk(of: vertexCount + shift, size: size, scratch: { Ring() }) { ring, _, range in
        let own = max(0, range.lowerBound - shift)..<range.upperBound - shift
        collapse(own, among: UInt32(own.lowerBound)..<UInt32(own.upperBound), ring)
      }
    }
    let ring = Ring()
    // In pieces, so that it can be cancelled.
    for _ in 0..<3 {
      var count = 0
      for first in stride(from: 0, to: vertexCount, by: size) {
        try run.checkCancellation()
        for v in first..<min(first + size, vertexCount) where mayGo(v) {
          if collapse(v, 0..<UInt32(vertexCount), ring) { count += 1 }
        }
      }
      if count == 0 { break }
    }
  }

  private func collapse(_ vertices: Range<Int>, among: Range<UInt32>, _ ring: Ring) {
    for _ in 0..<8 {
      var count = 0
      for v in vertices where mayGo(v) {
        if collapse(v, among, ring) { count += 1 }
      }
      if count == 0 { break }
    }
  }

  @inline(__always)
  private func mayGo(_ v: Int) -> Bool { start[v] != .max && !settled[v] }

  /// The half-edges that start at a vertex, counter-clockwise, and where they end.
  final class Ring {
    /// More than any vertex gets in a reasonable triangulation; one that has more stays.
    static let capacity = 64
    let halfEdges = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
    let ends = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
    var count = 0

    deinit {
      halfEdges.deallocate()
      ends.deallocate()
    }
  }

  /// Collapses a vertex onto the neighbour that leaves the best triangles, if it may.
  private func collapse(_ v: Int, _ among: Range<UInt32>, _ ring: Ring) -> Bool {
    // Until something around it changes.
    settled[v] = true
    let first = start[v]
    if regionOf[Int(first / 3)] < 0 || kept[v >> 6] >> UInt64(v & 63) & 1 != 0 { return false }
    ring.count = 0
    var h = first
    var changes = 0
    var creases = (0, 0)
    var last: Int32 = -1
    repeat {
      let t = Int(h / 3)
      let region = regionOf[t]
      if region < 0 || planes[Int(region)].axis < 0 { return false }
      let next = Topology.next(Int(h))
      let end = triangles[next / 3][next % 3]
      if !among.contains(end) {
        settled[v] = false
        return false
      }
      if ring.count == Ring.capacity { return false }
      if last >= 0 && region != last {
        if changes == 2 { return false }
        if changes == 0 { creases.0 = ring.count } else { creases.1 = ring.count }
        changes += 1
      }
      last = region
      ring.halfEdges[ring.count] = h
      ring.ends[ring.count] = end
      ring.count += 1
      h = twin[Topology.previous(Int(h))]
    } while h != first
    if regionOf[Int(first / 3)] != last {
      if changes == 2 { return false }
      if changes == 0 { creases.0 = 0 } else { creases.1 = 0 }
      changes += 1
    }
    let count = ring.count
    guard count >= 3 && changes != 1 else { return false }
    var best = -1
    var bestQuality: Float = 0
    if changes == 0 {
      for k in 0..<count {
        let quality = self.quality(k, ring, above: bestQuality)
        if quality > bestQuality {
          bestQuality = quality
          best = k
        }
      }
    } else {
      for k in [creases.0, creases.1] {
        let quality = self.quality(k, ring, above: bestQuality)
        if quality > bestQuality {
          bestQuality = quality
          best = k
        }
      }
    }
    guard best >= 0 else { return false }
    collapse(v, ring, onto: best)
    return true
  }

  /// The least height over longest side of the triangles that a collapse onto neighbour `k` leaves, or 0 when
  /// one is turned or too low, or nothing is better than `limit`.
  private func quality(_ k: Int, _ ring: Ring, above limit: Float) -> Float {
    let count = ring.count
    let apex = positions[Int(ring.ends[k])]
    var least = Float.infinity
    var i = k + 1 == count ? 0 : k + 1
    for _ in 0..<count - 2 {
      let j = i + 1 == count ? 0 : i + 1
      let plane = planes[Int(regionOf[Int(ring.halfEdges[i] / 3)])]
      let a = plane.seen(apex)
      let b = plane.seen(positions[Int(ring.ends[i])])
      let c = plane.seen(positions[Int(ring.ends[j])])
      let u = b - a
      let w = c - a
      let x = c - b
      let area = u.x * w.y - u.y * w.x
      let longest = max(u.x * u.x + u.y * u.y, w.x * w.x + w.y * w.y, x.x * x.x + x.y * x.y)
      let quality = area / longest
      if !(quality > limit) || !(quality * longest.squareRoot() >= leastHeight) { return 0 }
      if orient2d(a, b, c) <= 0 { return 0 }
      least = min(least, quality)
      i = j
    }
    return least
  }

  private func collapse(_ v: Int, _ ring: Ring, onto k: Int) {
    let count = ring.count
    func at(_ i: Int) -> Int { (i + count) % count }
    let u = ring.ends[k]
    // Before and after the two triangles that go.
    let after = Int(ring.halfEdges[at(k + 1)])
    let before = Topology.previous(Int(ring.halfEdges[at(k - 2)]))
    let outerAfter = twin[Topology.next(Int(ring.halfEdges[k]))]
    let outerBefore = twin[Topology.next(Int(ring.halfEdges[at(k - 1)]))]
    for i in 0..<count {
      let h = Int(ring.halfEdges[i])
      if i == k || i == at(k - 1) {
        regionOf[h / 3] = Thinning.gone
      } else {
        switch h % 3 {
        case 0: triangles[h / 3].a = u
        case 1: triangles[h / 3].b = u
        default: triangles[h / 3].c = u
        }
      }
    }
    twin[after] = outerAfter
    twin[Int(outerAfter)] = UInt32(after)
    twin[before] = outerBefore
    twin[Int(outerBefore)] = UInt32(before)
    start[Int(u)] = UInt32(after)
    start[Int(ring.ends[at(k + 1)])] = UInt32(Topology.next(after))
    start[Int(ring.ends[at(k - 1)])] = UInt32(before)
    start[v] = .max
    for i in 0..<count { settled[Int(ring.ends[i])] = false }
  }
}

extension Mesh {
  /// The triangles that have more in common with others than corners and an edge, ascending.
  fileprivate func meetingTriangles(_ bvh: BVH, _ run: RunContext) throws(MeshError) -> [UInt32] {
    let meeting = try contactPairs(bvh, limit: .max, run) { i, j in
      trianglesMeet(triangles[Int(i)], corners(Int(i)), triangles[Int(j)], corners(Int(j)))
    }
    return Set((meeting ?? []).flatMap { [$0.x, $0.y] }).sorted()
  }

  /// For each of some triangles, which cross others of them, the boxes that its own box has in common with theirs.
  fileprivate func meetingBoxes(
    _ crossing: [UInt32], _ run: RunContext
  ) throws(MeshError) -> [(triangle: UInt32, box: Box)] {
    let boxes = crossing.map { f in
      let (a, b, c) = corners(Int(f))
      return Box(minimum: lesser(lesser(a, b), c), maximum: greater(greater(a, b), c))
    }
    let order = boxes.indices.sorted { (boxes[$0].minimum.x, $0) < (boxes[$1].minimum.x, $1) }
    var found: [(triangle: UInt32, box: Box)] = []
    for (n, i) in order.enumerated() {
      if n & 0xFF == 0 { try run.checkCancellation() }
      for j in order[(n + 1)...] {
        if boxes[j].minimum.x > boxes[i].maximum.x { break }
        let low = greater(boxes[i].minimum, boxes[j].minimum)
        let high = lesser(boxes[i].maximum, boxes[j].maximum)
        if any(low .> high) { continue }
        found.append((crossing[i], Box(minimum: low, maximum: high)))
        found.append((crossing[j], Box(minimum: low, maximum: high)))
      }
    }
    return found
  }
}
