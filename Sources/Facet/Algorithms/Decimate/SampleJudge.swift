/// Whether a collapse may happen, beyond what its own triangles say.
protocol CollapseJudge {
  /// Whether half-edge `from`–`to` may collapse to `place`; the fans are those of the two ends.
  mutating func allows(
    _ mesh: CollapseMesh, _ from: Int, _ to: Int, _ fanFrom: Fan, _ fanTo: Fan, _ place: SIMD3<Float>
  ) -> Bool
  /// Called for the collapse that was allowed last, before it happens.
  mutating func commit()
  var refusals: Refusals { get }
  func deallocate()
}

/// Allows everything.
struct LenientJudge: CollapseJudge {
  @inline(__always)
  mutating func allows(
    _ mesh: CollapseMesh, _ from: Int, _ to: Int, _ fanFrom: Fan, _ fanTo: Fan, _ place: SIMD3<Float>
  ) -> Bool { true }
  @inline(__always)
  mutating func commit() {}
  var refusals: Refusals { Refusals() }
  func deallocate() {}
}

/// Judges by the samples that the triangles around a collapse carry.
struct SampleJudge: CollapseJudge {
  private let tracker: SampleTracker
  /// Of the gathered samples, four at a time and relative to the new vertex: coordinates, squared distance to the
  /// nearest new triangle, and which one that is.
  private var blocks: UnsafeMutablePointer<Block>
  private var ids: UnsafeMutablePointer<UInt32>
  /// Which of them are middles of triangles.
  private var triangleSamples: UnsafeMutablePointer<UInt32>
  private var triangleCount = 0
  private var capacity = 64
  private var count = 0
  private var faces: UnsafeMutablePointer<FaceLanes>
  private var faceCount = 0
  /// The triangles whose samples were gathered.
  private var sources: UnsafeMutablePointer<UInt32>
  private var sourceCount = 0
  /// How often the distance, and how often the angle, forbade a collapse.
  private(set) var refusals = Refusals()

  private struct Block: BitwiseCopyable {
    var x, y, z, squared, face: SIMD4<Float>
  }

  init(_ tracker: SampleTracker) {
    self.tracker = tracker
    blocks = .allocate(capacity: 64)
    ids = .allocate(capacity: 256)
    triangleSamples = .allocate(capacity: 256)
    faces = .allocate(capacity: 2 * Fan.capacity)
    sources = .allocate(capacity: 2 * Fan.capacity)
  }

  func deallocate() {
    blocks.deallocate()
    ids.deallocate()
    triangleSamples.deallocate()
    faces.deallocate()
    sources.deallocate()
  }

  mutating func allows(
    _ mesh: CollapseMesh, _ from: Int, _ to: Int, _ fanFrom: Fan, _ fanTo: Fan, _ place: SIMD3<Float>
  ) -> Bool {
    count = 0
    faceCount = 0
    sourceCount = 0
    triangleCount = 0
    gather(mesh, fanFrom, place, except: UInt32(truncatingIfNeeded: to), takesShared: true)
    gather(mesh, fanTo, place, except: UInt32(truncatingIfNeeded: from), takesShared: false)
    if !isNear() || (tracker.limit < .infinity && !areNewPointsNear(place)) {
      refusals.distance += 1
      return false
    }
    if tracker.cosine > -2 && !keepsAngles() {
      refusals.angle += 1
      return false
    }
    return true
  }

  /// Takes the samples of a fan's triangles, and what the triangles become.
  @inline(__always)
  private mutating func gather(
    _ mesh: CollapseMesh, _ fan: Fan, _ place: SIMD3<Float>, except other: UInt32, takesShared: Bool
  ) {
    for i in 0..<fan.count {
      let h = Int(fan.halfEdges[i])
      let (a, b) = (mesh.corner[Topology.next(h)], mesh.corner[Topology.previous(h)])
      let isShared = a == other || b == other
      if isShared && !takesShared { continue }
      let f = UInt32(truncatingIfNeeded: h / 3)
      sources[sourceCount] = f
      sourceCount &+= 1
      if !isShared {
        faces[faceCount] = FaceLanes(
          mesh.vertex[Int(a)].position - place, mesh.vertex[Int(b)].position - place, f)
        faceCount &+= 1
      }
      var s = tracker.first[Int(f)]
      while s != SampleTracker.none {
        if count == 4 * capacity { grow() }
        let sample = tracker.sample[Int(s)]
        let p = unsafeBitCast(sample, to: SIMD3<Float>.self) - place
        let (block, lane) = (count >> 2, count & 3)
        blocks[block].x[lane] = p.x
        blocks[block].y[lane] = p.y
        blocks[block].z[lane] = p.z
        ids[count] = s
        if tracker.isTriangle(s) {
          triangleSamples[triangleCount] = UInt32(truncatingIfNeeded: count)
          triangleCount &+= 1
        }
        count &+= 1
        s = index(sample.w)
      }
    }
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Block>.allocate(capacity: 2 * capacity)
    larger.update(from: blocks, count: capacity)
    blocks.deallocate()
    blocks = larger
    let more = UnsafeMutablePointer<UInt32>.allocate(capacity: 8 * capacity)
    more.update(from: ids, count: 4 * capacity)
    ids.deallocate()
    ids = more
    let triangles = UnsafeMutablePointer<UInt32>.allocate(capacity: 8 * capacity)
    triangles.update(from: triangleSamples, count: 4 * capacity)
    triangleSamples.deallocate()
    triangleSamples = triangles
    capacity *= 2
  }

  /// Finds the nearest new triangle of every sample; false as soon as one has none within the limit.
  @inline(__always)
  private mutating func isNear() -> Bool {
    if count == 0 { return true }
    // What fills the last block must not matter.
    var i = count
    while i & 3 != 0 {
      blocks[i >> 2].x[i & 3] = 0
      blocks[i >> 2].y[i & 3] = 0
      blocks[i >> 2].z[i & 3] = 0
      i += 1
    }
    let limit = SIMD4(repeating: tracker.limit)
    for k in 0..<(count + 3) >> 2 {
      let (x, y, z) = (blocks[k].x, blocks[k].y, blocks[k].z)
      var best = SIMD4<Float>(repeating: .infinity)
      var face = SIMD4<Float>()
      for j in 0..<faceCount {
        let squared = faces[j].squaredDistances(x, y, z)
        let isNearer = squared .< best
        best = best.replacing(with: squared, where: isNearer)
        face = face.replacing(with: Float(j), where: isNearer)
      }
      if any(best .> limit) { return false }
      blocks[k].squared = best
      blocks[k].face = face
    }
    return true
  }

  /// Whether the new vertex and the middles of its edges and triangles are near original triangles.
  @inline(__always)
  private mutating func areNewPointsNear(_ place: SIMD3<Float>) -> Bool {
    if !isNearOriginal(.zero, place) { return false }
    for j in 0..<faceCount {
      let (a, b) = faces[j].corners
      if !isNearOriginal(a * 0.5, place) || !isNearOriginal((a + b) / 3, place)
        || !isNearOriginal(b * 0.5, place)
      {
        return false
      }
    }
    return true
  }

  /// Whether a point, relative to the new vertex, is near an original triangle whose middle was gathered.
  @inline(__always)
  private func isNearOriginal(_ q: SIMD3<Float>, _ place: SIMD3<Float>) -> Bool {
    var nearest = -1
    var least = Float.infinity
    for t in 0..<triangleCount {
      let i = Int(triangleSamples[t])
      let (block, lane) = (i >> 2, i & 3)
      let p = SIMD3(blocks[block].x[lane], blocks[block].y[lane], blocks[block].z[lane]) - q
      let squared = dot(p, p)
      if squared < least {
        least = squared
        nearest = i
      }
    }
    if nearest < 0 { return false }
    if isNear(place + q, nearest) { return true }
    for t in 0..<triangleCount where isNear(place + q, Int(triangleSamples[t])) { return true }
    return false
  }

  @inline(__always)
  private func isNear(_ place: SIMD3<Float>, _ i: Int) -> Bool {
    let t = original(i)
    let offset = closestOffset(t.0 - place, t.1 - place, t.2 - place)
    return dot(offset, offset) <= tracker.limit
  }

  /// The corners of the original triangle whose middle is sample `i`.
  @inline(__always)
  private func original(_ i: Int) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    tracker.original(Int(ids[i]) - tracker.vertexCount)
  }

  private func keepsAngles() -> Bool {
    for k in 0..<triangleCount {
      let i = Int(triangleSamples[k])
      let t = original(i)
      let normal = faces[Int(blocks[i >> 2].face[i & 3])].normal
      if cosineBetween(cross(t.1 - t.0, t.2 - t.0), normal) < tracker.cosine { return false }
    }
    return true
  }

  mutating func commit() {
    for i in 0..<sourceCount { tracker.first[Int(sources[i])] = SampleTracker.none }
    for i in 0..<count {
      let f = Int(faces[Int(blocks[i >> 2].face[i & 3])].triangle)
      let s = Int(ids[i])
      tracker.sample[s].w = lane(tracker.first[f])
      tracker.first[f] = UInt32(truncatingIfNeeded: s)
    }
  }
}
