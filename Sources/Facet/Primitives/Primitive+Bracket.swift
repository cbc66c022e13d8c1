extension Primitive {
  /// An angle bracket: a base of 60 × 40 × 6 mm with rounded corners and two counterbored holes, an upright
  /// of 50 mm with two through holes, and two ribs that brace them.
  public static func bracket(segments: Int = 48) -> Mesh { Bracket(segments: segments).part.mesh }

  /// ``bracket(segments:)`` with the holes and the ribs in colours of their own (VisCAM convention).
  public static func coloredBracket(segments: Int = 48) -> Mesh {
    Bracket(
      segments: segments, body: Color(red: 74, green: 123, blue: 189),
      holes: Color(red: 239, green: 131, blue: 33), ribs: Color(red: 123, green: 173, blue: 222)
    ).part.mesh
  }
}

/// The bracket's outlines, and the part made of them. Base in the plane z = 0, upright in the plane x = 0.
struct Bracket {
  let thickness: Float = 6
  let width: Float = 40
  let length: Float = 60
  let height: Float = 50
  /// The ribs' y ranges, and how far they reach along the base and the upright.
  let ribs: [(low: Float, high: Float)] = [(3, 7), (33, 37)]
  let reach: Float = 34
  let boreDepth: Float = 2.5
  let corner = 8.0

  let segments: Int
  let baseHoles: [[SIMD2<Float>]]
  let baseBores: [[SIMD2<Float>]]
  let uprightHoles: [[SIMD2<Float>]]
  private(set) var part = PartBuilder()

  init(segments: Int, body: Color? = nil, holes: Color? = nil, ribs ribColor: Color? = nil) {
    self.segments = segments
    let centers = [SIMD2(30.0, 20.0), SIMD2(48.0, 20.0)]
    baseHoles = centers.map { circleOutline(center: $0, radius: 3.3, segments: segments) }
    baseBores = centers.map { circleOutline(center: $0, radius: 5.5, segments: segments) }
    uprightHoles = [SIMD2(14.0, 36.0), SIMD2(26.0, 36.0)].map {
      circleOutline(center: $0, radius: 3.3, segments: segments)
    }
    part.color = body
    addBase()
    addUpright()
    addSides()
    part.color = ribColor
    addRibs()
    part.color = holes
    addHoles()
  }

  /// The free end of the base, from (length, 0) round to (length, width): two arcs.
  private var baseEnd: [SIMD2<Float>] {
    roundedEnd(length: Double(length))
  }

  /// The free end of the upright in (y, z), counter-clockwise from its side at y = width.
  private var uprightEnd: [SIMD2<Float>] {
    roundedEnd(length: Double(height)).reversed().map { SIMD2($0.y, $0.x) }
  }

  private func roundedEnd(length: Double) -> [SIMD2<Float>] {
    let steps = segments / 4
    return arc(
      center: SIMD2(length - corner, corner), radius: corner, startDegrees: -90, endDegrees: 0,
      segments: steps)
      + arc(
        center: SIMD2(length - corner, Double(width) - corner), radius: corner, startDegrees: 0,
        endDegrees: 90, segments: steps)
  }

  /// The base seen from above where it begins at x = `start`; the ribs' feet cut out of it if asked.
  func baseOutline(from start: Float, withoutRibs: Bool) -> [SIMD2<Float>] {
    var outline = baseEnd + [SIMD2(start, width)]
    if withoutRibs {
      for rib in ribs.reversed() {
        outline += [
          SIMD2(start, rib.high), SIMD2(reach + thickness, rib.high), SIMD2(reach + thickness, rib.low),
          SIMD2(start, rib.low),
        ]
      }
    }
    return outline + [SIMD2(start, 0)]
  }

  /// The upright in (y, z) where it begins at z = `start`.
  func uprightOutline(from start: Float, withoutRibs: Bool) -> [SIMD2<Float>] {
    var outline = uprightEnd + [SIMD2(0, start)]
    if withoutRibs {
      for rib in ribs {
        outline += [
          SIMD2(rib.low, start), SIMD2(rib.low, reach + thickness), SIMD2(rib.high, reach + thickness),
          SIMD2(rib.high, start),
        ]
      }
    }
    return outline + [SIMD2(width, start)]
  }

  private mutating func addBase() {
    part.face(.z, at: 0, facingUp: false, baseOutline(from: 0, withoutRibs: false), holes: baseHoles)
    part.face(
      .z, at: thickness, facingUp: true, baseOutline(from: thickness, withoutRibs: true),
      holes: baseBores)
    part.wall(.z, from: 0, to: thickness, baseEnd, closed: false)
  }

  private mutating func addUpright() {
    part.face(.x, at: 0, facingUp: false, uprightOutline(from: 0, withoutRibs: false), holes: uprightHoles)
    part.face(
      .x, at: thickness, facingUp: true, uprightOutline(from: thickness, withoutRibs: true),
      holes: uprightHoles)
    part.wall(.x, from: 0, to: thickness, uprightEnd, closed: false)
  }

  /// The L-shaped sides; in a face along y the coordinates are (z, x).
  private mutating func addSides() {
    let (baseFree, uprightFree) = (baseEnd.first!.x, uprightEnd.first!.y)
    let profile: [SIMD2<Float>] = [
      SIMD2(0, 0), SIMD2(uprightFree, 0), SIMD2(uprightFree, thickness), SIMD2(thickness, thickness),
      SIMD2(thickness, baseFree), SIMD2(0, baseFree),
    ]
    part.face(.y, at: 0, facingUp: false, profile)
    part.face(.y, at: width, facingUp: true, profile)
  }

  private mutating func addRibs() {
    let end = reach + thickness
    for rib in ribs {
      let triangle: [SIMD2<Float>] = [
        SIMD2(thickness, thickness), SIMD2(end, thickness), SIMD2(thickness, end),
      ]
      part.face(.y, at: rib.low, facingUp: false, triangle)
      part.face(.y, at: rib.high, facingUp: true, triangle)
      part.quad(
        SIMD3(end, rib.low, thickness), SIMD3(end, rib.high, thickness), SIMD3(thickness, rib.high, end),
        SIMD3(thickness, rib.low, end))
    }
  }

  private mutating func addHoles() {
    let step = thickness - boreDepth
    for (hole, bore) in zip(baseHoles, baseBores) {
      part.holeWall(.z, from: 0, to: step, hole)
      part.face(.z, at: step, facingUp: true, bore, holes: [hole])
      part.holeWall(.z, from: step, to: thickness, bore)
    }
    for hole in uprightHoles { part.holeWall(.x, from: 0, to: thickness, hole) }
  }

  /// The exact volume, mm³, out of the outlines' areas.
  var volume: Double {
    let (t, depth) = (Double(thickness), Double(boreDepth))
    let base = enclosedArea(baseOutline(from: 0, withoutRibs: false)) * t
    let upright = enclosedArea(uprightOutline(from: thickness, withoutRibs: false)) * t
    let ribVolume = ribs.reduce(0) { $0 + Double($1.high - $1.low) * Double(reach * reach) / 2 }
    let holes =
      baseHoles.reduce(0) { $0 + enclosedArea($1) * (t - depth) }
      + baseBores.reduce(0) { $0 + enclosedArea($1) * depth }
      + uprightHoles.reduce(0) { $0 + enclosedArea($1) * t }
    return base + upright + ribVolume - holes
  }
}
