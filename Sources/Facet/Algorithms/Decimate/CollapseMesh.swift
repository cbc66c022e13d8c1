/// A mesh whose edges collapse: a corner table in flat arrays, changed in place.
///
/// Half-edges are numbered as in ``Topology``. Triangle `f` keeps its number: its corners are the original ones or
/// what these have collapsed into, until two of them are the same vertex and it is gone.
struct CollapseMesh {
  let vertexCount: Int
  let triangleCount: Int
  /// The vertex of each corner; ``gone`` in the first corner of a triangle that has collapsed.
  let corner: UnsafeMutablePointer<UInt32>
  let twin: UnsafeMutablePointer<UInt32>
  let vertex: UnsafeMutablePointer<Vertex>
  /// For each edge, at the lower of its half-edges, the rank of its collapse (``Quadric/rank(_:)``); infinity where
  /// it may not collapse or has been refused.
  let cost: UnsafeMutablePointer<Float>

  static let gone = UInt32.max

  struct VertexKind: OptionSet, BitwiseCopyable {
    let rawValue: UInt8
    /// More than one fan of triangles, or an edge with other than two that agree: nothing here is touched.
    static let complex = VertexKind(rawValue: 1)
    static let border = VertexKind(rawValue: 2)
    /// May not move; a neighbour may collapse onto it.
    static let locked = VertexKind(rawValue: 4)
    /// Has taken part in a collapse of this pass: what its edges cost is out of date.
    static let used = VertexKind(rawValue: 8)
    /// Has collapsed into another vertex.
    static let merged = VertexKind(rawValue: 16)
    /// Has moved, taken in another or come back since the mesh was examined: so has changed what triangles it is in.
    static let changed = VertexKind(rawValue: 32)
    static let held: VertexKind = [.complex, .border, .locked]
  }

  /// All that is known of a vertex, in one line of the cache.
  struct Vertex: BitwiseCopyable {
    /// The position, and in the last lane ``start`` (``lane(_:)``).
    private var head: SIMD4<Float>
    var quadric = Quadric.Stored()
    var kind: VertexKind = []
    /// Scratch of the link condition; 0 between collapses.
    var mark: UInt32 = 0

    init(_ position: SIMD3<Float>) {
      head = SIMD4(position, lane(CollapseMesh.gone))
    }

    @inline(__always)
    var position: SIMD3<Float> {
      get { unsafeBitCast(head, to: SIMD3<Float>.self) }
      set { head = SIMD4(newValue, head.w) }
    }

    /// A half-edge that starts here, the clockwise-most at a border, so that one turn sees the whole fan;
    /// ``CollapseMesh/gone`` when no triangle names the vertex. Of a merged vertex, the one it merged into.
    @inline(__always)
    var start: UInt32 {
      get { index(head.w) }
      set { head.w = lane(newValue) }
    }

    /// The record as four rows of four numbers.
    @inline(__always)
    var rows: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>) {
      unsafeBitCast(self, to: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>).self)
    }
  }

  /// Not yet filled.
  init(vertexCount: Int, triangleCount: Int) {
    self.vertexCount = vertexCount
    self.triangleCount = triangleCount
    corner = allocateLarge(3 * triangleCount, UInt32.self)
    twin = allocateLarge(3 * triangleCount, UInt32.self)
    vertex = allocateLarge(vertexCount, Vertex.self)
    cost = allocateLarge(3 * triangleCount, Float.self)
  }

  func deallocate() {
    corner.deallocate()
    twin.deallocate()
    vertex.deallocate()
    cost.deallocate()
  }

  /// The half-edge from the same vertex in the next triangle, counter-clockwise; negative beyond a border.
  @inline(__always)
  func nextAround(_ h: Int) -> Int {
    let t = twin[Topology.previous(h)]
    return t < Topology.degenerate ? Int(t) : -1
  }

  @inline(__always)
  func isGone(_ triangle: Int) -> Bool { corner[3 &* triangle] == CollapseMesh.gone }

  /// Whether a triangle that is there is another one than when the mesh was examined.
  @inline(__always)
  func isChanged(_ triangle: Int) -> Bool {
    let c = corner + 3 &* triangle
    return vertex[Int(c[0])].kind.union(vertex[Int(c[1])].kind).union(vertex[Int(c[2])].kind).contains(
      .changed)
  }

  /// The corners of a triangle that is there.
  @inline(__always)
  func corners(_ triangle: Int) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    let c = corner + 3 &* triangle
    return (vertex[Int(c[0])].position, vertex[Int(c[1])].position, vertex[Int(c[2])].position)
  }

  /// The vertex that `v` has become.
  @inline(__always)
  func survivor(of v: Int) -> Int {
    var v = v
    while vertex[v].kind.contains(.merged) {
      let next = Int(vertex[v].start)
      // Shorter ways for the next that ask.
      if vertex[next].kind.contains(.merged) { vertex[v].start = vertex[next].start }
      v = next
    }
    return v
  }
}

/// Memory for `count` elements, in large pages where there are any.
func allocateLarge<T>(_ count: Int, _ type: T.Type) -> UnsafeMutablePointer<T> {
  let bytes = max(64, MemoryLayout<T>.stride * count)
  let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
  adviseLargePages(UnsafeMutableRawBufferPointer(start: memory, count: bytes))
  return memory.bindMemory(to: type, capacity: count)
}

/// An index in the lane beside a position, and back. The bits of small integers are subnormal numbers, which slow
/// down arithmetic that computes on all four lanes; these are those of ordinary ones.
@inline(__always)
func lane(_ index: UInt32) -> Float { Float(bitPattern: index ^ 0x4000_0000) }

@inline(__always)
func index(_ lane: Float) -> UInt32 { lane.bitPattern ^ 0x4000_0000 }
