import Facet

/// The samples of one tile: which triangle shows at each, and how far it is.
///
/// Rows of samples from the top, 32 pixels a row; see ``SampleGrid``.
final class TileSamples {
  let depths: UnsafeMutablePointer<Float>
  let triangles: UnsafeMutablePointer<UInt32>
  let count: Int
  private let rowsPerBlock: Int
  /// The farthest depth in each block of 8 by 8 pixels, when last looked at; nothing at or behind it can show.
  let farthest: UnsafeMutablePointer<Float>

  /// No triangle.
  static let background = UInt32.max
  /// log2 of a block's size in pixels, and blocks a row of a tile.
  static let blockBits = 3
  static let blocks = Tile.size >> blockBits

  init(samples: Int) {
    count = Tile.size * Tile.size * samples
    rowsPerBlock = samples << TileSamples.blockBits
    // Whole cache lines, and aligned for vectors of eight.
    depths = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
    triangles = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
      .bindMemory(to: UInt32.self, capacity: count)
    farthest = .allocate(capacity: TileSamples.blocks * TileSamples.blocks)
  }

  deinit {
    depths.deallocate()
    triangles.deallocate()
    farthest.deallocate()
  }

  func clear() {
    depths.update(repeating: .infinity, count: count)
    triangles.update(repeating: TileSamples.background, count: count)
    farthest.update(repeating: .infinity, count: TileSamples.blocks * TileSamples.blocks)
  }

  /// Draws what `bins` have for a tile: large triangles seen from the front, then small ones, then large ones
  /// seen from behind, most of which are hidden by then and not drawn at all.
  ///
  /// - Returns: Whether they have anything.
  func draw(_ bins: [TriangleBin], tile: Int, _ rasterizer: TileRasterizer) -> Bool {
    var largeCount = 0
    var fragmentCount = 0
    for bin in bins {
      largeCount += Int(bin.triangleStarts[tile + 1] - bin.triangleStarts[tile])
      fragmentCount += Int(bin.fragmentStarts[tile + 1] - bin.fragmentStarts[tile])
    }
    if largeCount == 0 && fragmentCount == 0 { return false }
    clear()
    if largeCount > 0 { drawLarge(bins, tile, rasterizer, back: false) }
    if fragmentCount > 0 {
      for bin in bins {
        bin.fragments.withUnsafeBufferPointer {
          put($0, Int(bin.fragmentStarts[tile])..<Int(bin.fragmentStarts[tile + 1]))
        }
      }
    }
    if largeCount > 0 {
      updateFarthest()
      drawLarge(bins, tile, rasterizer, back: true)
    }
    return true
  }

  private func drawLarge(_ bins: [TriangleBin], _ tile: Int, _ rasterizer: TileRasterizer, back: Bool) {
    let flag = back ? TriangleBin.backFlag : 0
    var drawn = 0
    for bin in bins {
      let range = Int(bin.triangleStarts[tile])..<Int(bin.triangleStarts[tile + 1])
      if range.isEmpty { continue }
      bin.triangles.withUnsafeBufferPointer { triangles in
        for i in range where triangles[i] & TriangleBin.backFlag == flag {
          rasterizer.draw(triangles[i] & ~TriangleBin.backFlag, self)
          drawn += 1
          if drawn & 127 == 0 { updateFarthest() }
        }
      }
    }
  }

  private func put(_ fragments: UnsafeBufferPointer<Fragment>, _ range: Range<Int>) {
    let depths = depths
    let triangles = triangles
    let mask = UInt32(1 << Tile.locationBits) &- 1
    var i = range.lowerBound
    while i < range.upperBound {
      let fragment = fragments[i]
      let sample = Int(fragment.location & mask)
      if fragment.depth < depths[sample] - DepthPlane.tolerance {
        depths[sample] = fragment.depth
        triangles[sample] = fragment.triangle
      }
      i &+= 1
    }
  }

  private func updateFarthest() {
    let rows = UnsafeRawPointer(depths).assumingMemoryBound(to: SIMD8<Float>.self)
    for blockY in 0..<TileSamples.blocks {
      for blockX in 0..<TileSamples.blocks {
        var lanes = SIMD8<Float>.zero
        var row = blockY &* rowsPerBlock
        let end = row &+ rowsPerBlock
        while row < end {
          let depths = rows[row &* TileSamples.blocks &+ blockX]
          lanes = lanes.replacing(with: depths, where: depths .> lanes)
          row &+= 1
        }
        var most = lanes[0]
        for lane in 1..<8 where lanes[lane] > most { most = lanes[lane] }
        farthest[blockY &* TileSamples.blocks &+ blockX] = most
      }
    }
  }
}

/// Draws triangles into the samples of one tile, eight pixels at a time.
struct TileRasterizer {
  let triangles: UnsafePointer<Triangle>
  let vertices: UnsafePointer<SIMD4<Int32>>
  let columns: UnsafePointer<Int32>
  let grid: SampleGrid
  /// The tile's first pixel.
  let originX: Int
  let originY: Int

  func draw(_ index: UInt32, _ samples: TileSamples) {
    let triangle = triangles[Int(index)]
    let p = vertices[Int(triangle.a)]
    let q = vertices[Int(triangle.b)]
    let r = vertices[Int(triangle.c)]

    let unitBits = Int32(grid.unitBits)
    let pixelBits = unitBits &+ 4
    let sampleBits = Int32(grid.sampleBits)
    let rowBits = pixelBits &- sampleBits
    let firstRow = Int32(grid.firstRow) &<< unitBits

    // Rows of samples and columns of pixels of the triangle's box in this tile.
    let minX = min(p.x, min(q.x, r.x))
    let maxX = max(p.x, max(q.x, r.x))
    let minY = min(p.y, min(q.y, r.y))
    let maxY = max(p.y, max(q.y, r.y))
    let tileX = Int32(truncatingIfNeeded: originX)
    let tileRow = Int32(truncatingIfNeeded: originY) &<< sampleBits
    let lastRow =
      min(
        tileRow &+ (Int32(Tile.size) &<< sampleBits), Int32(truncatingIfNeeded: grid.rows)) &- 1
    let lastColumn = min(tileX &+ Int32(Tile.size), Int32(truncatingIfNeeded: grid.width)) &- 1
    let row0 = max((minY &- firstRow &+ ((Int32(1) &<< rowBits) &- 1)) &>> rowBits, tileRow)
    let row1 = min((maxY &- firstRow) &>> rowBits, lastRow)
    let column0 = max(minX &>> pixelBits, tileX)
    let column1 = min(maxX &>> pixelBits, lastColumn)
    if row0 > row1 || column0 > column1 { return }

    let area = ScreenTriangle.doubleArea(p, q, r)
    if area == 0 { return }
    let zp = ScreenTriangle.depth(p)
    let zq = ScreenTriangle.depth(q)
    let zr = ScreenTriangle.depth(r)
    let low = zp < zq ? zp : zq
    let near = (low < zr ? low : zr) + (area > 0 ? DepthPlane.backFaceOffset : 0)
    if isHidden(near, samples, column0 &- tileX, column1 &- tileX, row0 &- tileRow, row1 &- tileRow) {
      return
    }

    // Edge functions in steps of 1/16 pixel, which all samples are multiples of: dividing by the finer steps
    // and rounding down keeps every sign. An edge with the whole tile inside needs no test; one that crosses
    // the tile stays within 32 bits on it.
    let second = area > 0 ? q : r
    let third = area > 0 ? r : q
    let x = Int64(tileX) &<< Int64(pixelBits)
    let y = Int64(originY) &<< Int64(pixelBits)
    let e0 = TileEdge(ScreenTriangle.edge(p, second), x, y, unitBits)
    let e1 = TileEdge(ScreenTriangle.edge(second, third), x, y, unitBits)
    let e2 = TileEdge(ScreenTriangle.edge(third, p), x, y, unitBits)
    if e0.excludes || e1.excludes || e2.excludes { return }
    let plane = DepthPlane(p, q, r, area: area)

    // Unaligned groups of eight from the first column, but not beyond the row's end.
    let first0 = min(column0 &- tileX, Int32(Tile.size - 8))
    let last = column1 &- tileX
    let lanes0 = e0.lanes
    let lanes1 = e1.lanes
    let lanes2 = e2.lanes
    // Small whole numbers: the products are exact.
    let laneX = SIMD8<Float>(0, 1, 2, 3, 4, 5, 6, 7) * Float(Int32(1) &<< pixelBits)
    let nearest = SIMD8<Float>(repeating: plane.nearest)
    let farthest = SIMD8<Float>(repeating: plane.farthest)
    let slope = SIMD8<Float>(repeating: plane.gx)
    let tolerance = SIMD8<Float>(repeating: DepthPlane.tolerance)
    let name = SIMD8<UInt32>(repeating: index)
    let rowStep = Int32(truncatingIfNeeded: grid.rowStep)
    let firstUnit = Int32(truncatingIfNeeded: grid.firstRow)
    let sampleMask = (Int32(1) &<< sampleBits) &- 1
    let columns = columns
    let depths = samples.depths
    let names = samples.triangles

    var row = row0
    while row <= row1 {
      let local = row &- tileRow
      let shift = columns[Int(row & sampleMask)]
      let unitsY = local &* rowStep &+ firstUnit
      let screenY = (row &<< rowBits) &+ firstRow
      let rowDepth = SIMD8<Float>(repeating: plane.depth + Float(screenY &- plane.anchorY) * plane.gy)
      let line0 = e0.value(shift, unitsY)
      let line1 = e1.value(shift, unitsY)
      let line2 = e2.value(shift, unitsY)
      let base = Int(local) &<< Tile.bits
      var first = first0
      while true {
        let unitsX = first &<< 4
        let f0 = lanes0 &+ SIMD8(repeating: line0 &+ e0.a &* unitsX)
        let f1 = lanes1 &+ SIMD8(repeating: line1 &+ e1.a &* unitsX)
        let f2 = lanes2 &+ SIMD8(repeating: line2 &+ e2.a &* unitsX)
        let inside = f0 | f1 | f2
        let covered = inside .>= SIMD8<Int32>.zero
        let screenX = ((tileX &+ first) &<< pixelBits) &+ (shift &<< unitBits)
        let acrossX = SIMD8<Float>(repeating: Float(screenX &- plane.anchorX)) + laneX
        var depth = rowDepth + acrossX * slope
        depth = depth.replacing(with: nearest, where: depth .< nearest)
        depth = depth.replacing(with: farthest, where: depth .> farthest)
        let offset = base &+ Int(first)
        let oldDepths = UnsafeMutableRawPointer(depths + offset)
        let oldNames = UnsafeMutableRawPointer(names + offset)
        let old = oldDepths.loadUnaligned(as: SIMD8<Float>.self)
        let shows = covered .& (depth .< old - tolerance)
        oldDepths.storeBytes(of: old.replacing(with: depth, where: shows), as: SIMD8<Float>.self)
        let oldName = oldNames.loadUnaligned(as: SIMD8<UInt32>.self)
        oldNames.storeBytes(of: oldName.replacing(with: name, where: shows), as: SIMD8<UInt32>.self)
        if first &+ 8 > last { break }
        // A group that overlaps the one before changes nothing there.
        first = min(first &+ 8, Int32(Tile.size - 8))
      }
      row &+= 1
    }
  }

  /// Early depth rejection: whether all of a box is at or behind all that shows there.
  @inline(__always)
  private func isHidden(
    _ nearest: Float, _ samples: TileSamples, _ column0: Int32, _ column1: Int32, _ row0: Int32, _ row1: Int32
  ) -> Bool {
    let bits = Int32(TileSamples.blockBits)
    let rowBits = bits &+ Int32(grid.sampleBits)
    let farthest = samples.farthest
    var blockY = row0 &>> rowBits
    while blockY <= row1 &>> rowBits {
      var blockX = column0 &>> bits
      while blockX <= column1 &>> bits {
        if nearest < farthest[Int(blockY) &* TileSamples.blocks &+ Int(blockX)] { return false }
        blockX &+= 1
      }
      blockY &+= 1
    }
    return true
  }
}

/// One edge function over one tile, in 1/16 pixel from the tile's corner.
struct TileEdge {
  var a: Int32 = 0
  var b: Int32 = 0
  var c: Int32 = 0
  /// Whether the whole tile is outside.
  var excludes = false

  @inline(__always)
  init(_ edge: (a: Int32, b: Int32, c: Int64), _ x: Int64, _ y: Int64, _ unitBits: Int32) {
    let corner = (Int64(edge.a) &* x &+ Int64(edge.b) &* y &+ edge.c) &>> Int64(unitBits)
    let span = Int64(Tile.size * 16 - 1)
    let acrossX = Int64(edge.a) &* span
    let acrossY = Int64(edge.b) &* span
    let least = corner &+ min(acrossX, 0) &+ min(acrossY, 0)
    let most = corner &+ max(acrossX, 0) &+ max(acrossY, 0)
    if most < 0 {
      excludes = true
    } else if least < 0 {
      a = edge.a
      b = edge.b
      c = Int32(truncatingIfNeeded: corner)
    }
  }

  @inline(__always)
  func value(_ x: Int32, _ y: Int32) -> Int32 { c &+ a &* x &+ b &* y }

  /// The function's change over eight pixels.
  @inline(__always)
  var lanes: SIMD8<Int32> {
    let step = a &* 16
    let two = step &+ step
    let four = two &+ two
    return SIMD8(0, step, two, two &+ step, four, four &+ step, four &+ two, four &+ two &+ step)
  }
}
