import Facet

/// A sample that a small triangle covers.
struct Fragment: BitwiseCopyable {
  /// The tile of the band (upper bits) and the sample in the tile (``Tile/locationBits`` lower bits).
  var location: UInt32
  var triangle: UInt32
  var depth: Float
}

/// The size of the squares that a picture is drawn in.
enum Tile {
  /// In pixels.
  static let bits = 5
  static let size = 1 << bits
  /// A sample in a tile: its row of samples, then its pixel in the row.
  static let locationBits = bits + bits + 4
}

/// A band of whole rows of tiles: the part of a picture that is drawn at once.
struct Band {
  /// Tiles a row.
  let columns: Int
  /// Rows of tiles of the picture.
  let rows: Range<Int>

  var tileCount: Int { columns * rows.count }

  /// Bands of a picture, so that what is kept for one does not grow with the picture.
  static func bands(width: Int, height: Int, tilesPerBand: Int = 4096) -> [Band] {
    let columns = (width + Tile.size - 1) >> Tile.bits
    let rows = (height + Tile.size - 1) >> Tile.bits
    let step = max(1, tilesPerBand / columns)
    return stride(from: 0, to: rows, by: step).map {
      Band(columns: columns, rows: $0..<min(rows, $0 + step))
    }
  }
}

/// What some consecutive triangles contribute to each tile of a band.
///
/// Triangles of a few samples are drawn at once, and their covered samples are kept; larger ones are noted in
/// every tile that they may touch.
struct TriangleBin {
  /// Fragments of tile t: `fragmentStarts[t]..<fragmentStarts[t + 1]`.
  let fragmentStarts: [UInt32]
  let fragments: [Fragment]
  let triangleStarts: [UInt32]
  let triangles: [UInt32]
  /// The triangles whose box is wider or higher than ``Binner/wideLimit``, whatever the band.
  let wide: [UInt32]

  /// Triangles a bin. Part of the picture's definition: never derived from the number of threads.
  static let triangleCount = 1 << 14
  /// A triangle whose box has at most this many samples, in at most two columns of pixels, is small.
  static let smallSamples = 16
}

/// Sorts triangles into the tiles of a band.
struct Binner {
  let triangles: UnsafePointer<Triangle>
  let vertices: UnsafePointer<SIMD4<Int32>>
  let grid: SampleGrid
  let band: Band
  /// In vertex coordinates; nil when ``TriangleBin/wide`` is not wanted.
  var wideLimit: Int32?

  /// Buffers that a thread uses for one bin after another.
  final class Scratch {
    let fragments = UnsafeMutablePointer<Fragment>.allocate(
      capacity: TriangleBin.triangleCount * TriangleBin.smallSamples)
    var fragmentCount = 0
    /// (tile, triangle) of large triangles.
    var touches: [(tile: UInt32, triangle: UInt32)] = []
    var wide: [UInt32] = []

    deinit { fragments.deallocate() }
  }

  func bin(_ range: Range<Int>, _ scratch: Scratch) -> TriangleBin {
    scratch.fragmentCount = 0
    scratch.touches.removeAll(keepingCapacity: true)
    scratch.wide.removeAll(keepingCapacity: true)
    grid.columns.withUnsafeBufferPointer { columns in
      scatter(range, scratch, columns.baseAddress!)
    }
    let fragmentCount = scratch.fragmentCount
    let source = scratch.fragments
    let tiles = band.tileCount

    var fragmentStarts = [UInt32](repeating: 0, count: tiles + 1)
    let fragments = fragmentStarts.withUnsafeMutableBufferPointer { starts in
      for i in 0..<fragmentCount {
        starts[Int(source[i].location >> UInt32(Tile.locationBits)) + 1] &+= 1
      }
      for t in 0..<tiles { starts[t + 1] &+= starts[t] }
      let sorted = [Fragment](unsafeUninitializedCapacity: fragmentCount) { target, count in
        for i in 0..<fragmentCount {
          let fragment = source[i]
          let tile = Int(fragment.location >> UInt32(Tile.locationBits))
          target[Int(starts[tile])] = fragment
          starts[tile] &+= 1
        }
        count = fragmentCount
      }
      for t in stride(from: tiles, to: 0, by: -1) { starts[t] = starts[t - 1] }
      starts[0] = 0
      return sorted
    }

    var triangleStarts = [UInt32](repeating: 0, count: tiles + 1)
    let touches = scratch.touches
    for touch in touches { triangleStarts[Int(touch.tile) + 1] += 1 }
    for t in 0..<tiles { triangleStarts[t + 1] += triangleStarts[t] }
    var next = triangleStarts
    let large = [UInt32](unsafeUninitializedCapacity: touches.count) { target, count in
      for touch in touches {
        target[Int(next[Int(touch.tile)])] = touch.triangle
        next[Int(touch.tile)] += 1
      }
      count = touches.count
    }
    return TriangleBin(
      fragmentStarts: fragmentStarts, fragments: fragments, triangleStarts: triangleStarts, triangles: large,
      wide: [UInt32](scratch.wide[...]))
  }

  private func scatter(_ range: Range<Int>, _ scratch: Scratch, _ columns: UnsafePointer<Int32>) {
    let triangles = triangles
    let vertices = vertices
    let fragments = scratch.fragments
    var count = 0
    let pixelBits = Int32(grid.subpixelBits)
    let unitBits = Int32(grid.unitBits)
    let sampleBits = Int32(grid.sampleBits)
    let sampleMask = (Int32(1) << sampleBits) &- 1
    // Sample rows are `rowBits` apart, as a power of two, and start at `firstRow`.
    let rowBits = pixelBits - sampleBits
    let firstRow = Int32(grid.firstRow) << unitBits
    let roundUp = (Int32(1) << rowBits) &- 1
    let bandFirst = Int32((band.rows.lowerBound << Tile.bits) << grid.sampleBits)
    let bandLast = Int32((min(band.rows.upperBound << Tile.bits, grid.height) << grid.sampleBits) - 1)
    let lastColumn = Int32(grid.width - 1)
    let tileColumns = Int32(band.columns)
    let tileRowBits = Int32(Tile.bits) + sampleBits
    let tileRowMask = (Int32(1) << tileRowBits) &- 1
    let tileMask = Int32(Tile.size - 1)
    let wideLimit = wideLimit ?? .max

    for index in range {
      let triangle = triangles[index]
      let p = vertices[Int(triangle.a)]
      let q = vertices[Int(triangle.b)]
      let r = vertices[Int(triangle.c)]
      let minY = min(p.y, min(q.y, r.y))
      let maxY = max(p.y, max(q.y, r.y))
      let minX = min(p.x, min(q.x, r.x))
      let maxX = max(p.x, max(q.x, r.x))
      if maxX &- minX > wideLimit || maxY &- minY > wideLimit { scratch.wide.append(UInt32(index)) }
      let row0 = (minY &- firstRow &+ roundUp) >> rowBits
      let row1 = (maxY &- firstRow) >> rowBits
      if row0 > row1 { continue }
      let from = max(row0, bandFirst)
      let to = min(row1, bandLast)
      if from > to { continue }
      let column0 = minX >> pixelBits
      let column1 = min(maxX >> pixelBits, lastColumn)
      if column0 > column1 { continue }

      let isNarrow = column1 &- column0 <= 1
      if isNarrow && (row1 &- row0 &+ 1) &* (column1 &- column0 &+ 1) <= Int32(TriangleBin.smallSamples) {
        // Edge functions around the first column of pixels and first sample row; small enough for 32 bits.
        let originX = column0 << pixelBits
        let originY = (row0 << rowBits) &+ firstRow
        let px = p.x &- originX
        let py = p.y &- originY
        let qx = q.x &- originX
        let qy = q.y &- originY
        let rx = r.x &- originX
        let ry = r.y &- originY
        let area = (qx &- px) &* (ry &- py) &- (qy &- py) &* (rx &- px)
        if area == 0 { continue }
        // Seen from behind, the edges run the other way round.
        let sign: Int32 = area > 0 ? 1 : -1
        let a0 = (py &- qy) &* sign
        let b0 = (qx &- px) &* sign
        let a1 = (qy &- ry) &* sign
        let b1 = (rx &- qx) &* sign
        let a2 = (ry &- py) &* sign
        let b2 = (px &- rx) &* sign
        let c0 = 0 &- (a0 &* px &+ b0 &* py) &- excluded(a0, b0)
        let c1 = 0 &- (a1 &* qx &+ b1 &* qy) &- excluded(a1, b1)
        let c2 = 0 &- (a2 &* rx &+ b2 &* ry) &- excluded(a2, b2)
        var plane: ScreenTriangle?
        for row in from...to {
          let y = (row &- row0) << rowBits
          let shift = columns[Int(row & sampleMask)] << unitBits
          for column in column0...column1 {
            let x = ((column &- column0) << pixelBits) &+ shift
            let e0 = a0 &* x &+ b0 &* y &+ c0
            let e1 = a1 &* x &+ b1 &* y &+ c1
            let e2 = a2 &* x &+ b2 &* y &+ c2
            if (e0 | e1 | e2) < 0 { continue }
            if plane == nil { plane = screenTriangle(triangle, p, q, r) }
            let tile =
              (row >> tileRowBits &- Int32(band.rows.lowerBound)) &* tileColumns
              &+ (column >> Int32(Tile.bits))
            let sample = (row & tileRowMask) << Int32(Tile.bits) | (column & tileMask)
            fragments[count] = Fragment(
              location: UInt32(bitPattern: tile << Int32(Tile.locationBits) | sample),
              triangle: UInt32(index),
              depth: plane!.depth(originX &+ x, originY &+ y))
            count &+= 1
          }
        }
      } else {
        touch(
          UInt32(index), p, q, r, columns: column0...column1,
          rows: (from >> tileRowBits)...(to >> tileRowBits), scratch)
      }
    }
    scratch.fragmentCount = count
  }

  /// 1 when points on the edge are out, which the edge's constant then says.
  @inline(__always)
  private func excluded(_ a: Int32, _ b: Int32) -> Int32 {
    a > 0 || (a == 0 && b > 0) ? 0 : 1
  }

  /// The triangle in the order of its vertex numbers; `p`, `q` and `r` are its corners' places.
  @inline(never)
  private func screenTriangle(
    _ triangle: Triangle, _ p: SIMD4<Int32>, _ q: SIMD4<Int32>, _ r: SIMD4<Int32>
  ) -> ScreenTriangle {
    ScreenTriangle(triangle, p, q, r)!
  }

  /// Notes a large triangle in every tile of its box that no edge excludes.
  private func touch(
    _ index: UInt32, _ p: SIMD4<Int32>, _ q: SIMD4<Int32>, _ r: SIMD4<Int32>,
    columns: ClosedRange<Int32>, rows: ClosedRange<Int32>, _ scratch: Scratch
  ) {
    let area = ScreenTriangle.doubleArea(p, q, r)
    if area == 0 { return }
    let bits = Int32(Tile.bits)
    let tileColumns = (columns.lowerBound >> bits)...(columns.upperBound >> bits)
    let first = Int32(band.rows.lowerBound)
    func note(_ column: Int32, _ row: Int32) {
      scratch.touches.append((UInt32((row &- first) &* Int32(band.columns) &+ column), index))
    }
    if tileColumns.count == 1 && rows.count == 1 {
      note(tileColumns.lowerBound, rows.lowerBound)
      return
    }
    let second = area > 0 ? q : r
    let third = area > 0 ? r : q
    let edges = (
      ScreenTriangle.edge(p, second), ScreenTriangle.edge(second, third), ScreenTriangle.edge(third, p)
    )
    let span = Int64(Tile.size << grid.subpixelBits)
    func excludes(_ edge: (a: Int32, b: Int32, c: Int64), _ x: Int64, _ y: Int64) -> Bool {
      // The corner of the tile that is deepest inside.
      let cornerX = edge.a > 0 ? x &+ span : x
      let cornerY = edge.b > 0 ? y &+ span : y
      return Int64(edge.a) &* cornerX &+ Int64(edge.b) &* cornerY &+ edge.c < 0
    }
    for row in rows {
      let y = Int64(row) &* span
      for column in tileColumns {
        let x = Int64(column) &* span
        if excludes(edges.0, x, y) || excludes(edges.1, x, y) || excludes(edges.2, x, y) { continue }
        note(column, row)
      }
    }
  }
}
