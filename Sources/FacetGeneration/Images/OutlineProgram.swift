import Foundation

/// Writes the CadQuery program of outlines that are extruded.
///
/// Its steps are data that a loop goes through: thousands of calls chained to one another are more than Python's
/// parser and CadQuery's search for parents take.
struct OutlineProgram: Sendable {
  /// In mm, centered, y up.
  var pieces: [TracedPicture.Piece]
  var thickness: Double
  /// For the comment above all.
  var note: String
  /// Digits after the decimal point.
  var decimals = 4

  var text: String {
    var lines = ["# \(note)", "import cadquery as cq", "", "thickness = \(number(thickness))", ""]
    if pieces.contains(where: {
      ([$0.outline] + $0.holes).contains { if case .path = $0 { true } else { false } }
    }) {
      lines += [
        "", "def closed(plane, start, steps):",
        "    \"\"\"Lines to points (x, y), and arcs through points to points ((x, y), (x, y)).\"\"\"",
        "    plane = plane.moveTo(*start)", "    for first, second in steps:",
        "        if isinstance(first, tuple):", "            plane = plane.threePointArc(first, second)",
        "        else:", "            plane = plane.lineTo(first, second)",
        "    return plane.close()", "", "",
      ]
    }
    for (index, piece) in pieces.enumerated() {
      let name = pieces.count == 1 ? "part" : "piece_\(index + 1)"
      lines.append("\(name) = cq.Workplane(\"XY\")")
      lines += curve(piece.outline, of: name, as: "outline")
      for (hole, outline) in piece.holes.enumerated() {
        lines += curve(outline, of: name, as: "hole \(hole + 1)")
      }
      // Not combined, CadQuery doesn't look for a solid through all the steps before.
      lines += ["\(name) = \(name).extrude(thickness, combine=False)", ""]
    }
    if pieces.count == 1 {
      lines.append("result = part")
    } else {
      lines.append("result = cq.Assembly()")
      for index in 1...pieces.count {
        lines.append("result = result.add(piece_\(index), name=\"piece_\(index)\")")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func curve(_ outline: Outline, of name: String, as role: String) -> [String] {
    switch outline {
    case .circle(let circle):
      return [
        "# \(role): diameter \(number(2 * circle.radius))",
        "\(name) = \(name).moveTo\(point(circle.center)).circle(\(number(circle.radius)))",
      ]
    case .path(let steps):
      let start = steps.last?.end ?? .zero
      // What closes a path is a line of its own accord, but an arc has to be drawn.
      let drawn = steps.last?.middle == nil ? steps.dropLast() : steps[...]
      return ["# \(role)", "\(name) = closed(\(name), \(point(start)), ["]
        + drawn.map { step in
          step.middle.map { "    (\(point($0)), \(point(step.end)))," } ?? "    \(point(step.end)),"
        } + ["])"]
    }
  }

  private func point(_ point: SIMD2<Double>) -> String { "(\(number(point.x)), \(number(point.y)))" }

  private func number(_ value: Double) -> String {
    var text = String(format: "%.\(decimals)f", value)
    while text.hasSuffix("0"), !text.hasSuffix(".0") { text.removeLast() }
    return text == "-0.0" ? "0.0" : text
  }
}
