/// An indexed triangle mesh: shared vertex positions in millimetres, triangles that name them, and the
/// facet colours when the file had any.
///
/// A mesh may be open, non-manifold, inside out or empty; what it may not be is unreadable: every index
/// names a position and every position is finite. Topology and search trees are values of their own
/// (``Topology``, ``BVH``) that callers build and pass; a mesh caches nothing.
public struct Mesh: Sendable, Equatable {
  /// Vertex positions in millimetres. Stride 16 bytes.
  public let positions: [SIMD3<Float>]
  /// Triangles, counter-clockwise seen from outside.
  public let triangles: [Triangle]
  /// One colour a triangle, or nil when the source had none.
  public let colors: FacetColors?

  /// Makes a mesh of checked parts.
  ///
  /// - Throws: ``MeshError/vertexIndexOutOfRange(triangle:index:vertexCount:)``,
  ///   ``MeshError/nonFinitePosition(vertex:)``, ``MeshError/tooManyTriangles(count:limit:)`` or
  ///   ``MeshError/colorCountMismatch(colors:triangles:)``.
  public init(
    positions: [SIMD3<Float>], triangles: [Triangle], colors: FacetColors? = nil
  ) throws(MeshError) {
    guard triangles.count <= Mesh.maximumTriangleCount else {
      throw .tooManyTriangles(count: triangles.count, limit: Mesh.maximumTriangleCount)
    }
    for (i, t) in triangles.enumerated() {
      for corner in 0..<3 where Int(t[corner]) >= positions.count {
        throw .vertexIndexOutOfRange(triangle: i, index: Int(t[corner]), vertexCount: positions.count)
      }
    }
    for (i, p) in positions.enumerated() where !p.isFinite {
      throw .nonFinitePosition(vertex: i)
    }
    if let colors, colors.attributes.count != triangles.count {
      throw .colorCountMismatch(colors: colors.attributes.count, triangles: triangles.count)
    }
    self.init(unchecked: positions, triangles: triangles, colors: colors)
  }

  /// For code that has just made the parts and knows that they fit. Debug builds check.
  package init(unchecked positions: [SIMD3<Float>], triangles: [Triangle], colors: FacetColors? = nil) {
    self.positions = positions
    self.triangles = triangles
    self.colors = colors
    assert(colors == nil || colors?.attributes.count == triangles.count)
  }

  /// The mesh without a vertex or a triangle.
  public static let empty = Mesh(unchecked: [], triangles: [])

  /// Corners are numbered in 32 bits, with the two highest values kept as sentinels.
  public static let maximumTriangleCount = (Int(UInt32.max) - 2) / 3

  /// The smallest box around all positions, referenced by a triangle or not.
  public var bounds: Box {
    var box = Box.empty
    for p in positions { box.formUnion(p) }
    return box
  }

  /// The three corner positions of a triangle.
  @inline(__always)
  public func corners(_ triangle: Int) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    let t = triangles[triangle]
    return (positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)])
  }
}
