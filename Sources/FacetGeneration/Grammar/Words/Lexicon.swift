/// Which words mean what. Plurals are found by their singulars; several words are looked up together, the longest
/// first. A word that is in no table is not understood, and the planner says so.
enum Lexicon {
  /// The most words that any entry has.
  static let longest = table.keys.map { $0.split(separator: " ").count }.max() ?? 1

  static let table: [String: Term] = {
    var table: [String: Term] = [:]
    func add(_ words: String, _ term: Term) {
      for word in words.split(separator: ",") {
        table[word.trimmingSpaces] = term
      }
    }
    for kind in BodyKind.allCases { add(kind.words, .body(kind)) }
    for kind in FeatureKind.allCases { add(kind.words, .feature(kind)) }
    for (attribute, words) in attributes { add(words, .attribute(attribute)) }
    for (flag, words) in flags { add(words, .flag(flag)) }
    for (direction, words) in directions { add(words, .direction(direction)) }
    for (noun, words) in places { add(words, .place(noun)) }
    for (link, words) in links { add(words, .link(link)) }
    for words in harmless { add(words, .harmless) }
    return table
  }()

  static func lookUp(_ phrase: String) -> (term: Term, isPlural: Bool)? {
    if let term = table[phrase] { return (term, false) }
    for ending in ["s", "es"] where phrase.hasSuffix(ending) && phrase.count > ending.count + 2 {
      if let term = table[String(phrase.dropLast(ending.count))] { return (term, true) }
    }
    if phrase.hasSuffix("radii"), let term = table[phrase.dropLast(5) + "radius"] { return (term, true) }
    return nil
  }

  private static let attributes: [(Attribute, String)] = [
    (.length, "l, length, long, in length, lengthwise, overall length, total length"),
    (.width, "w, width, wide, in width, overall width"),
    (.height, "h, height, tall, high, in height, overall height, total height"),
    (.depth, "depth, deep, in depth, depth of"),
    (.thickness, "t, thickness, thick, in thickness, plate thickness, material thickness, sheet thickness"),
    (.side, "side length, edge length, sides of, per side, on a side, on each side, each side"),
    (.diameter, "d, diameter, dia, diam, ø, in diameter, hole diameter, across, diameters"),
    (.radius, "radius, rad, in radius, fillet radius"),
    (
      .outerDiameter,
      "outer ø, outside ø, outer diameter, outside diameter, external diameter, od, o d, outer dia, outside dia, overall diameter, "
        + "rim diameter, flange diameter"
    ),
    (
      .innerDiameter,
      "inner ø, inside ø, inner diameter, inside diameter, internal diameter, id, i d, inner dia, inside dia, bore diameter"
    ),
    (.outerRadius, "outer radius, outside radius"),
    (.innerRadius, "inner radius, inside radius"),
    (
      .topDiameter,
      "top diameter, diameter top, upper diameter, small end diameter, diameter at the top, tip diameter"
    ),
    (
      .bottomDiameter,
      "bottom diameter, diameter base, base diameter, lower diameter, large end diameter, diameter at the bottom, "
        + "diameter at the base"
    ),
    (
      .headDiameter,
      "head, head diameter, counterbore diameter, countersink diameter, head dia, head recess diameter, diameter head"
    ),
    (.wall, "wall thickness, wall, walls thick, thick wall, side wall thickness, thick walled, walled"),
    (.floor, "floor thickness, base thickness, bottom thickness, floor, bottom wall thickness, thick floor"),
    (.acrossFlats, "across flats, across the flats, af, width across flats, flat to flat, across flat"),
    (.acrossCorners, "across corners, across the corners, width across corners, point to point"),
    (
      .boltCircle,
      "bolt circle, bolt circle diameter, pcd, bcd, pitch circle, pitch circle diameter, bolt hole circle, "
        + "hole circle, circle, bolt pattern circle, diameter bolt circle, diameter circle, "
        + "diameter pitch circle, dia bolt circle, diameter bolt hole circle"
    ),
    (.boltCircleRadius, "bolt circle radius, pitch circle radius, radius bolt circle, radius circle"),
    (
      .spacing,
      "spacing, pattern, hole pattern, bolt pattern, pattern spacing, rectangular pattern, mounting pattern, apart, pitch, center to center, centre to centre, on center, on centre, spaced, spacing between, "
        + "distance between, center distance, center to center distance, center to center spacing, "
        + "hole spacing, between center, between centre, between hole center, spaced apart"
    ),
    (.inset, "inset, edge distance, margin, edge offset, inset distance"),
    (.offset, "offset"),
    (.clearance, "clearance, gap, clearance gap, clearance per side"),
    (.rows, "row"),
    (.columns, "column"),
    (.angle, "angle, included angle"),
  ]

  private static let flags: [(Flag, String)] = [
    (.through, "thru, throughout the part, all the way through, going through, passing through, through all"),
    (.blind, "blind"),
    (.tapped, "tapped, threaded, tap"),
    (.clearance, "clearance fit, medium fit"),
    (.centered, "centered, centred, central, concentric, coaxial, middle, in the middle, centrally"),
    (.square, "square, square shaped"),
    (.round, "round, circular, cylindrical, disc shaped"),
    (.rectangular, "rectangular, rectangle"),
    (.hexagonal, "hexagonal, hex"),
    (.triangular, "triangular"),
    (.knurled, "knurled"),
    (.hollow, "hollow, hollowed, hollowed out, hollow inside"),
    (.solid, "solid"),
    (.open, "open, opened, removed, open topped"),
    (.closed, "closed, fully closed, fully enclosed, sealed"),
    (
      .even,
      "equally spaced, evenly spaced, evenly distributed, equally distributed, evenly, equally, equispaced"
    ),
    (
      .gridded,
      "grid, grid pattern, array, rectangular array, rectangular grid, square grid, matrix, hole grid"
    ),
    (.counterbored, "counterbored"),
    (.countersunk, "countersunk"),
    (.vertically, "vertically"),
    (.horizontally, "horizontally"),
  ]

  private static let directions: [(Direction, String)] = [
    (.top, "top, upper, topmost"),
    (.bottom, "bottom, lower, underside, bottommost"),
    (.front, "front"),
    (.back, "back, rear"),
    (.left, "left, left hand"),
    (.right, "right, right hand"),
    (.long, "longer, longest"),
    (.short, "short, shorter, shortest"),
    (.outer, "outer, outside, external, exterior, outer circumference, outermost"),
    (.inner, "inner, inside, internal, interior, inner circumference, innermost"),
    (.vertical, "vertical, upright"),
    (.horizontal, "horizontal"),
    (.all, "all, every"),
  ]

  private static let places: [(Place.Noun, String)] = [
    (.face, "face, surface"),
    (.edge, "edge"),
    (.end, "end"),
    (.corner, "corner"),
    (.side, "side"),
    (.center, "center, centre, centerpoint, midpoint"),
    (.axis, "axis, centerline, centreline"),
    (.floor, "base"),
    (.perimeter, "perimeter, circumference, border"),
    (.rim, "rim"),
  ]

  private static let links: [(Link, String)] = [
    (
      .with,
      "with, has, have, having, featuring, including, includes, include, contains, containing, plus, add, drill"
    ),
    (.and, "and, also, then, as well as"),
    (.of, "of"),
    (.on, "on, onto, upon"),
    (.in, "in, into, within"),
    (.at, "at, near each"),
    (.from, "from, in from, away from, inset from, from each of"),
    (.through, "through, throughout"),
    (.to, "to"),
    (.along, "along"),
    (.for, "for, to fit, to hold, to mount, used for, intended for, suitable for, designed for"),
    (.each, "each, per"),
    (.both, "both"),
    (.the, "the, its, their, this, that, these, those"),
    (.a, "a, an, another"),
    (.is, "is, are, be, should be, must be, shall be, was, measures, equals, being, will be"),
    (.it, "it, they, them, which, part, piece, component, object, body"),
    (.around, "around, about the, arranged around"),
  ]

  /// Words that say nothing about the shape: verbs of making, materials, colours, finishes, purposes.
  private static let harmless: [String] = [
    "create, make, design, generate, model, produce, build, give, draw, need, want, would like, i, me, my, we, us, you, "
      + "please, can, could, i need, i want, i'd like, should, must, let, let's, there, also, it's, that's",
    "outer dimension, outside dimension, external dimension, outer size, thin walled, at the origin, "
      + "dims, dim, all dim, all dimension, unit, all unit, measuring, measure, sized, size, dimensions, dimension, dimensioned, overall dimension, with dimension, "
      + "cut, drilled, bored, placed, located, positioned, arranged, distributed, machined, milled, made, formed, "
      + "extruded, printed, applied, running, runs, run, extending, mounted, positions, position, location, "
      + "layout, arrangement, put, place, cutting, sits, sit, set, sitting, provided, given, drawn, standing, extends, "
      + "goes, rises, rising, protruding, projecting, going, passes, attached, joined, connected",
    "aluminum, aluminium, steel, stainless steel, stainless, mild steel, carbon steel, brass, bronze, copper, titanium, plastic, abs, pla, "
      + "petg, nylon, delrin, acetal, pom, acrylic, polycarbonate, wood, wooden, plywood, rubber, metal, metallic, "
      + "sheet metal, resin, 6061, 7075, 304, 316, anodized, anodised, material, alloy, mild",
    "black, white, red, blue, green, grey, gray, silver, yellow, orange, matte, glossy, color, colour",
    "simple, basic, plain, standard, flat, mechanical, straight, single piece, one piece, precise, exact, exactly, "
      + "precision, custom, 3d, 3d printed, 3d printable, printable, cad, cnc, machinable, parametric, simply, just, "
      + "overall, total, nominal, sturdy, rigid, strong, lightweight, durable, clean, following, follow, full, fully, "
      + "entire, whole, complete, respectively, same, identical, equal, perpendicular, normal, parallel",
    "screw, bolt, fastener, machine screw, cap screw, socket head cap screw, socket head screw, screws only, "
      + "mounting, mount, drill, fixing, fastening, attachment, assembly, unit, prototype",
  ]

  /// What a part may be for: "for a 608 bearing". The figures of such a purpose say nothing about the part.
  static let purposes: Set<String> = [
    "bearing", "lens", "filter", "thread", "camera", "motor", "pcb", "board", "sensor", "raspberry", "pi",
    "arduino",
    "battery", "electronics", "shelf", "table", "desk", "robot", "printer", "machine", "nema", "servo", "led",
    "wall",
    "telescope", "binoculars", "bicycle", "bike", "car", "drone", "project", "testing", "use", "prototyping",
    "printing",
    "machining", "frame", "stepper", "pump", "valve", "pipe", "controller", "esp32", "cable", "cables",
    "wiring",
  ]
}

extension Substring {
  var trimmingSpaces: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
