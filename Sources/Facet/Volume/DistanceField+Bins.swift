// Which triangles come near which blocks: a counting sort in chunks of triangles. Each chunk numbers the blocks
// it meets by itself; then the chunks' numbers are joined in order, and each chunk writes its triangles to
// places of its own. So a block's triangles ascend, on any number of threads.

/// The triangles near each block of a grid.
struct BlockBins: Sendable {
  let grid: SparseGrid
  /// Where each block's triangles begin, and at last their count.
  private var starts: [Int]
  private var triangles: [UInt32]

  /// Triangles that a chunk enters.
  private static let chunkSize = 2048
  /// Nodes are numbered in 32 bits, with some to spare.
  private static let mostBlocks = 1 << 22

  /// - Parameter band: In voxels.
  init(_ mesh: Mesh, _ lattice: Lattice, band: Double, _ run: RunContext) throws(MeshError) {
    try BlockBins.checkSize(mesh, lattice, band, run)
    let count = mesh.triangles.count
    var entries = try mesh.withView { (view) throws(MeshError) in
      let view = SharedView(mesh: view)
      return try run.slice(0...0.6).mapChunks(of: count, size: BlockBins.chunkSize) {
        (_, range) throws(MeshError) in
        var entries = ChunkEntries()
        for f in range {
          try entries.enter(UInt32(f), TriangleCover(view.mesh, f, lattice, band: band), run)
        }
        return entries
      }
    }
    run.report(0.6)

    var numbers = BlockNumbers()
    for i in entries.indices {
      try run.checkCancellation()
      for j in entries[i].numbers.keys.indices {
        entries[i].blocks.append(UInt32(numbers.number(entries[i].numbers.keys[j])))
      }
    }
    let keys = numbers.keys
    guard keys.count <= BlockBins.mostBlocks else { throw BlockBins.tooFine(lattice, blocks: keys.count) }
    let pairs = entries.reduce(0) { $0 + $1.triangles.count }
    try run.reserve(bytes: pairs * 12 + keys.count * 80, for: "the distance field's blocks")
    grid = SparseGrid(origin: lattice.origin, voxel: lattice.voxel, keys: keys)
    // From the order in which blocks came to theirs in the grid.
    var rank = [UInt32](repeating: 0, count: keys.count)
    for (b, coordinate) in grid.blocks.enumerated() {
      rank[numbers.find(BlockNumbers.key(coordinate))!] = UInt32(b)
    }
    var cursors = [Int](repeating: 0, count: keys.count + 1)
    for i in entries.indices {
      for j in entries[i].blocks.indices {
        let block = rank[Int(entries[i].blocks[j])]
        entries[i].blocks[j] = block
        cursors[Int(block) + 1] += Int(entries[i].counts[j])
      }
    }
    for b in 0..<keys.count { cursors[b + 1] += cursors[b] }
    starts = cursors
    for i in entries.indices {
      entries[i].places = entries[i].blocks.indices.map { j in
        let block = Int(entries[i].blocks[j])
        defer { cursors[block] += Int(entries[i].counts[j]) }
        return cursors[block]
      }
    }
    run.report(0.8)
    let chunks = entries
    triangles = try [UInt32](filling: pairs) { (triangles) throws(MeshError) in
      try run.forEachChunk(of: chunks.count, size: 1) { chunk, _ in chunks[chunk].write(to: triangles) }
    }
    run.report(1)
  }

  subscript(block: Int) -> ArraySlice<UInt32> { triangles[starts[block]..<starts[block + 1]] }

  /// Forgets which triangles are near which blocks.
  mutating func removeAll() {
    starts = []
    triangles = []
  }

  /// What they take.
  var bytes: Int { triangles.count * 4 + starts.count * 8 + grid.blocks.count * 64 }

  /// Refuses voxels so small that even listing the blocks would take too long or too much.
  private static func checkSize(
    _ mesh: Mesh, _ lattice: Lattice, _ band: Double, _ run: RunContext
  ) throws(MeshError) {
    // A triangle comes near at least as many blocks as its shadow along an axis covers faces, and a column of
    // blocks as high as the band is wide.
    let perFace = lattice.perVoxel * lattice.perVoxel / 64 * (1 + (band / 4).rounded(.down))
    let covered = try run.mapChunks(of: mesh.triangles.count, size: 1 << 14) { _, range in
      var sum = 0.0
      for f in range {
        let (a, b, c) = mesh.corners(f)
        let (a3, b3, c3) = (SIMD3<Double>(a), SIMD3<Double>(b), SIMD3<Double>(c))
        let n = cross(b3 - a3, c3 - a3)
        sum += 1 + max(abs(n.x), abs(n.y), abs(n.z)) / 2 * perFace
      }
      return sum
    }
    let pairs = covered.reduce(0, +)
    guard pairs < Double(1 << 36) else { throw tooFine(lattice, blocks: Int(min(pairs, 1e15))) }
    try run.reserve(bytes: Int(pairs) * 12, for: "the distance field's blocks")
    // Triangles may share blocks, but not so many of them that this many pairs make few blocks.
    guard pairs < Double(mostBlocks) * 64 else { throw tooFine(lattice, blocks: Int(pairs)) }
  }

  private static func tooFine(_ lattice: Lattice, blocks: Int) -> MeshError {
    let factor = (Double(blocks) / Double(mostBlocks)).squareRoot()
    return .invalidOption(
      name: "voxel", value: "\(lattice.voxel)",
      allowed: "about \(Float(Double(lattice.voxel) * max(factor, 1.1))) mm or more for a part of this size")
  }
}

/// A mesh's arrays for several threads.
struct SharedView: @unchecked Sendable {
  let mesh: MeshView
}

/// What one chunk of triangles enters.
private struct ChunkEntries: Sendable {
  var numbers = BlockNumbers()
  /// For each of the chunk's blocks how often it was entered.
  var counts: [UInt32] = []
  /// For each entry the triangle and the chunk's number of the block.
  var triangles: [UInt32] = []
  var entered: [UInt32] = []
  /// For each of the chunk's blocks its number in the grid, and where its entries are to be written.
  var blocks: [UInt32] = []
  var places: [Int] = []

  mutating func enter(_ f: UInt32, _ cover: TriangleCover, _ run: RunContext) throws(MeshError) {
    var cover = cover
    while cover.nextRow() {
      if triangles.count & 0xFFFF < 64 { try run.checkCancellation() }
      var x = cover.first
      while x <= cover.last {
        let number = numbers.number(BlockNumbers.key(SIMD3(x, cover.y, cover.z)))
        if number == counts.count { counts.append(0) }
        counts[number] += 1
        triangles.append(f)
        entered.append(UInt32(number))
        x += 1
      }
    }
  }

  func write(to places: SharedElements<UInt32>) {
    var cursors = self.places
    cursors.withUnsafeMutableBufferPointer { cursors in
      for i in triangles.indices {
        let number = Int(entered[i])
        places[cursors[number]] = triangles[i]
        cursors[number] += 1
      }
    }
  }
}
