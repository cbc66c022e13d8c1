/// A CadQuery program as it is written: named dimensions first, then the steps that make the part.
///
/// Only figures and names chosen here get into it, never words of the prompt.
struct ProgramText: Sendable {
  private var dimensions: [(name: String, value: Double)] = []
  private(set) var lines: [String] = []
  /// Stands before the names of the part that is being made; empty when there is only one.
  var prefix = ""

  /// Names a dimension, in mm, and returns the name; the same dimension gets the same name again.
  mutating func dimension(_ name: String, _ value: Double) -> String {
    let base = prefix + name
    var candidate = base
    var number = 1
    while let known = dimensions.first(where: { $0.name == candidate }) {
      if Figure.text(known.value) == Figure.text(value) { return candidate }
      number += 1
      candidate = "\(base)_\(number)"
    }
    dimensions.append((candidate, value))
    return candidate
  }

  mutating func add(_ line: String) { lines.append(line) }
  mutating func comment(_ text: String) { lines.append("# \(text)") }

  var text: String {
    var all = ["import cadquery as cq", ""]
    if !dimensions.isEmpty {
      all.append("# Dimensions in mm")
      all += dimensions.map { "\($0.name) = \(Figure.decimal($0.value))" }
      all.append("")
    }
    return (all + lines).joined(separator: "\n") + "\n"
  }
}

extension Figure {
  /// As Python writes a float.
  static func decimal(_ value: Double) -> String {
    let text = text(value)
    return text.contains(".") || text.contains("e") ? text : text + ".0"
  }

  static func tuple(_ values: [Double]) -> String {
    "(" + values.map(decimal).joined(separator: ", ") + ")"
  }

  static func tuple(_ vector: SIMD3<Double>) -> String { tuple([vector.x, vector.y, vector.z]) }
}
