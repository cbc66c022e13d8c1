/// Joins welded segments, in order, into one mesh whose vertices are numbered by first occurrence.
///
/// ``merge(_:)`` numbers a segment's vertices: one segment at a time, in order. ``place(_:at:)`` then renames
/// its triangles' corners, on any thread. ``append(_:)`` does both.
package final class WeldMerger: @unchecked Sendable {
  private var positions: [SIMD3<Float>] = []
  private var vertexCount = 0
  private var triangles: [Triangle] = []
  private var triangleCount = 0
  /// The elements of `triangles`. Threads that place triangles must not go through the array itself.
  private var placed: SharedElements<Triangle>
  /// The hash in the upper half, the vertex plus one in the lower; 0 in an empty slot. The hash takes the
  /// place of most comparisons, and lets the table grow without touching a position.
  private var table: [UInt64]
  /// The number of triangles that was announced.
  private let announced: Int?
  private let run: RunContext
  /// Keeps the compiler from leaving out loads that only warm the cache.
  private var touched: UInt64 = 0

  /// - Parameters:
  ///   - triangles: The number of triangles, or more, when it is known. Only then may `place` run in parallel with
  ///     `merge`.
  ///   - run: Its memory budget is asked before anything grows.
  package init(triangles: Int? = nil, _ run: RunContext = RunContext()) {
    announced = triangles
    self.run = run
    let expected = triangles ?? 0
    let expectedVertices = WeldMerger.expectedVertices(forTriangles: expected)
    table = emptyTable(WeldMerger.tableSize(forVertices: expectedVertices))
    self.triangles = unwritten(expected)
    positions = unwritten(expectedVertices)
    placed = self.triangles.withUnsafeMutableBufferPointer { SharedElements($0) }
  }

  /// A closed mesh has half as many vertices as triangles, plus two a shell less two a handle.
  private static func expectedVertices(forTriangles triangles: Int) -> Int {
    triangles / 2 + triangles / 16 + 64
  }

  /// At most three quarters full.
  private static func tableSize(forVertices vertices: Int) -> Int {
    var size = 256
    while size / 4 * 3 < vertices { size *= 2 }
    return size
  }

  /// Bytes that merging takes for a soup of so many facets when it is a closed mesh, the mesh included.
  package static func expectedBytes(forTriangles triangles: Int) -> Int {
    let vertices = expectedVertices(forTriangles: triangles)
    return triangles * MemoryLayout<Triangle>.stride + vertices * MemoryLayout<SIMD3<Float>>.stride
      + tableSize(forVertices: vertices) * MemoryLayout<UInt64>.stride
  }

  /// Adds the segment's triangles after those that are there.
  ///
  /// - Throws: ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  package func append(_ segment: WeldedSegment) throws(MeshError) {
    let range = try merge(segment)
    place(segment, at: range)
  }

  /// Numbers the segment's vertices, and gives the place of its triangles in the mesh.
  ///
  /// - Throws: ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  package func merge(_ segment: WeldedSegment) throws(MeshError) -> Range<Int> {
    let count = segment.vertexCount
    try makeRoom(forVertices: vertexCount + count)
    try makeRoom(forTriangles: triangleCount + segment.triangleCount)
    segment.makeRoomForMerged()
    let vertices = segment.vertices
    let merged = segment.merged
    let mask = UInt64(table.count - 1)
    (vertexCount, touched) = table.withUnsafeMutableBufferPointer { table in
      positions.withUnsafeMutableBufferPointer { positions in
        mergeVertices(
          vertices, count, into: table.baseAddress!, mask: mask, positions.baseAddress!, vertexCount, merged)
      }
    }
    let first = triangleCount
    triangleCount += segment.triangleCount
    return first..<triangleCount
  }

  /// Writes the segment's triangles, under the mesh's vertex numbers, to the place that `merge` gave.
  package func place(_ segment: WeldedSegment, at range: Range<Int>) {
    let source = segment.triangles
    let merged = segment.merged
    let target = placed.base + range.lowerBound
    for i in 0..<range.count {
      let t = source[i]
      target[i] = Triangle(merged[Int(t.a)], merged[Int(t.b)], merged[Int(t.c)])
    }
  }

  private func makeRoom(forTriangles needed: Int) throws(MeshError) {
    guard needed > placed.count else { return }
    precondition(announced == nil, "more triangles than were announced")
    let capacity = max(needed, placed.count * 2)
    try checkBudget(growingBy: capacity * MemoryLayout<Triangle>.stride)
    triangles.grow(to: capacity, keeping: triangleCount)
    placed = triangles.withUnsafeMutableBufferPointer { SharedElements($0) }
  }

  private func makeRoom(forVertices needed: Int) throws(MeshError) {
    if needed > positions.count {
      var capacity = max(needed, positions.count * 2)
      if let announced, triangleCount > 0 {
        // As many vertices a triangle as up to here, and a little more.
        let ratio = Double(needed) / Double(triangleCount)
        capacity = max(needed, min(3 * announced, Int(Double(announced) * ratio * 1.06)))
      }
      try checkBudget(growingBy: capacity * MemoryLayout<SIMD3<Float>>.stride)
      positions.grow(to: capacity, keeping: vertexCount)
    }
    let size = WeldMerger.tableSize(forVertices: needed)
    if size > table.count {
      try checkBudget(growingBy: size * MemoryLayout<UInt64>.stride)
      var grown = emptyTable(size)
      let mask = UInt32(size - 1)
      for entry in table where entry != 0 {
        var slot = UInt32(truncatingIfNeeded: entry >> 32) & mask
        while grown[Int(slot)] != 0 { slot = (slot &+ 1) & mask }
        grown[Int(slot)] = entry
      }
      table = grown
    }
  }

  /// What is there stays until it has been copied.
  private func checkBudget(growingBy bytes: Int) throws(MeshError) {
    let present =
      triangles.count * MemoryLayout<Triangle>.stride + positions.count * MemoryLayout<SIMD3<Float>>.stride
      + table.count * MemoryLayout<UInt64>.stride
    try run.reserve(bytes: present + bytes, for: "welding")
  }

  /// The mesh. The merger is empty afterwards.
  package func finish(colors: FacetColors? = nil) -> Mesh {
    table = []
    positions.removeLast(positions.count - vertexCount)
    triangles.removeLast(triangles.count - triangleCount)
    defer {
      positions = []
      triangles = []
      vertexCount = 0
      triangleCount = 0
    }
    return Mesh(unchecked: positions, triangles: triangles, colors: colors)
  }
}

/// Looks up or adds each vertex. Returns the new vertex count, and something that depends on all that was touched.
///
/// The table is larger than the caches, and a lookup is one miss, or two when the vertex is there. So a batch of
/// lookups first touches everything it will need: the misses overlap.
private func mergeVertices(
  _ vertices: UnsafePointer<TaggedPosition>, _ count: Int,
  into table: UnsafeMutablePointer<UInt64>, mask: UInt64,
  _ positions: UnsafeMutablePointer<SIMD3<Float>>, _ vertexCount: Int,
  _ merged: UnsafeMutablePointer<UInt32>
) -> (vertexCount: Int, touched: UInt64) {
  let stored = UnsafeMutableRawPointer(positions)
  var next = vertexCount
  var touched: UInt64 = 0
  var start = 0
  while start < count {
    let end = min(count, start &+ 32)
    var i = start
    while i < end {
      let hash = UInt64(vertices[i].tag)
      let entry = table[Int(truncatingIfNeeded: hash & mask)]
      let isLikely = entry >> 32 == hash && entry != 0
      let id = isLikely ? Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) &- 1 : 0
      touched ^= stored.load(fromByteOffset: id &* 16, as: UInt64.self)
      i &+= 1
    }
    i = start
    while i < end {
      let vertex = vertices[i]
      let hash = UInt64(vertex.tag)
      var slot = hash & mask
      while true {
        let entry = table[Int(truncatingIfNeeded: slot)]
        if entry == 0 {
          table[Int(truncatingIfNeeded: slot)] = hash << 32 | UInt64(truncatingIfNeeded: next &+ 1)
          stored.storeBytes(of: vertex.xy, toByteOffset: next &* 16, as: UInt64.self)
          stored.storeBytes(of: vertex.z, toByteOffset: next &* 16 &+ 8, as: UInt32.self)
          // What memory held before is often a denormal number, with which vectors are computed very slowly.
          stored.storeBytes(of: 0, toByteOffset: next &* 16 &+ 12, as: UInt32.self)
          merged[i] = UInt32(truncatingIfNeeded: next)
          next &+= 1
          break
        }
        if entry >> 32 == hash {
          let id = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) &- 1
          if stored.load(fromByteOffset: id &* 16, as: UInt64.self) == vertex.xy
            && stored.load(fromByteOffset: id &* 16 &+ 8, as: UInt32.self) == vertex.z
          {
            merged[i] = UInt32(truncatingIfNeeded: id)
            break
          }
        }
        slot = (slot &+ 1) & mask
      }
      i &+= 1
    }
    start = end
  }
  return (next, touched)
}

private func emptyTable(_ size: Int) -> [UInt64] {
  var table: [UInt64] = unwritten(size)
  table.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
  return table
}

/// An array whose elements hold whatever the memory did: every one is to be written before it is read. Fresh
/// pages cost nothing until then.
private func unwritten<Element: BitwiseCopyable>(_ count: Int) -> [Element] {
  // The empty array is one object for all threads, and the initializer below writes its count.
  if count == 0 { return [] }
  return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
    adviseLargePages(UnsafeMutableRawBufferPointer(buffer))
    initialized = count
  }
}

extension Array where Element: BitwiseCopyable {
  fileprivate mutating func grow(to count: Int, keeping kept: Int) {
    var grown: [Element] = unwritten(count)
    guard kept > 0 else {
      self = grown
      return
    }
    grown.withUnsafeMutableBufferPointer { target in
      withUnsafeMutableBufferPointer { source in
        target.baseAddress!.update(from: source.baseAddress!, count: kept)
      }
    }
    self = grown
  }
}
