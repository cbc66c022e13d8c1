/// Triangles that fill a hole.
struct HolePatch: Sendable {
  /// The mesh's vertices along the rim, loop after loop.
  var rim: [UInt32]
  /// New vertices: numbered from `rim.count` on in the triangles.
  var points: [SIMD3<Float>] = []
  var triangles: [SIMD3<Int32>]
  /// Seen along some axis no two triangles overlap: it cannot cross itself.
  var isGraph = false
  /// How many loops it closes.
  var loops = 1
  /// How many triangles it crosses.
  var crossings = 0

  /// The triangles in space, new vertices numbered from `firstNew` on.
  func faces(_ positions: [SIMD3<Float>], firstNew: Int) -> [PatchFace] {
    triangles.map { t in
      PatchFace(
        position(t.x, positions), position(t.y, positions), position(t.z, positions),
        Triangle(number(t.x, firstNew), number(t.y, firstNew), number(t.z, firstNew)))
    }
  }

  func position(_ local: Int32, _ positions: [SIMD3<Float>]) -> SIMD3<Float> {
    Int(local) < rim.count ? positions[Int(rim[Int(local)])] : points[Int(local) - rim.count]
  }

  /// The number of a vertex in a mesh whose next new vertex is `firstNew`.
  func number(_ local: Int32, _ firstNew: Int) -> UInt32 {
    Int(local) < rim.count ? rim[Int(local)] : UInt32(firstNew + Int(local) - rim.count)
  }

  /// The edges that it makes between vertices of the rim, by their places.
  func chords(_ places: BoundaryPlaces) -> [UInt64] {
    guard let mesh = PatchMesh(triangles) else { return [] }
    var result: [UInt64] = []
    for h in mesh.corners.indices where mesh.twin[h] > h {
      let (a, b) = (Int(mesh.corners[h]), Int(mesh.corners[Int(mesh.twin[h])]))
      if a < rim.count, b < rim.count {
        result.append(BoundaryEdges.key(places.place[Int(rim[a])], places.place[Int(rim[b])]))
      }
    }
    return result
  }

  /// In mm².
  func area(_ positions: [SIMD3<Float>]) -> Double {
    var twice = 0.0
    for t in triangles {
      let a = SIMD3<Double>(position(t.x, positions))
      twice += length(
        cross(
          SIMD3<Double>(position(t.y, positions)) - a, SIMD3<Double>(position(t.z, positions)) - a))
    }
    return twice / 2
  }

  func box(_ positions: [SIMD3<Float>]) -> Box {
    var box = Box.empty
    for v in rim { box.formUnion(positions[Int(v)]) }
    for p in points { box.formUnion(p) }
    return box
  }
}
