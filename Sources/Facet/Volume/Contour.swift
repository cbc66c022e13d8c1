/// The surface of a lattice's inside nodes while it is shaped: vertices that move within their cells, a few of
/// them into cells beside theirs (``Stray``), and quads that are cut into triangles.
final class Contour: @unchecked Sendable {
  let lattice: ContourLattice
  let vertexCount: Int
  let quadCount: Int
  /// The cell of each vertex, see ``ContourLattice/code(_:_:)``.
  let cellOf: UnsafeMutablePointer<UInt32>
  /// Where each vertex is to be, from the center of its cell, mm.
  let offsets: UnsafeMutablePointer<SIMD3<Float>>
  /// How far it is held back, see ``share(level:)``.
  let levels: UnsafeMutablePointer<UInt8>
  /// A triangle of the input that each vertex was placed by, with ``CellPlacer/besideSheet``; `.max` for none.
  let sources: UnsafeMutablePointer<UInt32>
  /// Vertices that were to leave their cells, ascending.
  var strays: [Stray] = []
  /// Where it is. Strictly inside its cell, unless it is ``astray``.
  let positions: UnsafeMutablePointer<SIMD3<Float>>
  /// The vertices around each quad's edge, counter-clockwise seen from its upper end, least cell first.
  let quads: UnsafeMutablePointer<SIMD4<UInt32>>
  /// The edge of each quad: its lower node and its axis, see ``edge(_:)``.
  let edgeOf: UnsafeMutablePointer<UInt32>
  /// ``isTurned``, ``isCutAcross`` and ``isRecut``.
  let cuts: UnsafeMutablePointer<UInt8>

  /// The edge's lower end is outside: the surface faces down.
  static let isTurned: UInt8 = 1
  /// Cut from the second to the fourth vertex, not from the first to the third.
  static let isCutAcross: UInt8 = 2
  /// Not cut as was best, because that crossed something.
  static let isRecut: UInt8 = 4
  /// The level at which a vertex is at its cell's center.
  static let lastLevel: UInt8 = 3
  /// The level of a vertex that is outside its cell.
  static let astray = UInt8.max

  init(_ lattice: ContourLattice, _ run: RunContext) throws(MeshError) {
    self.lattice = lattice
    vertexCount = lattice.vertexCount
    quadCount = lattice.quadCount
    cellOf = .allocate(capacity: vertexCount)
    offsets = .allocate(capacity: vertexCount)
    levels = .allocate(capacity: vertexCount)
    sources = .allocate(capacity: vertexCount)
    positions = .allocate(capacity: vertexCount)
    quads = .allocate(capacity: quadCount)
    edgeOf = .allocate(capacity: quadCount)
    cuts = .allocate(capacity: quadCount)
    levels.initialize(repeating: 0, count: vertexCount)
    sources.initialize(repeating: .max, count: vertexCount)
    try run.forEachChunk(of: lattice.blockCount, size: 64) { _, range in
      for block in range {
        nameCells(block)
        joinQuads(block)
      }
    }
  }

  deinit {
    cellOf.deallocate()
    offsets.deallocate()
    levels.deallocate()
    sources.deallocate()
    positions.deallocate()
    quads.deallocate()
    edgeOf.deallocate()
    cuts.deallocate()
  }

  /// What a contour and the mesh made of it take.
  static func bytes(_ lattice: ContourLattice) -> Int {
    lattice.vertexCount * (4 + 16 + 1 + 4 + 16 + 16) + lattice.quadCount * (16 + 4 + 1 + 24)
  }

  private func nameCells(_ block: Int) {
    for z in 0..<8 {
      var bits = lattice.cells[block &* 8 &+ z]
      var vertex = Int(lattice.cellStart[block &* 8 &+ z])
      while bits != 0 {
        cellOf[vertex] = ContourLattice.code(block, z &* 64 &+ bits.trailingZeroBitCount)
        bits &= bits &- 1
        vertex &+= 1
      }
    }
  }

  private func joinQuads(_ block: Int) {
    for axis in 0..<3 {
      let (first, second) = ContourLattice.across(axis)
      for z in 0..<8 {
        let plane = block &* 24 &+ axis &* 8 &+ z
        var bits = lattice.edges[plane]
        let inside = lattice.inside[block &* 8 &+ z]
        var quad = Int(lattice.edgeStart[plane])
        while bits != 0 {
          let bit = bits.trailingZeroBitCount
          bits &= bits &- 1
          let (x, y) = (bit & 7, bit >> 3)
          @inline(__always)
          func vertex(_ u: Int, _ v: Int) -> UInt32 {
            let cell = lattice.resolve(
              block, x &- u &* first.x &- v &* second.x, y &- u &* first.y &- v &* second.y,
              z &- u &* first.z &- v &* second.z)
            return lattice.vertex(cell.block, cell.local)
          }
          quads[quad] = SIMD4(vertex(1, 1), vertex(0, 1), vertex(0, 0), vertex(1, 0))
          edgeOf[quad] =
            ContourLattice.code(block, z &* 64 &+ bit) &* 4 &+ UInt32(truncatingIfNeeded: axis)
          cuts[quad] = inside &>> UInt64(bit) & 1 != 0 ? 0 : Contour.isTurned
          quad &+= 1
        }
      }
    }
  }

  // MARK: Vertices

  /// The share of its way that a vertex goes.
  @inline(__always)
  static func share(level: UInt8) -> Float {
    level == 0 ? 1 : level == 1 ? 0.5 : level == 2 ? 0.25 : 0
  }

  /// Puts a vertex where its offset and level want it.
  func move(_ vertex: Int) {
    let cell = lattice.cell(cellOf[vertex])
    let level = levels[vertex]
    if level >= Contour.lastLevel {
      positions[vertex] =
        level == Contour.astray ? cell.center + stray(UInt32(vertex)).offset : cell.center
      return
    }
    let wanted =
      level == 0 ? cell.center + offsets[vertex] : cell.center + offsets[vertex] * Contour.share(level: level)
    let margin = SIMD3(repeating: lattice.margin)
    positions[vertex] = lesser(greater(wanted, cell.low + margin), cell.high - margin)
  }

  // MARK: Quads

  /// The quad's triangles, facing outward.
  @inline(__always)
  func triangles(_ quad: Int) -> (Triangle, Triangle) { triangles(quad, cuts[quad]) }

  /// Its triangles if it were cut like this.
  @inline(__always)
  func triangles(_ quad: Int, _ cut: UInt8) -> (Triangle, Triangle) {
    var q = quads[quad]
    if cut & Contour.isCutAcross != 0 { q = SIMD4(q.y, q.z, q.w, q.x) }
    return cut & Contour.isTurned != 0
      ? (Triangle(q.x, q.z, q.y), Triangle(q.x, q.w, q.z))
      : (Triangle(q.x, q.y, q.z), Triangle(q.x, q.z, q.w))
  }

  /// Everything as a mesh.
  func mesh(_ run: RunContext) throws(MeshError) -> Mesh {
    let positions = try [SIMD3<Float>](filling: vertexCount) { (out) throws(MeshError) in
      try run.forEachChunk(of: vertexCount, size: 1 << 16) { _, range in
        for v in range { out[v] = self.positions[v] }
      }
    }
    let triangles = try [Triangle](filling: quadCount * 2) { (out) throws(MeshError) in
      try run.forEachChunk(of: quadCount, size: 1 << 15) { _, range in
        for q in range { (out[2 * q], out[2 * q + 1]) = self.triangles(q) }
      }
    }
    return Mesh(unchecked: positions, triangles: triangles)
  }
}

extension ContourLattice {
  /// The steps along the two axes after `axis`, in cyclic order.
  @inline(__always)
  static func across(_ axis: Int) -> (first: (x: Int, y: Int, z: Int), second: (x: Int, y: Int, z: Int)) {
    switch axis {
    case 0: ((0, 1, 0), (0, 0, 1))
    case 1: ((0, 0, 1), (1, 0, 0))
    default: ((1, 0, 0), (0, 1, 0))
    }
  }
}
