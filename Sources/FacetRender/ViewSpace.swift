import Facet

/// From places in the picture and depths back to places in front of the camera.
struct ViewSpace {
  private let invNear: Float
  private let invFar: Float
  private let near: Float
  private let far: Float
  private let isPerspective: Bool
  private let scaleX: Float
  private let scaleY: Float
  private let halfWidth: Float
  private let halfHeight: Float

  init(_ camera: Camera, width: Int, height: Int) {
    near = Float(camera.near)
    far = Float(camera.far)
    invNear = Float(1 / camera.near)
    invFar = Float(1 / camera.far)
    isPerspective = camera.projection == .perspective
    halfWidth = Float(camera.halfWidth)
    halfHeight = Float(camera.halfHeight)
    scaleX = 2 * Float(camera.halfWidth) / Float(width)
    scaleY = 2 * Float(camera.halfHeight) / Float(height)
  }

  /// The distance from the camera along its axis.
  @inline(__always)
  func distance(depth: Float) -> Float {
    isPerspective ? 1 / (invNear + (invFar - invNear) * depth) : near + (far - near) * depth
  }

  /// By what a value at a vertex of this depth is weighted so that it can be interpolated over the picture.
  @inline(__always)
  func weight(depth: Float) -> Float {
    isPerspective ? invNear + (invFar - invNear) * depth : 1
  }

  /// The place of a texel of 2^coarsening pixels: x to the right, y up, z towards the camera at 0.
  @inline(__always)
  func place(_ x: Int, _ y: Int, _ coarsening: Int, _ distance: Float) -> SIMD3<Float> {
    let size = Float(1 << coarsening)
    let across = (Float(x) + 0.5) * size * scaleX - halfWidth
    let up = halfHeight - (Float(y) + 0.5) * size * scaleY
    return isPerspective ? SIMD3(across * distance, up * distance, -distance) : SIMD3(across, up, -distance)
  }

  /// Texels that a length of 1 takes in the middle of the model.
  func pixelsPerUnit(_ coarsening: Int) -> Float {
    let size = Float(1 << coarsening) * scaleY
    return 1 / (isPerspective ? size * (near + far) / 2 : size)
  }
}
