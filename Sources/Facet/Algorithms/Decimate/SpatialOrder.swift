/// Triangles and vertices renumbered so that neighbours in space are neighbours in memory.
///
/// Files list triangles in any order; a collapse reads and writes what is around it, and most of its time is
/// waiting for memory. Triangles are sorted along a Morton curve (Morton 1966) through 256³ cells of the bounding
/// box, vertices numbered as they first occur.
struct SpatialOrder {
  /// For each triangle in the new order, its number in the mesh.
  var triangles: [UInt32]
  /// For each vertex in the new order, its number in the mesh; vertices that no triangle names are left out.
  var vertices: [UInt32]
  /// The corners in the new order, by new vertex numbers.
  var corners: [Triangle]
  /// For each triangle in the new order, the attribute that holds its colour; nil without colours.
  var colors: [UInt16]?

  /// - Throws: ``MeshError/cancelled``.
  init(_ mesh: Mesh, _ run: RunContext) throws(MeshError) {
    let count = mesh.triangles.count
    let box = mesh.bounds
    let scale = mortonScale(box)
    // The code above the triangle's number, so that sorting moves both.
    var keys = [UInt64](filling: count) { keys in
      for i in 0..<count {
        let code = mortonCode((mesh.positions[Int(mesh.triangles[i].a)] - box.minimum) * scale)
        keys[i] = UInt64(code) << 32 | UInt64(i)
      }
    }
    try run.checkCancellation()
    sortByMortonCode(&keys)
    try run.checkCancellation()
    let sorted = [UInt32](filling: count) { sorted in
      for i in 0..<count { sorted[i] = UInt32(truncatingIfNeeded: keys[i]) }
    }
    keys = []
    var renamed = [UInt32](repeating: .max, count: mesh.positions.count)
    var used = 0
    var names = [UInt32](filling: mesh.positions.count) { names in
      names.base.initialize(repeating: 0, count: names.count)
    }
    corners = renamed.withUnsafeMutableBufferPointer { renamed in
      names.withUnsafeMutableBufferPointer { names in
        mesh.triangles.withUnsafeBufferPointer { triangles in
          [Triangle](filling: count) { corners in
            var next: UInt32 = 0
            for i in 0..<count {
              let t = triangles[Int(sorted[i])]
              for v in [t.a, t.b, t.c] where renamed[Int(v)] == .max {
                renamed[Int(v)] = next
                names[Int(next)] = v
                next += 1
              }
              corners[i] = Triangle(renamed[Int(t.a)], renamed[Int(t.b)], renamed[Int(t.c)])
            }
            used = Int(next)
          }
        }
      }
    }
    names.removeLast(names.count - used)
    triangles = sorted
    colors = mesh.colors.map { colors in sorted.map { colors.attributes[Int($0)] } }
    vertices = names
  }
}
