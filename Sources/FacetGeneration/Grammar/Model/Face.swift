/// A side of a part that features stand on: a plane with a centre, two directions and an outline.
struct Face: Sendable, Hashable {
  enum Outline: Sendable, Hashable {
    /// Half extents along u and v.
    case rectangle(SIMD2<Double>)
    case disc(radius: Double)
    case annulus(inner: Double, outer: Double)
  }

  var name: String
  var origin: SIMD3<Double>
  /// Along the face, to its right.
  var u: SIMD3<Double>
  /// Along the face, upwards.
  var v: SIMD3<Double>
  var outline: Outline
  /// Of material behind the centre of the face, in mm.
  var depth: Double
  /// What of the rectangle's u is covered by something else, as by the other leg of a bracket.
  var usable: ClosedRange<Double>?
  /// The edge that lies in each direction: along u or v, and its sign.
  var edges: [Direction: SIMD2<Double>]
  /// Curved: holes go straight to the axis, from the outermost line.
  var isCurved = false
  /// Whether a hole through the material behind comes out in a cavity of the part instead of outside.
  var opensIntoCavity = false
  /// Whether it is the floor of a cavity: what is cut into it opens into the cavity.
  var isInCavity = false

  /// Of a rectangle: what its corners are rounded by, or cut off by.
  var cornerRadius = 0.0
  var cornerChamfer = 0.0

  var normal: SIMD3<Double> { cross(u, v) }

  /// Half extents of the rectangle around the outline.
  var half: SIMD2<Double> {
    switch outline {
    case .rectangle(let half): half
    case .disc(let radius), .annulus(_, let radius): SIMD2(radius, radius)
    }
  }

  func point(_ place: SIMD2<Double>, depth: Double = 0) -> SIMD3<Double> {
    origin + u * place.x + v * place.y - normal * depth
  }

  /// How far a footprint stays inside the rounded or cut corner of a rectangle.
  private func cornerMargin(_ place: SIMD2<Double>, _ footprint: Footprint, _ half: SIMD2<Double>) -> Double {
    let (core, radius) = footprint.core
    let corner = SIMD2(abs(place.x) + core.x, abs(place.y) + core.y)
    var margin = Double.infinity
    let over = corner - half + SIMD2(repeating: cornerRadius)
    if cornerRadius > 0, over.x > 0, over.y > 0 { margin = cornerRadius - length(over) - radius }
    if cornerChamfer > 0 {
      margin = min(
        margin, (half.x + half.y - cornerChamfer - corner.x - corner.y) / 2.0.squareRoot() - radius)
    }
    return margin
  }

  /// How far a footprint (half extents; round ones by their radius) stays inside the outline; negative when it
  /// breaks through.
  func margin(_ place: SIMD2<Double>, _ footprint: Footprint) -> Double {
    switch outline {
    case .rectangle(let half):
      let reach = footprint.reach
      var margin = min(half.x - abs(place.x) - reach.x, half.y - abs(place.y) - reach.y)
      margin = min(margin, cornerMargin(place, footprint, half))
      if let usable {
        margin = min(margin, place.x - reach.x - usable.lowerBound, usable.upperBound - place.x - reach.x)
      }
      return margin
    case .disc(let radius): return radius - footprint.farthest(from: place)
    case .annulus(let inner, let outer):
      return min(outer - footprint.farthest(from: place), length(place) - footprint.reach.max() - inner)
    }
  }
}

/// What a feature covers on its face.
enum Footprint: Sendable, Hashable {
  case round(radius: Double)
  /// Half extents along u and v, with round ends for slots.
  case oblong(SIMD2<Double>)
  case rectangle(SIMD2<Double>)

  var reach: SIMD2<Double> {
    switch self {
    case .round(let radius): SIMD2(radius, radius)
    case .oblong(let half), .rectangle(let half): half
    }
  }

  /// The distance of its farthest point from the face's centre.
  func farthest(from place: SIMD2<Double>) -> Double {
    switch self {
    case .round(let radius): return length(place) + radius
    case .rectangle(let half): return length(SIMD2(abs(place.x) + half.x, abs(place.y) + half.y))
    case .oblong(let half):
      let radius = min(half.x, half.y)
      let core = half - SIMD2(radius, radius)
      return length(SIMD2(abs(place.x) + core.x, abs(place.y) + core.y)) + radius
    }
  }

  /// The gap between two footprints; negative where they overlap.
  static func gap(_ a: Footprint, at p: SIMD2<Double>, _ b: Footprint, at q: SIMD2<Double>) -> Double {
    let (coreA, radiusA) = a.core
    let (coreB, radiusB) = b.core
    let apart = SIMD2(abs(p.x - q.x) - coreA.x - coreB.x, abs(p.y - q.y) - coreA.y - coreB.y)
    if apart.x <= 0 && apart.y <= 0 { return apart.max() - radiusA - radiusB }
    return length(SIMD2(Swift.max(apart.x, 0), Swift.max(apart.y, 0))) - radiusA - radiusB
  }

  /// A rectangle, and how much it is grown by.
  var core: (SIMD2<Double>, Double) {
    switch self {
    case .round(let radius): (.zero, radius)
    case .rectangle(let half): (half, 0)
    case .oblong(let half): (half - SIMD2(repeating: min(half.x, half.y)), min(half.x, half.y))
    }
  }

  /// Whether it lies wholly within another.
  func isInside(_ other: Footprint, at q: SIMD2<Double>, from p: SIMD2<Double>) -> Bool {
    let tolerance = 1e-9
    switch other {
    case .round(let radius): return farthest(from: p - q) <= radius + tolerance
    case .rectangle(let half):
      return abs(p.x - q.x) + reach.x <= half.x + tolerance && abs(p.y - q.y) + reach.y <= half.y + tolerance
    case .oblong(let half):
      let radius = min(half.x, half.y)
      let core = half - SIMD2(repeating: radius)
      let offset = SIMD2(Swift.max(abs(p.x - q.x) - core.x, 0), Swift.max(abs(p.y - q.y) - core.y, 0))
      return length(offset) + reach.max() <= radius + tolerance
    }
  }
}

func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}
