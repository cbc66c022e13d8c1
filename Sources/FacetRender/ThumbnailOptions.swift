import Facet

/// What a picture of a mesh is to look like.
///
/// With all camera angles 0 the picture is a three-quarter view: the camera stands in front of the model
/// (on the −Y side), to its right and above it, and looks at its front, right and top. X points to the right,
/// Y away from the viewer, Z up. The model is always whole in the picture, with a small margin.
public struct ThumbnailOptions: Sendable, Equatable {
  /// The sizes that a picture can have, in pixels.
  public static let allowedSize = 10...10_000
  /// The camera angles that a picture can have, in degrees.
  public static let allowedAngle = -180.0...180.0
  /// The numbers of samples a pixel that there is a pattern for.
  public static let allowedSamples = [1, 4, 8, 16]

  /// Pixels, 10 to 10 000.
  public var width: Int
  /// Pixels, 10 to 10 000.
  public var height: Int

  /// The model is turned in front of the camera, which stays: first about X by ``cameraAngleX``, then about
  /// Y, then about Z, each about the fixed axis through the model's middle, counter-clockwise seen from the
  /// axis' tip. Degrees, −180 to 180.
  public var cameraAngleX: Double
  /// Degrees, −180 to 180.
  public var cameraAngleY: Double
  /// Degrees, −180 to 180.
  public var cameraAngleZ: Double

  /// The colour behind the model, which may be translucent; nil for nothing: a transparent picture.
  public var background: Color?
  /// The model's axis that points up.
  public var up: Axis
  public var projection: Projection
  /// Coverage samples a pixel: 1 (no anti-aliasing), 4, 8 or 16.
  public var samples: Int
  /// Degrees, 0 to 180. Neighbouring triangles that meet at no more than this angle look like one smooth
  /// surface; 0 shows every facet.
  public var creaseAngle: Double
  /// The colour of triangles that have none of their own.
  public var material: Color
  /// What triangles seen from behind look like.
  public var backFaces: BackFaces
  /// The colour of the triangles' edges, which are then drawn over the surface; nil to draw none.
  public var edges: Color?
  /// The frame of a turntable that this picture is; nil for a picture on its own.
  public var turntable: Turntable?

  public init(
    width: Int = 256, height: Int = 256,
    cameraAngleX: Double = 0, cameraAngleY: Double = 0, cameraAngleZ: Double = 0,
    background: Color? = nil, up: Axis = .z, projection: Projection = .perspective,
    samples: Int = 4, creaseAngle: Double = 30, material: Color = ThumbnailOptions.defaultMaterial,
    backFaces: BackFaces = .marked, edges: Color? = nil, turntable: Turntable? = nil
  ) {
    self.width = width
    self.height = height
    self.cameraAngleX = cameraAngleX
    self.cameraAngleY = cameraAngleY
    self.cameraAngleZ = cameraAngleZ
    self.background = background
    self.up = up
    self.projection = projection
    self.samples = samples
    self.creaseAngle = creaseAngle
    self.material = material
    self.backFaces = backFaces
    self.edges = edges
    self.turntable = turntable
  }

  /// A light blue-grey.
  public static let defaultMaterial = Color(red: 178, green: 190, blue: 205)

  public enum Projection: String, Sendable, CaseIterable {
    /// As an eye sees it: what is farther away is smaller.
    case perspective
    /// Parallel edges stay parallel.
    case orthographic
  }

  /// What the inside of a surface looks like, where an opening or a wrongly turned triangle shows it.
  public enum BackFaces: String, Sendable, CaseIterable {
    /// A muted red, so that what is inside out is seen at once.
    case marked
    /// Like the outside.
    case plain
    /// One even colour without light or shade: of a closed part that was cut open, exactly the material in the cut.
    case filled
  }

  /// A frame of a full turn about the upright axis, through the middle of the model. The model keeps its
  /// size and place over all frames, and the frame after the last one is the first.
  public struct Turntable: Sendable, Equatable {
    /// From 0.
    public var frame: Int
    public var frameCount: Int

    public init(frame: Int, of frameCount: Int) {
      self.frame = frame
      self.frameCount = frameCount
    }
  }

  /// Checks every option.
  ///
  /// - Throws: ``MeshError/invalidOption(name:value:allowed:)`` for the first that is out of its range.
  public func validate() throws(MeshError) {
    for (name, size) in [("width", width), ("height", height)]
    where !ThumbnailOptions.allowedSize.contains(size) {
      throw .invalidOption(name: name, value: "\(size)", allowed: "from 10 to 10000 pixels")
    }
    for (name, angle) in [
      ("cameraAngleX", cameraAngleX), ("cameraAngleY", cameraAngleY), ("cameraAngleZ", cameraAngleZ),
    ] where !ThumbnailOptions.allowedAngle.contains(angle) {
      throw .invalidOption(name: name, value: "\(angle)", allowed: "from -180 to 180 degrees")
    }
    guard ThumbnailOptions.allowedSamples.contains(samples) else {
      throw .invalidOption(name: "samples", value: "\(samples)", allowed: "1, 4, 8 or 16")
    }
    guard (0...180).contains(creaseAngle) else {
      throw .invalidOption(name: "creaseAngle", value: "\(creaseAngle)", allowed: "from 0 to 180 degrees")
    }
    if let turntable {
      guard turntable.frameCount > 0 else {
        throw .invalidOption(
          name: "turntable.frameCount", value: "\(turntable.frameCount)", allowed: "at least 1")
      }
      guard (0..<turntable.frameCount).contains(turntable.frame) else {
        throw .invalidOption(
          name: "turntable.frame", value: "\(turntable.frame)",
          allowed: "from 0 to \(turntable.frameCount - 1)")
      }
    }
  }
}
