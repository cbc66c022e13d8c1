import FacetContract

/// Plans parts from dimensioned English: deterministic, without a network, the same program for the same words.
///
/// A part's base rests on z = 0. Boxes, plates and round bodies stand with their middle on the z axis, length along x,
/// width along y; a bracket's corner stands on x = 0. Lengths are in mm, cm, m, inches or feet; figures without a unit
/// take the only unit that the prompt uses, or mm next to metric screw sizes.
///
/// A dimension that shapes the part is never guessed; what the prompt leaves open is asked for by name, and so is every
/// word that is not understood. These few things have a value of their own when nothing is said: one feature stands in
/// the middle of its face, the face is the top (on an open body the inside of its floor), a hole goes through, a
/// countersink has 90°, the first hole of a bolt circle stands to the right, an L-bracket is half as wide as its longer
/// leg is long, its gusset is as thick as it and clear of the holes, a cap's lip is as deep as its wall is thick, a knurl
/// has grooves of 0.5 mm. Each is described where it is made.
public struct GrammarPlanner: Planner {
  /// The same words give the same program.
  public var canRevise: Bool { false }

  public init() {}

  /// - Throws: `promptTooAmbiguous` naming what is missing or not understood, `geometryValidationFailed` naming the two
  ///   figures that contradict each other.
  public func plan(_ brief: Brief, after failures: [FailedPlan]) async throws(GenerationJobError) -> Plan {
    try GrammarPlanner.plan(brief.prompt, isAssembly: brief.designMode == .assembly)
  }

  static func plan(_ prompt: String, isAssembly: Bool) throws(GenerationJobError) -> Plan {
    let tokens = try Lexer.tokens(prompt)
    var parser = ClauseParser(TermReader.items(tokens))
    try parser.read()
    let mentions = parser.mentions
    let bodies = mentions.indices.filter { mentions[$0].body != nil }
    guard !bodies.isEmpty else {
      throw .ambiguous("it is not said what the part is; name a body such as a box, a plate or a cylinder")
    }
    guard bodies.count <= PartLayout.largestCount else {
      throw .ambiguous(
        "\(bodies.count) parts are described; an assembly has at most \(PartLayout.largestCount)")
    }
    guard bodies.count == 1 || isAssembly else {
      let names = bodies.map { mentions[$0].word }.joined(separator: " and a ")
      throw .ambiguous(
        "several parts are described, a \(names); set design_mode to assembly for that, or ask for one")
    }
    return try PartLayout(mentions, bodies, unit: TokenJoiner.unit(tokens), isAssembly: isAssembly).plan()
  }
}
