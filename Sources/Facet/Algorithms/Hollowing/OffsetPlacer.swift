/// Puts the vertices of a contour onto the surface at a distance from the part.
///
/// Seen from a point there, the surface is about the plane through it across the way to the nearest point of the part
/// (Kobbelt, Botsch, Schwanecke and Seidel, "Feature sensitive surface extraction from volume data", 2001). A vertex goes
/// to the nearest point of that plane in its cell, looks again and corrects. Where the nodes around look to the part in
/// different directions, fronts meet: there it goes to the edge or the corner that their planes form.
struct OffsetPlacer: @unchecked Sendable {
  let contour: Contour
  let surface: CavitySurface
  /// Of the field's nodes, of which the lattice's first blocks are.
  let nearest: UnsafePointer<UInt32>
  let fieldBlocks: Int
  /// See ``OffsetField/clearances``.
  let clearances: UnsafePointer<Float>?
  /// For each vertex its distance from the part.
  let distances: UnsafeMutablePointer<Float>

  /// Vertices stay this far inside their cells, in voxels.
  static let reach: Float = 0.49
  /// Normals that differ by less form no edge: cos 18°.
  private static let flat: Float = 0.95
  /// Normals that differ by more are not of one smooth surface: cos 26°.
  private static let smooth: Float = 0.9
  /// Three normals span at least this volume when their planes form a corner.
  private static let leastCorner: Float = 0.1
  /// How far from the level a place may be to count as upon an edge or in a corner, in voxels.
  private static let onEdge: Float = 0.05
  /// …and to be good enough on smooth places.
  private static let onSurface: Float = 1e-4

  private var voxel: Float { surface.voxel }

  /// What a thread needs.
  final class Scratch {
    fileprivate let scene: PartScene.Scratch
    /// Of a cell's nodes.
    fileprivate let fronts: Fronts

    init(_ scene: PartScene) {
      self.scene = PartScene.Scratch(scene)
      fronts = .allocate(capacity: 8)
    }

    deinit { fronts.deallocate() }
  }

  fileprivate typealias Fronts = UnsafeMutablePointer<Front>

  /// A plane of the surface, seen from the cell's center.
  fileprivate struct Front: BitwiseCopyable {
    var normal = SIMD3<Float>.zero
    var height: Float = 0
    /// From where it was seen.
    var place = SIMD3<Float>.zero
    var isLattice = false
  }

  /// Where a vertex could leave its cell for an edge or corner is added to `strays`.
  ///
  /// - Returns: Whether the part is flat there.
  func place(_ vertex: Int, _ scratch: Scratch, _ strays: inout [Stray]) -> Bool {
    let code = contour.cellOf[vertex]
    let lattice = contour.lattice
    let (block, x, y, z) = lattice.place(code)
    let center = lattice.cell(code).center
    let clearance = block < fieldBlocks ? clearances?[block] ?? 0 : 0
    let view = View(center: center, clearance: clearance, scratch: scratch.scene)
    let fronts = scratch.fronts
    var count = 0
    var hint = UInt32.max
    // The one of the material closest to the surface.
    var (first, deepest) = (0, -Float.infinity)
    for corner in 0..<8 {
      let node = lattice.resolve(block, x &+ corner & 1, y &+ corner >> 1 & 1, z &+ corner >> 2)
      guard node.block >= 0, node.block < fieldBlocks else { continue }
      let triangle = nearest[node.block &* 512 &+ node.local]
      let place =
        SIMD3<Float>(
          corner & 1 == 0 ? -0.5 : 0.5, corner & 2 == 0 ? -0.5 : 0.5, corner & 4 == 0 ? -0.5 : 0.5) * voxel
      guard
        let sight = surface.sight(
          from: center + place, closest: triangle, isClear: clearances?[node.block] ?? 0 > 0)
      else { continue }
      fronts[count] = front(at: place, sight)
      let depth = dot(fronts[count].normal, place) - fronts[count].height
      // Below the surface the nearest to it; else, above it, again.
      let rank = depth < 0 ? depth : -2 * voxel - depth
      if rank > deepest {
        (first, deepest) = (count, rank)
        hint = triangle
      }
      count += 1
    }
    if count == 0 {
      let middle = sight(view, .zero, .max)
      fronts[0] = front(at: .zero, middle)
      (hint, count) = (middle.triangle, 1)
    }
    var isFlat = true
    for i in 1..<max(count, 1) {
      for j in 0..<i where dot(fronts[i].normal, fronts[j].normal) < OffsetPlacer.flat { isFlat = false }
    }
    if !isFlat {
      if onEdge(vertex, view, fronts, count, hint) { return false }
      addStrays(vertex, code, view, fronts, count, hint, &strays)
    }
    // The surface here is the one before the material around, not one across the cavity.
    var mean = Front()
    var middle = SIMD3<Float>.zero
    var alike: Float = 0
    var isOnePlane = true
    for i in 0..<count where dot(fronts[i].normal, fronts[first].normal) > OffsetPlacer.smooth {
      mean.normal += fronts[i].normal
      mean.height += fronts[i].height
      middle += fronts[i].place
      alike += 1
      if dot(fronts[i].normal, fronts[first].normal) < OffsetRefinement.flat { isOnePlane = false }
    }
    let size = length(mean.normal)
    mean = Front(normal: mean.normal / size, height: mean.height / size)
    middle /= alike
    var deeper: Float = 0
    if fronts[first].isLattice {
      deeper = latticeSag(mean.normal, middle, fronts, count, first)
      isOnePlane = false
    } else if !isOnePlane {
      var bend: Float = 0
      for i in 0..<count where dot(fronts[i].normal, fronts[first].normal) > OffsetPlacer.smooth {
        let aside = fronts[i].place - middle - mean.normal * dot(mean.normal, fronts[i].place - middle)
        bend = max(
          bend, dot(fronts[i].normal - mean.normal, aside) / max(dot(aside, aside), 0.05 * voxel * voxel))
      }
      deeper = OffsetRefinement.sag(bend, voxel: voxel, level: surface.level)
    }
    smooth(vertex, view, mean, deeper, hint)
    return isOnePlane
  }

  /// How far vertices have to be outside of a lattice's walls for the facets between them to be upon them on average,
  /// mm: on a quad of a voxel's width the surface rises by a twelfth of its square times both curvatures.
  private func latticeSag(
    _ normal: SIMD3<Float>, _ middle: SIMD3<Float>, _ fronts: Fronts, _ count: Int, _ first: Int
  ) -> Float {
    var (turn, squares) = (Float(0), Float(0))
    for i in 0..<count where dot(fronts[i].normal, fronts[first].normal) > OffsetPlacer.smooth {
      let away = fronts[i].place - middle
      let aside = away - normal * dot(normal, away)
      turn += dot(fronts[i].normal - normal, aside)
      squares += dot(aside, aside)
    }
    guard squares > 0.1 * voxel * voxel else { return 0 }
    return max(-0.1, min(turn / squares * voxel / 6, 0.1)) * voxel
  }

  /// From where a vertex looks.
  private struct View {
    /// Of its cell.
    let center: SIMD3<Float>
    let clearance: Float
    let scratch: PartScene.Scratch
  }

  @inline(__always)
  private func sight(_ view: View, _ place: SIMD3<Float>, _ hint: UInt32) -> CavitySurface.Sight {
    surface.sight(from: view.center + place, hint: hint, clearance: view.clearance, view.scratch)
  }

  /// The plane of the surface nearest to a place.
  @inline(__always)
  private func front(at place: SIMD3<Float>, _ sight: CavitySurface.Sight) -> Front {
    let normal = sight.way * (-1 / max(sight.distance, .leastNormalMagnitude))
    return Front(
      normal: normal, height: dot(normal, place) - sight.depth, place: place, isLattice: sight.isLattice)
  }

  /// - Parameter deeper: Than the surface the vertex is to be, mm.
  private func smooth(_ vertex: Int, _ view: View, _ first: Front, _ deeper: Float, _ triangle: UInt32) {
    var place = nearest(Front(normal: first.normal, height: first.height + deeper))
    // First before what is probably the nearest: to ask for that takes most of the time.
    for _ in 0..<2 where surface.lattice == nil {
      guard let sight = surface.sight(from: view.center + place, closest: triangle, isClear: false),
        abs(sight.depth - deeper) > OffsetPlacer.onSurface * voxel
      else { break }
      let plane = front(at: place, sight)
      place = nearest(Front(normal: plane.normal, height: plane.height + deeper))
    }
    var found = sight(view, place, triangle)
    for _ in 0..<3 {
      // A little too deep does not matter; too near does.
      let error = found.depth - deeper
      if error >= -OffsetPlacer.onSurface * voxel && error < 40 * OffsetPlacer.onSurface * voxel { break }
      let plane = front(at: place, found)
      let next = nearest(Front(normal: plane.normal, height: plane.height + deeper))
      let way = next - place
      if dot(way, way) < 1e-8 * voxel * voxel { break }
      let better = sight(view, next, found.triangle)
      // Where fronts meet, one might go to and fro.
      if abs(better.depth - deeper) >= abs(error) { break }
      place = next
      found = better
    }
    set(vertex, place, found)
  }

  private func set(_ vertex: Int, _ place: SIMD3<Float>, _ found: CavitySurface.Sight) {
    contour.offsets[vertex] = place
    contour.sources[vertex] = found.triangle
    distances[vertex] = found.wall
  }

  /// The point of a plane in the cell that is nearest to its center, or, where the plane passes by, the point of the
  /// cell nearest to it.
  @inline(__always)
  private func nearest(_ front: Front) -> SIMD3<Float> {
    nearestInCube(half: OffsetPlacer.reach * voxel, front.normal, front.height)
  }

  /// Puts the vertex into the corner or onto the edge of the most different fronts, if that is in the cell and indeed
  /// on the surface.
  private func onEdge(
    _ vertex: Int, _ view: View, _ fronts: Fronts, _ count: Int, _ hint: UInt32
  ) -> Bool {
    guard let (place, found) = feature(view, fronts, count, about: .zero, hint) else {
      return false
    }
    set(vertex, place, found)
    return true
  }

  /// Adds edges and corners in cells beside the vertex's that have no vertex of their own.
  private func addStrays(
    _ vertex: Int, _ code: UInt32, _ view: View, _ fronts: Fronts, _ count: Int,
    _ hint: UInt32, _ strays: inout [Stray]
  ) {
    let lattice = contour.lattice
    let (block, x, y, z) = lattice.place(code)
    for direction in 0..<27 {
      let (dx, dy, dz) = (direction % 3 - 1, direction / 3 % 3 - 1, direction / 9 - 1)
      // Beside it and beyond its edges: the cells around an edge of the lattice are those of a quad.
      guard direction != 13, dx * dx + dy * dy + dz * dz <= 2 else { continue }
      let cell = lattice.resolve(block, x &+ dx, y &+ dy, z &+ dz)
      guard cell.block >= 0, lattice.vertexIfMixed(cell.block, cell.local) == nil else { continue }
      let middle = SIMD3(Float(dx), Float(dy), Float(dz)) * voxel
      guard let (place, found) = feature(view, fronts, count, about: middle, hint) else {
        continue
      }
      strays.append(
        Stray(
          vertex: UInt32(vertex), cell: ContourLattice.code(cell.block, cell.local), offset: place,
          triangles: SIMD3(repeating: found.triangle)))
    }
  }

  /// The corner, or else the edge, of the most different fronts that is in a cell and indeed on the surface; of the
  /// vertex's own cell also the place in it that is nearest to one just outside.
  ///
  /// - Parameter middle: Of the cell, seen from the center of the vertex's own.
  private func feature(
    _ view: View, _ fronts: Fronts, _ count: Int, about middle: SIMD3<Float>, _ hint: UInt32
  ) -> (place: SIMD3<Float>, found: CavitySurface.Sight)? {
    var corner: (place: SIMD3<Float>, volume: Float)?
    var edge: (place: SIMD3<Float>, cosine: Float)?
    let within: Float = all(middle .== .zero) ? 0.75 : 0.5
    for i in 0..<count {
      for j in i + 1..<max(count, i + 1) {
        let cosine = dot(fronts[i].normal, fronts[j].normal)
        guard cosine < OffsetPlacer.flat, cosine > -0.999 else { continue }
        // Fronts that part from each other meet behind the surface.
        let apart = dot(fronts[i].normal - fronts[j].normal, fronts[i].place - fronts[j].place)
        guard apart < 0 else { continue }
        let along = cross(fronts[i].normal, fronts[j].normal)
        for k in j + 1..<max(count, j + 1) {
          let volume = dot(along, fronts[k].normal)
          guard abs(volume) > max(OffsetPlacer.leastCorner, corner?.volume ?? 0) else { continue }
          let place =
            (fronts[i].height * cross(fronts[j].normal, fronts[k].normal)
              + fronts[j].height * cross(fronts[k].normal, fronts[i].normal) + fronts[k].height * along)
            / volume
          if isInCell(place - middle, within: within) { corner = (place, abs(volume)) }
        }
        guard cosine < edge?.cosine ?? 1 else { continue }
        if let place = edgePlace(fronts[i], fronts[j], cosine, along, middle, within) {
          edge = (place, cosine)
        }
      }
    }
    for place in [corner?.place, edge?.place] {
      guard let place else { continue }
      var inCell = clamped(place - middle) + middle
      var found = sight(view, inCell, hint)
      guard abs(found.depth) <= OffsetPlacer.onEdge * voxel else { continue }
      // Beyond the part the distance is the same, but from the other side.
      let side = front(at: inCell, found).normal
      var isAlike = false
      for i in 0..<count where dot(fronts[i].normal, side) > 0.7 { isAlike = true }
      guard isAlike else { continue }
      // Where the part bends, planes are not all of it: out of the way of whichever is too near.
      for _ in 0..<4 where found.depth < 0 {
        let deeper = inCell + front(at: inCell, found).normal * (-1.01 * found.depth)
        inCell = clamped(deeper - middle) + middle
        found = sight(view, inCell, found.triangle)
      }
      return (inCell, found)
    }
    return nil
  }

  /// The point of the line common to two planes that is nearest to the cell's middle, of those in the cell.
  private func edgePlace(
    _ p: Front, _ q: Front, _ cosine: Float, _ along: SIMD3<Float>, _ middle: SIMD3<Float>, _ within: Float
  ) -> SIMD3<Float>? {
    let scale = 1 / (1 - cosine * cosine)
    let direction = along.normalized
    var base =
      p.normal * ((p.height - cosine * q.height) * scale) + q.normal
      * ((q.height - cosine * p.height) * scale)
    base += direction * dot(direction, middle) - middle
    var (first, last) = (-Float.infinity, Float.infinity)
    let half = within * voxel
    for axis in 0..<3 {
      if abs(direction[axis]) < 1e-6 {
        if abs(base[axis]) > half { return nil }
        continue
      }
      let (a, b) = ((-half - base[axis]) / direction[axis], (half - base[axis]) / direction[axis])
      first = max(first, min(a, b))
      last = min(last, max(a, b))
    }
    return first <= last ? base + direction * max(first, min(last, 0)) + middle : nil
  }

  @inline(__always)
  private func isInCell(_ p: SIMD3<Float>, within: Float) -> Bool {
    max(abs(p.x), max(abs(p.y), abs(p.z))) <= within * voxel
  }

  @inline(__always)
  private func clamped(_ p: SIMD3<Float>) -> SIMD3<Float> {
    let limit = SIMD3(repeating: OffsetPlacer.reach * voxel)
    return lesser(greater(p, SIMD3<Float>.zero - limit), limit)
  }
}
