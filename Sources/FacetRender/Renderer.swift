import Facet

/// A picture in the making: what is found out about the whole model before the first band is drawn.
struct Renderer {
  private let mesh: Mesh
  private let options: ThumbnailOptions
  private let positions: [SIMD3<Float>]
  private let camera: Camera
  private let view: ViewSpace
  private let screen: ScreenVertices
  private let occlusion: AmbientOcclusion
  private let normals: CornerNormals?
  private let wideLimit: Int32
  private let eye: SIMD3<Float>

  init(_ mesh: Mesh, _ options: ThumbnailOptions, _ run: RunContext) throws(MeshError) {
    self.mesh = mesh
    self.options = options
    let (width, height) = (options.width, options.height)
    camera = try Camera(mesh, options, run)
    view = ViewSpace(camera, width: width, height: height)
    screen = try ScreenVertices(mesh, camera, width: width, height: height, run)
    let scale = Renderer.moderation(camera.radius)
    positions = scale == 1 ? mesh.positions : mesh.positions.map { $0 * scale }
    eye = SIMD3<Float>(camera.eye * Double(scale))
    run.report(0.1)

    // One look at the whole model on a coarse grid: for the occlusion, and to learn which triangles are large
    // enough for smooth shading to be seen, more than one and a half pixels.
    let wideLimit = Int32(3 << screen.subpixelBits) / 2
    self.wideLimit = wideLimit
    let coarsening = AmbientOcclusion.coarsening(width: width, height: height)
    let grid = SampleGrid(
      width: width, height: height, samples: 1, subpixelBits: screen.subpixelBits, coarsening: coarsening)
    let band = Band(columns: grid.tileColumns, rows: 0..<grid.tileRows)
    let isSmooth = options.creaseAngle > 0
    let bins = try Renderer.bins(mesh, screen, grid, band, wideLimit: isSmooth ? wideLimit : nil, run)
    run.report(0.2)
    let coarse = try CoarseDepths(mesh, screen, grid, band, bins, run)
    occlusion = try AmbientOcclusion(
      coarse, mesh, positions: positions, camera: camera, view: view, coarsening: coarsening, run)
    run.report(0.3)
    let wide = bins.map(\.wide)
    normals =
      wide.contains { !$0.isEmpty }
      ? CornerNormals(mesh, for: wide, cosine: Float(camera.creaseCosine)) : nil
    run.report(0.4)
  }

  /// Draws the picture band by band.
  ///
  /// - Parameter tilesPerBand: At most this many tiles a band, but at least a row of them.
  func image(tilesPerBand: Int = 4096, _ run: RunContext) throws(MeshError) -> Image {
    let (width, height) = (options.width, options.height)
    let grid = SampleGrid(
      width: width, height: height, samples: options.samples, subpixelBits: screen.subpixelBits)
    let bands = Band.bands(width: width, height: height, tilesPerBand: tilesPerBand)
    let pixels = try [UInt8](filling: 4 * width * height) { (target) throws(MeshError) in
      let pixels = UnsafeMutableRawPointer(target.base).bindMemory(to: UInt32.self, capacity: width * height)
      for (number, band) in bands.enumerated() {
        let bins = try Renderer.bins(mesh, screen, grid, band, run)
        try draw(band, bins, grid, pixels, run)
        run.report(0.4 + 0.6 * Double(number + 1) / Double(bands.count))
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  private func draw(
    _ band: Band, _ bins: [TriangleBin], _ grid: SampleGrid, _ pixels: UnsafeMutablePointer<UInt32>,
    _ run: RunContext
  ) throws(MeshError) {
    nonisolated(unsafe) let pixels = pixels
    let background = Renderer.background(options.background)
    let backMaterial = options.backFaces == .marked ? Renderer.linear(TileShader.backColor) : nil
    let materials = (Renderer.linear(options.material), backMaterial)
    let lighting = Lighting(camera)
    try run.forEachChunk(
      of: band.tileCount, size: 1, scratch: { TileShader.Scratch(samples: grid.samples) }
    ) { (scratch, tile, _) throws(MeshError) in
      let originX = (tile % band.columns) << Tile.bits
      let originY = (tile / band.columns + band.rows.lowerBound) << Tile.bits
      mesh.triangles.withUnsafeBufferPointer { triangles in
        screen.vertices.withUnsafeBufferPointer { vertices in
          grid.columns.withUnsafeBufferPointer { columns in
            let rasterizer = TileRasterizer(
              triangles: triangles.baseAddress!, vertices: vertices.baseAddress!,
              columns: columns.baseAddress!,
              grid: grid, originX: originX, originY: originY)
            let isDrawn = scratch.samples.draw(bins, tile: tile, rasterizer)
            positions.withUnsafeBufferPointer { positions in
              SRGB.linear.withUnsafeBufferPointer { linear in
                SRGB.encoded.withUnsafeBufferPointer { encoded in
                  let shader = TileShader(
                    positions: positions.baseAddress!, triangles: triangles.baseAddress!,
                    vertices: vertices.baseAddress!, colors: mesh.colors, grid: grid, view: view,
                    lighting: lighting, occlusion: occlusion, normals: normals, wideLimit: wideLimit,
                    material: materials.0, backMaterial: materials.1, background: background.linear,
                    backgroundPixel: background.pixel, eye: eye, linear: linear.baseAddress!,
                    encoded: encoded.baseAddress!)
                  shader.resolve(scratch, isDrawn: isDrawn, originX: originX, originY: originY, pixels)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Sorts all triangles into the tiles of a band.
  private static func bins(
    _ mesh: Mesh, _ screen: ScreenVertices, _ grid: SampleGrid, _ band: Band, wideLimit: Int32? = nil,
    _ run: RunContext
  ) throws(MeshError) -> [TriangleBin] {
    let count = mesh.triangles.count
    let chunks = (count + TriangleBin.triangleCount - 1) / TriangleBin.triangleCount
    var bins = [TriangleBin?](repeating: nil, count: chunks)
    try bins.withSharedElements { (slots) throws(MeshError) in
      try run.forEachChunk(of: count, size: TriangleBin.triangleCount, scratch: { Binner.Scratch() }) {
        (scratch, chunk, range) throws(MeshError) in
        slots[chunk] = mesh.triangles.withUnsafeBufferPointer { triangles in
          screen.vertices.withUnsafeBufferPointer { vertices in
            Binner(
              triangles: triangles.baseAddress!, vertices: vertices.baseAddress!, grid: grid, band: band,
              wideLimit: wideLimit
            ).bin(range, scratch)
          }
        }
      }
    }
    return bins.map { $0! }
  }

  /// A power of two that brings lengths to where products of eight of them stay in a Float's range; 1 for
  /// every size that parts have.
  private static func moderation(_ radius: Double) -> Float {
    (1e-3...1e6).contains(radius) ? 1 : Float(sign: .plus, exponent: -Int(radius.exponent), significand: 1)
  }

  private static func linear(_ color: Color) -> SIMD3<Float> {
    SIMD3(
      SRGB.linear[Int(color.red)], SRGB.linear[Int(color.green)], SRGB.linear[Int(color.blue)])
  }

  private static func background(_ color: Color?) -> (linear: SIMD4<Float>, pixel: UInt32) {
    guard let color, color.alpha > 0 else { return (.zero, 0) }
    let pixel =
      UInt32(color.red) | UInt32(color.green) << 8 | UInt32(color.blue) << 16 | UInt32(color.alpha) << 24
    let alpha = Float(color.alpha) / 255
    return (SIMD4(linear(color) * alpha, alpha), UInt32(littleEndian: pixel))
  }
}
