extension Decimation {
  /// Takes back the collapses into the vertices of some triangles, and whatever must go with them to leave a sound
  /// mesh.
  ///
  /// - Returns: The vertices around which something is other than it was, or nil when there was nothing to take back.
  func undo(_ triangles: [Int], _ run: RunContext) throws(MeshError) -> [Int]? {
    var isNear = [Bool](repeating: false, count: mesh.vertexCount)
    var undone = triangles
    var hasUndone = false
    while !undone.isEmpty {
      guard let restoring = try restoring(undone, run) else { break }
      hasUndone = true
      undone = try restore(restoring, &isNear, run)
    }
    return hasUndone ? isNear.indices.filter { isNear[$0] } : nil
  }

  /// Keeps vertices where they are from now on.
  func lock(_ vertices: [Int]) {
    for v in vertices { mesh.vertex[v].kind.insert(.locked) }
  }

  /// Vertices that come back, each where it was in the source.
  private struct Restoring {
    /// Which vertex each original one is now.
    var survivors: [UInt32]
    /// For each original vertex whether it comes back. What has merged into a vertex that does comes back with it;
    /// a vertex that has merged into another may come back alone.
    var isBack: [Bool]
    /// The original triangles with a vertex that comes back.
    var touched: [Int] = []

    /// The vertex that a corner of an original triangle has once these are back.
    @inline(__always)
    func corner(_ v: UInt32) -> UInt32 { isBack[Int(v)] ? v : survivors[Int(v)] }
  }

  /// What has to come back when the vertices of some triangles do; nil when all that is where it was.
  private func restoring(_ triangles: [Int], _ run: RunContext) throws(MeshError) -> Restoring? {
    var restoring = Restoring(
      survivors: (0..<mesh.vertexCount).map { v in
        let survivor = UInt32(mesh.survivor(of: v))
        // Not by way of another, which may come back without it.
        if mesh.vertex[v].kind.contains(.merged) { mesh.vertex[v].start = survivor }
        return survivor
      },
      isBack: [Bool](repeating: false, count: mesh.vertexCount))
    for f in triangles {
      for k in 0..<3 { restoring.isBack[Int(mesh.corner[3 * f + k])] = true }
    }
    while true {
      try run.checkCancellation()
      for (v, s) in restoring.survivors.enumerated() where restoring.isBack[Int(s)] {
        restoring.isBack[v] = true
      }
      restoring.touched = order.corners.indices.filter { f in
        let t = order.corners[f]
        return restoring.isBack[Int(t.a)] || restoring.isBack[Int(t.b)] || restoring.isBack[Int(t.c)]
      }
      let spoiled = spoiledVertices(restoring)
      if spoiled.isEmpty { break }
      for v in spoiled { restoring.isBack[Int(v)] = true }
    }
    let hasMoved = restoring.isBack.indices.contains { v in
      restoring.isBack[v]
        && (Int(restoring.survivors[v]) != v || mesh.vertex[v].position != position(UInt32(v)))
    }
    return hasMoved ? restoring : nil
  }

  /// Vertices that must come back too, because a triangle between them and those that do would be turned over.
  private func spoiledVertices(_ restoring: Restoring) -> [UInt32] {
    var spoiled: [UInt32] = []
    for f in restoring.touched {
      let t = order.corners[f]
      let isBack = (
        restoring.isBack[Int(t.a)], restoring.isBack[Int(t.b)], restoring.isBack[Int(t.c)]
      )
      if isBack.0 && isBack.1 && isBack.2 { continue }
      let now = (restoring.corner(t.a), restoring.corner(t.b), restoring.corner(t.c))
      if now.0 == now.1 || now.1 == now.2 || now.2 == now.0 { continue }
      func place(_ v: UInt32, _ isBack: Bool) -> SIMD3<Float> {
        isBack ? position(v) : mesh.vertex[Int(v)].position
      }
      let (p, q, r) = (position(t.a), position(t.b), position(t.c))
      let before = cross(q - p, r - p)
      let (a, b, c) = (place(now.0, isBack.0), place(now.1, isBack.1), place(now.2, isBack.2))
      if dot(before, cross(b - a, c - a)) > 0 || !(dot(before, before) > 0) { continue }
      if !isBack.0 { spoiled.append(t.a) }
      if !isBack.1 { spoiled.append(t.b) }
      if !isBack.2 { spoiled.append(t.c) }
    }
    return spoiled
  }

  /// Where an original vertex was.
  @inline(__always)
  func position(_ v: UInt32) -> SIMD3<Float> { source.positions[Int(order.vertices[Int(v)])] }

  /// Puts vertices back, and makes good what hangs on them.
  ///
  /// - Parameter isNear: Gets the vertices around which something is other than it was.
  /// - Returns: Triangles that must be undone as well: what is around them is no longer manifold.
  private func restore(
    _ restoring: Restoring, _ isNear: inout [Bool], _ run: RunContext
  ) throws(MeshError) -> [Int] {
    var changed = [Bool](repeating: false, count: mesh.vertexCount)
    for v in restoring.isBack.indices where restoring.isBack[v] {
      changed[Int(restoring.survivors[v])] = true
    }
    let orphans = tracker.map { takeSamples(around: changed, $0) } ?? []
    for v in restoring.isBack.indices where restoring.isBack[v] {
      let kind = mesh.vertex[v].kind
      mesh.vertex[v] = CollapseMesh.Vertex(position(UInt32(v)))
      // What is locked has never merged.
      mesh.vertex[v].kind = kind.intersection([.complex, .locked]).union(.changed)
    }
    for f in restoring.touched {
      let t = order.corners[f]
      let now = [restoring.corner(t.a), restoring.corner(t.b), restoring.corner(t.c)]
      for k in 0..<3 { mesh.cost[3 * f + k] = .infinity }
      if now[0] == now[1] || now[1] == now[2] || now[2] == now[0] {
        mesh.corner[3 * f] = CollapseMesh.gone
        continue
      }
      for k in 0..<3 {
        mesh.corner[3 * f + k] = now[k]
        changed[Int(now[k])] = true
      }
    }
    let tangled = try relink(around: changed, run)
    addPlanes(restoring)
    if let tracker { adopt(orphans, tracker) }
    for v in changed.indices where changed[v] && !mesh.vertex[v].kind.contains(.merged) { isNear[v] = true }
    return tangled
  }

  /// Samples that need another triangle: those of triangles at some vertices.
  private func takeSamples(around isNear: [Bool], _ tracker: SampleTracker) -> [Int] {
    var orphans: [Int] = []
    for f in 0..<mesh.triangleCount where isAlive(f, around: isNear) {
      var s = tracker.first[f]
      while s != SampleTracker.none {
        orphans.append(Int(s))
        s = index(tracker.sample[Int(s)].w)
      }
      tracker.first[f] = SampleTracker.none
    }
    return orphans
  }

  @inline(__always)
  private func isAlive(_ f: Int, around isNear: [Bool]) -> Bool {
    !mesh.isGone(f)
      && (isNear[Int(mesh.corner[3 * f])] || isNear[Int(mesh.corner[3 * f + 1])]
        || isNear[Int(mesh.corner[3 * f + 2])])
  }

  /// Matches the half-edges between some vertices, where triangles have come back, and tells the vertices.
  ///
  /// - Returns: The triangles at those that were manifold and are no longer.
  private func relink(around isNear: [Bool], _ run: RunContext) throws(MeshError) -> [Int] {
    let slots = (0..<mesh.triangleCount).filter { isAlive($0, around: isNear) }
    let corners = slots.flatMap { f in (0..<3).map { mesh.corner[3 * f + $0] } }
    let twins = try [UInt32](filling: corners.count) { (twins) throws(MeshError) in
      guard corners.count > 0 else { return }
      _ = try corners.withUnsafeBufferPointer { (corners) throws(MeshError) in
        try matchHalfEdges(
          of: MeshView(
            corners: corners.baseAddress!, positions: UnsafePointer(bitPattern: 16)!,
            triangleCount: slots.count, vertexCount: mesh.vertexCount), into: twins, run)
      }
    }
    let vertices = isNear.indices.filter { isNear[$0] && !mesh.vertex[$0].kind.contains(.merged) }
    let wasComplex = Set(vertices.filter { mesh.vertex[$0].kind.contains(.complex) })
    for v in vertices {
      mesh.vertex[v].kind.formIntersection([.locked, .changed])
      mesh.vertex[v].start = CollapseMesh.gone
    }
    // What starts or ends at another vertex is as it was.
    for (i, f) in slots.enumerated() {
      for k in 0..<3 where isNear[Int(corners[3 * i + k])] && isNear[Int(corners[3 * i + (k + 1) % 3])] {
        let t = twins[3 * i + k]
        mesh.twin[3 * f + k] = t < Topology.degenerate ? UInt32(3 * slots[Int(t) / 3]) + t % 3 : t
      }
    }
    for f in slots { mesh.link(f) { isNear[$0] } }
    for v in vertices { mesh.finishLinking(v) }
    let tangled = Set(
      vertices.filter { mesh.vertex[$0].kind.contains(.complex) && !wasComplex.contains($0) })
    if tangled.isEmpty { return [] }
    return slots.filter { f in (0..<3).contains { tangled.contains(Int(mesh.corner[3 * f + $0])) } }
  }

  /// Gives the vertices that are back the planes of their original triangles.
  private func addPlanes(_ restoring: Restoring) {
    for f in restoring.touched {
      let t = order.corners[f]
      if let q = Quadric(triangle: position(t.a), position(t.b), position(t.c))?.stored {
        for v in [t.a, t.b, t.c] where restoring.isBack[Int(v)] { mesh.vertex[Int(v)].quadric.add(planes: q) }
      }
      if !mesh.isGone(f) { mesh.addUprights(at: f, order.colors) { restoring.isBack[$0] } }
    }
    if options.weights.isEmpty { return }
    for v in restoring.isBack.indices where restoring.isBack[v] {
      mesh.vertex[v].quadric.scale(by: options.weights[Int(order.vertices[v])])
    }
  }

  /// Lets samples be carried by the nearest of the triangles around what their original vertices have become.
  private func adopt(_ samples: [Int], _ tracker: SampleTracker) {
    var fan = Fan()
    defer { fan.deallocate() }
    for s in samples {
      let p = tracker.position(s)
      let t = s - tracker.vertexCount
      // The middle of a triangle that is back is its own; that of another goes where the angle is within the limit.
      let isTriangle = tracker.isTriangle(UInt32(s))
      if isTriangle, !mesh.isGone(t), isOriginal(t) {
        tracker.add(s, to: t)
        continue
      }
      var best = -1
      var least = Float.infinity
      let sources = tracker.sources(s)
      for original in [sources.0, sources.1, sources.2] {
        let v = mesh.survivor(of: original)
        for f in trianglesAround(v, &fan) {
          let (a, b, c) = mesh.corners(f)
          let offset = closestOffset(a - p, b - p, c - p)
          var squared = dot(offset, offset)
          if isTriangle, tracker.cosine > -2 {
            let (q, r, s) = tracker.original(t)
            if cosineBetween(cross(r - q, s - q), cross(b - a, c - a)) < tracker.cosine { squared += 1e30 }
          }
          if squared < least {
            least = squared
            best = f
          }
        }
      }
      if best >= 0 { tracker.add(s, to: best) }
    }
  }

  private func trianglesAround(_ v: Int, _ fan: inout Fan) -> [Int] {
    if mesh.vertex[v].start == CollapseMesh.gone { return [] }
    if mesh.collect(v, &fan, 0..<UInt32.max) == .tooLarge { return [] }
    return (0..<fan.count).map { Int(fan.halfEdges[$0]) / 3 }
  }
}
