import Facet

/// The whole model on a coarse grid, one sample a texel.
struct CoarseDepths {
  let width: Int
  let height: Int
  /// Row by row; infinite where there is nothing.
  let depths: [Float]
  /// The triangle that shows at each texel, or ``TileSamples/background``.
  let triangles: [UInt32]

  init(
    _ mesh: Mesh, _ screen: ScreenVertices, _ grid: SampleGrid, _ band: Band, _ bins: [TriangleBin],
    _ run: RunContext
  ) throws(MeshError) {
    width = grid.width
    height = grid.height
    var depths = [Float](repeating: .infinity, count: grid.width * grid.height)
    var names = [UInt32](repeating: TileSamples.background, count: grid.width * grid.height)
    try depths.withSharedElements { (depths) throws(MeshError) in
      try names.withSharedElements { (names) throws(MeshError) in
        try run.forEachChunk(of: band.tileCount, size: 1, scratch: { TileSamples(samples: 1) }) {
          (samples, tile, _) throws(MeshError) in
          let originX = (tile % band.columns) << Tile.bits
          let originY = (tile / band.columns) << Tile.bits
          let isDrawn = mesh.triangles.withUnsafeBufferPointer { triangles in
            screen.vertices.withUnsafeBufferPointer { vertices in
              grid.columns.withUnsafeBufferPointer { columns in
                samples.draw(
                  bins, tile: tile,
                  TileRasterizer(
                    triangles: triangles.baseAddress!, vertices: vertices.baseAddress!,
                    columns: columns.baseAddress!, grid: grid, originX: originX, originY: originY))
              }
            }
          }
          if !isDrawn { return }
          let columns = min(Tile.size, grid.width - originX)
          for row in 0..<min(Tile.size, grid.height - originY) {
            let target = (originY + row) * grid.width + originX
            (depths.base + target).update(from: samples.depths + row << Tile.bits, count: columns)
            (names.base + target).update(from: samples.triangles + row << Tile.bits, count: columns)
          }
        }
      }
    }
    self.depths = depths
    self.triangles = names
  }
}
