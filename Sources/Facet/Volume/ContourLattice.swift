/// The surface between inside and outside nodes, before it is placed: a vertex in each mixed cell, a quad
/// across each mixed edge of the lattice (Gibson, "Constrained elastic surface nets", 1998).
///
/// A cell is the cube between eight nodes, named by its least node. With well-composed labels each mixed cell's
/// inside nodes are connected along its edges, and so are its outside nodes; so the surface meets the cell in
/// one disc, and vertices and quads form a closed 2-manifold. With each vertex at its cell's center that is
/// the surface of a union of cubes around the inside nodes, which does not cross itself.
final class ContourLattice: @unchecked Sendable {
  // Written by the initializer only.
  let origin: SIMD3<Double>
  let voxel: Double
  let blockCount: Int
  let coordinates: UnsafeMutablePointer<SIMD3<Int32>>
  let inside: UnsafeMutablePointer<UInt64>
  let sheets: UnsafeMutablePointer<UInt64>
  let neighbours: UnsafeMutablePointer<Int32>
  /// Mixed cells, eight planes a block.
  let cells: UnsafeMutablePointer<UInt64>
  /// The first vertex of each plane of cells.
  let cellStart: UnsafeMutablePointer<UInt32>
  /// Mixed edges from their lower node on along x, y and z: three times eight planes a block.
  let edges: UnsafeMutablePointer<UInt64>
  /// The first quad of each plane of edges.
  let edgeStart: UnsafeMutablePointer<UInt32>
  /// Vertices keep at least this distance from their cells' sides, mm: above rounding.
  let margin: Float
  private(set) var vertexCount = 0
  private(set) var quadCount = 0

  init(_ labels: LabelBlocks, _ run: RunContext) throws(MeshError) {
    origin = SIMD3<Double>(labels.origin)
    voxel = Double(labels.voxel)
    let count = labels.count
    blockCount = count
    var reach = 0.0
    for c in labels.coordinates {
      for axis in 0..<3 {
        let start = origin[axis] + voxel * Double(c[axis]) * 8
        reach = max(reach, abs(start), abs(start + voxel * 9))
      }
    }
    margin = max(Float(voxel * 0.005), Float(reach * 0x1p-23))
    coordinates = .allocate(capacity: count)
    inside = .allocate(capacity: count * 8)
    sheets = .allocate(capacity: count * 8)
    neighbours = .allocate(capacity: count * 27)
    cells = .allocate(capacity: count * 8)
    cellStart = .allocate(capacity: count * 8)
    edges = .allocate(capacity: count * 24)
    edgeStart = .allocate(capacity: count * 24)
    copy(labels.coordinates, to: coordinates)
    copy(labels.inside, to: inside)
    copy(labels.sheets, to: sheets)
    copy(labels.neighbours, to: neighbours)
    try run.forEachChunk(of: count, size: 256) { _, range in
      for block in range { findMixed(block) }
    }
    var vertices = 0
    var quads = 0
    for plane in 0..<count * 8 {
      cellStart[plane] = UInt32(truncatingIfNeeded: vertices)
      vertices += cells[plane].nonzeroBitCount
    }
    for plane in 0..<count * 24 {
      edgeStart[plane] = UInt32(truncatingIfNeeded: quads)
      quads += edges[plane].nonzeroBitCount
    }
    vertexCount = vertices
    quadCount = quads
    guard quads * 2 <= Mesh.maximumTriangleCount, count < 1 << 21 else {
      throw .tooManyTriangles(count: quads * 2, limit: Mesh.maximumTriangleCount)
    }
  }

  deinit {
    coordinates.deallocate()
    inside.deallocate()
    sheets.deallocate()
    neighbours.deallocate()
    cells.deallocate()
    cellStart.deallocate()
    edges.deallocate()
    edgeStart.deallocate()
  }

  private func findMixed(_ block: Int) {
    var lower = plane(block, 0)
    for z in 0..<8 {
      let upper = plane(block, z + 1)
      cells[block * 8 + z] = (lower.any | upper.any) & ~(lower.all & upper.all)
      edges[block * 24 + z] = lower.here ^ lower.x
      edges[block * 24 + 8 + z] = lower.here ^ lower.y
      edges[block * 24 + 16 + z] = lower.here ^ upper.here
      lower = upper
    }
  }

  private func plane(_ block: Int, _ z: Int) -> BitPlane {
    @inline(__always)
    func word(_ direction: Int) -> UInt64 {
      let other = neighbours[block * 27 + (z >> 3) * 9 + direction]
      return other >= 0
        ? inside[Int(other) * 8 + z & 7] : other == LabelBlocks.absentInside ? ~0 : 0
    }
    return BitPlane(word(13), nextX: word(14), nextY: word(16), nextXY: word(17))
  }

  /// What this takes.
  var bytes: Int { blockCount * (16 + 3 * 64 + 27 * 4 + 32 + 3 * 96) }

  // MARK: Finding things

  /// A node or cell as one number.
  @inline(__always)
  static func code(_ block: Int, _ local: Int) -> UInt32 { UInt32(truncatingIfNeeded: block &* 512 &+ local) }

  /// The block and the number there of a node or cell with these coordinates in `block`, -8 to 15.
  @inline(__always)
  func resolve(_ block: Int, _ x: Int, _ y: Int, _ z: Int) -> (block: Int, local: Int) {
    let local = (z & 7) &* 64 &+ (y & 7) &* 8 &+ (x & 7)
    if (x | y | z) & ~7 == 0 { return (block, local) }
    let direction = ((z >> 3) &+ 1) &* 9 &+ ((y >> 3) &+ 1) &* 3 &+ (x >> 3) &+ 1
    return (Int(neighbours[block &* 27 &+ direction]), local)
  }

  /// Whether a node is inside.
  @inline(__always)
  func isInside(_ block: Int, _ x: Int, _ y: Int, _ z: Int) -> Bool {
    let node = resolve(block, x, y, z)
    if node.block < 0 { return node.block == Int(LabelBlocks.absentInside) }
    return inside[node.block &* 8 &+ node.local >> 6] &>> UInt64(node.local & 63) & 1 != 0
  }

  /// The vertex of a cell that is mixed.
  @inline(__always)
  func vertex(_ block: Int, _ local: Int) -> UInt32 {
    let plane = block &* 8 &+ local >> 6
    let below = cells[plane] & ((1 &<< UInt64(local & 63)) &- 1)
    return cellStart[plane] &+ UInt32(truncatingIfNeeded: below.nonzeroBitCount)
  }

  /// The vertex of a cell, or nil where it is not mixed.
  @inline(__always)
  func vertexIfMixed(_ block: Int, _ x: Int, _ y: Int, _ z: Int) -> UInt32? {
    let cell = resolve(block, x, y, z)
    return cell.block >= 0 ? vertexIfMixed(cell.block, cell.local) : nil
  }

  @inline(__always)
  func vertexIfMixed(_ block: Int, _ local: Int) -> UInt32? {
    guard cells[block &* 8 &+ local >> 6] &>> UInt64(local & 63) & 1 != 0 else { return nil }
    return vertex(block, local)
  }

  /// The quad across the edge that begins at a node, or nil where both ends are alike.
  @inline(__always)
  func quad(_ block: Int, _ x: Int, _ y: Int, _ z: Int, axis: Int) -> UInt32? {
    let node = resolve(block, x, y, z)
    guard node.block >= 0 else { return nil }
    let plane = node.block &* 24 &+ axis &* 8 &+ node.local >> 6
    let word = edges[plane]
    let bit: UInt64 = 1 &<< UInt64(node.local & 63)
    guard word & bit != 0 else { return nil }
    return edgeStart[plane] &+ UInt32(truncatingIfNeeded: (word & (bit &- 1)).nonzeroBitCount)
  }

  /// Calls `body` with the quads around the vertex of a cell: those across the cell's mixed edges.
  @inline(__always)
  func forEachQuad(aroundCell code: UInt32, _ body: (UInt32) -> Void) {
    let (block, x, y, z) = place(code)
    for i in 0..<2 {
      for j in 0..<2 {
        if let q = quad(block, x, y &+ i, z &+ j, axis: 0) { body(q) }
        if let q = quad(block, x &+ j, y, z &+ i, axis: 1) { body(q) }
        if let q = quad(block, x &+ i, y &+ j, z, axis: 2) { body(q) }
      }
    }
  }

  @inline(__always)
  func place(_ code: UInt32) -> (block: Int, x: Int, y: Int, z: Int) {
    let local = Int(code & 511)
    return (Int(code >> 9), local & 7, local >> 3 & 7, local >> 6)
  }

  // MARK: Places in space

  /// A coordinate of the lattice in half steps: even ones are nodes, odd ones the cells' centers. Never falls
  /// with `halfSteps`, so the lattice keeps its shape when rounded.
  @inline(__always)
  func coordinate(_ axis: Int, halfSteps: Int) -> Float {
    Float(origin[axis] + voxel * 0.5 * Double(halfSteps))
  }

  /// The lower corner, the center and the upper corner of a cell.
  @inline(__always)
  func cell(_ code: UInt32) -> (low: SIMD3<Float>, center: SIMD3<Float>, high: SIMD3<Float>) {
    let (block, x, y, z) = place(code)
    let base = coordinates[block]
    let (i, j, k) = (2 * (Int(base.x) * 8 + x), 2 * (Int(base.y) * 8 + y), 2 * (Int(base.z) * 8 + z))
    return (
      SIMD3(coordinate(0, halfSteps: i), coordinate(1, halfSteps: j), coordinate(2, halfSteps: k)),
      SIMD3(
        coordinate(0, halfSteps: i + 1), coordinate(1, halfSteps: j + 1), coordinate(2, halfSteps: k + 1)),
      SIMD3(
        coordinate(0, halfSteps: i + 2), coordinate(1, halfSteps: j + 2), coordinate(2, halfSteps: k + 2))
    )
  }
}

private func copy<Element: BitwiseCopyable>(_ array: [Element], to pointer: UnsafeMutablePointer<Element>) {
  array.withUnsafeBufferPointer { buffer in
    if let base = buffer.baseAddress { pointer.initialize(from: base, count: buffer.count) }
  }
}
