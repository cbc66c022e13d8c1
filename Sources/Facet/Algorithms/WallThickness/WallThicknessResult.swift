/// How thick a part's walls are, and where they are too thin.
///
/// A wall is where two sides of the part face away from each other, give or take ``Tolerances/wedgeAngle``, with
/// nothing but material between: two planes that meet at a smaller angle make a wall that thins out to nothing at its
/// tip, two that meet at a larger one make an edge, which is no wall however close to it one looks. The thickness at a
/// point is the diameter of the ball that touches the surface there and, straight inward, the other side: for
/// parallel sides their distance. A ray straight inward and the ball must agree: where the ray comes out farther away,
/// beside a groove in the other side for instance, the wall is as thick as that, though a ball may touch the groove's
/// edge. What faces nothing, as the bottom edge of a groove that is V-shaped, makes a wall with what is opposite where
/// the inscribed ball touches both on opposite sides.
///
/// What is judged is the surface as the triangles have it. Where they stand for a round one, that one may be thicker
/// or thinner by what the facets cut off.
public struct WallThicknessResult: Sendable {
  /// Whether some wall is certainly thinner than the minimum.
  public var hasThinWalls: Bool
  /// Whether some wall may be; also true when one certainly is.
  public var hasPossibleThinWalls: Bool
  /// Where walls are, or may be, too thin: the thinnest first.
  public var regions: [ThinRegion]
  /// How much surface has which thickness, in steps of a tenth of the minimum up to
  /// ``WallThicknessOptions/reach`` times that; the last one is all that is thicker. Their areas and
  /// ``unmeasuredArea`` add up to that of the surface.
  public var histogram: [HistogramBin]
  /// The input's surface as one indexed mesh, facing outward; near thin walls its triangles are divided at the middles
  /// of their edges, on both sides of each, so that colours can follow. Nothing moves but by the rounding of those
  /// middles.
  public var surface: Mesh
  /// For each triangle of ``surface`` its least thickness in mm; infinite where nothing is as thin as what was looked
  /// for, and where nothing can be measured. Where walls are too thin, no point of a triangle is thicker than that by
  /// more than 0.7 times the ``samplingDistance``, as the sides lean by ``Tolerances/wedgeAngle`` at most, or by a 20th
  /// of the minimum where that is more.
  public var thickness: [Float]
  /// The thinnest wall met, mm; nil when all are thicker than what was looked for.
  public var leastThickness: Float?
  /// The longest edge of a divided triangle, mm.
  public var samplingDistance: Float
  public var input: InputState
  /// Surface for which no answer is possible, mm²: what has no surface behind it, as opposite a hole.
  public var unmeasuredArea: Double
  /// The triangles of ``surface`` that ``unmeasuredArea`` is of, ascending.
  public var unmeasured: [UInt32]
  /// What was asked for, mm.
  public var minimum: Float

  /// What the part is like whose walls are measured.
  public enum InputState: Sendable, Hashable {
    /// Closed, and facing outward.
    case solid
    /// Closed, but facing inward, all of it or some shells: judged as if turned.
    case insideOut
    /// With so many bad edges, as ``BadEdges`` counts them: what can be measured is; triangles that face inward are
    /// judged as if turned.
    case open(badEdges: Int)
  }

  /// Surface of one range of thickness.
  public struct HistogramBin: Sendable, Hashable {
    /// In mm.
    public var from: Float
    /// In mm, not included; infinite in the last one.
    public var to: Float
    /// In mm².
    public var area: Double

    public init(from: Float, to: Float, area: Double) {
      self.from = from
      self.to = to
      self.area = area
    }
  }

  /// For each vertex of ``surface`` the mean thickness of its triangles by area, mm: infinite when none of theirs is
  /// finite, and else the infinite ones count as the most that was looked for.
  public var vertexThickness: [Float] {
    let most = minimum * WallThicknessOptions.reach
    var sums = [SIMD2<Float>](repeating: .zero, count: surface.positions.count)
    var isFinite = [Bool](repeating: false, count: surface.positions.count)
    for (i, t) in surface.triangles.enumerated() {
      let (a, b, c) = surface.corners(i)
      let area = length(cross(b - a, c - a))
      for corner in 0..<3 {
        let v = Int(t[corner])
        sums[v] += SIMD2(min(thickness[i], most) * area, area)
        if thickness[i].isFinite { isFinite[v] = true }
      }
    }
    return sums.indices.map { isFinite[$0] && sums[$0].y > 0 ? sums[$0].x / sums[$0].y : .infinity }
  }
}

/// A wall, or several that run into each other, thinner than was asked for. Both sides belong to it.
///
/// Thin surface of less than a 20th of the minimum's square is none: folds and chips in a mesh are that small, walls
/// are not.
public struct ThinRegion: Sendable, Hashable {
  /// A point of the surface where it is thinnest.
  public var place: SIMD3<Float>
  /// The box around its triangles.
  public var bounds: Box
  /// How much surface is above walls that are too thin, mm². Both sides count; a narrow side between them, as a fin's
  /// tip, does not: it has no other side close by.
  public var area: Double
  /// The least thickness, mm.
  public var leastThickness: Float
  /// Nowhere is it thinner than this, mm.
  public var lowerBound: Float
  /// At ``place`` it is certainly not thicker than this, mm.
  public var upperBound: Float
  /// Whether it is certainly thinner than the minimum. Else it may be, or is so on less surface than a square of the
  /// sampling distance.
  public var isCertain: Bool
}
