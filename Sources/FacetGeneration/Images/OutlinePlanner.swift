import FacetContract
import Foundation

/// Makes a plan of a picture: a silhouette or clean line drawing is traced and extruded, its size and thickness are
/// in the prompt.
///
/// The part stands on z = 0, is centered in x and y, and y is up in the picture. The same picture and prompt give the
/// same plan.
public struct OutlinePlanner: Sendable {
  public var designMode: GenerationRequest.DesignMode

  /// - Parameter designMode: In `assembly`, the picture may show several separate pieces, up to ``mostPieces``; in
  ///   the others, one.
  public init(designMode: GenerationRequest.DesignMode = .standard) {
    self.designMode = designMode
  }

  /// Pieces of an assembly.
  public static let mostPieces = 50
  /// How far width and height may be from the picture's proportions.
  static let proportionTolerance = 0.02

  /// The first of several pictures would be traced, but what the others show would be lost: exactly one is taken.
  ///
  /// - Throws: `promptTooAmbiguous` unless there is one picture, and what ``plan(_:prompt:)`` throws.
  public func plan(_ rasters: [Raster], prompt: String) throws(GenerationJobError) -> Plan {
    guard rasters.count == 1, let raster = rasters.first else {
      throw .picture("\(rasters.count) pictures were sent: one outline is traced, so one picture is needed")
    }
    return try plan(raster, prompt: prompt)
  }

  /// - Throws: `promptTooAmbiguous` for a picture that is no drawing of closed outlines and for a prompt that lacks
  ///   the size or the thickness or says what is not understood; `geometryValidationFailed` for lengths that
  ///   contradict each other or the picture.
  public func plan(_ raster: Raster, prompt: String) throws(GenerationJobError) -> Plan {
    let said = try PicturePrompt(prompt)
    let picture = try TracedPicture(raster, reading: said.reading)
    if picture.pieces.count > 1 {
      guard designMode == .assembly else {
        throw .picture(
          "the picture shows \(picture.pieces.count) separate pieces: a single one is made unless design_mode is "
            + "assembly")
      }
      guard picture.pieces.count <= Self.mostPieces else {
        throw .picture("the picture shows more than \(Self.mostPieces) separate pieces")
      }
    }
    let holeCount = picture.pieces.reduce(0) { $0 + $1.holes.count }
    if let asked = said.holeCount, asked != holeCount {
      throw .init(
        .geometryValidationFailed, detail: "\(asked) holes are asked for, and the picture shows \(holeCount)")
    }
    let (scale, thickness) = try PictureScale(picture).resolve(said)

    let extent = picture.bounds.high - picture.bounds.low
    let center = (picture.bounds.low + picture.bounds.high) / 2
    func placed(_ outline: Outline) -> Outline {
      outline.mapped(scale: scale) { SIMD2($0.x - center.x, center.y - $0.y) * scale }
    }
    // A thousandth of a pixel is written, or a ten-thousandth of a millimetre if that is less.
    let decimals = min(9, max(4, 3 - Int(log10(scale).rounded(.down))))
    let kind = picture.isLineDrawing ? "line drawing" : "silhouette"
    let program = OutlineProgram(
      pieces: picture.pieces.map { .init(outline: placed($0.outline), holes: $0.holes.map(placed)) },
      thickness: thickness,
      note: "Traced from a \(kind) of \(raster.width) x \(raster.height) pixels, "
        + "\(figure(scale)) mm each; lengths in mm.",
      decimals: decimals)
    let size = extent * scale
    return Plan(
      program: program.text,
      expectation: Expectation(
        size: SIMD3(size.x, size.y, thickness), throughHoles: holeCount, shells: picture.pieces.count))
  }
}

/// Finds how large a pixel is and how thick the part.
struct PictureScale: Sendable {
  /// In pixels.
  private let width: Double
  private let height: Double
  /// The outer circle's, when there is one.
  private let diameter: Double?

  init(_ picture: TracedPicture) {
    let extent = picture.bounds.high - picture.bounds.low
    width = extent.x
    height = extent.y
    if picture.pieces.count == 1, case .circle(let circle) = picture.pieces[0].outline {
      diameter = 2 * circle.radius
    } else {
      diameter = nil
    }
  }

  /// In mm: a pixel, and the thickness.
  ///
  /// - Throws: `promptTooAmbiguous` when one is missing, `geometryValidationFailed` when the sizes do not fit the
  ///   picture's proportions.
  func resolve(_ said: PicturePrompt) throws(GenerationJobError) -> (scale: Double, thickness: Double) {
    var sizes: [(name: String, asked: Double, pixels: Double)] = []
    func add(_ measure: PicturePrompt.Measure, _ pixels: Double) {
      if let asked = said.lengths[measure] { sizes.append((measure.rawValue, asked, pixels)) }
    }
    add(.width, width)
    add(.tallness, height)
    add(.length, max(width, height))
    if said.lengths[.diameter] != nil {
      guard let diameter else {
        throw .picture(
          "a diameter is given, but the picture's outline is no circle: “wide”, “tall” or “overall” is needed"
        )
      }
      add(.diameter, diameter)
    }
    if let scale = said.millimetresPerPixel { sizes.append(("scale", scale * width, width)) }

    var thickness = said.lengths[.thickness]
    if let asked = said.lengths[.height] {
      // Beside a thickness, and where it fits the other sizes, it is up the picture.
      let scale = sizes.first.map { $0.asked / $0.pixels }
      let isUpThePicture =
        thickness != nil || scale.map { Self.fits(asked / height, $0) } ?? false
      if isUpThePicture { add(.height, height) } else { thickness = asked }
    }

    // The longest has the smallest error of a pixel.
    guard let first = sizes.max(by: { $0.pixels < $1.pixels }) else {
      throw .picture(
        "the size is missing: “80 mm wide”, “60 mm tall”, “100 mm overall”, “0.5 mm per pixel”"
          + (thickness == nil ? "; and the thickness: “3 mm thick”" : ""))
    }
    guard let thickness else { throw .picture("the thickness is missing: “3 mm thick”, “5 mm extrusion”") }
    let scale = first.asked / first.pixels
    for size in sizes where !Self.fits(size.asked / size.pixels, scale) {
      throw .init(
        .geometryValidationFailed,
        detail: "the \(first.name) of \(rounded(first.asked)) mm makes the \(size.name) "
          + "\(rounded(size.pixels * scale)) mm by the picture's proportions, and \(rounded(size.asked)) mm is asked for"
      )
    }
    for side in [width * scale, height * scale] where !PicturePrompt.sizes.contains(side) {
      throw .init(
        .geometryValidationFailed,
        detail: "the part would be \(rounded(width * scale)) x \(rounded(height * scale)) mm; "
          + "\(figure(PicturePrompt.sizes.lowerBound)) to \(figure(PicturePrompt.sizes.upperBound)) mm can be made"
      )
    }
    return (scale, thickness)
  }

  private static func fits(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= OutlinePlanner.proportionTolerance * max(a, b)
  }

  private func rounded(_ value: Double) -> String { figure((value * 100).rounded() / 100) }
}
