extension Primitive {
  /// A spur gear of 24 involute teeth, module 2 (52 mm across): rim, thin web with six holes, hub with a bore
  /// and a keyway.
  public static func gear(segments: Int = 48) -> Mesh { Gear(segments: segments).part.mesh }

  /// A pipe flange with six bolt holes; neck, plate and bolt holes in colours of their own (VisCAM convention).
  public static func flange(segments: Int = 72) -> Mesh { Flange(segments: segments).part.mesh }
}

struct Gear {
  let teeth = gearOutline(module: 2, teeth: 24)
  let bore: [SIMD2<Float>]
  let hub: [SIMD2<Float>]
  let rim: [SIMD2<Float>]
  let webHoles: [[SIMD2<Float>]]
  /// Half heights of rim, web and hub: the gear is the same above and below z = 0.
  let rimHalf: Float = 5
  let webHalf: Float = 2
  let hubHalf: Float = 7
  private(set) var part = PartBuilder()

  init(segments: Int) {
    bore = Gear.keyedBore(radius: 4, keyHalfWidth: 1.25, keyTop: 5.2, segments: segments)
    hub = circleOutline(radius: 8, segments: segments)
    rim = circleOutline(radius: 18, segments: segments)
    webHoles = (0..<6).map { i in
      let at = circleOutline(radius: 13, segments: 6)[i]
      return circleOutline(center: SIMD2<Double>(at), radius: 3, segments: segments / 2)
    }
    part.wall(.z, from: -rimHalf, to: rimHalf, teeth)
    for side: Float in [-1, 1] {
      let up = side > 0
      part.face(.z, at: side * rimHalf, facingUp: up, teeth, holes: [rim])
      part.face(.z, at: side * webHalf, facingUp: up, rim, holes: webHoles + [hub])
      part.face(.z, at: side * hubHalf, facingUp: up, hub, holes: [bore])
      let (rimLow, rimHigh) = up ? (webHalf, rimHalf) : (-rimHalf, -webHalf)
      part.holeWall(.z, from: rimLow, to: rimHigh, rim)
      let (hubLow, hubHigh) = up ? (webHalf, hubHalf) : (-hubHalf, -webHalf)
      part.wall(.z, from: hubLow, to: hubHigh, hub)
    }
    for hole in webHoles { part.holeWall(.z, from: -webHalf, to: webHalf, hole) }
    part.holeWall(.z, from: -hubHalf, to: hubHalf, bore)
  }

  /// A round bore with a rectangular keyway towards +y.
  private static func keyedBore(
    radius: Double, keyHalfWidth: Double, keyTop: Double, segments: Int
  ) -> [SIMD2<Float>] {
    let side = (radius * radius - keyHalfWidth * keyHalfWidth).squareRoot()
    let outline = circleOutline(radius: radius, segments: segments, startDegrees: 90).filter {
      abs(Double($0.x)) > keyHalfWidth || $0.y < 0
    }
    // The circle starts at the keyway, so what is left of it runs from one side of the keyway to the other.
    return [
      SIMD2(Float(keyHalfWidth), Float(keyTop)), SIMD2(Float(-keyHalfWidth), Float(keyTop)),
      SIMD2(Float(-keyHalfWidth), Float(side)),
    ] + outline + [SIMD2(Float(keyHalfWidth), Float(side))]
  }

  /// The exact volume, mm³.
  var volume: Double {
    let (rimArea, hubArea) = (enclosedArea(rim), enclosedArea(hub))
    let webArea = rimArea - hubArea - webHoles.reduce(0) { $0 + enclosedArea($1) }
    return 2
      * ((enclosedArea(teeth) - rimArea) * Double(rimHalf) + webArea * Double(webHalf)
        + (hubArea - enclosedArea(bore)) * Double(hubHalf))
  }
}

struct Flange {
  let edge: [SIMD2<Float>]
  let neck: [SIMD2<Float>]
  let bore: [SIMD2<Float>]
  let bolts: [[SIMD2<Float>]]
  let plateTop: Float = 8
  let neckTop: Float = 24
  private(set) var part = PartBuilder()

  init(segments: Int) {
    edge = circleOutline(radius: 30, segments: segments)
    neck = circleOutline(radius: 15, segments: segments)
    bore = circleOutline(radius: 11, segments: segments)
    bolts = (0..<6).map { i in
      let at = circleOutline(radius: 22.5, segments: 6)[i]
      return circleOutline(center: SIMD2<Double>(at), radius: 3.5, segments: segments / 3)
    }
    part.color = Color(red: 41, green: 99, blue: 156)
    part.face(.z, at: 0, facingUp: false, edge, holes: bolts + [bore])
    part.face(.z, at: plateTop, facingUp: true, edge, holes: bolts + [neck])
    part.wall(.z, from: 0, to: plateTop, edge)
    part.color = Color(red: 189, green: 198, blue: 206)
    part.wall(.z, from: plateTop, to: neckTop, neck)
    part.face(.z, at: neckTop, facingUp: true, neck, holes: [bore])
    part.holeWall(.z, from: 0, to: neckTop, bore)
    part.color = Color(red: 239, green: 132, blue: 33)
    for bolt in bolts { part.holeWall(.z, from: 0, to: plateTop, bolt) }
  }

  /// The exact volume, mm³.
  var volume: Double {
    let bolted = enclosedArea(edge) - bolts.reduce(0) { $0 + enclosedArea($1) }
    return (bolted - enclosedArea(neck)) * Double(plateTop)
      + (enclosedArea(neck) - enclosedArea(bore)) * Double(neckTop)
  }
}
