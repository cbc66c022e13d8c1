/// The colours of thicknesses: dark red where there is no wall left, through orange to pale yellow just below the
/// minimum; at the minimum pale blue, and on to dark blue at ``WallThicknessOptions/reach`` times the minimum and
/// above. Grey where nothing was measured.
///
/// The break from yellow to blue is where thin ends. Those who cannot tell red from green can tell these apart (they
/// follow the diverging scheme RdYlBu of Harrower and Brewer, "ColorBrewer.org", 2003), and lightness rises towards
/// the break from both ends.
public struct ThicknessScale: Sendable, Hashable {
  /// In mm.
  public var minimum: Float

  public init(minimum: Float) { self.minimum = minimum }

  /// What the scale shows, mm.
  public var range: ClosedRange<Float> { 0...minimum * WallThicknessOptions.reach }

  /// The colour of what was not measured.
  public static let unmeasured = Color(red: 160, green: 160, blue: 160)

  private static let thin: [SIMD3<Float>] = [
    SIMD3(165, 0, 38), SIMD3(215, 48, 39), SIMD3(244, 109, 67), SIMD3(253, 174, 97), SIMD3(254, 224, 144),
  ]
  private static let thick: [SIMD3<Float>] = [
    SIMD3(200, 230, 240), SIMD3(145, 195, 222), SIMD3(90, 150, 199), SIMD3(49, 84, 165),
  ]

  /// The colour of a thickness in mm.
  public subscript(thickness: Float) -> Color {
    thickness < minimum
      ? blend(ThicknessScale.thin, max(0, thickness) / minimum)
      : blend(ThicknessScale.thick, min(1, (thickness / minimum - 1) / (WallThicknessOptions.reach - 1)))
  }

  private func blend(_ stops: [SIMD3<Float>], _ share: Float) -> Color {
    let place = share * Float(stops.count - 1)
    let first = min(Int(place), stops.count - 2)
    let part = place - Float(first)
    let mixed = stops[first] * (1 - part) + stops[first + 1] * part
    return Color(red: UInt8(mixed.x + 0.5), green: UInt8(mixed.y + 0.5), blue: UInt8(mixed.z + 0.5))
  }
}

extension WallThicknessResult {
  /// ``surface`` with each triangle in the colour of its thickness, as common viewers show it (VisCAM convention).
  ///
  /// - Parameter scale: By default one for the minimum that was asked for.
  public func surfaceColored(_ scale: ThicknessScale? = nil) -> Mesh {
    let scale = scale ?? ThicknessScale(minimum: minimum)
    var attributes = thickness.map { FacetColors.attribute(for: scale[$0], .visCAM) }
    for i in unmeasured {
      attributes[Int(i)] = FacetColors.attribute(for: ThicknessScale.unmeasured, .visCAM)
    }
    return Mesh(
      unchecked: surface.positions, triangles: surface.triangles,
      colors: FacetColors(convention: .visCAM, attributes: attributes))
  }
}
