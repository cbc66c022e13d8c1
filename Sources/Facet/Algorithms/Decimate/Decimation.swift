/// One run of the reducer over a mesh.
struct Decimation {
  let mesh: CollapseMesh
  let cost: UnsafeMutablePointer<Float>
  var triangles: Int
  /// The first vertex that each chunk of triangles is the first to name, and the number of vertices at the end.
  var vertexStarts: [UInt32] = []

  struct Settings {
    var fraction = 0.1
    var turn: Float = 0.04
    var shape: Float = 1e-6
    var steps = 4
    var growth: Float = 1.7
  }

  var order: SpatialOrder

  init(_ source: Mesh, _ settings: Settings, _ run: RunContext) throws(MeshError) {
    let order = SpatialOrder(source)
    self.order = order
    let (nv, nt) = (order.vertices.count, source.triangles.count)
    func large<T>(_ count: Int, _ type: T.Type) -> UnsafeMutablePointer<T> {
      let p = UnsafeMutableRawPointer.allocate(byteCount: max(64, MemoryLayout<T>.stride * count), alignment: 64)
      adviseLargePages(UnsafeMutableRawBufferPointer(start: p, count: MemoryLayout<T>.stride * count))
      return p.bindMemory(to: type, capacity: count)
    }
    mesh = CollapseMesh(
      vertexCount: nv, triangleCount: nt, corner: large(3 * nt, UInt32.self), twin: large(3 * nt, UInt32.self),
      vertex: large(nv, CollapseMesh.Vertex.self))
    cost = large(3 * nt, Float.self)
    triangles = nt
    for v in 0..<nv { mesh.vertex[v] = CollapseMesh.Vertex(source.positions[Int(order.vertices[v])]) }
    order.corners.withUnsafeBytes { bytes in
      UnsafeMutableRawPointer(mesh.corner).copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
    }
    self.order.corners = []
    var seen: UInt32 = 0
    for f in 0..<nt {
      if f % Decimation.chunk == 0 { vertexStarts.append(seen) }
      let t = order.corners[f]
      seen = max(seen, max(t.a, max(t.b, t.c)) + 1)
    }
    vertexStarts.append(seen)
    _ = try source.positions.withUnsafeBufferPointer { (positions) throws(MeshError) in
      try matchHalfEdges(of: MeshView(corners: mesh.corner, positions: positions.baseAddress!, triangleCount: nt, vertexCount: nv),
        into: SharedElements(UnsafeMutableBufferPointer(start: mesh.twin, count: 3 * nt)), run)
    }
    for f in 0..<nt {
      let (a, b, c) = (Int(mesh.corner[3 * f]), Int(mesh.corner[3 * f + 1]), Int(mesh.corner[3 * f + 2]))
      let p = SIMD3<Double>(mesh.vertex[a].position)
      let n = cross(SIMD3<Double>(mesh.vertex[b].position) - p, SIMD3<Double>(mesh.vertex[c].position) - p)
      let l = length(n)
      let w = l > 0 ? 0.5 / l : 0
      let q = Quadric(normal: n, weight: w).stored
      for k in 0..<3 {
        let v = Int(mesh.corner[3 * f + k])
        mesh.vertex[v].quadric.add(planes: q)
        let t = mesh.twin[3 * f + k]
        if t < Topology.degenerate {
          if !mesh.vertex[v].kind.contains(.border) { mesh.vertex[v].start = UInt32(3 * f + k) }
        } else {
          let w = Int(mesh.corner[3 * f + (k + 1) % 3])
          if t == Topology.boundary {
            mesh.vertex[v].kind.insert(.border)
            mesh.vertex[w].kind.insert(.border)
            mesh.vertex[v].start = UInt32(3 * f + k)
          } else {
            mesh.vertex[v].kind.insert(.complex)
            mesh.vertex[w].kind.insert(.complex)
          }
        }
      }
    }
  }

  func deallocate() {
    mesh.corner.deallocate()
    mesh.twin.deallocate()
    mesh.vertex.deallocate()
    cost.deallocate()
  }

  static let chunk = 16384

  /// The limits of one round of passes.
  private func plan(_ histogram: [Int], _ target: Int, _ settings: Settings) -> [Float] {
    let fraction = settings.fraction
    let needed = triangles - target
    let wanted = min(Int(Double(triangles) * 1.5 * fraction), needed * 3 / 8 + 1)
    var sum = 0
    var b = 0
    while b < 4080 {
      sum += histogram[b]
      if sum >= wanted { break }
      b += 1
    }
    let limit = Float(bitPattern: UInt32(b + 1) << 19)
    // Each pass takes some share of what is left; as many in a round as stay clear of the target.
    let kept = 1 - 1.45 * fraction
    var steps = 1
    var left = Double(triangles) * kept
    while steps < settings.steps, left * kept > Double(target) * 1.05 {
      steps += 1
      left *= kept
    }
    return (0..<steps).map { limit * (0..<$0).reduce(Float(1)) { p, _ in p * settings.growth } }
  }

  mutating func run(to target: Int, _ settings: Settings, _ run: RunContext) throws(MeshError) -> Int {
    let mesh = mesh
    let cost = cost
    let triangleCount = mesh.triangleCount
    let starts = vertexStarts
    cost.initialize(repeating: .infinity, count: 3 * triangleCount)
    try run.forEachChunk(of: mesh.vertexCount, size: 4096) { _, range in
      for v in range { mesh.weighFan(v, onlyFromLower: .all, into: cost) }
    }
    var passes = 0
    let chunks = (triangleCount + Decimation.chunk - 1) / Decimation.chunk
    var alive = [Int](repeating: Decimation.chunk, count: chunks)
    alive[chunks - 1] = triangleCount - (chunks - 1) * Decimation.chunk
    var border = Worker()
    defer { border.deallocate() }
    while triangles > target {
      passes += 1
      let histograms = try run.mapChunks(of: chunks, size: 8) { _, range in
        var histogram = [Int32](repeating: 0, count: 4097)
        for h in 3 * range.lowerBound * Decimation.chunk..<min(3 * triangleCount, 3 * range.upperBound * Decimation.chunk) where cost[h] < .infinity {
          histogram[Int(cost[h].bitPattern >> 19)] &+= 1
        }
        return histogram
      }
      var histogram = [Int](repeating: 0, count: 4097)
      for h in histograms { for b in h.indices { histogram[b] += Int(h[b]) } }
      let limits = plan(histogram, target, settings)
      let share = Double(triangles - target) / Double(triangles)
      var removed = [Int](repeating: 0, count: chunks)
      var postponed = [[UInt32]](repeating: [], count: chunks)
      let quota = alive.map { Int(Double($0) * share) }
      try removed.withSharedElements { (removed) throws(MeshError) in
        try postponed.withSharedElements { (postponed) throws(MeshError) in
          try run.forEachChunk(of: chunks, size: 1, scratch: { Box(Worker()) }) { (worker, c, _) in
            let triangles = c * Decimation.chunk..<min(triangleCount, (c + 1) * Decimation.chunk)
            worker.value.owned = starts[c]..<starts[c + 1]
            for limit in limits {
              removed[c] += worker.value.pass(mesh, cost, 3 * triangles.lowerBound..<3 * triangles.upperBound, limit, quota[c] - removed[c], settings)
            }
            postponed[c] = worker.value.postponed
            worker.value.postponed.removeAll()
          }
        }
      }
      for c in 0..<chunks { alive[c] -= removed[c]; triangles -= removed[c] }
      border.owned = 0..<UInt32.max
      let inside = triangles
      for limit in limits {
        var all = 0
        for c in 0..<chunks {
          let gone = border.pass(mesh, cost, among: postponed[c], limit, triangles - target, settings)
          alive[c] -= gone
          triangles -= gone
          all += gone
        }
        border.weigh(mesh, cost)
        if all == 0 { break }
      }
      if CommandLine.arguments.contains("-v") {
        print("pass", passes, "triangles", triangles, "limits", limits, "inside", removed.reduce(0, +), "across", inside - triangles)
      }
      if removed.reduce(0, +) + inside - triangles == 0 { break }
    }
    return passes
  }

  final class Box<T> { var value: T; init(_ v: T) { value = v } }

  func result() -> Mesh {
    var triangles: [Triangle] = []
    triangles.reserveCapacity(self.triangles)
    for f in 0..<mesh.triangleCount where mesh.corner[3 * f] != CollapseMesh.gone {
      triangles.append(Triangle(mesh.corner[3 * f], mesh.corner[3 * f + 1], mesh.corner[3 * f + 2]))
    }
    let positions = (0..<mesh.vertexCount).map { mesh.vertex[$0].position }
    return Mesh(unchecked: positions, triangles: triangles).withoutUnusedVertices()
  }
}

extension Mesh {
  package func reducedForTrying(to target: Int, fraction: Double, steps: Int, growth: Float, threads: Int) throws(MeshError) -> Mesh {
    let clock = ContinuousClock()
    var settings = Decimation.Settings()
    settings.fraction = fraction
    settings.steps = steps
    settings.growth = growth
    let run = RunContext(threads: threads)
    var at = clock.now
    var d = try Decimation(self, settings, run)
    defer { d.deallocate() }
    let setUp = clock.now - at
    at = clock.now
    let passes = try d.run(to: target, settings, run)
    let ran = clock.now - at
    at = clock.now
    let r = d.result()
    print("setup", setUp, "run", ran, "result", clock.now - at, "passes", passes, r.triangles.count)
    return r
  }
}
