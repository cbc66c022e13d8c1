import FacetContract

/// The lid of a box that is open at the top: a part of its own, lying on its outer face.
///
/// With a lip it is a plate over the walls and a plug between them; with a step it lies in a rebate around the inside
/// of the rim; with neither it is a plate over the walls.
struct Lid {
  var thickness: Double
  var clearance: Double
  /// How deep the plug goes between the walls.
  var plug: Double?
  /// How far the rebate reaches into the walls, and how deep it is.
  var step: Double?

  static func read(
    _ lids: [(index: Int, reader: DetailReader)], _ planner: PartPlanner
  ) throws(GenerationJobError) -> Lid {
    guard lids.count == 1, let (_, reader) = lids.first else {
      throw .ambiguous("several lids are not understood")
    }
    guard let hollow = planner.solid.hollow, hollow.open == .top, case .box = hollow.shape else {
      throw .ambiguous("a lid is understood only on a box that is open at the top")
    }
    var clearance = try reader.take(.clearance)
    var plug: Double?
    var step: Double?
    for (_, lip) in planner.part.take(.lip) {
      plug = try lip.take(.depth, .height, .length, as: "depth").or(try lip.takeFigure("depth"))
      if plug == nil { throw .missing("depth", of: "lid's lip", example: "3 mm deep lip") }
      if let gap = try lip.take(.clearance) { clearance = gap }
      _ = lip.takePlaces()
      try lip.finish()
    }
    for (_, rebate) in planner.part.take(.step) {
      step = try rebate.take(.width).or(try rebate.takeFigure("width"))
      if step == nil { throw .missing("width", of: "lid's step", example: "1.5 mm step") }
      if let gap = try rebate.take(.clearance) { clearance = gap }
      _ = rebate.takePlaces()
      try rebate.finish()
    }
    _ = reader.takePlaces()
    guard
      let thickness = try reader.take(.thickness, .height, as: "thickness").or(
        try reader.takeFigure("thickness"))
    else {
      throw .missing("thickness", of: "lid", example: "2 mm thick")
    }
    if plug != nil || step != nil, clearance == nil {
      throw .missing("clearance", of: "lid", example: "0.2 mm clearance")
    }
    reader.ignore(.rectangular, .closed)
    try reader.finish()
    let lid = Lid(thickness: thickness, clearance: clearance ?? 0, plug: plug, step: step)
    try lid.check(planner, hollow)
    return lid
  }

  private func check(_ planner: PartPlanner, _ hollow: Hollow) throws(GenerationJobError) {
    guard case .box(let low, let high) = hollow.shape else { return }
    let size = high - low
    if let step {
      guard step < hollow.wall else {
        throw .contradiction(
          "a step of \(Figure.millimetres(step)) is not less than the wall, \(Figure.millimetres(hollow.wall))"
        )
      }
      guard thickness < size.z else {
        throw .contradiction(
          "a lid of \(Figure.millimetres(thickness)) does not fit in the inside height, \(Figure.millimetres(size.z))"
        )
      }
      guard clearance < step else {
        throw .contradiction(
          "a clearance of \(Figure.millimetres(clearance)) is not less than the step, \(Figure.millimetres(step))"
        )
      }
    }
    if let plug {
      guard plug < size.z, 2 * clearance < min(size.x, size.y) else {
        throw .contradiction(
          "a lip of \(Figure.millimetres(plug)) does not fit in the inside height, \(Figure.millimetres(size.z))"
        )
      }
    }
  }

  /// The lid's own steps.
  func plan(
    _ planner: PartPlanner, name: String, _ text: inout ProgramText
  ) throws(GenerationJobError) -> PartLayout.Planned {
    guard case .box(let low, let high)? = planner.solid.hollow?.shape else {
      throw .ambiguous("a lid is understood only on a box")
    }
    let inside = high - low
    let outside = planner.body
    let size: SIMD2<Double> =
      step.map { [inside.x + 2 * $0 - 2 * clearance, inside.y + 2 * $0 - 2 * clearance] } ?? [
        outside.x, outside.y,
      ]
    let names = (
      text.dimension("lid_length", size.x), text.dimension("lid_width", size.y),
      text.dimension("lid_thickness", thickness)
    )
    text.comment("Lid, lying on its outer face")
    text.add(
      "\(name) = cq.Workplane(\"XY\").box(\(names.0), \(names.1), \(names.2), centered=(True, True, False))")
    if step == nil, let radius = planner.verticalRadius {
      text.add("\(name) = \(name).edges(\"|Z\").fillet(\(Figure.decimal(radius)))")
    }
    var height = thickness
    if let plug {
      let depth = text.dimension("lid_lip_depth", plug)
      var tool =
        "cq.Workplane(\"XY\").box(\(Figure.decimal(inside.x - 2 * clearance)), "
        + "\(Figure.decimal(inside.y - 2 * clearance)), \(depth), centered=(True, True, False))"
      if let radius = planner.verticalRadius, let wall = planner.solid.wall, radius - wall - clearance > 1e-6
      {
        tool += ".edges(\"|Z\").fillet(\(Figure.decimal(radius - wall - clearance)))"
      }
      text.comment("Lip between the walls")
      text.add("\(name) = \(name).union(\(tool).translate((0, 0, \(names.2))))")
      height += plug
    }
    return PartLayout.Planned(
      variable: name, low: [-size.x / 2, -size.y / 2, 0], high: [size.x / 2, size.y / 2, height], handles: 0,
      shells: 1, count: 1)
  }
}

extension PartPlanner {
  /// The rebate that a lid lies in.
  func cutStep(_ lid: Lid, _ text: inout ProgramText) {
    guard let step = lid.step, case .box(let low, let high)? = solid.hollow?.shape else { return }
    let size = high - low
    text.comment("Step for the lid around the inside of the rim")
    text.add(
      "\(variable) = \(variable).cut(cq.Workplane(\"XY\").box(\(Figure.decimal(size.x + 2 * step)), "
        + "\(Figure.decimal(size.y + 2 * step)), \(Figure.decimal(lid.thickness)), centered=(True, True, False))"
        + ".translate((0, 0, \(Figure.decimal(high.z - lid.thickness)))))")
  }
}
