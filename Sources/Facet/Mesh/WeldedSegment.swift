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
  /// Open addressing, at most half full. A slot holds the position itself, so that a lookup touches one cache line,
  /// and the vertex plus one in the tag; an empty slot is zero.
  private var slots: UnsafeMutablePointer<TaggedPosition>
  private var slotCount: Int
  /// The vertices' positions, with their hashes for tags. Room for half as many as there are slots.
  private(set) var vertices: UnsafeMutablePointer<TaggedPosition>
  private(set) var vertexCount = 0
  private(set) var triangles: UnsafeMutablePointer<Triangle>
  package private(set) var triangleCount = 0
  private var triangleCapacity: Int
  /// The mesh's number of each vertex, once merged.
  private(set) var merged: UnsafeMutablePointer<UInt32>
  private var mergedCapacity = 0

  private var vertexCapacity: Int { slotCount / 2 }

  /// - Parameter triangles: How many triangles a segment is expected to get; it grows when there are more.
  package init(expecting triangles: Int = 4096) {
    // A closed mesh has half as many vertices as triangles: a quarter of the slots.
    triangleCapacity = max(16, triangles)
    slotCount = 64
    while slotCount < 2 * triangleCapacity { slotCount *= 2 }
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: .zero, count: slotCount)
    vertices = .allocate(capacity: slotCount / 2)
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
    var next = 0
    while next < facets {
      let end = min(facets, next + WeldedSegment.stride)
      var cursor = makeRoom(forTriangles: end - next)
      while next < end {
        let corner = corners + 3 * next
        cursor.append(SIMD4(corner[0], 0), SIMD4(corner[1], 0), SIMD4(corner[2], 0))
        next += 1
      }
      take(cursor)
    }
  }

  /// Triangles to append between two calls of ``makeRoom(forTriangles:)``, which must assume that every corner
  /// is a new vertex.
  static let stride = 1024

  /// A cursor that can append `count` triangles. Give it back with ``take(_:)``, and use the segment for
  /// nothing else in between.
  func makeRoom(forTriangles count: Int) -> Cursor {
    if triangleCount + count > triangleCapacity {
      let capacity = max(triangleCount + count, triangleCapacity * 2)
      let grown = UnsafeMutablePointer<Triangle>.allocate(capacity: capacity)
      grown.moveInitialize(from: triangles, count: triangleCount)
      triangles.deallocate()
      triangles = grown
      triangleCapacity = capacity
    }
    if vertexCount + 3 * count > vertexCapacity { grow(toVertices: vertexCount + 3 * count) }
    return Cursor(
      slots: slots, mask: UInt64(slotCount - 1), vertices: vertices, vertexCount: vertexCount,
      triangles: triangles, triangleCount: triangleCount)
  }

  func take(_ cursor: Cursor) {
    vertexCount = cursor.vertexCount
    triangleCount = cursor.triangleCount
  }

  private func grow(toVertices needed: Int) {
    while vertexCapacity < needed { slotCount *= 2 }
    let grown = UnsafeMutablePointer<TaggedPosition>.allocate(capacity: vertexCapacity)
    grown.moveInitialize(from: vertices, count: vertexCount)
    vertices.deallocate()
    vertices = grown
    slots.deallocate()
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: .zero, count: slotCount)
    let mask = UInt64(slotCount - 1)
    for index in 0..<vertexCount {
      let vertex = vertices[index]
      var slot = UInt64(vertex.tag) & mask
      while slots[Int(slot)].tag != 0 { slot = (slot &+ 1) & mask }
      slots[Int(slot)] = TaggedPosition(xy: vertex.xy, z: vertex.z, tag: UInt32(index + 1))
    }
  }

  /// Room for the mesh's number of each vertex.
  func makeRoomForMerged() {
    guard mergedCapacity < vertexCount else { return }
    merged.deallocate()
    mergedCapacity = vertexCapacity
    merged = .allocate(capacity: mergedCapacity)
  }

  /// The segment's parts in local variables, where the compiler can keep them in registers: nothing in here
  /// allocates or calls out.
  struct Cursor {
    let slots: UnsafeMutablePointer<TaggedPosition>
    let mask: UInt64
    let vertices: UnsafeMutablePointer<TaggedPosition>
    var vertexCount: Int
    let triangles: UnsafeMutablePointer<Triangle>
    var triangleCount: Int

    /// Corners in x, y, z; w is not looked at.
    @inline(__always)
    mutating func append(_ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>) {
      let triangle = Triangle(vertex(at: a), vertex(at: b), vertex(at: c))
      triangles[triangleCount] = triangle
      triangleCount &+= 1
    }

    @inline(__always)
    private mutating func vertex(at corner: SIMD4<Float>) -> UInt32 {
      // Adding +0 turns −0 into +0 and nothing else into anything else.
      let bits = unsafeBitCast(corner + SIMD4<Float>(repeating: 0), to: SIMD2<UInt64>.self)
      let xy = bits.x
      let z = UInt32(truncatingIfNeeded: bits.y)
      let hash = positionHash(xy, z)
      var slot = UInt64(hash) & mask
      while true {
        let entry = slots[Int(truncatingIfNeeded: slot)]
        let tag = entry.tag
        // An empty slot looks like the origin, hence the second question.
        if entry.equals(xy, z) && tag != 0 { return tag &- 1 }
        if tag == 0 { break }
        slot = (slot &+ 1) & mask
      }
      let vertex = UInt32(truncatingIfNeeded: vertexCount)
      slots[Int(truncatingIfNeeded: slot)] = TaggedPosition(xy: xy, z: z, tag: vertex &+ 1)
      vertices[vertexCount] = TaggedPosition(xy: xy, z: z, tag: hash)
      vertexCount &+= 1
      return vertex
    }
  }
}

/// The bits of a position's coordinates and a number, in 16 bytes.
struct TaggedPosition: BitwiseCopyable {
  /// x in the lower half, y in the upper.
  let xy: UInt64
  /// z in the lower half, the tag in the upper.
  private let zAndTag: UInt64

  static let zero = TaggedPosition(xy: 0, z: 0, tag: 0)

  @inline(__always)
  init(xy: UInt64, z: UInt32, tag: UInt32) {
    self.xy = xy
    zAndTag = UInt64(z) | UInt64(tag) << 32
  }

  @inline(__always) var z: UInt32 { UInt32(truncatingIfNeeded: zAndTag) }

  @inline(__always) var tag: UInt32 { UInt32(truncatingIfNeeded: zAndTag >> 32) }

  /// Whether the position is this one: one branch, not two.
  @inline(__always)
  func equals(_ xy: UInt64, _ z: UInt32) -> Bool {
    (self.xy ^ xy) | UInt64(self.z ^ z) == 0
  }
}

/// 32 well-mixed bits of a position's coordinate bits. Coordinates on a grid end in zeros and differ in few bits, so
/// every bit must reach every bit of the result: the halves of a full-width product, folded, do that in one
/// multiplication (the idea of Wang Yi's wyhash; the constants are random).
@inline(__always)
func positionHash(_ xy: UInt64, _ z: UInt32) -> UInt32 {
  let first = xy ^ 0xA076_1D64_78BD_642F
  let second = (UInt64(z) &* 0x1_0000_0001) ^ 0xE703_7ED1_A0B4_28DB
  let product = first.multipliedFullWidth(by: second)
  let folded = product.high ^ product.low
  return UInt32(truncatingIfNeeded: folded ^ folded >> 32)
}
