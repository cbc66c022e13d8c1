// The one file that knows GLM.
internal import CCamera
import Facet

/// The fixed camera, and the model turned and placed in front of it so that all of it is in the picture.
///
/// Lengths are in units of half the diagonal of the model's box, so that nothing depends on the size of a
/// millimetre. View coordinates: x to the right, y up, z towards the viewer, the camera at 0.
struct Camera {
  /// From model coordinates (mm) to clip coordinates: x, y, z and w as rows of x, y, z and 1.
  let clipFromModel: [SIMD4<Double>]
  /// Rows: the model's directions of the picture's right, its top, and towards the viewer.
  let right: SIMD3<Double>
  let top: SIMD3<Double>
  let towards: SIMD3<Double>
  let projection: ThumbnailOptions.Projection
  /// Half the picture's width and height, at distance 1 in perspective.
  let halfWidth: Double
  let halfHeight: Double
  /// The distances that clip space's depth −1 and 1 stand for.
  let near: Double
  let far: Double
  /// Half the diagonal of the model's box, in mm.
  let radius: Double
  /// Where the camera stands, in model coordinates (mm). Far away for a parallel projection.
  let eye: SIMD3<Double>
  /// The cosine of the crease angle.
  let creaseCosine: Double

  /// Where the camera stands, seen from the model: in front, to the right and above.
  static let station = SIMD3<Double>(0.50, -0.76, 0.44).normalized
  /// The tangent of half the angle of view across the picture's shorter side: 26 degrees in all.
  private static let tangent = 0.23
  /// The free share of the picture on each side.
  private static let margin = 0.06

  /// - Throws: ``MeshError/emptyMesh(operation:)`` without a triangle, or when all is in one point.
  init(_ mesh: Mesh, _ options: ThumbnailOptions, _ run: RunContext) throws(MeshError) {
    let bounds = try Extents.bounds(of: mesh, run)
    radius = bounds.diagonal / 2
    guard !mesh.triangles.isEmpty, radius > 0 else { throw .emptyMesh(operation: "a thumbnail") }
    let center = (SIMD3<Double>(bounds.minimum) + SIMD3<Double>(bounds.maximum)) * 0.5

    let view = ccamera_look_at(
      [Camera.station.x, Camera.station.y, Camera.station.z], [0, 0, 0], [0, 0, 1]
    ).withoutTranslation
    let upright = Camera.upright(options.up)
    let turn = options.turntable.map { 360 * Double($0.frame) / Double($0.frameCount) } ?? 0
    let rotation = ccamera_product(
      view,
      ccamera_product(
        ccamera_rotation(options.cameraAngleX, options.cameraAngleY, options.cameraAngleZ),
        ccamera_product(ccamera_rotation(0, 0, turn), upright)))
    right = rotation.row(0)
    top = rotation.row(1)
    towards = rotation.row(2)
    projection = options.projection

    let aspect = Double(options.width) / Double(options.height)
    let perspective = options.projection == .perspective
    let tangentX = Camera.tangent * max(1, aspect)
    let tangentY = Camera.tangent * max(1, 1 / aspect)

    // The frustum's four sides are pushed against the model. A point (x, y, z) is inside the right side of
    // a camera at (cx, cy, d) when x − cx ≤ (d − z)·t, so the largest x + z·t says where that side can
    // stand; likewise for the others.
    let inner = 1 - 2 * Camera.margin
    let slopeX = perspective ? tangentX * inner : 0
    let slopeY = perspective ? tangentY * inner : 0
    let reach = try Extents.farthest(
      of: mesh, center: center, scale: 1 / radius,
      along: [
        right + towards * slopeX, towards * slopeX - right, top + towards * slopeY, towards * slopeY - top,
        towards, -towards,
      ],
      turnedAbout: options.turntable == nil ? nil : upright.row(2), run)
    let shiftX = (reach[0] - reach[1]) / 2
    let shiftY = (reach[2] - reach[3]) / 2
    let widthNeed = (reach[0] + reach[1]) / 2
    let heightNeed = (reach[2] + reach[3]) / 2
    let (nearest, farthest) = (reach[4], -reach[5])

    let distance: Double
    let clipFromView: CCameraMatrix
    if perspective {
      // Never so close that the near side of the model looks bloated.
      distance = max(widthNeed / slopeX, heightNeed / slopeY, nearest + 1)
      halfWidth = tangentX
      halfHeight = tangentY
      near = (distance - nearest) * 0.999
      far = (distance - farthest) * 1.001
      clipFromView = ccamera_perspective(halfHeight, aspect, near, far)
    } else {
      distance = nearest + 1
      halfHeight = max(widthNeed / (inner * aspect), heightNeed / inner, 1e-6)
      halfWidth = halfHeight * aspect
      near = 0.999
      far = (distance - farthest) * 1.001
      clipFromView = ccamera_orthographic(halfWidth, halfHeight, near, far)
    }

    let station = right * shiftX + top * shiftY + towards * (perspective ? distance : 1e6)
    eye = center + station * radius
    creaseCosine = ccamera_rotation(options.creaseAngle, 0, 0).element.5

    let normalized = CCameraMatrix(scale: 1 / radius, translation: center * (-1 / radius))
    let placed = CCameraMatrix(scale: 1, translation: SIMD3(-shiftX, -shiftY, -distance))
    let clip = ccamera_product(
      clipFromView, ccamera_product(placed, ccamera_product(rotation, normalized)))
    clipFromModel = (0..<4).map { clip.fullRow($0) }
  }

  /// The rotation that turns the model's up axis into Z.
  private static func upright(_ up: Axis) -> CCameraMatrix {
    switch up {
    case .x: ccamera_rotation(0, -90, 0)
    case .y: ccamera_rotation(90, 0, 0)
    case .z: ccamera_rotation(0, 0, 0)
    }
  }
}

extension CCameraMatrix {
  fileprivate init(scale: Double, translation: SIMD3<Double>) {
    self.init()
    withUnsafeMutableBytes(of: &element) { bytes in
      let numbers = bytes.bindMemory(to: Double.self)
      for i in 0..<3 {
        numbers[5 * i] = scale
        numbers[12 + i] = translation[i]
      }
      numbers[15] = 1
    }
  }

  fileprivate func fullRow(_ row: Int) -> SIMD4<Double> {
    withUnsafeBytes(of: element) { bytes in
      let numbers = bytes.bindMemory(to: Double.self)
      return SIMD4(numbers[row], numbers[4 + row], numbers[8 + row], numbers[12 + row])
    }
  }

  fileprivate func row(_ row: Int) -> SIMD3<Double> {
    let r = fullRow(row)
    return SIMD3(r.x, r.y, r.z)
  }

  fileprivate var withoutTranslation: CCameraMatrix {
    var copy = self
    copy.element.12 = 0
    copy.element.13 = 0
    copy.element.14 = 0
    return copy
  }
}
