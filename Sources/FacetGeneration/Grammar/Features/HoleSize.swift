import FacetContract

/// The size of a hole as the prompt gives it: by a diameter, or by a metric size.
struct HoleSize: Sendable, Hashable {
  var diameter: Double
  var name: String

  static func read(_ reader: DetailReader) throws(GenerationJobError) -> HoleSize {
    let isTapped = reader.takeFlag(.tapped)
    let isClearance = reader.takeFlag(.clearance)
    reader.ignore(.round)
    let diameter = try reader.takeDiameter(.diameter, .innerDiameter, radii: .radius)
    guard let thread = reader.takeThread() else {
      if isTapped { throw .missing("metric size", of: reader.name, example: "M5 tapped hole") }
      guard let diameter else { throw .missing("diameter", of: reader.name, example: "5 mm hole") }
      return HoleSize(diameter: diameter, name: "hole")
    }
    let drilled = try MetricSizes.hole(thread, isTapped: isTapped && !isClearance)
    if let diameter, abs(diameter - drilled) > 1e-9 {
      // "M5 clearance hole, 5.3 mm": the figure wins when it clears the thread and nothing else was said.
      guard !isTapped, diameter >= thread.diameter, diameter <= thread.diameter * 1.25 else {
        throw .contradiction(
          "a hole for \(thread.text) is \(Figure.millimetres(drilled)) wide, not \(Figure.millimetres(diameter))"
        )
      }
      return HoleSize(diameter: diameter, name: "hole")
    }
    let size = Figure.text(thread.diameter).replacing(".", with: "_")
    return HoleSize(
      diameter: drilled, name: isTapped || thread.pitch != nil ? "m\(size)_tap_drill" : "m\(size)_clearance")
  }
}
