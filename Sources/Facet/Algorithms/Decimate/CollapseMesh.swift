/// A mesh whose edges collapse: flat arrays, a corner table in place.
///
/// Half-edges are numbered as in ``Topology``. `start` names for each vertex a half-edge that starts there, the
/// clockwise-most at a border, so that one turn sees the whole fan; `Topology.degenerate` marks a vertex that no
/// triangle names any more.
struct CollapseMesh {
  let vertexCount: Int
  let triangleCount: Int
  /// The vertex of each corner; ``gone`` in the first corner of a triangle that has collapsed.
  let corner: UnsafeMutablePointer<UInt32>
  let twin: UnsafeMutablePointer<UInt32>
  let vertex: UnsafeMutablePointer<Vertex>

  static let gone = UInt32.max

  struct VertexKind: OptionSet, BitwiseCopyable {
    let rawValue: UInt8
    /// More than one fan of triangles, or an edge with other than two that agree: nothing here is touched.
    static let complex = VertexKind(rawValue: 1)
    static let border = VertexKind(rawValue: 2)
    /// May not move; a neighbour may collapse onto it.
    static let locked = VertexKind(rawValue: 4)
    /// Its quadric or position changed since its edges were last weighed.
    static let changed = VertexKind(rawValue: 8)
    static let all = VertexKind(rawValue: 255)
    static let held: VertexKind = [.complex, .border, .locked]
    /// It may not take part in another collapse of this pass.
    static let used = VertexKind(rawValue: 16)
  }

  /// All that is known of a vertex, in one line of the cache.
  struct Vertex: BitwiseCopyable {
    /// The position, and in the last lane the bits of ``start``.
    private var head: SIMD4<Float>
    var quadric = Quadric.Stored()
    var kind: VertexKind = []
    var mark: UInt32 = 0

    /// The record as four rows of four numbers.
    @inline(__always)
    var rows: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>) {
      unsafeBitCast(self, to: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>).self)
    }

    init(_ position: SIMD3<Float>) {
      head = SIMD4(position, Float(bitPattern: Topology.degenerate))
    }

    @inline(__always)
    var position: SIMD3<Float> {
      get { unsafeBitCast(head, to: SIMD3<Float>.self) }
      set { head = SIMD4(newValue, head.w) }
    }

    @inline(__always)
    var start: UInt32 {
      get { head.w.bitPattern }
      set { head.w = Float(bitPattern: newValue) }
    }
  }

  @inline(__always)
  func next(_ h: Int) -> Int { h % 3 == 2 ? h &- 2 : h &+ 1 }

  @inline(__always)
  func previous(_ h: Int) -> Int { h % 3 == 0 ? h &+ 2 : h &- 1 }

  /// The half-edge from the same vertex in the next triangle, counter-clockwise; negative beyond a border.
  @inline(__always)
  func nextAround(_ h: Int) -> Int {
    let t = twin[previous(h)]
    return t < Topology.degenerate ? Int(t) : -1
  }
}
