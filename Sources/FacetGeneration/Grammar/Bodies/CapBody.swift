import FacetContract

/// A cap: a round cup that lies on its closed end, its skirt upwards.
///
/// A retention lip is a ring inside the skirt at the open end; a snap ring is a bead on the inside of the skirt, midway
/// between the lip and the floor. Ours, where the prompt is silent: the lip is as deep as the wall is thick; the snap
/// ring stands as far inwards as the lip does and is twice as tall; a cap with a lip or a snap ring and no height is
/// just high enough for floor, ring, lip, and a gap of the ring's height on both sides of the ring.
enum CapBody {
  static func cap(_ part: PartContext) throws(GenerationJobError) -> Solid {
    let body = part.body
    body.ignore(.round)
    var height = try body.take(.height, .length, as: "height")
    let insideDepth = try body.take(.depth)
    var outside = try body.takeDiameter(.outerDiameter, .diameter)
    let lip = try part.takeOnly(.lip)
    let ring = try part.takeOnly(.snapRing)
    let inner = try body.take(.innerDiameter)
    var wall = try body.take(.wall, .thickness, as: "wall thickness")
    if outside == nil, lip == nil, let inner, let wall { outside = inner + 2 * wall }
    guard let outer = outside else { throw part.missing("outer diameter", example: "60 mm diameter") }
    if wall == nil, lip == nil, let inner { wall = (outer - inner) / 2 }
    guard let wall else { throw part.missing("wall thickness", example: "3 mm wall thickness") }
    let floor = try body.take(.floor) ?? wall
    guard 2 * wall < outer else {
      throw .contradiction(
        "walls of \(Figure.millimetres(wall)) on both sides leave nothing of the diameter, \(Figure.millimetres(outer))"
      )
    }
    let skirt = outer - 2 * wall
    if lip == nil, let inner, abs(inner - skirt) > 1e-6 {
      throw .contradiction(
        "an outer diameter of \(Figure.millimetres(outer)) and an inner diameter of \(Figure.millimetres(inner)) do not "
          + "leave a wall of \(Figure.millimetres(wall))")
    }
    var lipSize: (diameter: Double, depth: Double)?
    if let lip { lipSize = try self.lip(lip, inner, wall, skirt, part) }
    var ringSize: (radial: Double, tall: Double)?
    if let ring { ringSize = try self.ring(ring, lipSize, skirt, part) }
    if let insideDepth {
      let total = insideDepth + floor
      if let height, abs(height - total) > 1e-6 {
        throw .contradiction(
          "a height of \(Figure.millimetres(height)) and a depth of \(Figure.millimetres(insideDepth)) do not leave a "
            + "floor of \(Figure.millimetres(floor))")
      }
      height = total
    }
    if height == nil, lipSize != nil || ringSize != nil {
      height = floor + (lipSize?.depth ?? 0) + 3 * (ringSize?.tall ?? lipSize?.depth ?? 0)
      part.text.comment(
        "The height was not given: floor, lip, ring and a gap of the ring's height around the ring")
    }
    guard let height = try height.or(try body.takeFigure("height")) else {
      throw part.missing("height", example: "12 mm high")
    }
    let room = height - floor - (lipSize?.depth ?? 0)
    guard room > (ringSize?.tall ?? 0) else {
      throw .contradiction(
        "a height of \(Figure.millimetres(height)) has no room for the floor, \(Figure.millimetres(floor)), "
          + "the lip, \(Figure.millimetres(lipSize?.depth ?? 0)), and the ring, \(Figure.millimetres(ringSize?.tall ?? 0))"
      )
    }
    var solid = RoundBodies.disc(part, diameter: outer, height: height, heightName: "height")
    _ = part.text.dimension("wall", wall)
    _ = part.text.dimension("floor", floor)
    solid.hollow = Hollow(
      shape: .cylinder(radius: skirt / 2, from: floor, to: height), wall: wall, open: .top)
    let mouth = (lipSize?.diameter ?? skirt) / 2
    solid.cuts.append(
      Cut(
        shape: .cylinder(axis: 2, center: .zero, radius: mouth, range: floor...height),
        openings: [solid.faces[.top]!.opening(.zero, .round(radius: mouth))]))
    let skirtName = part.text.dimension("inner_diameter", skirt)
    func ringTool(_ inner: String, _ tall: String, from: String) -> String {
      "cq.Workplane(\"XY\").circle(\(skirtName) / 2).circle(\(inner) / 2).extrude(\(tall))"
        + ".translate((0, 0, \(from)))"
    }
    if let lipSize {
      let names = (
        part.text.dimension("lip_inner_diameter", lipSize.diameter),
        part.text.dimension("lip_depth", lipSize.depth),
        part.text.dimension("height", height)
      )
      solid.steps.append(
        Solid.Step(
          comment: "Retention lip at the open end", isCut: false,
          tool: ringTool(names.0, names.1, from: "\(names.2) - \(names.1)")))
    }
    if let ringSize {
      let names = (
        part.text.dimension("ring_inner_diameter", skirt - 2 * ringSize.radial),
        part.text.dimension("ring_height", ringSize.tall)
      )
      solid.steps.append(
        Solid.Step(
          comment: "Snap ring inside the skirt", isCut: false,
          tool: ringTool(names.0, names.1, from: Figure.decimal(floor + (room - ringSize.tall) / 2))))
    }
    solid.faces[.top] = nil
    solid.faces[.bottom]?.depth = floor
    solid.faces[.bottom]?.opensIntoCavity = true
    for name in [FaceName.front, .back, .left, .right] {
      solid.faces[name]?.depth = wall
      solid.faces[name]?.opensIntoCavity = true
    }
    var inside = Face.cylinder(radius: mouth, height: floor)[.top]!
    inside.name = "floor"
    inside.depth = floor
    inside.isInCavity = true
    solid.faces[.floor] = inside
    solid.wall = wall
    return solid
  }

  private static func lip(
    _ reader: DetailReader, _ inner: Double?, _ wall: Double, _ skirt: Double, _ part: PartContext
  ) throws(GenerationJobError) -> (diameter: Double, depth: Double) {
    var diameter = try reader.takeDiameter(.innerDiameter, .diameter, radii: .radius)
    if let inner {
      if let known = diameter, known != inner {
        throw .contradiction(
          "the lip's inner diameter is given as \(Figure.millimetres(known)) and as \(Figure.millimetres(inner))"
        )
      }
      diameter = inner
    }
    if diameter == nil, let stands = try reader.take(.width, .thickness, as: "width") {
      diameter = skirt - 2 * stands
    }
    guard let diameter, diameter > 0 else {
      throw .missing("inner diameter", of: "lip", example: "52 mm inner diameter at the lip")
    }
    guard diameter < skirt else {
      throw .contradiction(
        "a lip with an inner diameter of \(Figure.millimetres(diameter)) is no narrower than the skirt's inside, "
          + Figure.millimetres(skirt))
    }
    let depth = try reader.take(.depth, .height, .length, as: "depth") ?? wall
    _ = reader.takePlaces { $0.noun == nil || $0.noun == .rim || $0.noun == .perimeter || $0.noun == .edge }
    try reader.finish()
    return (diameter, depth)
  }

  private static func ring(
    _ reader: DetailReader, _ lip: (diameter: Double, depth: Double)?, _ skirt: Double, _ part: PartContext
  ) throws(GenerationJobError) -> (radial: Double, tall: Double) {
    var radial = try reader.take(.width, .thickness, .depth, as: "width")
    if radial == nil, let inner = try reader.take(.innerDiameter) { radial = (skirt - inner) / 2 }
    if radial == nil, let lip { radial = (skirt - lip.diameter) / 2 }
    guard let radial, radial > 0 else {
      throw .missing("width", of: "snap ring", example: "1 mm wide and 2 mm tall")
    }
    guard 2 * radial < skirt else {
      throw .contradiction(
        "a snap ring of \(Figure.millimetres(radial)) leaves nothing of the inside, \(Figure.millimetres(skirt))"
      )
    }
    let tall = try reader.take(.height) ?? 2 * radial
    _ = reader.takePlaces { $0.noun == nil || $0.noun == .perimeter || $0.noun == .wall || $0.noun == .face }
    try reader.finish()
    return (radial, tall)
  }
}
