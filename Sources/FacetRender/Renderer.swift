import Facet

/// A picture in the making.
///
/// Two looks at the model. The first finds what shows where, on a coarse grid for the ambient occlusion, and
/// which triangles are large enough to need smooth normals. The second shades. Small pictures keep what shows at
/// every sample from the first to the second; large ones are drawn twice, band by band, so that memory does not
/// grow with their samples.
struct Renderer {
  private let mesh: Mesh
  private let options: ThumbnailOptions
  private let positions: [SIMD3<Float>]
  private let eye: SIMD3<Float>
  private let camera: Camera
  private let view: ViewSpace
  private let screen: ScreenVertices
  private let grid: SampleGrid
  /// Triangles whose box in the picture is at most this wide and high (in vertex coordinates) are shaded flat:
  /// one and a half pixels.
  private let wideLimit: Int32
  private let bands: [Band]
  private let keepsSamples: Bool

  /// What is kept of a picture's samples, at most, in bytes.
  static let keptBytes = 48 << 20

  /// - Parameters:
  ///   - tilesPerBand: At most this many tiles are drawn at once, but at least a row of them.
  ///   - keptBytes: The most that is kept of the samples.
  init(
    _ mesh: Mesh, _ options: ThumbnailOptions, tilesPerBand: Int = 4096, keptBytes: Int = Renderer.keptBytes,
    _ run: RunContext
  ) throws(MeshError) {
    self.mesh = mesh
    self.options = options
    let (width, height) = (options.width, options.height)
    camera = try Camera(mesh, options, run)
    view = ViewSpace(camera, width: width, height: height)
    screen = try ScreenVertices(mesh, camera, width: width, height: height, run)
    grid = SampleGrid(
      width: width, height: height, samples: options.samples, subpixelBits: screen.subpixelBits)
    wideLimit = Int32(3 << screen.subpixelBits) / 2
    let scale = Renderer.moderation(camera.radius)
    positions = scale == 1 ? mesh.positions : mesh.positions.map { $0 * scale }
    eye = SIMD3<Float>(camera.eye * Double(scale))
    bands = Band.bands(width: width, height: height, tilesPerBand: tilesPerBand)
    let tiles = bands.reduce(0) { $0 + $1.tileCount }
    keepsSamples = bands.count == 1 && tiles * Renderer.tileBytes(grid) <= keptBytes
    run.report(0.05)
  }

  private static func tileBytes(_ grid: SampleGrid) -> Int {
    4 * grid.samples * Tile.size * Tile.size
  }

  func image(_ run: RunContext) throws(MeshError) -> Image {
    let first = try firstLook(run.slice(0.05...0.35))
    let occlusion = try AmbientOcclusion(
      first.coarse, mesh, positions: positions, camera: camera, view: view, run)
    var normals: CornerNormals?
    if first.wide.contains(where: { !$0.isEmpty }) {
      normals = try CornerNormals(mesh, for: first.wide, cosine: Float(camera.creaseCosine), run)
    }
    run.report(0.4)
    let shading = run.slice(0.4...1)
    let (width, height) = (options.width, options.height)
    let pixels = try [UInt8](filling: 4 * width * height) { (target) throws(MeshError) in
      let pixels = UnsafeMutableRawPointer(target.base).bindMemory(to: UInt32.self, capacity: width * height)
      for (number, band) in bands.enumerated() {
        try shade(band, first.kept, occlusion, normals, pixels, run)
        shading.report(Double(number + 1) / Double(bands.count))
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  // MARK: The first look

  private struct FirstLook {
    var coarse: CoarsePicture
    /// The triangles over the limit of size, a row a bin.
    var wide: [[UInt32]] = []
    var kept: KeptSamples?
  }

  /// What shows at the samples of each tile of the one band that a small picture has.
  private final class KeptSamples {
    let names: UnsafeMutablePointer<UInt32>
    let isDrawn: UnsafeMutablePointer<Bool>
    let perTile: Int

    init(tiles: Int, grid: SampleGrid) {
      perTile = grid.samples * Tile.size * Tile.size
      names = .allocate(capacity: tiles * perTile)
      isDrawn = .allocate(capacity: tiles)
      isDrawn.initialize(repeating: false, count: tiles)
    }

    deinit {
      names.deallocate()
      isDrawn.deallocate()
    }
  }

  private func firstLook(_ run: RunContext) throws(MeshError) -> FirstLook {
    var look = FirstLook(coarse: CoarsePicture(width: options.width, height: options.height))
    let kept = keepsSamples ? KeptSamples(tiles: bands[0].tileCount, grid: grid) : nil
    look.kept = kept
    let (coarsening, coarseWidth) = (look.coarse.coarsening, look.coarse.width)
    var wide: [[UInt32]] = []
    var depths: [Float] = []
    var names: [UInt32] = []
    swap(&depths, &look.coarse.depths)
    swap(&names, &look.coarse.triangles)
    try depths.withSharedElements { (depths) throws(MeshError) in
      try names.withSharedElements { (names) throws(MeshError) in
        for (number, band) in bands.enumerated() {
          let isFirst = number == 0
          let bins = try bins(of: band, wideLimit: isFirst && options.creaseAngle > 0 ? wideLimit : nil, run)
          if isFirst { wide = bins.map(\.wide) }
          try run.forEachChunk(
            of: band.tileCount, size: 1, scratch: { TileSamples(samples: grid.samples) }
          ) { (samples, tile, _) throws(MeshError) in
            let origin = band.origin(of: tile)
            guard draw(bins, tile, origin, samples) else { return }
            CoarsePicture.take(
              samples, originX: origin.x, originY: origin.y, grid, coarsening: coarsening, width: coarseWidth,
              depths, names)
            if let kept {
              (kept.names + tile * kept.perTile).update(from: samples.triangles, count: kept.perTile)
              kept.isDrawn[tile] = true
            }
          }
          run.report(Double(number + 1) / Double(bands.count))
        }
      }
    }
    swap(&depths, &look.coarse.depths)
    swap(&names, &look.coarse.triangles)
    look.wide = wide
    return look
  }

  // MARK: Tiles

  /// Sorts all triangles into the tiles of a band.
  private func bins(of band: Band, wideLimit: Int32? = nil, _ run: RunContext) throws(MeshError)
    -> [TriangleBin]
  {
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

  /// Rasterizes a tile; false when nothing is in it.
  private func draw(
    _ bins: [TriangleBin], _ tile: Int, _ origin: (x: Int, y: Int), _ samples: TileSamples
  ) -> Bool {
    mesh.triangles.withUnsafeBufferPointer { triangles in
      screen.vertices.withUnsafeBufferPointer { vertices in
        grid.columns.withUnsafeBufferPointer { columns in
          samples.draw(
            bins, tile: tile,
            TileRasterizer(
              triangles: triangles.baseAddress!, vertices: vertices.baseAddress!,
              columns: columns.baseAddress!, grid: grid, originX: origin.x, originY: origin.y))
        }
      }
    }
  }

  // MARK: The second look

  private func shade(
    _ band: Band, _ kept: KeptSamples?, _ occlusion: AmbientOcclusion, _ normals: CornerNormals?,
    _ pixels: UnsafeMutablePointer<UInt32>, _ run: RunContext
  ) throws(MeshError) {
    // Each tile has pixels of its own.
    nonisolated(unsafe) let pixels = pixels
    let background = Renderer.background(options.background)
    let material = Renderer.linear(options.material)
    let backMaterial: SIMD3<Float>? =
      switch options.backFaces {
      case .marked: Renderer.linear(TileShader.backColor)
      case .filled: Renderer.linear(TileShader.fillColor)
      case .plain: nil
      }
    let edges = options.edges.map(TriangleEdges.init)
    let lighting = Lighting(camera)
    let bins = kept == nil ? try bins(of: band, run) : []
    try run.forEachChunk(
      of: band.tileCount, size: 1,
      scratch: { (TileShader.Scratch(), kept == nil ? TileSamples(samples: grid.samples) : nil) }
    ) { (scratch, tile, _) throws(MeshError) in
      let origin = band.origin(of: tile)
      var names: UnsafePointer<UInt32>?
      if let kept {
        if kept.isDrawn[tile] { names = UnsafePointer(kept.names + tile * kept.perTile) }
      } else if let samples = scratch.1, draw(bins, tile, origin, samples) {
        names = UnsafePointer(samples.triangles)
      }
      mesh.triangles.withUnsafeBufferPointer { triangles in
        screen.vertices.withUnsafeBufferPointer { vertices in
          positions.withUnsafeBufferPointer { positions in
            SRGB.linear.withUnsafeBufferPointer { linear in
              SRGB.encoded.withUnsafeBufferPointer { encoded in
                let shader = TileShader(
                  positions: positions.baseAddress!, triangles: triangles.baseAddress!,
                  vertices: vertices.baseAddress!, colors: mesh.colors, grid: grid, view: view,
                  lighting: lighting, occlusion: occlusion, normals: normals, wideLimit: wideLimit,
                  material: material, backMaterial: backMaterial, fillsBacks: options.backFaces == .filled,
                  edges: edges, background: background.linear,
                  backgroundPixel: background.pixel, eye: eye, eyeward: SIMD3<Float>(camera.towards),
                  linear: linear.baseAddress!, encoded: encoded.baseAddress!)
                shader.resolve(names, scratch.0, originX: origin.x, originY: origin.y, pixels)
              }
            }
          }
        }
      }
    }
  }

  // MARK: Values

  /// A power of two that brings lengths to where products of eight of them stay in a Float's range; 1 for
  /// every size that parts have.
  private static func moderation(_ radius: Double) -> Float {
    (1e-3...1e6).contains(radius) ? 1 : Float(sign: .plus, exponent: -Int(radius.exponent), significand: 1)
  }

  static func linear(_ color: Color) -> SIMD3<Float> {
    SIMD3(SRGB.linear[Int(color.red)], SRGB.linear[Int(color.green)], SRGB.linear[Int(color.blue)])
  }

  private static func background(_ color: Color?) -> (linear: SIMD4<Float>, pixel: UInt32) {
    guard let color, color.alpha > 0 else { return (.zero, 0) }
    let pixel =
      UInt32(color.red) | UInt32(color.green) << 8 | UInt32(color.blue) << 16 | UInt32(color.alpha) << 24
    let alpha = Float(color.alpha) / 255
    return (SIMD4(linear(color) * alpha, alpha), UInt32(littleEndian: pixel))
  }
}
