import Facet
import FacetRender

/// Draws the model.
public struct ThumbnailOperation: MeshOperation {
  public static let name = OperationName.thumbnail
  public static let summary = "Draw a picture of the model as PNG"
  public static let discussion = """
    The camera stands still in front of the model, to its right and above it, and always shows all of it. \
    The camera angles turn the model: about X, then about Y, then about Z. Facet colours are shown; surfaces \
    seen from behind are marked in red. The same model gives the same bytes on every run.
    """
  public static let output = OperationOutput.file

  static let width = Parameter<Int>("width", unit: "px", .defaulted(256), help: "Width of the picture")
  static let height = Parameter<Int>("height", unit: "px", .defaulted(256), help: "Height of the picture")
  static let cameraAngleX = angle("cameraAngleX", "X")
  static let cameraAngleY = angle("cameraAngleY", "Y")
  static let cameraAngleZ = angle("cameraAngleZ", "Z")
  static let background = Parameter<Background>(
    "background", .defaulted(.transparent),
    help: "What is behind the model: #rrggbb, #rrggbbaa or transparent")
  static let up = Parameter<AxisWord>("up", .defaulted(.z), help: "The axis of the model that points up")
  static let samples = Parameter<Int>(
    "samples", .defaulted(4), help: "Samples a pixel for smooth edges: 1, 4, 8 or 16")
  public static let parameters = [
    width.description, height.description, cameraAngleX.description, cameraAngleY.description,
    cameraAngleZ.description, background.description, up.description, samples.description,
  ]

  private static func angle(_ name: String, _ axis: String) -> Parameter<Int> {
    Parameter(name, unit: "degrees", .defaulted(0), help: "How far the model is turned about \(axis)")
  }

  public var options: ThumbnailOptions

  public init(_ arguments: Arguments) {
    var options = ThumbnailOptions()
    options.width = arguments[Self.width]
    options.height = arguments[Self.height]
    options.cameraAngleX = Double(arguments[Self.cameraAngleX])
    options.cameraAngleY = Double(arguments[Self.cameraAngleY])
    options.cameraAngleZ = Double(arguments[Self.cameraAngleZ])
    options.samples = arguments[Self.samples]
    options.background =
      switch arguments[Self.background] {
      case .transparent: nil
      case .color(let color): color
      }
    options.up =
      switch arguments[Self.up] {
      case .x: .x
      case .y: .y
      case .z: .z
      }
    self.init(options)
  }

  public init(_ options: ThumbnailOptions = ThumbnailOptions()) {
    self.options = options
  }

  public func run(_ input: OperationInput, _ run: RunContext) throws(MeshError) -> OperationResult {
    let image = try input.mesh.rendered(options, run.slice(0...0.8))
    let bytes = try image.encodedPNG()
    run.report(1)
    return OperationResult(
      file: ResultFile(.png(bytes)),
      fields: [
        .init("width", .integer(image.width)),
        .init("height", .integer(image.height)),
        .init("bytes", .integer(bytes.count)),
      ])
  }
}
