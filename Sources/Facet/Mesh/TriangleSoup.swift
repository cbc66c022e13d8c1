/// What an STL file holds: three corners a facet, nothing shared, and a colour a facet if it had any.
///
/// Readers weld while they parse and never build one; it is the currency for tests, for loose triangles
/// and for callers that hold corners of their own.
public struct TriangleSoup: Sendable, Equatable {
  /// Corner positions in millimetres, three a facet.
  public var corners: [SIMD3<Float>]
  public var colors: FacetColors?

  public init(corners: [SIMD3<Float>] = [], colors: FacetColors? = nil) {
    self.corners = corners
    self.colors = colors
  }

  public var facetCount: Int { corners.count / 3 }

  public mutating func append(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) {
    corners.append(a)
    corners.append(b)
    corners.append(c)
  }
}

extension Mesh {
  /// The mesh's triangles with nothing shared, in order.
  public var soup: TriangleSoup {
    var corners: [SIMD3<Float>] = []
    corners.reserveCapacity(triangles.count * 3)
    for t in triangles {
      corners.append(positions[Int(t.a)])
      corners.append(positions[Int(t.b)])
      corners.append(positions[Int(t.c)])
    }
    return TriangleSoup(corners: corners, colors: colors)
  }
}
