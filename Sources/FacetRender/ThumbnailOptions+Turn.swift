import Facet

extension ThumbnailOptions {
  /// Turns the model so that most of some triangles' area faces the camera: by quarters about Z, upright or upside
  /// down. Options that turn it already stay, and so does the usual view unless another shows clearly more.
  ///
  /// - Parameter chosen: Meshes, and which of their triangles are to be seen.
  mutating func turn(toShow chosen: [(mesh: Mesh, isChosen: [Bool])]) {
    guard (cameraAngleX, cameraAngleY, cameraAngleZ) == (0, 0, 0) else { return }
    var areas = [Double](repeating: 0, count: Turn.all.count)
    for (mesh, isChosen) in chosen { mesh.addFacingAreas(isChosen, &areas) }
    let best = areas.indices.max { areas[$0] < areas[$1] }!
    guard areas[best] > 1.25 * areas[0] else { return }
    cameraAngleX = Turn.all[best].x
    cameraAngleZ = Turn.all[best].z
  }

  /// The view of the three sides that these options' view, which turns by quarters only, does not show.
  var opposite: ThumbnailOptions {
    var options = self
    options.cameraAngleX = cameraAngleX == 0 ? 180 : 0
    options.cameraAngleZ = cameraAngleZ == -180 ? -90 : 90 - cameraAngleZ
    return options
  }
}

/// A view that a picture may take: the model turned by quarters about Z, upright or upside down.
private struct Turn {
  /// The camera angles, degrees.
  var x: Double
  var z: Double

  static let all = [0.0, 180].flatMap { x in [0.0, 90, 180, -90].map { Turn(x: x, z: $0) } }

  /// A direction of the model, turned.
  func applied(to v: SIMD3<Double>) -> SIMD3<Double> {
    let u = x == 0 ? v : SIMD3(v.x, -v.y, -v.z)
    switch z {
    case 90: return SIMD3(-u.y, u.x, u.z)
    case -90: return SIMD3(u.y, -u.x, u.z)
    case 180: return SIMD3(-u.x, -u.y, u.z)
    default: return u
    }
  }
}

extension Mesh {
  /// Adds for each turn the area that the chosen triangles show to the camera.
  fileprivate func addFacingAreas(_ isChosen: [Bool], _ areas: inout [Double]) {
    for i in isChosen.indices where isChosen[i] {
      let (a, b, c) = corners(i)
      let normal = SIMD3<Double>(cross(b - a, c - a))
      for (turn, number) in zip(Turn.all, areas.indices) {
        areas[number] += max(0, dot(turn.applied(to: normal), Camera.station))
      }
    }
  }
}
