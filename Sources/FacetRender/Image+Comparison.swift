import Facet

extension Image {
  /// Two pictures side by side, seen from the same place: a mesh and what became of it. What is only in the one
  /// is red on the left, what is only in the other is green on the right. When the options turn the model
  /// nowhere, it is turned so that most of what changed faces the camera; where all has changed, it stays.
  ///
  /// - Parameter options: Of each of the two pictures; the whole is twice as wide and 8 pixels.
  /// - Throws: What ``Facet/Mesh/rendered(_:_:)`` throws.
  public static func comparison(
    of before: Mesh, with after: Mesh, _ options: ThumbnailOptions = .init(), _ run: RunContext = .init()
  ) throws(MeshError) -> Image {
    let changed = try before.changedTriangles(into: after, run.slice(0...0.2))
    var options = options
    if changed.before.contains(false) {
      options.turn(toShow: [(before, changed.before), (after, changed.after)])
    }
    // With all vertices in both meshes the camera stands at one place for both.
    let offset = UInt32(before.positions.count)
    let positions = before.positions + after.positions
    let left = Mesh(
      unchecked: positions, triangles: before.triangles, colors: .marking(changed.before, removed))
    let right = Mesh(
      unchecked: positions,
      triangles: after.triangles.map { Triangle($0.a + offset, $0.b + offset, $0.c + offset) },
      colors: .marking(changed.after, made))
    return try left.rendered(options, run.slice(0.2...0.6))
      .beside(right.rendered(options, run.slice(0.6...1)), gap: 8, options.background)
  }

  private static let removed = Color(red: 225, green: 80, blue: 50)
  private static let made = Color(red: 60, green: 175, blue: 80)

  /// This picture and another of the same height to its right, with a gap of a colour between them.
  func beside(_ other: Image, gap: Int, _ color: Color?) -> Image {
    precondition(height == other.height && gap >= 0)
    let pixel: [UInt8] = color.map { [$0.red, $0.green, $0.blue, $0.alpha] } ?? [0, 0, 0, 0]
    let space = repeatElement(pixel, count: gap).joined()
    var joined: [UInt8] = []
    joined.reserveCapacity(4 * height * (width + gap + other.width))
    for row in 0..<height {
      joined += pixels[4 * width * row..<4 * width * (row + 1)]
      joined += space
      joined += other.pixels[4 * other.width * row..<4 * other.width * (row + 1)]
    }
    return Image(width: width + gap + other.width, height: height, pixels: joined)
  }
}

extension FacetColors {
  /// The marked facets in a colour, the others without one.
  fileprivate static func marking(_ isMarked: [Bool], _ color: Color) -> FacetColors {
    let mark = attribute(for: color, .visCAM)
    return FacetColors(convention: .visCAM, attributes: isMarked.map { $0 ? mark : 0 })
  }
}
