/// The triangles of one chunk of a triangle soup, welded among themselves: equal corners share a vertex, and
/// vertices are numbered by first occurrence.
///
/// Welding goes in two steps. Each chunk is welded alone, through a small hash table that stays in the
/// second-level cache; this takes out five of six corners and runs in parallel. What is left is merged into
/// the mesh in chunk order (``WeldMerger``). The result does not depend on how the soup was cut into chunks.
///
/// Two corners are equal when their coordinates are, so −0 equals +0 (and is kept as +0). Coordinates must
/// be finite.
///
/// A segment is meant to be reused, chunk after chunk, by one thread.
package final class WeldedSegment {
  /// What the table below holds: coordinate bits in x, y, z; the vertex plus one in w, 0 in an empty slot.
  /// The coordinates stand in the slot, so that a lookup touches one cache line.
  private var slots: UnsafeMutablePointer<SIMD4<UInt32>>
  private var slotCount: Int
  /// Coordinate bits in x, y, z and their hash in w, a vertex each.
  private(set) var vertices: UnsafeMutablePointer<SIMD4<UInt32>>
  private(set) var vertexCount = 0
  private var vertexCapacity: Int
  private(set) var triangles: UnsafeMutablePointer<Triangle>
  package private(set) var triangleCount = 0
  private var triangleCapacity: Int
  /// The mesh's number of each vertex, once merged.
  var merged: UnsafeMutablePointer<UInt32>
  private var mergedCapacity = 0

  /// - Parameter triangles: How many triangles a segment is expected to get; it grows when there are more.
  package init(expecting triangles: Int = 4096) {
    triangleCapacity = max(16, triangles)
    // Half as many vertices as triangles in a closed mesh, twice as many slots as vertices.
    slotCount = 64
    while slotCount < triangleCapacity { slotCount *= 2 }
    vertexCapacity = slotCount / 2
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: .zero, count: slotCount)
    vertices = .allocate(capacity: vertexCapacity)
    self.triangles = .allocate(capacity: triangleCapacity)
    merged = .allocate(capacity: 0)
  }

  deinit {
    slots.deallocate()
    vertices.deallocate()
    triangles.deallocate()
    merged.deallocate()
  }

  /// Forgets the triangles, to take the next chunk's.
  package func removeAll() {
    if vertexCount > 0 {
      slots.update(repeating: .zero, count: slotCount)
    }
    vertexCount = 0
    triangleCount = 0
  }

  /// Adds a facet. A facet whose corners coincide stays, as a degenerate triangle.
  package func append(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) {
    var cursor = makeRoom(forTriangles: 1)
    cursor.append(SIMD4(a, 0), SIMD4(b, 0), SIMD4(c, 0))
    take(cursor)
  }

  /// Adds facets given as three corners each.
  package func append(corners: UnsafePointer<SIMD3<Float>>, facets: Int) {
    var cursor = makeRoom(forTriangles: facets)
    for facet in 0..<facets {
      let corner = corners + 3 * facet
      cursor.append(SIMD4(corner[0], 0), SIMD4(corner[1], 0), SIMD4(corner[2], 0))
    }
    take(cursor)
  }

  /// A cursor that can append `count` triangles. Give it back with ``take(_:)``, and use the segment for
  /// nothing else in between.
  func makeRoom(forTriangles count: Int) -> Cursor {
    let needed = triangleCount + count
    if needed > triangleCapacity {
      let capacity = max(needed, triangleCapacity * 2)
      let grown = UnsafeMutablePointer<Triangle>.allocate(capacity: capacity)
      grown.moveInitialize(from: triangles, count: triangleCount)
      triangles.deallocate()
      triangles = grown
      triangleCapacity = capacity
    }
    return Cursor(
      slots: slots, mask: UInt32(slotCount - 1), vertices: vertices, vertexCount: UInt32(vertexCount),
      vertexCapacity: UInt32(vertexCapacity), triangles: triangles, triangleCount: triangleCount)
  }

  func take(_ cursor: Cursor) {
    slots = cursor.slots
    slotCount = Int(cursor.mask) + 1
    vertices = cursor.vertices
    vertexCount = Int(cursor.vertexCount)
    vertexCapacity = Int(cursor.vertexCapacity)
    triangleCount = cursor.triangleCount
  }

  /// Room for the mesh's number of each vertex.
  func makeRoomForMerged() {
    guard mergedCapacity < vertexCount else { return }
    merged.deallocate()
    mergedCapacity = vertexCapacity
    merged = .allocate(capacity: mergedCapacity)
  }

  /// The segment's parts in local variables, where the compiler can keep them in registers.
  struct Cursor {
    var slots: UnsafeMutablePointer<SIMD4<UInt32>>
    var mask: UInt32
    var vertices: UnsafeMutablePointer<SIMD4<UInt32>>
    var vertexCount: UInt32
    var vertexCapacity: UInt32
    let triangles: UnsafeMutablePointer<Triangle>
    var triangleCount: Int

    /// Corners in x, y, z; w is not looked at.
    @inline(__always)
    mutating func append(_ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>) {
      let triangle = Triangle(vertex(at: a), vertex(at: b), vertex(at: c))
      triangles[triangleCount] = triangle
      triangleCount += 1
    }

    @inline(__always)
    private mutating func vertex(at corner: SIMD4<Float>) -> UInt32 {
      // Adding +0 turns −0 into +0 and nothing else into anything else.
      let key = unsafeBitCast(corner + SIMD4<Float>(repeating: 0), to: SIMD4<UInt32>.self)
      let hash = positionHash(key)
      var slot = hash & mask
      while true {
        let entry = slots[Int(slot)]
        if entry.w == 0 { return insert(key, hash, slot) }
        if entry.x == key.x && entry.y == key.y && entry.z == key.z { return entry.w &- 1 }
        slot = (slot &+ 1) & mask
      }
    }

    @inline(__always)
    private mutating func insert(_ key: SIMD4<UInt32>, _ hash: UInt32, _ slot: UInt32) -> UInt32 {
      var entry = key
      entry.w = vertexCount &+ 1
      slots[Int(slot)] = entry
      entry.w = hash
      vertices[Int(vertexCount)] = entry
      vertexCount &+= 1
      if vertexCount == vertexCapacity { grow() }
      return vertexCount &- 1
    }

    /// Twice the room: the table is half full.
    @inline(never)
    private mutating func grow() {
      let slotCount = (Int(mask) + 1) * 2
      let grownSlots = UnsafeMutablePointer<SIMD4<UInt32>>.allocate(capacity: slotCount)
      grownSlots.initialize(repeating: .zero, count: slotCount)
      let grown = UnsafeMutablePointer<SIMD4<UInt32>>.allocate(capacity: slotCount / 2)
      grown.moveInitialize(from: vertices, count: Int(vertexCount))
      mask = UInt32(slotCount - 1)
      for index in 0..<Int(vertexCount) {
        var entry = grown[index]
        var slot = entry.w & mask
        while grownSlots[Int(slot)].w != 0 { slot = (slot &+ 1) & mask }
        entry.w = UInt32(index + 1)
        grownSlots[Int(slot)] = entry
      }
      slots.deallocate()
      vertices.deallocate()
      slots = grownSlots
      vertices = grown
      vertexCapacity = UInt32(slotCount / 2)
    }
  }
}

/// 32 well-mixed bits of a position's coordinate bits: coordinates on a grid end in zeros and differ in few
/// bits, so every bit of the input must reach every bit of the result. Two multiplications and a fold
/// (multiply–xorshift, the multipliers are odd and random).
@inline(__always)
func positionHash(_ key: SIMD4<UInt32>) -> UInt32 {
  let xy = UInt64(key.x) | UInt64(key.y) << 32
  var h = xy &* 0x9E37_79B9_7F4A_7C15
  h = (h ^ h >> 32) &+ UInt64(key.z) &* 0xC2B2_AE3D_27D4_EB4F
  h = (h ^ h >> 29) &* 0xBF58_476D_1CE4_E5B9
  return UInt32(truncatingIfNeeded: h >> 32)
}
