/// Builds exactly closed parts out of planar faces and walls: neighbours that name the same coordinates
/// share the vertex.
package struct PartBuilder {
  /// Which axis a face looks along; the other two span it, right-handed.
  package enum Axis {
    case x, y, z

    /// The point at (`u`, `v`) in the plane and `w` along the axis.
    package func place(_ uv: SIMD2<Float>, _ w: Float) -> SIMD3<Float> {
      switch self {
      case .x: SIMD3(w, uv.x, uv.y)
      case .y: SIMD3(uv.y, w, uv.x)
      case .z: SIMD3(uv.x, uv.y, w)
      }
    }
  }

  /// The colour of the triangles that follow.
  package var color: Color?
  private var positions: [SIMD3<Float>] = []
  private var triangles: [Triangle] = []
  private var colors: [Color?] = []
  private var vertexAt: [SIMD3<Float>: UInt32] = [:]

  package init() {}

  /// The part so far, with VisCAM colours if any was set.
  package var mesh: Mesh {
    var facetColors: FacetColors?
    if colors.contains(where: { $0 != nil }) {
      facetColors = FacetColors(
        convention: .visCAM,
        attributes: colors.map { $0.map { FacetColors.attribute(for: $0, .visCAM) } ?? 0 })
    }
    return Mesh(unchecked: positions, triangles: triangles, colors: facetColors)
  }

  private mutating func vertex(_ position: SIMD3<Float>) -> UInt32 {
    // Adding zero makes −0 into 0, so that both are one vertex.
    let position = position + SIMD3<Float>(0, 0, 0)
    if let known = vertexAt[position] { return known }
    let new = UInt32(positions.count)
    positions.append(position)
    vertexAt[position] = new
    return new
  }

  package mutating func triangle(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) {
    triangles.append(Triangle(vertex(a), vertex(b), vertex(c)))
    colors.append(color)
  }

  /// A planar quadrilateral, counter-clockwise seen from outside.
  package mutating func quad(
    _ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>, _ d: SIMD3<Float>
  ) {
    triangle(a, b, c)
    triangle(a, c, d)
  }

  /// Every triangle of `mesh`; where it has no colours, in the builder's.
  package mutating func append(_ mesh: Mesh) {
    let current = color
    defer { color = current }
    for i in mesh.triangles.indices {
      if let colors = mesh.colors { color = colors[i] }
      let (a, b, c) = mesh.corners(i)
      triangle(a, b, c)
    }
  }

  /// A planar face with holes, at `w` along `axis`.
  ///
  /// - Parameter facingUp: Whether its outside is towards the axis's positive end.
  package mutating func face(
    _ axis: Axis, at w: Float, facingUp: Bool, _ outline: [SIMD2<Float>], holes: [[SIMD2<Float>]] = []
  ) {
    for t in triangulated(outline: outline, holes: holes) {
      let (a, b, c) = (axis.place(t.0, w), axis.place(t.1, w), axis.place(t.2, w))
      if facingUp { triangle(a, b, c) } else { triangle(a, c, b) }
    }
  }

  /// The wall that `path` draws when it moves along `axis` from `low` to `high`. Its outside is to the
  /// right of the path: of a counter-clockwise outline the outer side.
  package mutating func wall(
    _ axis: Axis, from low: Float, to high: Float, _ path: [SIMD2<Float>], closed: Bool = true,
    facingInward: Bool = false
  ) {
    for i in 0..<(closed ? path.count : path.count - 1) {
      var (p, q) = (path[i], path[(i + 1) % path.count])
      if facingInward { swap(&p, &q) }
      quad(axis.place(p, low), axis.place(q, low), axis.place(q, high), axis.place(p, high))
    }
  }

  /// A hole's wall between two faces: its outside is the hole.
  package mutating func holeWall(
    _ axis: Axis, from low: Float, to high: Float, _ outline: [SIMD2<Float>]
  ) {
    wall(axis, from: low, to: high, outline, facingInward: true)
  }
}
