/// The lattice that a cavity is filled with: what is within half a wall of a surface or of lines that repeat in space.
struct InfillLattice: Sendable {
  private enum Shape: Sendable {
    /// sin x cos y + sin y cos z + sin z cos x = 0 (Schoen, "Infinite periodic minimal surfaces without
    /// self-intersections", NASA TN D-5541, 1970): the mid-surface of walls.
    case gyroid
    /// The edges of cubes that stand on a corner: the axes of round struts, none of them level.
    case cubic
  }

  private let shape: Shape
  /// The length of a period, mm.
  let cell: Float
  /// Of the walls' thickness or of the struts' diameter, mm.
  let half: Float
  private let center: SIMD3<Float>

  /// - Parameter center: Where a period begins.
  init?(_ infill: HollowingOptions.Infill, center: SIMD3<Float>) {
    switch infill {
    case .none: return nil
    case .gyroid(let cell, let wall): (shape, self.cell, half) = (.gyroid, cell, wall / 2)
    case .cubic(let cell, let wall): (shape, self.cell, half) = (.cubic, cell, wall / 2)
    }
    self.center = center
  }

  /// From a point to the closest one of the mid-surface or the axes, mm.
  ///
  /// - Parameter range: Of points farther away than this the direction and the distance need not be exact.
  @inline(__always)
  func offset(from point: SIMD3<Float>, within range: Float) -> SIMD3<Float> {
    let place = (point - center) / cell
    switch shape {
    case .gyroid: return InfillLattice.gyroidOffset(place, within: range / cell) * cell
    case .cubic: return InfillLattice.cubicOffset(place) * cell
    }
  }

  /// Whether a ball is all in the lattice or all beside it.
  func isAlike(_ middle: SIMD3<Float>, reach: Float) -> Bool {
    let place = (middle - center) / cell
    switch shape {
    case .gyroid:
      // The field changes by at most √3 a radian.
      return abs(InfillLattice.gyroid(place).value) / (1.7321 * 2 * .pi) * cell > reach + half
    case .cubic:
      let distance = length(InfillLattice.cubicOffset(place)) * cell
      return distance > reach + half || distance + reach < half
    }
  }

  /// About the area of the lattice's surface in a volume, 1/mm.
  var areaPerVolume: Double {
    switch shape {
    case .gyroid: 2 * 3.0915 / Double(cell)
    case .cubic: 3 * .pi * 2 * Double(half) / (Double(cell) * Double(cell))
    }
  }

  // MARK: Gyroid

  /// The farthest that a point is from the mid-surface, in cells.
  private static let farthest: Float = 0.2258
  /// Between the two labyrinths' narrowest places and the mid-surface, in cells.
  static let neck: Float = 0.164

  @inline(__always)
  private static func gyroid(_ place: SIMD3<Float>) -> (value: Float, gradient: SIMD3<Float>) {
    let (s, c) = sineAndCosine(place)
    return (
      s.x * c.y + s.y * c.z + s.z * c.x,
      SIMD3(c.x * c.y - s.z * s.x, c.y * c.z - s.x * s.y, c.z * c.x - s.y * s.z)
    )
  }

  /// A step towards the mid-surface, in cells, and the direction that it is in.
  @inline(__always)
  private static func step(_ place: SIMD3<Float>) -> SIMD3<Float> {
    let (value, gradient) = gyroid(place)
    // Where the field is flat, in the middle of a labyrinth, no farther than there is to go.
    let squared = max(dot(gradient, gradient), 1e-9)
    let step = gradient * (-value / (2 * .pi * squared))
    let size = dot(step, step)
    return size > farthest * farthest ? step * (farthest / size.squareRoot()) : step
  }

  /// The foot of a perpendicular, found by going to the surface and along it in turns: to 0.1 % of the distance up to a
  /// tenth of a cell, to 3 % up to 0.15 cells.
  private static func gyroidOffset(_ place: SIMD3<Float>, within range: Float) -> SIMD3<Float> {
    let first = step(place)
    // A step is at most so much longer than the way.
    if length(first) > 1.6 * range { return first }
    var foot = place + first
    for _ in 0..<2 {
      let normal = gyroid(foot).gradient.normalized
      let away = place - foot
      foot += away - normal * dot(away, normal)
      foot += step(foot)
    }
    return foot - place
  }

  // MARK: Cubes

  /// The directions of the struts.
  private static let axes = (
    SIMD3<Float>(0.816_496_58, 0, 0.577_350_27), SIMD3<Float>(-0.408_248_29, 0.707_106_78, 0.577_350_27),
    SIMD3<Float>(-0.408_248_29, -0.707_106_78, 0.577_350_27)
  )

  @inline(__always)
  private static func cubicOffset(_ place: SIMD3<Float>) -> SIMD3<Float> {
    let along = SIMD4(dot(axes.0, place), dot(axes.1, place), dot(axes.2, place), 0)
    let way = nearestInteger(along) - along
    let size = SIMD3(abs(way.x), abs(way.y), abs(way.z))
    // Along the nearest line there is no way to go.
    var toLine = way
    if size.x >= size.y && size.x >= size.z {
      toLine.x = 0
    } else if size.y >= size.z {
      toLine.y = 0
    } else {
      toLine.z = 0
    }
    return axes.0 * toLine.x + axes.1 * toLine.y + axes.2 * toLine.z
  }
}

/// The integers closest to numbers below 2²², without a function call.
@inline(__always)
private func nearestInteger(_ x: SIMD4<Float>) -> SIMD4<Float> {
  let shift = SIMD4<Float>(repeating: 0x1.8p23)
  return (x + shift) - shift
}

/// Of angles in full turns; to 2e-7.
@inline(__always)
func sineAndCosine(_ turns: SIMD3<Float>) -> (sine: SIMD4<Float>, cosine: SIMD4<Float>) {
  let whole = SIMD4(turns, 0)
  let sine = whole - nearestInteger(whole)
  let shifted = sine + 0.25
  return (sineOfTurn(sine), sineOfTurn(shifted - nearestInteger(shifted)))
}

/// From -½ to ½ a turn.
@inline(__always)
private func sineOfTurn(_ turn: SIMD4<Float>) -> SIMD4<Float> {
  // The same at the same height on the other side of a quarter.
  let t = greater(lesser(turn, 0.5 - turn), -0.5 - turn)
  let x = t * Float(2 * Double.pi)
  let y = x * x
  var p = y * (-1 / 39_916_800) + (1 / 362_880)
  p = p * y - (1 / 5040)
  p = p * y + (1 / 120)
  p = p * y - (1 / 6)
  return x + x * (y * p)
}
