import Facet

/// Lines about a pixel wide along the edges of triangles, over the shaded surface.
///
/// Where triangles are so small that lines would cover everything, they get paler: a dense mesh is an even,
/// darker tone in which the shape can still be seen.
struct TriangleEdges {
  /// Linear.
  let color: SIMD3<Float>
  let opacity: Float

  init(_ color: Color) {
    self.color = Renderer.linear(color)
    opacity = Float(color.alpha) / 255
  }

  /// Half the width of a line, in pixels; on each side one more pixel fades out.
  private static let halfWidth: Float = 0.2
  /// The strength where edges are closer together than pixels.
  private static let least: Float = 0.35
  /// The radius of a triangle's inscribed circle, in pixels, from which on its lines have their full strength.
  private static let full: Float = 3

  static func strength(inradius: Float) -> Float {
    max(least, min(1, inradius / full))
  }

  /// - Parameters:
  ///   - distance: From the pixel to the nearest edge, in pixels, negative outside the triangle.
  ///   - strength: See ``strength(inradius:)``.
  @inline(__always)
  func drawn(over surface: SIMD3<Float>, distance: Float, strength: Float) -> SIMD3<Float> {
    let coverage = max(0, min(1, TriangleEdges.halfWidth + 1 - max(0, distance)))
    return surface + (color - surface) * (coverage * strength * opacity)
  }

  /// The colour of triangles that are smaller than lines are wide.
  func mixed(with albedo: SIMD3<Float>) -> SIMD3<Float> {
    albedo + (color - albedo) * (TriangleEdges.least * opacity)
  }
}
