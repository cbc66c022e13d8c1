// Edges and corners of the input in cells that have no vertex, because all their nodes are inside or all outside:
// the vertex of a neighbouring cell strays there, if it has no edge in its own cell.
//
// What is proven of vertices inside their cells does not hold for strays. Their quads are tested exactly against
// everything near, and when one crosses anything its strays go back into their cells first.

/// A vertex outside its own cell.
struct Stray: BitwiseCopyable, Sendable {
  var vertex: UInt32
  /// The cell without a vertex that it is in, beside its own.
  var cell: UInt32
  /// From the center of its own cell, mm.
  var offset: SIMD3<Float>
  /// The triangles of the input whose planes meet there; at an edge one of them twice.
  var triangles: SIMD3<UInt32>
}

extension CellPlacer {
  /// Planes that differ by less, 25°, form an edge that hardly shows when it is cut off.
  static let sharp: Float = 0.906

  /// Adds where the vertex of a cell could stray to: edges and corners in cells beside it that are not mixed.
  func addStrays(
    _ vertex: Int, _ block: Int, _ x: Int, _ y: Int, _ z: Int, _ scratch: Scratch, _ strays: inout [Stray]
  ) {
    let lattice = contour.lattice
    for direction in 0..<27 {
      let (dx, dy, dz) = (direction % 3 - 1, direction / 3 % 3 - 1, direction / 9 - 1)
      // Beside it and beyond its edges: the cells around an edge of the lattice are those of a quad.
      guard dx * dx + dy * dy + dz * dz <= 2 else { continue }
      let cell = lattice.resolve(block, x &+ dx, y &+ dy, z &+ dz)
      guard cell.block >= 0, lattice.vertexIfMixed(cell.block, cell.local) == nil else { continue }
      let middle = SIMD3(Float(dx), Float(dy), Float(dz)) * voxel
      guard let found = feature(scratch, about: middle, flattest: CellPlacer.sharp, isLoose: true)
      else { continue }
      strays.append(
        Stray(
          vertex: UInt32(vertex), cell: ContourLattice.code(cell.block, cell.local),
          offset: clamped(found.point, about: middle), triangles: found.triangles))
    }
  }

  /// Whether two planes near the cell could form an edge that shows.
  func hasSharpPair(_ scratch: Scratch) -> Bool {
    for i in 1..<max(1, scratch.count) {
      for j in 0..<i where dot(scratch.candidates[i].normal, scratch.candidates[j].normal) < CellPlacer.sharp
      {
        return true
      }
    }
    return false
  }
}

extension Contour {
  /// Lets vertices stray: of all that could go into a cell the nearest one, and each into one cell.
  func letStray(_ candidates: [Stray]) {
    func way(_ stray: Stray) -> Float { dot(stray.offset, stray.offset) }
    var (vertices, cells): (Set<UInt32>, Set<UInt32>) = ([], [])
    var chosen: [Stray] = []
    let ordered = candidates.sorted { (way($0), $0.vertex, $0.cell) < (way($1), $1.vertex, $1.cell) }
    for stray in ordered where !vertices.contains(stray.vertex) && !cells.contains(stray.cell) {
      vertices.insert(stray.vertex)
      cells.insert(stray.cell)
      chosen.append(stray)
    }
    strays = chosen.sorted { $0.vertex < $1.vertex }
    for stray in strays {
      levels[Int(stray.vertex)] = Contour.astray
      move(Int(stray.vertex))
    }
  }

  /// The stray of a vertex that is one.
  func stray(_ vertex: UInt32) -> Stray {
    var (low, high) = (0, strays.count)
    while low < high {
      let middle = (low + high) / 2
      if strays[middle].vertex < vertex { low = middle + 1 } else { high = middle }
    }
    return strays[low]
  }

  @inline(__always)
  func isAstray(_ vertex: UInt32) -> Bool { levels[Int(vertex)] == Contour.astray }

  /// Whether a quad has a vertex outside its cell.
  @inline(__always)
  func hasStray(_ quad: Int) -> Bool {
    let q = quads[quad]
    return isAstray(q.x) || isAstray(q.y) || isAstray(q.z) || isAstray(q.w)
  }

  /// The quads with vertices outside their cells, ascending.
  ///
  /// - Parameter vertices: nil for all quads; else those within a block of these vertices, farther than a quad reaches,
  ///   are enough.
  func quadsOfStrays(near vertices: Set<UInt32>? = nil) -> [UInt32] {
    var quads: Set<UInt32> = []
    var isNear: [Bool] = []
    if let vertices {
      isNear = [Bool](repeating: false, count: lattice.blockCount)
      for v in vertices {
        let block = Int(cellOf[Int(v)] >> 9)
        for direction in 0..<27 {
          let other = lattice.neighbours[block * 27 + direction]
          if other >= 0 { isNear[Int(other)] = true }
        }
      }
    }
    for stray in strays where isAstray(stray.vertex) {
      if vertices != nil && !isNear[Int(cellOf[Int(stray.vertex)] >> 9)] { continue }
      lattice.forEachQuad(aroundCell: cellOf[Int(stray.vertex)]) { quads.insert($0) }
    }
    return quads.sorted()
  }

  /// Calls `body` with all quads that come near a quad's box, itself among them, each once.
  func forEachQuad(near quad: Int, _ body: (UInt32) -> Void) {
    let q = quads[quad]
    let (block, x, y, z) = lattice.place(edgeOf[quad] >> 2)
    let (a, b, c, d) = (positions[Int(q.x)], positions[Int(q.y)], positions[Int(q.z)], positions[Int(q.w)])
    let low = SIMD3<Double>(lesser(lesser(a, b), lesser(c, d)))
    let high = SIMD3<Double>(greater(greater(a, b), greater(c, d)))
    let base = lattice.coordinates[block]
    let node =
      lattice.origin + lattice.voxel * SIMD3<Double>(base &* 8 &+ SIMD3(Int32(x), Int32(y), Int32(z)))
    // A quad's vertices are at most one cell away from its four cells.
    func cells(_ axis: Int) -> (Int, Int) {
      let from = ((low[axis] - node[axis]) / lattice.voxel - 1e-3).rounded(.down)
      let to = ((high[axis] - node[axis]) / lattice.voxel + 1e-3).rounded(.down)
      return (Int(max(from, -3)) - 1, Int(min(to, 3)) + 1)
    }
    let (cx, cy, cz) = (cells(0), cells(1), cells(2))
    for k in cz.0...cz.1 + 1 {
      for j in cy.0...cy.1 + 1 {
        for i in cx.0...cx.1 + 1 {
          // Around an edge cells begin at its node and, across the edge, one earlier.
          if i <= cx.1, let other = lattice.quad(block, x &+ i, y &+ j, z &+ k, axis: 0) { body(other) }
          if j <= cy.1, let other = lattice.quad(block, x &+ i, y &+ j, z &+ k, axis: 1) { body(other) }
          if k <= cz.1, let other = lattice.quad(block, x &+ i, y &+ j, z &+ k, axis: 2) { body(other) }
        }
      }
    }
  }
}
