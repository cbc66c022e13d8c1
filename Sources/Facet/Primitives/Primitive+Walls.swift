#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Parts with walls of exactly known thickness.

extension Primitive {
  /// A wedge whose two long sides open by an angle from the tip, the y axis: x up to `length`, y up to `width`. A ball
  /// that touches a side at a distance d from the tip touches the other one too when its diameter is 2 d tan(angle / 2).
  public static func wedge(degrees: Double, length: Double, width: Double) -> Mesh {
    precondition(degrees > 0 && degrees < 180 && length > 0 && width > 0)
    let half = length * tan(degrees * .pi / 360)
    var part = PartBuilder()
    // In a face along y the coordinates are (z, x).
    let outline = [SIMD2(0, 0), SIMD2(half, length), SIMD2(-half, length)].map { SIMD2<Float>($0) }
    part.face(.y, at: 0, facingUp: false, outline)
    part.face(.y, at: Float(width), facingUp: true, outline)
    part.wall(.y, from: 0, to: Float(width), outline)
    return part.mesh
  }

  /// A block on the plane z = 0 with upright fins across its whole depth (y) on top, `gap` apart and from the sides.
  public static func finnedBlock(
    fins: Int, finThickness: Float, finHeight: Float, gap: Float = 4, depth: Float = 15, height: Float = 5
  ) -> Mesh {
    precondition(fins > 0 && finThickness > 0 && finHeight > 0 && gap > 0)
    let step = gap + finThickness
    let width = Float(fins) * step + gap
    // In a face along y the coordinates are (z, x).
    var outline: [SIMD2<Float>] = [SIMD2(0, 0), SIMD2(height, 0)]
    for i in 0..<fins {
      let (left, right) = (Float(i) * step + gap, Float(i) * step + gap + finThickness)
      outline += [
        SIMD2(height, left), SIMD2(height + finHeight, left), SIMD2(height + finHeight, right),
        SIMD2(height, right),
      ]
    }
    outline += [SIMD2(height, width), SIMD2(0, width)]
    var part = PartBuilder()
    part.face(.y, at: 0, facingUp: false, outline)
    part.face(.y, at: depth, facingUp: true, outline)
    part.wall(.y, from: 0, to: depth, outline)
    return part.mesh
  }

  /// A plate with hexagonal cells through it, `wall` between any two and `rim` or more to the sides.
  ///
  /// - Parameter cell: From a flat of a cell to the opposite one.
  public static func honeycomb(
    columns: Int, rows: Int, cell: Double, wall: Double, height: Float, rim: Double = 3
  ) -> Mesh {
    precondition(columns > 0 && rows > 0 && cell > 0 && wall > 0 && rim > 0)
    let pitch = cell + wall
    let corner = cell / 3.0.squareRoot()
    let rise = pitch * 3.0.squareRoot() / 2
    var holes: [[SIMD2<Float>]] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let x = rim + cell / 2 + pitch * (Double(column) + (row % 2 == 0 ? 0 : 0.5))
        let y = rim + corner + rise * Double(row)
        holes.append(circleOutline(center: SIMD2(x, y), radius: corner, segments: 6, startDegrees: 30))
      }
    }
    let width = 2 * rim + cell + pitch * (Double(columns) - (rows > 1 ? 0.5 : 1))
    let depth = 2 * rim + 2 * corner + rise * Double(rows - 1)
    let outline = [SIMD2(0, 0), SIMD2(width, 0), SIMD2(width, depth), SIMD2(0, depth)].map {
      SIMD2<Float>($0)
    }
    return extruded(outline, holes: holes, from: 0, to: height)
  }

  /// A plate of 34 × 16 mm with the letters F, E, T and L cut into its top: strokes of 1.5 mm, at least 1.5 mm apart.
  /// Below them it is `thickness` − `depth` thick.
  public static func engravedPlate(thickness: Float, depth: Float = 0.4) -> Mesh {
    precondition(depth > 0 && thickness > depth)
    let letters: [(x: Float, outline: [SIMD2<Float>])] = [
      (
        3,
        [
          SIMD2(0, 0), SIMD2(1.5, 0), SIMD2(1.5, 4), SIMD2(4, 4), SIMD2(4, 5.5), SIMD2(1.5, 5.5),
          SIMD2(1.5, 8.5),
          SIMD2(5, 8.5), SIMD2(5, 10), SIMD2(0, 10),
        ]
      ),
      (
        11,
        [
          SIMD2(0, 0), SIMD2(5, 0), SIMD2(5, 1.5), SIMD2(1.5, 1.5), SIMD2(1.5, 4), SIMD2(4, 4), SIMD2(4, 5.5),
          SIMD2(1.5, 5.5), SIMD2(1.5, 8.5), SIMD2(5, 8.5), SIMD2(5, 10), SIMD2(0, 10),
        ]
      ),
      (
        19,
        [
          SIMD2(1.75, 0), SIMD2(3.25, 0), SIMD2(3.25, 8.5), SIMD2(5, 8.5), SIMD2(5, 10), SIMD2(0, 10),
          SIMD2(0, 8.5), SIMD2(1.75, 8.5),
        ]
      ),
      (27, [SIMD2(0, 0), SIMD2(4, 0), SIMD2(4, 1.5), SIMD2(1.5, 1.5), SIMD2(1.5, 10), SIMD2(0, 10)]),
    ]
    let grooves = letters.map { letter in letter.outline.map { $0 + SIMD2(letter.x, 3) } }
    let outline: [SIMD2<Float>] = [SIMD2(0, 0), SIMD2(34, 0), SIMD2(34, 16), SIMD2(0, 16)]
    var part = PartBuilder()
    part.face(.z, at: 0, facingUp: false, outline)
    part.face(.z, at: thickness, facingUp: true, outline, holes: grooves)
    part.wall(.z, from: 0, to: thickness, outline)
    for groove in grooves {
      part.face(.z, at: thickness - depth, facingUp: true, groove)
      part.holeWall(.z, from: thickness - depth, to: thickness, groove)
    }
    return part.mesh
  }

  /// The area of the letters of ``engravedPlate(thickness:depth:)``, mm².
  package static let engravedArea =
    (1.5 * 10 + 2.5 * 1.5 + 3.5 * 1.5) + (1.5 * 10 + 2.5 * 1.5 + 2 * 3.5 * 1.5)
    + (1.5 * 10 + 3.5 * 1.5) + (1.5 * 10 + 2.5 * 1.5)

  /// A rod around the z axis with a metric thread (ISO 68-1: flanks that open by 60°, crests of an eighth and roots of
  /// a quarter of the pitch, 5/8 of the triangle's height deep) and, if asked, a round bore. The thread runs out within
  /// the first and last pitch; the ends are flat.
  ///
  /// Under the roots its wall is ``threadRootRadius(majorRadius:pitch:)`` less the bore's radius, times cos(π / 32).
  public static func threadedRod(
    majorRadius: Double, pitch: Double, turns: Int, boreRadius: Double = 0
  ) -> Mesh {
    let root = threadRootRadius(majorRadius: majorRadius, pitch: pitch)
    precondition(turns > 1 && boreRadius >= 0 && boreRadius < root)
    // As many steps up a pitch as around a turn: the thread's edges run from vertex to vertex.
    let steps = 32
    func radius(_ phase: Int) -> Double {
      switch phase {
      case 0...4: majorRadius
      case 5..<14: majorRadius + (root - majorRadius) * Double(phase - 4) / 10
      case 14...22: root
      default: root + (majorRadius - root) * Double(phase - 22) / 10
      }
    }
    func point(_ radius: Double, _ j: Int, _ z: Float) -> SIMD3<Float> {
      let angle = 2 * .pi * Double(j % steps) / Double(steps)
      return SIMD3(Float(radius * cos(angle)), Float(radius * sin(angle)), z)
    }
    func height(_ i: Int) -> Float { Float(pitch * Double(i) / Double(steps)) }
    let top = turns * steps
    func surface(_ i: Int, _ j: Int) -> SIMD3<Float> {
      let share = min(1, Double(i) / Double(steps), Double(top - i) / Double(steps))
      return point(root + (radius((i - j % steps + steps) % steps) - root) * share, j, height(i))
    }
    var part = PartBuilder()
    for j in 0..<steps {
      for i in 0..<top {
        part.quad(surface(i, j), surface(i, j + 1), surface(i + 1, j + 1), surface(i + 1, j))
      }
      if boreRadius > 0 {
        let (a, b) = (point(boreRadius, j, 0), point(boreRadius, j + 1, 0))
        let (c, d) = (point(boreRadius, j + 1, height(top)), point(boreRadius, j, height(top)))
        part.quad(b, a, d, c)
        part.quad(surface(0, j + 1), surface(0, j), a, b)
        part.quad(surface(top, j), surface(top, j + 1), c, d)
      } else {
        part.triangle(SIMD3(0, 0, 0), surface(0, j + 1), surface(0, j))
        part.triangle(SIMD3(0, 0, height(top)), surface(top, j), surface(top, j + 1))
      }
    }
    return part.mesh
  }

  /// The radius at the bottom of a metric thread, mm.
  public static func threadRootRadius(majorRadius: Double, pitch: Double) -> Double {
    majorRadius - 0.625 * 3.0.squareRoot() / 2 * pitch
  }
}
