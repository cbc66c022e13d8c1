import Facet

/// The samples of one tile: which triangle shows at each, and how far it is.
///
/// Rows of samples from the top, 32 pixels a row; see ``SampleGrid``.
final class TileSamples {
  let depths: UnsafeMutablePointer<Float>
  let triangles: UnsafeMutablePointer<UInt32>
  let count: Int
  /// The tile's farthest depth when last looked at; nothing at or behind it can show.
  private(set) var farthest = Float.infinity
  private var triangleCount = 0

  /// No triangle.
  static let background = UInt32.max

  init(samples: Int) {
    count = Tile.size * Tile.size * samples
    // Whole cache lines, and aligned for vectors of eight.
    depths = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
    triangles = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
      .bindMemory(to: UInt32.self, capacity: count)
  }

  deinit {
    depths.deallocate()
    triangles.deallocate()
  }

  func clear() {
    depths.update(repeating: .infinity, count: count)
    triangles.update(repeating: TileSamples.background, count: count)
    farthest = .infinity
    triangleCount = 0
  }

  /// Draws what `bins`, in their order, have for a tile.
  ///
  /// - Returns: Whether they have anything.
  func draw(_ bins: [TriangleBin], tile: Int, _ rasterizer: TileRasterizer) -> Bool {
    var isDrawn = false
    for bin in bins {
      let fragments = Int(bin.fragmentStarts[tile])..<Int(bin.fragmentStarts[tile + 1])
      let large = Int(bin.triangleStarts[tile])..<Int(bin.triangleStarts[tile + 1])
      if fragments.isEmpty && large.isEmpty { continue }
      if !isDrawn { clear() }
      isDrawn = true
      bin.triangles.withUnsafeBufferPointer { triangles in
        for i in large {
          rasterizer.draw(triangles[i], self)
          triangleCount += 1
          if triangleCount & 31 == 0 { updateFarthest() }
        }
      }
      bin.fragments.withUnsafeBufferPointer { put($0, fragments) }
    }
    return isDrawn
  }

  private func put(_ fragments: UnsafeBufferPointer<Fragment>, _ range: Range<Int>) {
    let depths = depths
    let triangles = triangles
    let mask = UInt32(1 << Tile.locationBits) &- 1
    for i in range {
      let fragment = fragments[i]
      let sample = Int(fragment.location & mask)
      if fragment.depth < depths[sample] - ScreenTriangle.depthTolerance {
        depths[sample] = fragment.depth
        triangles[sample] = fragment.triangle
      }
    }
  }

  private func updateFarthest() {
    var lanes = SIMD8<Float>(repeating: 0)
    let rows = UnsafeRawPointer(depths).assumingMemoryBound(to: SIMD8<Float>.self)
    for i in 0..<count / 8 {
      let row = rows[i]
      lanes = lanes.replacing(with: row, where: row .> lanes)
    }
    var result = lanes[0]
    for lane in 1..<8 where lanes[lane] > result { result = lanes[lane] }
    farthest = result
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
    guard let plane = ScreenTriangle(triangle, p, q, r) else { return }
    // Early depth rejection: all of it is behind all that the tile shows.
    if plane.nearest >= samples.farthest { return }

    let unitBits = Int32(grid.unitBits)
    let pixelBits = unitBits + 4
    let sampleBits = Int32(grid.sampleBits)
    let rowBits = pixelBits - sampleBits
    let firstRow = Int32(grid.firstRow) << unitBits

    // Rows of samples and columns of pixels of the triangle's box in this tile.
    let minX = min(p.x, min(q.x, r.x))
    let maxX = max(p.x, max(q.x, r.x))
    let minY = min(p.y, min(q.y, r.y))
    let maxY = max(p.y, max(q.y, r.y))
    let tileX = Int32(originX)
    let tileRow = Int32(originY) << sampleBits
    let lastRow = min(tileRow &+ (Int32(Tile.size) << sampleBits), Int32(grid.rows)) &- 1
    let row0 = max((minY &- firstRow &+ (Int32(1) << rowBits &- 1)) >> rowBits, tileRow)
    let row1 = min((maxY &- firstRow) >> rowBits, lastRow)
    let column0 = max(minX >> pixelBits, tileX)
    let column1 = min(maxX >> pixelBits, min(tileX &+ Int32(Tile.size), Int32(grid.width)) &- 1)
    if row0 > row1 || column0 > column1 { return }

    // Edge functions in steps of 1/16 pixel, which all samples are multiples of: dividing by the finer steps
    // and rounding down keeps every sign. An edge with the whole tile inside needs no test; one that crosses
    // the tile stays within 32 bits on it.
    let x = Int64(originX) << Int64(pixelBits)
    let y = Int64(originY) << Int64(pixelBits)
    let e0 = TileEdge(plane.a.0, plane.b.0, plane.c.0, x, y, unitBits)
    let e1 = TileEdge(plane.a.1, plane.b.1, plane.c.1, x, y, unitBits)
    let e2 = TileEdge(plane.a.2, plane.b.2, plane.c.2, x, y, unitBits)
    if e0.excludes || e1.excludes || e2.excludes { return }

    let first0 = (column0 &- tileX) & ~7
    let lanes0 = e0.lanes
    let lanes1 = e1.lanes
    let lanes2 = e2.lanes
    let step = Int32(1) << pixelBits
    // Small whole numbers: the products are exact.
    let laneX = SIMD8<Float>(0, 1, 2, 3, 4, 5, 6, 7) * Float(step)
    let nearest = SIMD8<Float>(repeating: plane.nearest)
    let farthest = SIMD8<Float>(repeating: plane.farthest)
    let slope = SIMD8<Float>(repeating: plane.gx)
    let tolerance = SIMD8<Float>(repeating: ScreenTriangle.depthTolerance)
    let name = SIMD8<UInt32>(repeating: index)
    let rowStep = Int32(grid.rowStep)
    let sampleMask = (Int32(1) << sampleBits) &- 1

    for row in row0...row1 {
      let local = row &- tileRow
      let shift = columns[Int(row & sampleMask)]
      let unitsY = local &* rowStep &+ Int32(grid.firstRow)
      let screenY = (row << rowBits) &+ firstRow
      let rowDepth = SIMD8<Float>(repeating: plane.z + Float(screenY &- plane.anchorY) * plane.gy)
      let line0 = e0.value(shift, unitsY)
      let line1 = e1.value(shift, unitsY)
      let line2 = e2.value(shift, unitsY)
      let base = Int(local) << Tile.bits
      var first = first0
      while first <= column1 &- tileX {
        let unitsX = first << 4
        let f0 = lanes0 &+ SIMD8(repeating: line0 &+ e0.a &* unitsX)
        let f1 = lanes1 &+ SIMD8(repeating: line1 &+ e1.a &* unitsX)
        let f2 = lanes2 &+ SIMD8(repeating: line2 &+ e2.a &* unitsX)
        let inside = f0 | f1 | f2
        let covered = inside .>= SIMD8<Int32>.zero
        let screenX = ((tileX &+ first) << pixelBits) &+ (shift << unitBits)
        let acrossX = SIMD8<Float>(repeating: Float(screenX &- plane.anchorX)) + laneX
        var depth = rowDepth + acrossX * slope
        depth = depth.replacing(with: nearest, where: depth .< nearest)
        depth = depth.replacing(with: farthest, where: depth .> farthest)
        let offset = base &+ Int(first)
        let depths = UnsafeMutableRawPointer(samples.depths + offset)
          .assumingMemoryBound(to: SIMD8<Float>.self)
        let names = UnsafeMutableRawPointer(samples.triangles + offset)
          .assumingMemoryBound(to: SIMD8<UInt32>.self)
        let old = depths.pointee
        let shows = covered .& (depth .< old - tolerance)
        depths.pointee = old.replacing(with: depth, where: shows)
        names.pointee = names.pointee.replacing(with: name, where: shows)
        first &+= 8
      }
    }
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
  init(_ a: Int32, _ b: Int32, _ c: Int64, _ x: Int64, _ y: Int64, _ unitBits: Int32) {
    let corner = (Int64(a) &* x &+ Int64(b) &* y &+ c) >> Int64(unitBits)
    let span = Int64(Tile.size * 16 - 1)
    let acrossX = Int64(a) &* span
    let acrossY = Int64(b) &* span
    let least = corner &+ min(acrossX, 0) &+ min(acrossY, 0)
    let most = corner &+ max(acrossX, 0) &+ max(acrossY, 0)
    if most < 0 {
      excludes = true
    } else if least < 0 {
      self.a = a
      self.b = b
      self.c = Int32(truncatingIfNeeded: corner)
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
