/// Puts the vertices of a contour onto the surface at a distance from the part.
///
/// Seen from a point there, the surface is about the plane through it across the way to the nearest point of the part
/// (Kobbelt, Botsch, Schwanecke and Seidel, "Feature sensitive surface extraction from volume data", 2001). A vertex goes
/// to the nearest point of that plane in its cell, looks again and corrects. Where the nodes around look to the part in
/// different directions, fronts meet: there it goes to the edge or the corner that their planes form.
struct OffsetPlacer: @unchecked Sendable {
  let contour: Contour
  let scene: PartScene
  /// Of the field's nodes, of which the lattice's first blocks are.
  let nearest: UnsafePointer<UInt32>
  let fieldBlocks: Int
  let level: Float
  let voxel: Float
  /// For each vertex its distance from the part.
  let distances: UnsafeMutablePointer<Float>

  /// Vertices stay this far inside their cells, in voxels.
  static let reach: Float = 0.49
  /// Normals that differ by less form no edge: cos 18°.
  private static let flat: Float = 0.95
  /// Three normals span at least this volume when their planes form a corner.
  private static let leastCorner: Float = 0.1
  /// How far from the level a place may be to count as upon an edge or in a corner, in voxels.
  private static let onEdge: Float = 0.05
  /// …and to be good enough on smooth places.
  private static let onSurface: Float = 1e-4

  /// A plane of the surface, seen from the cell's center.
  private struct Front: BitwiseCopyable {
    var normal = SIMD3<Float>.zero
    var height: Float = 0
  }

  func place(_ vertex: Int, _ scratch: PartScene.Scratch) {
    let code = contour.cellOf[vertex]
    let lattice = contour.lattice
    let (block, x, y, z) = lattice.place(code)
    let center = lattice.cell(code).center
    var fronts = InlineArray<9, Front>(repeating: Front())
    var count = 0
    var hint = UInt32.max
    var last = UInt32.max
    var isFlat = true
    for corner in 0..<8 {
      let node = lattice.resolve(block, x &+ corner & 1, y &+ corner >> 1 & 1, z &+ corner >> 2)
      guard node.block >= 0, node.block < fieldBlocks else { continue }
      let triangle = nearest[node.block &* 512 &+ node.local]
      if triangle == .max { continue }
      hint = triangle
      let offset =
        SIMD3<Float>(
          corner & 1 == 0 ? -0.5 : 0.5, corner & 2 == 0 ? -0.5 : 0.5, corner & 4 == 0 ? -0.5 : 0.5) * voxel
      let way = scene.offset(from: center + offset, to: triangle)
      let front = self.front(at: offset, way)
      // Often the same one again.
      if triangle == last, count > 0, dot(front.normal, fronts[count - 1].normal) > 0.99999 { continue }
      last = triangle
      for i in 0..<count where dot(front.normal, fronts[i].normal) < OffsetPlacer.flat { isFlat = false }
      fronts[count] = front
      count += 1
    }
    let middle = scene.nearest(to: center, hint: hint, scratch)
    let first = front(at: .zero, middle.offset)
    for i in 0..<count where dot(first.normal, fronts[i].normal) < OffsetPlacer.flat { isFlat = false }
    fronts[count] = first
    count += 1
    if !isFlat, onEdge(vertex, center, fronts, count, middle.triangle, scratch) { return }
    smooth(vertex, center, first, middle.triangle, scratch)
  }

  /// The plane of the surface nearest to a place, from where the part's nearest point is `way` away.
  @inline(__always)
  private func front(at place: SIMD3<Float>, _ way: SIMD3<Float>) -> Front {
    let distance = length(way)
    let normal = way * (-1 / max(distance, .leastNormalMagnitude))
    return Front(normal: normal, height: dot(normal, place) + level - distance)
  }

  private func smooth(
    _ vertex: Int, _ center: SIMD3<Float>, _ first: Front, _ triangle: UInt32, _ scratch: PartScene.Scratch
  ) {
    var place = nearest(first)
    var found = scene.nearest(to: center + place, hint: triangle, scratch)
    for _ in 0..<3 {
      let distance = found.squared.squareRoot()
      if abs(distance - level) <= OffsetPlacer.onSurface * voxel { break }
      let next = nearest(front(at: place, found.offset))
      let way = next - place
      if dot(way, way) < 1e-8 * voxel * voxel { break }
      let better = scene.nearest(to: center + next, hint: found.triangle, scratch)
      // Where fronts meet, one might go to and fro.
      if abs(better.squared.squareRoot() - level) >= abs(distance - level) { break }
      place = next
      found = better
    }
    set(vertex, place, found)
  }

  private func set(_ vertex: Int, _ place: SIMD3<Float>, _ found: NearestPoint) {
    contour.offsets[vertex] = place
    contour.sources[vertex] = found.triangle
    distances[vertex] = found.squared.squareRoot()
  }

  /// The point of a plane in the cell that is nearest to its center, or, where the plane passes by, the point of the
  /// cell nearest to it.
  @inline(__always)
  private func nearest(_ front: Front) -> SIMD3<Float> {
    let half = OffsetPlacer.reach * voxel
    var point = SIMD3<Float>.zero
    var isFree = SIMD3<Float>(repeating: 1)
    var left = front.height
    // Some way along the normal; coordinates that leave the cell stay at its side, and the others go farther.
    for _ in 0..<3 {
      let free = front.normal * isFree
      let squared = dot(free, free)
      if squared < 1e-12 { break }
      let way = left / squared
      var isDone = true
      for axis in 0..<3 where isFree[axis] != 0 {
        let p = free[axis] * way
        point[axis] = max(-half, min(p, half))
        if abs(p) > half {
          isFree[axis] = 0
          left -= front.normal[axis] * point[axis]
          isDone = false
        }
      }
      if isDone { break }
    }
    return point
  }

  /// Puts the vertex into the corner or onto the edge of the most different fronts, if that is in the cell and indeed
  /// on the surface.
  private func onEdge(
    _ vertex: Int, _ center: SIMD3<Float>, _ fronts: InlineArray<9, Front>, _ count: Int, _ hint: UInt32,
    _ scratch: PartScene.Scratch
  ) -> Bool {
    var corner: (place: SIMD3<Float>, volume: Float)?
    var edge: (place: SIMD3<Float>, cosine: Float)?
    for i in 0..<count {
      for j in i + 1..<max(count, i + 1) {
        let cosine = dot(fronts[i].normal, fronts[j].normal)
        guard cosine < OffsetPlacer.flat else { continue }
        let along = cross(fronts[i].normal, fronts[j].normal)
        for k in j + 1..<max(count, j + 1) {
          let volume = dot(along, fronts[k].normal)
          guard abs(volume) > max(OffsetPlacer.leastCorner, corner?.volume ?? 0) else { continue }
          let place =
            (fronts[i].height * cross(fronts[j].normal, fronts[k].normal)
              + fronts[j].height * cross(fronts[k].normal, fronts[i].normal) + fronts[k].height * along)
            / volume
          if isInCell(place) { corner = (place, abs(volume)) }
        }
        guard cosine < edge?.cosine ?? 1 else { continue }
        if let place = edgePlace(fronts[i], fronts[j], cosine, along) { edge = (place, cosine) }
      }
    }
    for place in [corner?.place, edge?.place] {
      guard let place else { continue }
      let inCell = clamped(place)
      let found = scene.nearest(to: center + inCell, hint: hint, scratch)
      if abs(found.squared.squareRoot() - level) <= OffsetPlacer.onEdge * voxel {
        set(vertex, inCell, found)
        return true
      }
    }
    return false
  }

  /// The point of the line common to two planes that is nearest to the center, of those in the cell.
  private func edgePlace(_ p: Front, _ q: Front, _ cosine: Float, _ along: SIMD3<Float>) -> SIMD3<Float>? {
    let scale = 1 / (1 - cosine * cosine)
    let base =
      p.normal * ((p.height - cosine * q.height) * scale) + q.normal
      * ((q.height - cosine * p.height) * scale)
    let direction = along.normalized
    var (first, last) = (-Float.infinity, Float.infinity)
    let half = 0.5 * voxel
    for axis in 0..<3 {
      if abs(direction[axis]) < 1e-6 {
        if abs(base[axis]) > half { return nil }
        continue
      }
      let (a, b) = ((-half - base[axis]) / direction[axis], (half - base[axis]) / direction[axis])
      first = max(first, min(a, b))
      last = min(last, max(a, b))
    }
    return first <= last ? base + direction * max(first, min(last, 0)) : nil
  }

  @inline(__always)
  private func isInCell(_ p: SIMD3<Float>) -> Bool {
    max(abs(p.x), max(abs(p.y), abs(p.z))) <= 0.5 * voxel
  }

  @inline(__always)
  private func clamped(_ p: SIMD3<Float>) -> SIMD3<Float> {
    let limit = SIMD3(repeating: OffsetPlacer.reach * voxel)
    return lesser(greater(p, SIMD3<Float>.zero - limit), limit)
  }
}
