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

  /// The first pixel of a tile.
  func origin(of tile: Int) -> (x: Int, y: Int) {
    ((tile % columns) << Tile.bits, (tile / columns + rows.lowerBound) << Tile.bits)
  }

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
  /// With ``backFlag`` when seen from behind.
  let triangles: [UInt32]
  /// The triangles whose box is wider or higher than ``Binner/wideLimit``, whatever the band.
  let wide: [UInt32]

  /// Triangles a bin. Part of the picture's definition: never derived from the number of threads.
  static let triangleCount = 1 << 14
  static let backFlag: UInt32 = 1 << 31
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
    let wide = UnsafeMutablePointer<UInt32>.allocate(capacity: TriangleBin.triangleCount)
    var wideCount = 0
    let shifts = UnsafeMutablePointer<Float>.allocate(capacity: 16)

    deinit {
      shifts.deallocate()
      fragments.deallocate()
      wide.deallocate()
    }
  }

  func bin(_ range: Range<Int>, _ scratch: Scratch) -> TriangleBin {
    scratch.fragmentCount = 0
    scratch.touches.removeAll(keepingCapacity: true)
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
      let sorted = [Fragment](filling: fragmentCount) { target in
        for i in 0..<fragmentCount {
          let fragment = source[i]
          let tile = Int(fragment.location >> UInt32(Tile.locationBits))
          target.base[Int(starts[tile])] = fragment
          starts[tile] &+= 1
        }
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
    let large = [UInt32](filling: touches.count) { target in
      for touch in touches {
        target.base[Int(next[Int(touch.tile)])] = touch.triangle
        next[Int(touch.tile)] += 1
      }
    }
    return TriangleBin(
      fragmentStarts: fragmentStarts, fragments: fragments, triangleStarts: triangleStarts, triangles: large,
      wide: [UInt32](UnsafeBufferPointer(start: scratch.wide, count: scratch.wideCount)))
  }

  private func scatter(_ range: Range<Int>, _ scratch: Scratch, _ columns: UnsafePointer<Int32>) {
    let triangles = triangles
    let vertices = vertices
    let fragments = scratch.fragments
    var count = 0
    // All shifts are masked ones: the others cost a comparison each.
    let pixelBits = Int32(grid.subpixelBits)
    let unitBits = Int32(grid.unitBits)
    let sampleBits = Int32(grid.sampleBits)
    let sampleMask = (Int32(1) &<< sampleBits) &- 1
    // Sample rows are 2^rowBits apart and start at `firstRow`.
    let rowBits = pixelBits &- sampleBits
    let firstRow = Int32(grid.firstRow) &<< unitBits
    let roundUp = (Int32(1) &<< rowBits) &- 1
    let tileBits = Int32(Tile.bits)
    let tileRowBits = tileBits &+ sampleBits
    let tileRowMask = (Int32(1) &<< tileRowBits) &- 1
    let tileMask = Int32(Tile.size - 1)
    let tileColumns = Int32(band.columns)
    let firstTileRow = Int32(band.rows.lowerBound)
    let bandFirst = firstTileRow &<< tileRowBits
    let bandLast = min(Int32(band.rows.upperBound) &<< tileRowBits, Int32(grid.rows)) &- 1
    let lastColumn = Int32(grid.width - 1)
    let wideLimit = wideLimit ?? .max
    let rowSize = Float(Int32(1) &<< rowBits)
    // The sample columns in vertex coordinates.
    let shifts = scratch.shifts
    for s in 0..<grid.samples { shifts[s] = Float(columns[s] &<< unitBits) }
    let thirtyOne = SIMD4<Int32>(repeating: 31)
    let pixelSize = Float(Int32(1) &<< pixelBits)
    let wide = scratch.wide
    var wideCount = 0

    var index = range.lowerBound &- 1
    while index &+ 1 < range.upperBound {
      index &+= 1
      let triangle = triangles[index]
      let p = vertices[Int(triangle.a)]
      let q = vertices[Int(triangle.b)]
      let r = vertices[Int(triangle.c)]
      let minY = min(p.y, min(q.y, r.y))
      let maxY = max(p.y, max(q.y, r.y))
      let minX = min(p.x, min(q.x, r.x))
      let maxX = max(p.x, max(q.x, r.x))
      if maxX &- minX > wideLimit || maxY &- minY > wideLimit {
        wide[wideCount] = UInt32(truncatingIfNeeded: index)
        wideCount &+= 1
      }
      // Most triangles of a fine mesh lie between two rows of samples, or with one sample a pixel between two
      // columns.
      let row0 = (minY &- firstRow &+ roundUp) &>> rowBits
      let row1 = (maxY &- firstRow) &>> rowBits
      if row0 > row1 { continue }
      var column0 = minX &>> pixelBits
      var column1 = min(maxX &>> pixelBits, lastColumn)
      if sampleBits == 0 {
        column0 = (minX &- firstRow &+ roundUp) &>> rowBits
        column1 = min((maxX &- firstRow) &>> rowBits, lastColumn)
      }
      if column0 > column1 { continue }
      let from = max(row0, bandFirst)
      let to = min(row1, bandLast)
      if from > to { continue }

      let isSmall =
        column1 &- column0 <= 1
        && (row1 &- row0 &+ 1) &* (column1 &- column0 &+ 1) <= Int32(TriangleBin.smallSamples)
      if !isSmall {
        touch(
          UInt32(index), p, q, r, columns: column0...column1,
          rows: (from &>> tileRowBits)...(to &>> tileRowBits), scratch)
        continue
      }

      // The three edge functions in the lanes of a vector, around the first sample row of the first column of
      // pixels. On so small a triangle they are whole numbers below 2^24, exact in a Float, and SSE2
      // multiplies no 32-bit integers.
      let originX = column0 &<< pixelBits
      let originY = (row0 &<< rowBits) &+ firstRow
      let startX = SIMD4<Int32>(p.x, q.x, r.x, originX) &- SIMD4<Int32>(repeating: originX)
      let startY = SIMD4<Int32>(p.y, q.y, r.y, originY) &- SIMD4<Int32>(repeating: originY)
      var a = startY &- SIMD4<Int32>(startY.y, startY.z, startY.x, startY.w)
      var b = SIMD4<Int32>(startX.y, startX.z, startX.x, startX.w) &- startX
      let area = b.x &* a.z &- a.x &* b.z
      if area == 0 { continue }
      // Seen from the front, the edges run the other way round.
      let turn = SIMD4<Int32>(repeating: area) &>> thirtyOne
      a = (a ^ turn) &- turn
      b = (b ^ turn) &- turn
      // −1 where points on the edge are out: a < 0, or a = 0 and b < 0. Masks of comparisons would cost more.
      let aIsNotZero = (a | (SIMD4<Int32>.zero &- a)) &>> thirtyOne
      let excluded = (a &>> thirtyOne) | (~aIsNotZero & (b &>> thirtyOne))
      let edgeA = SIMD4<Float>(a)
      let edgeB = SIMD4<Float>(b)
      let base = edgeA * SIMD4<Float>(startX) + edgeB * SIMD4<Float>(startY)
      // Adding the whole number also makes −0 into 0, whose sign is read below.
      let atOrigin = SIMD4<Float>(excluded) - base
      let nextColumn = edgeA * pixelSize

      // First the covered samples, two bits a row, in a loop that fits in the registers.
      var covered: UInt32 = 0
      var bit: UInt32 = 1
      var y = Float((from &- row0) &<< rowBits)
      var row = from
      while row <= to {
        let edges = (atOrigin + edgeB * y) + edgeA * shifts[Int(row & sampleMask)]
        covered |= isInside(edges) ? bit : 0
        if column0 != column1 { covered |= isInside(edges + nextColumn) ? bit &<< 1 : 0 }
        y += rowSize
        bit = bit &<< 2
        row &+= 1
      }
      if covered == 0 { continue }

      let plane = depthPlane(p, q, r, area)
      while covered != 0 {
        let place = Int32(truncatingIfNeeded: covered.trailingZeroBitCount)
        covered &= covered &- 1
        let row = from &+ (place &>> 1)
        let column = column0 &+ (place & 1)
        let tile = ((row &>> tileRowBits) &- firstTileRow) &* tileColumns &+ (column &>> tileBits)
        let sample = ((row & tileRowMask) &<< tileBits) | (column & tileMask)
        let x = (column &<< pixelBits) &+ (columns[Int(row & sampleMask)] &<< unitBits)
        fragments[count] = Fragment(
          location: UInt32(bitPattern: (tile &<< Int32(Tile.locationBits)) | sample),
          triangle: UInt32(truncatingIfNeeded: index),
          depth: plane.depth(x, (row &<< rowBits) &+ firstRow))
        count &+= 1
      }
    }
    scratch.fragmentCount = count
    scratch.wideCount = wideCount
  }

  /// Whether no lane is negative.
  @inline(__always)
  private func isInside(_ edges: SIMD4<Float>) -> Bool {
    let halves = unsafeBitCast(edges, to: SIMD2<UInt64>.self)
    return (halves[0] | halves[1]) & 0x8000_0000_8000_0000 == 0
  }

  /// Out of line, or it would be computed for every triangle, though few cover a sample.
  @inline(never)
  private func depthPlane(
    _ p: SIMD4<Int32>, _ q: SIMD4<Int32>, _ r: SIMD4<Int32>, _ area: Int32
  ) -> DepthPlane {
    DepthPlane(p, q, r, area: Int64(area))
  }

  /// Notes a large triangle in every tile of its box that no edge excludes.
  @inline(never)
  private func touch(
    _ index: UInt32, _ p: SIMD4<Int32>, _ q: SIMD4<Int32>, _ r: SIMD4<Int32>,
    columns: ClosedRange<Int32>, rows: ClosedRange<Int32>, _ scratch: Scratch
  ) {
    let area = ScreenTriangle.doubleArea(p, q, r)
    if area == 0 { return }
    let bits = Int32(Tile.bits)
    let tileColumns = (columns.lowerBound >> bits)...(columns.upperBound >> bits)
    let first = Int32(band.rows.lowerBound)
    let name = area > 0 ? index | TriangleBin.backFlag : index
    func note(_ column: Int32, _ row: Int32) {
      scratch.touches.append((UInt32((row &- first) &* Int32(band.columns) &+ column), name))
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
