import Facet
import FacetTestSupport
import Testing

@testable import FacetRender

/// The rasterizer against a scalar reference that looks at every sample of the picture, one by one, in 64-bit
/// arithmetic.
@Suite struct RasterizerTests {
  /// Triangles placed straight in the picture, in 1/256 pixel.
  private struct Scene {
    var vertices: [SIMD4<Int32>] = []
    var triangles: [Triangle] = []

    mutating func add(_ x: Int32, _ y: Int32, _ depth: Float) -> UInt32 {
      vertices.append(SIMD4(x, y, Int32(bitPattern: depth.bitPattern), 0))
      return UInt32(vertices.count - 1)
    }
  }

  private struct Samples: Equatable {
    var depths: [Float]
    var triangles: [UInt32]
  }

  private func grid(_ samples: Int, width: Int = 41, height: Int = 36) -> SampleGrid {
    SampleGrid(width: width, height: height, samples: samples, subpixelBits: 8)
  }

  /// The samples of the whole picture, row by row, as the tiles have them.
  private func drawn(_ scene: Scene, _ grid: SampleGrid) -> Samples {
    let rows = grid.rows
    var result = Samples(
      depths: Array(repeating: .infinity, count: grid.width * rows),
      triangles: Array(repeating: TileSamples.background, count: grid.width * rows))
    let band = Band.bands(width: grid.width, height: grid.height)[0]
    scene.triangles.withUnsafeBufferPointer { triangles in
      scene.vertices.withUnsafeBufferPointer { vertices in
        grid.columns.withUnsafeBufferPointer { columns in
          let binner = Binner(
            triangles: triangles.baseAddress!, vertices: vertices.baseAddress!, grid: grid, band: band)
          let bin = binner.bin(0..<triangles.count, Binner.Scratch())
          let samples = TileSamples(samples: grid.samples)
          for tile in 0..<band.tileCount {
            let origin = band.origin(of: tile)
            let rasterizer = TileRasterizer(
              triangles: triangles.baseAddress!, vertices: vertices.baseAddress!,
              columns: columns.baseAddress!,
              grid: grid, originX: origin.x, originY: origin.y)
            guard samples.draw([bin], tile: tile, rasterizer) else { continue }
            for row in 0..<Tile.size * grid.samples where origin.y * grid.samples + row < rows {
              for column in 0..<Tile.size where origin.x + column < grid.width {
                let target = (origin.y * grid.samples + row) * grid.width + origin.x + column
                result.depths[target] = samples.depths[row << Tile.bits + column]
                result.triangles[target] = samples.triangles[row << Tile.bits + column]
              }
            }
          }
        }
      }
    }
    return result
  }

  /// A sample's place in 1/256 pixel.
  private func place(_ row: Int, _ column: Int, _ grid: SampleGrid) -> (x: Int64, y: Int64) {
    let x = column * 256 + Int(grid.columns[row % grid.samples]) * 16
    let y = row / grid.samples * 256 + (grid.firstRow + row % grid.samples * grid.rowStep) * 16
    return (Int64(x), Int64(y))
  }

  /// A triangle as the reference sees it.
  private struct Reference {
    let corners: [(x: Int64, y: Int64, z: Double)]
    let area: Int64

    init(_ scene: Scene, _ triangle: Triangle) {
      let corners = (0..<3).map { k -> (x: Int64, y: Int64, z: Double) in
        let v = scene.vertices[Int(triangle[k])]
        return (Int64(v.x), Int64(v.y), Double(Float(bitPattern: UInt32(bitPattern: v.z))))
      }
      self.corners = corners
      area = Reference.side(corners[0], corners[1], corners[2].x, corners[2].y)
    }

    /// Twice the area of the triangle from `p` over `q` to (x, y).
    private static func side(
      _ p: (x: Int64, y: Int64, z: Double), _ q: (x: Int64, y: Int64, z: Double), _ x: Int64, _ y: Int64
    ) -> Int64 {
      (q.x - p.x) * (y - p.y) - (q.y - p.y) * (x - p.x)
    }

    /// Whether it covers a point: inside all edges, or on edges that own their points.
    func covers(_ x: Int64, _ y: Int64) -> Bool {
      if area == 0 { return false }
      for k in 0..<3 {
        let p = area > 0 ? corners[k] : corners[(k + 1) % 3]
        let q = area > 0 ? corners[(k + 1) % 3] : corners[k]
        let side = Reference.side(p, q, x, y)
        if side < 0 { return false }
        // On the edge: only left edges (upwards here) and top edges (to the right) keep the point.
        if side == 0 && !(q.y < p.y || (q.y == p.y && q.x > p.x)) { return false }
      }
      return true
    }

    /// Depth from the barycentric definition, in Double.
    func depth(_ x: Int64, _ y: Int64) -> Double {
      let a = Double(Reference.side(corners[1], corners[2], x, y)) / Double(area)
      let b = Double(Reference.side(corners[2], corners[0], x, y)) / Double(area)
      let offset = area > 0 ? Double(DepthPlane.backFaceOffset) : 0
      return a * corners[0].z + b * corners[1].z + (1 - a - b) * corners[2].z + offset
    }
  }

  /// Triangles of all sizes, from below a sample to the whole picture, many on sample positions and axes.
  private func randomScene(_ count: Int, _ grid: SampleGrid, seed: UInt64) -> Scene {
    var generator = SeededGenerator(seed: seed)
    var scene = Scene()
    let limitX = Int32(grid.width * 256)
    let limitY = Int32(grid.height * 256)
    for i in 0..<count {
      let size: Int32 = [40, 120, 300, 700, 2000, 30000][i % 6]
      // Every other triangle on a coarse lattice, so that edges run through samples.
      let step: Int32 = i % 2 == 0 ? 1 : 16
      let x = Int32.random(in: 0...limitX, using: &generator)
      let y = Int32.random(in: 0...limitY, using: &generator)
      var corners: [UInt32] = []
      for _ in 0..<3 {
        let cx = x + Int32.random(in: -size...size, using: &generator)
        let cy = y + Int32.random(in: -size...size, using: &generator)
        corners.append(
          scene.add(
            min(max(cx / step * step, 0), limitX), min(max(cy / step * step, 0), limitY),
            Float.random(in: 0...1, using: &generator)))
      }
      scene.triangles.append(Triangle(corners[0], corners[1], corners[2]))
    }
    return scene
  }

  @Test(arguments: [1, 4, 8, 16])
  func everyTriangleCoversExactlyTheSamplesInsideItAtTheirDepth(samples: Int) {
    let grid = grid(samples)
    let scene = randomScene(30, grid, seed: UInt64(samples))
    for (number, triangle) in scene.triangles.enumerated() {
      var one = scene
      one.triangles = [triangle]
      let result = drawn(one, grid)
      let reference = Reference(scene, triangle)
      for row in 0..<grid.rows {
        for column in 0..<grid.width {
          let (x, y) = place(row, column, grid)
          let expected = reference.covers(x, y)
          let index = row * grid.width + column
          if (result.triangles[index] == 0) != expected {
            Issue.record("triangle \(number), sample row \(row), column \(column): expected \(expected)")
            return
          }
          if expected {
            let difference = abs(Double(result.depths[index]) - reference.depth(x, y))
            if difference > Double(DepthPlane.tolerance) {
              Issue.record(
                "triangle \(number), sample row \(row), column \(column): depth off by \(difference)")
              return
            }
          }
        }
      }
    }
  }

  @Test(arguments: [1, 8])
  func theNearestTriangleShowsAtEverySample(samples: Int) {
    let grid = grid(samples)
    let scene = randomScene(70, grid, seed: 77)
    let references = scene.triangles.map { Reference(scene, $0) }
    let result = drawn(scene, grid)
    for row in 0..<grid.rows {
      for column in 0..<grid.width {
        let (x, y) = place(row, column, grid)
        var nearest = Double.infinity
        for reference in references where reference.covers(x, y) {
          nearest = min(nearest, reference.depth(x, y))
        }
        let index = row * grid.width + column
        let name = result.triangles[index]
        if nearest == .infinity {
          if name != TileSamples.background { Issue.record("nothing covers row \(row), column \(column)") }
          continue
        }
        guard name != TileSamples.background else {
          Issue.record("row \(row), column \(column) was missed")
          continue
        }
        let shown = references[Int(name)].depth(x, y)
        // Depths within the tolerance count as one.
        if shown > nearest + 2 * Double(DepthPlane.tolerance) {
          Issue.record("row \(row), column \(column) shows \(shown) in front of \(nearest)")
        }
      }
    }
  }

  @Test(arguments: [1, 4, 8, 16])
  func trianglesThatShareEdgesLeaveNoCrackAndNoSampleTwice(samples: Int) {
    let grid = grid(samples, width: 40, height: 40)
    var generator = SeededGenerator(seed: 5)
    // A square, cut into a lattice whose inner points are moved at random, some onto samples.
    let side = 9
    var scene = Scene()
    var points: [UInt32] = []
    for j in 0...side {
      for i in 0...side {
        let isInner = i > 0 && i < side && j > 0 && j < side
        let jitter = isInner ? Int32.random(in: -400...400, using: &generator) : 0
        let x = 512 + Int32(i) * 1024 + (isInner ? jitter : 0)
        let y = 512 + Int32(j) * 1024 + (isInner ? jitter / 3 / 16 * 16 : 0)
        points.append(scene.add(x, y, 0.5))
      }
    }
    for j in 0..<side {
      for i in 0..<side {
        let a = points[j * (side + 1) + i]
        let b = points[j * (side + 1) + i + 1]
        let c = points[(j + 1) * (side + 1) + i + 1]
        let d = points[(j + 1) * (side + 1) + i]
        scene.triangles += [Triangle(a, c, b), Triangle(a, d, c)]
      }
    }
    var count = [Int](repeating: 0, count: grid.width * grid.rows)
    for triangle in scene.triangles {
      var one = scene
      one.triangles = [triangle]
      for (index, name) in drawn(one, grid).triangles.enumerated() where name == 0 { count[index] += 1 }
    }
    var wrong = 0
    for row in 0..<grid.rows {
      for column in 0..<grid.width {
        let (x, y) = place(row, column, grid)
        let last = Int64(512 + side * 1024)
        // The square owns its left and top edges.
        let isInside = (512..<last).contains(x) && (512..<last).contains(y)
        if count[row * grid.width + column] != (isInside ? 1 : 0) { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }

  @Test func edgesOfTheLargestPicturesStayExact() {
    // 7 bits below the pixel, a triangle over all of 10 000 by 10 000: look at tiles along its long edge.
    let grid = SampleGrid(width: 10_000, height: 10_000, samples: 8, subpixelBits: 7)
    var scene = Scene()
    let limit: Int32 = 10_000 * 128
    scene.triangles = [
      Triangle(scene.add(0, 3, 0.1), scene.add(limit, limit - 11, 0.9), scene.add(limit - 5, 0, 0.5))
    ]
    let corners = scene.vertices.map { (Int64($0.x), Int64($0.y)) }
    for tile in [0, 17, 155, 311, 312] {
      let band = Band(columns: 313, rows: tile..<tile + 1)
      let origin = band.origin(of: tile)
      let samples = TileSamples(samples: 8)
      let isDrawn = scene.triangles.withUnsafeBufferPointer { triangles in
        scene.vertices.withUnsafeBufferPointer { vertices in
          grid.columns.withUnsafeBufferPointer { columns in
            let bin = Binner(
              triangles: triangles.baseAddress!, vertices: vertices.baseAddress!, grid: grid, band: band
            ).bin(0..<1, Binner.Scratch())
            return samples.draw(
              [bin], tile: tile,
              TileRasterizer(
                triangles: triangles.baseAddress!, vertices: vertices.baseAddress!,
                columns: columns.baseAddress!, grid: grid, originX: origin.x, originY: origin.y))
          }
        }
      }
      #expect(isDrawn)
      var wrong = 0
      for row in 0..<min(Tile.size, 10_000 - origin.y) * 8 {
        for column in 0..<min(Tile.size, 10_000 - origin.x) {
          let x = Int64((origin.x + column) * 128 + Int(grid.columns[row % 8]) * 8)
          let y = Int64(((origin.y * 8 + row) * 2 + 1) * 8)
          var isInside = true
          for k in 0..<3 {
            // Clockwise where y points down is counter-clockwise seen from the front.
            let p = corners[(3 - k) % 3]
            let q = corners[(2 - k + 3) % 3]
            let side = (q.0 - p.0) * (y - p.1) - (q.1 - p.1) * (x - p.0)
            if side < 0 || (side == 0 && !(q.1 < p.1)) { isInside = false }
          }
          if (samples.triangles[row << Tile.bits + column] == 0) != isInside { wrong += 1 }
        }
      }
      #expect(wrong == 0, "tile \(tile)")
    }
  }

  @Test func samplePatternsHaveOneSampleInEachRowAndColumn() {
    for samples in ThumbnailOptions.allowedSamples {
      let grid = grid(samples)
      #expect(grid.columns.count == samples)
      #expect(Set(grid.columns.map { Int($0) * samples / 16 }) == Set(0..<samples))
      #expect(grid.firstRow + (samples - 1) * grid.rowStep < 16)
    }
  }
}
