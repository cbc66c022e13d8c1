extension Decimation {
  /// Takes back the collapses into the vertices of some triangles, and whatever must go with them to leave a sound
  /// mesh.
  ///
  /// - Returns: The vertices that are where they were in the source, or nil when there was nothing to take back.
  func undo(_ triangles: [Int], _ run: RunContext) throws(MeshError) -> [Int]? {
    var isUndone = [Bool](repeating: false, count: mesh.vertexCount)
    for f in triangles {
      for k in 0..<3 { isUndone[Int(mesh.corner[3 * f + k])] = true }
    }
    // Which vertex each original one is now, and which come back.
    let survivors = (0..<mesh.vertexCount).map { UInt32(mesh.survivor(of: $0)) }
    var back: [Int] = []
    while true {
      try run.checkCancellation()
      back = survivors.indices.filter { isUndone[Int(survivors[$0])] }
      let spoiled = spoiledVertices(survivors, isUndone)
      if spoiled.isEmpty { break }
      for v in spoiled { isUndone[v] = true }
    }
    // Only what had moved or taken in others.
    guard
      back.contains(where: { Int(survivors[$0]) != $0 || mesh.vertex[$0].position != position(UInt32($0)) })
    else { return nil }
    try restore(survivors, isUndone, run)
    return back
  }

  /// Of some triangles those that are as they were in the source and cross another there: they stay so, and their
  /// vertices are locked.
  func crossingOriginals(among triangles: [Int], _ run: RunContext) throws(MeshError) -> [Int] {
    if triangles.isEmpty { return [] }
    let (now, slots) = result()
    let tree = try BVH(now, run.slice(0...0.5))
    let crossing = try now.selfIntersections(tree, run.slice(0.5...1)).triangles.map { slots[Int($0)] }
    let originals = crossing.filter { f in
      let t = order.corners[f]
      return (0..<3).allSatisfy { k in
        mesh.corner[3 * f + k] == t[k] && mesh.vertex[Int(t[k])].position == position(t[k])
      }
    }
    for f in originals {
      for k in 0..<3 { mesh.vertex[Int(mesh.corner[3 * f + k])].kind.insert(.locked) }
    }
    return originals
  }

  /// The vertex that a corner of an original triangle has once the undone ones are back.
  @inline(__always)
  private func corner(_ v: UInt32, _ survivors: [UInt32], _ isUndone: [Bool]) -> UInt32 {
    let s = survivors[Int(v)]
    return isUndone[Int(s)] ? v : s
  }

  /// Surviving vertices next to those that come back which cannot stay as they are: a triangle between them would be
  /// turned over, or an edge have more than two triangles.
  private func spoiledVertices(_ survivors: [UInt32], _ isUndone: [Bool]) -> [Int] {
    var spoiled: [Int] = []
    var uses: [UInt64: Int] = [:]
    for t in order.corners {
      let (sa, sb, sc) = (survivors[Int(t.a)], survivors[Int(t.b)], survivors[Int(t.c)])
      guard isUndone[Int(sa)] || isUndone[Int(sb)] || isUndone[Int(sc)] else { continue }
      let now = [
        corner(t.a, survivors, isUndone), corner(t.b, survivors, isUndone), corner(t.c, survivors, isUndone),
      ]
      if now[0] == now[1] || now[1] == now[2] || now[2] == now[0] { continue }
      let moved = zip([sa, sb, sc], [t.a, t.b, t.c]).filter { !isUndone[Int($0.0)] }.map { Int($0.0) }
      if moved.isEmpty { continue }
      for k in 0..<3 {
        let (u, v) = (now[k], now[(k + 1) % 3])
        let count = uses[UInt64(u) << 32 | UInt64(v), default: 0] + 1
        uses[UInt64(u) << 32 | UInt64(v)] = count
        if count > 1 { spoiled += moved }
      }
      func place(_ v: UInt32, _ original: UInt32) -> SIMD3<Float> {
        v == original ? position(original) : mesh.vertex[Int(v)].position
      }
      let before = cross(position(t.b) - position(t.a), position(t.c) - position(t.a))
      let (a, b, c) = (place(now[0], t.a), place(now[1], t.b), place(now[2], t.c))
      let after = cross(b - a, c - a)
      if !(dot(before, after) > 0) && dot(before, before) > 0 { spoiled += moved }
    }
    return spoiled
  }

  /// Where an original vertex was.
  @inline(__always)
  private func position(_ v: UInt32) -> SIMD3<Float> { source.positions[Int(order.vertices[Int(v)])] }

  private func restore(_ survivors: [UInt32], _ isUndone: [Bool], _ run: RunContext) throws(MeshError) {
    // Samples that need another triangle: those of triangles at a vertex that is taken back.
    var orphans: [Int] = []
    if let tracker {
      for f in 0..<mesh.triangleCount where !mesh.isGone(f) {
        guard (0..<3).contains(where: { isUndone[Int(mesh.corner[3 * f + $0])] }) else { continue }
        var s = tracker.first[f]
        while s != SampleTracker.none {
          orphans.append(Int(s))
          s = tracker.sample[Int(s)].w.bitPattern
        }
        tracker.first[f] = SampleTracker.none
      }
    }
    for v in 0..<mesh.vertexCount where isUndone[Int(survivors[v])] {
      mesh.vertex[v] = CollapseMesh.Vertex(position(UInt32(v)))
      if !options.lockedVertices.isEmpty && options.lockedVertices[Int(order.vertices[v])] {
        mesh.vertex[v].kind = .locked
      }
    }
    for (f, t) in order.corners.enumerated() {
      let touched =
        isUndone[Int(survivors[Int(t.a)])] || isUndone[Int(survivors[Int(t.b)])]
        || isUndone[Int(survivors[Int(t.c)])]
      guard touched else { continue }
      let now = (
        corner(t.a, survivors, isUndone), corner(t.b, survivors, isUndone), corner(t.c, survivors, isUndone)
      )
      if now.0 == now.1 || now.1 == now.2 || now.2 == now.0 {
        mesh.corner[3 * f] = CollapseMesh.gone
        continue
      }
      mesh.corner[3 * f] = now.0
      mesh.corner[3 * f + 1] = now.1
      mesh.corner[3 * f + 2] = now.2
    }
    try relink(run)
    addPlanes(survivors, isUndone)
    if let tracker { adopt(orphans, tracker) }
  }

  /// Matches the half-edges of all triangles that are there, and tells the vertices.
  private func relink(_ run: RunContext) throws(MeshError) {
    var slots: [UInt32] = []
    var compact: [UInt32] = []
    for f in 0..<mesh.triangleCount where !mesh.isGone(f) {
      slots.append(UInt32(f))
      for k in 0..<3 { compact.append(mesh.corner[3 * f + k]) }
    }
    let count = compact.count
    let twins = try [UInt32](filling: count) { (twins) throws(MeshError) in
      guard count > 0 else { return }
      _ = try compact.withUnsafeBufferPointer { (compact) throws(MeshError) in
        try matchHalfEdges(
          of: MeshView(
            corners: compact.baseAddress!, positions: UnsafePointer(bitPattern: 16)!,
            triangleCount: count / 3,
            vertexCount: mesh.vertexCount), into: twins, run)
      }
    }
    for v in 0..<mesh.vertexCount where !mesh.vertex[v].kind.contains(.merged) {
      mesh.vertex[v].kind.formIntersection(.locked)
      mesh.vertex[v].start = CollapseMesh.gone
    }
    mesh.cost.initialize(repeating: .infinity, count: 3 * mesh.triangleCount)
    for (i, f) in slots.enumerated() {
      for k in 0..<3 {
        let t = twins[3 * i + k]
        mesh.twin[3 * Int(f) + k] = t < Topology.degenerate ? 3 * slots[Int(t) / 3] + t % 3 : t
      }
    }
    for f in slots { mesh.link(Int(f)) }
    try mesh.finishLinking(run)
  }

  /// Gives the vertices that are back the planes of their original triangles.
  private func addPlanes(_ survivors: [UInt32], _ isUndone: [Bool]) {
    let colors = source.colors.map { colors in order.triangles.map { colors.attributes[Int($0)] } }
    for (f, t) in order.corners.enumerated() {
      let isBack = (
        isUndone[Int(survivors[Int(t.a)])], isUndone[Int(survivors[Int(t.b)])],
        isUndone[Int(survivors[Int(t.c)])]
      )
      guard isBack.0 || isBack.1 || isBack.2 else { continue }
      if let q = Quadric(triangle: position(t.a), position(t.b), position(t.c))?.stored {
        if isBack.0 { mesh.vertex[Int(t.a)].quadric.add(planes: q) }
        if isBack.1 { mesh.vertex[Int(t.b)].quadric.add(planes: q) }
        if isBack.2 { mesh.vertex[Int(t.c)].quadric.add(planes: q) }
      }
      if !mesh.isGone(f) { mesh.addUprights(at: f, colors) { isUndone[Int(survivors[$0])] } }
    }
    if options.weights.isEmpty { return }
    for v in survivors.indices where isUndone[Int(survivors[v])] {
      mesh.vertex[v].quadric.scale(by: options.weights[Int(order.vertices[v])])
    }
  }

  /// Lets samples be carried by the nearest of the triangles around what their original vertices have become.
  private func adopt(_ samples: [Int], _ tracker: SampleTracker) {
    var fan = Fan()
    defer { fan.deallocate() }
    for s in samples {
      let p = tracker.position(s)
      var best = -1
      var least = Float.infinity
      let sources = tracker.sources(s)
      for original in [sources.0, sources.1, sources.2] {
        let v = mesh.survivor(of: original)
        for f in trianglesAround(v, &fan) {
          func at(_ k: Int) -> SIMD3<Float> { mesh.vertex[Int(mesh.corner[3 * f + k])].position - p }
          let offset = closestOffset(at(0), at(1), at(2))
          let squared = dot(offset, offset)
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
