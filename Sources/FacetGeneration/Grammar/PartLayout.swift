import FacetContract

/// Puts the parts of a prompt side by side along x, each on z = 0, ``gap`` apart; a single part stays where it is.
struct PartLayout {
  let mentions: [Mention]
  let bodies: [Int]
  let unit: LengthUnit?
  let isAssembly: Bool

  /// Kinds of parts in one prompt, and copies of one. Ours.
  static let largestCount = 20

  /// Between the parts of an assembly, in mm. Ours.
  static let gap = 10.0

  /// A part as it was planned, before it is put in its place.
  struct Planned {
    var variable: String
    var low: SIMD3<Double>
    var high: SIMD3<Double>
    var handles: Int?
    var shells: Int
    var count: Int
    var isSizeKnown = true
  }

  init(_ mentions: [Mention], _ bodies: [Int], unit: LengthUnit?, isAssembly: Bool) {
    self.mentions = mentions
    self.bodies = bodies
    self.unit = unit
    self.isAssembly = isAssembly
  }

  func plan() throws(GenerationJobError) -> Plan {
    var text = ProgramText()
    var parts: [Planned] = []
    for body in bodies {
      let reader = DetailReader(mentions[body], unit: unit)
      let count = reader.takeCount() ?? 1
      guard count == 1 || isAssembly else {
        throw .ambiguous("\(count) parts are asked for; set design_mode to assembly for that, or ask for one")
      }
      guard count <= PartLayout.largestCount else {
        throw .ambiguous(
          "\(count) parts are asked for; an assembly has at most \(PartLayout.largestCount) of a kind")
      }
      let features = mentions.indices.filter { mentions[$0].body == nil && owner($0) == body }
        .map { (index: $0, reader: DetailReader(mentions[$0], unit: unit)) }
      let name = isAssembly ? uniqueName(mentions[body], parts) : "part"
      text.prefix = isAssembly ? "\(name)_" : ""
      let part = PartContext(body: reader, features: features, mentions: mentions, unit: unit, text: text)
      if mentions[body].isPlural, reader.mention.details.count == nil {
        throw .missing("number", of: "\(mentions[body].word)s", example: "two \(mentions[body].word)s")
      }
      let lids = part.take(.lid)
      guard lids.isEmpty || isAssembly else {
        throw .ambiguous("a lid is a part of its own; set design_mode to assembly for that")
      }
      let planner = try PartPlanner(part, variable: name)
      let lid = try lids.isEmpty ? nil : Lid.read(lids, planner)
      try planner.plan()
      text = part.text
      if let lid { planner.cutStep(lid, &text) }
      let topology = planner.topology
      parts.append(
        Planned(
          variable: name, low: planner.solid.low, high: planner.solid.high, handles: topology.handles,
          shells: topology.shells, count: count, isSizeKnown: planner.isSizeKnown))
      if let lid { parts.append(try lid.plan(planner, name: "\(name)_lid", &text)) }
    }
    text.prefix = ""
    return isAssembly ? assembly(parts, &text) : single(parts[0], &text)
  }

  /// The body that a feature belongs to, by way of its owners.
  private func owner(_ index: Int) -> Int? {
    var place = mentions[index].parent
    var steps = 0
    while let candidate = place, steps < 8 {
      if mentions[candidate].body != nil { return candidate }
      place = mentions[candidate].parent
      steps += 1
    }
    return bodies.first
  }

  private func uniqueName(_ mention: Mention, _ parts: [Planned]) -> String {
    let base = mention.body!.rawValue.snakeCase
    var name = base
    var number = 2
    while parts.contains(where: { $0.variable == name }) {
      name = "\(base)_\(number)"
      number += 1
    }
    return name
  }

  private func single(_ part: Planned, _ text: inout ProgramText) -> Plan {
    var lift = ""
    if abs(part.low.z) > 1e-9 { lift = ".translate((0, 0, \(Figure.decimal(-part.low.z))))" }
    text.add("")
    text.add("result = \(part.variable)\(lift)")
    return Plan(
      program: text.text,
      expectation: Expectation(
        size: part.isSizeKnown ? part.high - part.low : nil, throughHoles: part.handles, shells: part.shells))
  }

  private func assembly(_ parts: [Planned], _ text: inout ProgramText) -> Plan {
    text.add("")
    text.comment("Side by side along x")
    text.add("result = cq.Assembly()")
    var x = 0.0
    var low = SIMD2(Double.infinity, Double.infinity)
    var high = -low
    var top = 0.0
    var handles: Int? = 0
    var shells = 0
    for part in parts {
      for copy in 1...part.count {
        let place = SIMD3(x - part.low.x, 0, -part.low.z)
        let name = part.count == 1 ? part.variable : "\(part.variable)_\(copy)"
        text.add(
          "result.add(\(part.variable), name=\"\(name)\", loc=cq.Location(cq.Vector\(Figure.tuple(place))))")
        low = [min(low.x, x), min(low.y, part.low.y)]
        x += part.high.x - part.low.x
        high = [max(high.x, x), max(high.y, part.high.y)]
        x += PartLayout.gap
        top = max(top, part.high.z - part.low.z)
        handles = handles.flatMap { total in part.handles.map { total + $0 } }
        shells += part.shells
      }
    }
    return Plan(
      program: text.text,
      expectation: Expectation(
        size: parts.allSatisfy(\.isSizeKnown) ? [high.x - low.x, high.y - low.y, top] : nil,
        throughHoles: handles, shells: shells))
  }
}

extension String {
  /// "angleBracket" as "angle_bracket".
  var snakeCase: String {
    var text = ""
    for character in self {
      if character.isUppercase { text.append("_") }
      text += character.lowercased()
    }
    return text
  }
}
