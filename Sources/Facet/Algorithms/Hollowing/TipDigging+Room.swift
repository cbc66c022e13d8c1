extension TipDigging {
  /// What a change adds, and what is between that and what it removes.
  struct Room {
    let change: Change
    fileprivate let added: [(triangle: Triangle, corners: Corners, box: Box)]
    fileprivate let swept: [Swept]
    /// Around the triangles that are removed and those that are added.
    let place: Box
  }

  fileprivate typealias Corners = (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)

  /// What is between a removed triangle and the vertex that takes its place.
  fileprivate struct Swept {
    var vertices: SIMD4<UInt32>
    var a: SIMD3<Float>
    var b: SIMD3<Float>
    var c: SIMD3<Float>
    var d: SIMD3<Float>
    var box: Box
    /// Which way it is turned; not 0.
    var side: Int

    /// Whether a point is inside or on the border.
    func holds(_ p: SIMD3<Float>) -> Bool {
      guard box.contains(p) else { return false }
      let other = 0 - side
      return orient3d(a, b, c, p) != other && orient3d(a, b, p, d) != other && orient3d(a, p, c, d) != other
        && orient3d(p, b, c, d) != other
    }
  }

  func room(of change: Change) -> Room {
    var place = Box.empty
    for t in change.removed { place.formUnion(box(mesh.triangles[Int(t)])) }
    let added = change.added.map { t in
      let p = corners(t, change)
      let box = Box(p.0, p.1, p.2)
      place.formUnion(box)
      return (triangle: t, corners: p, box: box)
    }
    return Room(change: change, added: added, swept: swept(by: change), place: place)
  }

  private func swept(by change: Change) -> [Swept] {
    let apex = change.point?.position ?? mesh.positions[Int(change.added[0].b)]
    let vertex = change.point == nil ? change.added[0].b : change.vertex
    // When an edge is turned, all is between the first triangle and the other's apex.
    return (change.point == nil ? [change.removed[0]] : change.removed).compactMap { i in
      let t = mesh.triangles[Int(i)]
      let (a, b, c) = corners(t)
      let side = orient3d(a, b, c, apex)
      if side == 0 { return nil }
      var box = Box(a, b, c)
      box.formUnion(apex)
      return Swept(
        vertices: SIMD4(t.a, t.b, t.c, vertex), a: a, b: b, c: c, d: apex, box: box, side: side)
    }
  }

  /// Whether the new triangles meet nothing, and nothing is between them and the old ones.
  func isFree(_ room: Room) -> Bool {
    for (i, s) in room.added.enumerated() {
      for t in room.added[..<i] where trianglesMeet(s.triangle, s.corners, t.triangle, t.corners) {
        return false
      }
    }
    return bins.allSatisfy(near: room.place, boxOf: { box(mesh.triangles[Int($0)]) }) { i, box in
      room.change.removed.contains(i) || isFree(room, of: mesh.triangles[Int(i)], box)
    }
  }

  /// Whether room that was free is free of some triangles that have been changed since, and still of use: those that
  /// are removed have to be as they were.
  func isFree(_ room: Room, ofChanged triangles: [UInt32]) -> Bool {
    triangles.allSatisfy { i in
      if room.change.removed.contains(i) { return false }
      let t = mesh.triangles[Int(i)]
      let box = box(t)
      return !box.intersects(room.place) || isFree(room, of: t, box)
    }
  }

  /// - Parameter t: One that stays.
  private func isFree(_ room: Room, of t: Triangle, _ box: Box) -> Bool {
    let p = corners(t)
    for other in room.added where other.box.intersects(box) {
      if trianglesMeet(other.triangle, other.corners, t, p) { return false }
    }
    // It may have the edge already that is made by turning one.
    let turned = room.added[0].triangle
    if room.change.point == nil, contains(t, turned.b), contains(t, turned.c) { return false }
    for space in room.swept where space.box.intersects(box) {
      for k in 0..<3 where !any(space.vertices .== t[k]) {
        if space.holds(mesh.positions[Int(t[k])]) { return false }
      }
    }
    return true
  }
}
