import Facet

extension Image {
  /// The part cut open: what is behind an upright plane through its middle, and the material in the cut in one
  /// even colour. Walls, cavities and what is in them can be seen.
  ///
  /// - Parameters:
  ///   - mesh: Closed, facing outward.
  ///   - options: With the model's up axis Z and no turns, the plane faces the viewer.
  /// - Throws: What ``Facet/Mesh/rendered(_:_:)`` throws.
  public static func section(
    of mesh: Mesh, _ options: ThumbnailOptions = .init(), _ run: RunContext = .init()
  ) throws(MeshError) -> Image {
    let bounds = mesh.bounds
    // Not through vertices, where there may be many in the middle: a little off it.
    let middle = bounds.minimum.y + (bounds.maximum.y - bounds.minimum.y) * 0.4997
    var options = options
    options.backFaces = .filled
    let half = try mesh.behind(y: middle, run.slice(0...0.2))
    return try half.rendered(options, run.slice(0.2...1))
  }
}

extension Mesh {
  /// What has a larger y; triangles across are cut, and the cut stays open.
  func behind(y: Float, _ run: RunContext) throws(MeshError) -> Mesh {
    var positions = positions
    var kept: [Triangle] = []
    var attributes: [UInt16] = []
    // A vertex for each edge that is cut, so that what was smooth stays it.
    var cuts: [SIMD2<UInt32>: UInt32] = [:]
    func cut(_ front: UInt32, _ behind: UInt32) -> UInt32 {
      let key = SIMD2(min(front, behind), max(front, behind))
      if let known = cuts[key] { return known }
      let a = positions[Int(key.x)]
      let b = positions[Int(key.y)]
      var point = a + (b - a) * ((y - a.y) / (b.y - a.y))
      point.y = y
      positions.append(point)
      let vertex = UInt32(positions.count - 1)
      cuts[key] = vertex
      return vertex
    }
    for (i, triangle) in triangles.enumerated() {
      if i & 0xFFFF == 0 { try run.checkCancellation() }
      var corners = [triangle.a, triangle.b, triangle.c]
      let isBehind = corners.map { positions[Int($0)].y > y }
      let count = isBehind.reduce(0) { $0 + ($1 ? 1 : 0) }
      if count == 0 { continue }
      var made = [triangle]
      if count < 3 {
        // The corner that is alone on its side comes first.
        let alone = isBehind.firstIndex(of: count == 1)!
        corners = (0..<3).map { corners[(alone + $0) % 3] }
        let (p, q, r) = (corners[0], corners[1], corners[2])
        if count == 1 {
          made = [Triangle(p, cut(q, p), cut(r, p))]
        } else {
          let (s, t) = (cut(p, q), cut(p, r))
          made = [Triangle(s, q, r), Triangle(s, r, t)]
        }
      }
      kept += made
      if let colors { attributes += made.map { _ in colors.attributes[i] } }
    }
    let colors = colors.map {
      FacetColors(convention: $0.convention, partColor: $0.partColor, attributes: attributes)
    }
    return Mesh(unchecked: positions, triangles: kept, colors: colors)
  }
}
