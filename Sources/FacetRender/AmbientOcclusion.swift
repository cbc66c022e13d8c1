import Facet

/// The whole model on a coarse grid, a texel for 2^coarsening by 2^coarsening pixels: what the first sample of
/// the pixel in its middle sees.
struct CoarsePicture {
  let width: Int
  let height: Int
  let coarsening: Int
  /// Row by row; infinite where there is nothing.
  var depths: [Float]
  /// The triangle that shows at each texel, or ``TileSamples/background``.
  var triangles: [UInt32]

  /// The largest size; it does not grow with the picture.
  static let largestSize = 320

  init(width: Int, height: Int) {
    var coarsening = 0
    while (max(width, height) >> coarsening) > CoarsePicture.largestSize { coarsening += 1 }
    self.coarsening = coarsening
    self.width = (width + (1 << coarsening) - 1) >> coarsening
    self.height = (height + (1 << coarsening) - 1) >> coarsening
    depths = [Float](repeating: .infinity, count: self.width * self.height)
    triangles = [UInt32](repeating: TileSamples.background, count: self.width * self.height)
  }

  /// Takes the texels of a tile; each tile has its own.
  static func take(
    _ samples: TileSamples, originX: Int, originY: Int, _ grid: SampleGrid, coarsening: Int, width: Int,
    _ depths: SharedElements<Float>, _ triangles: SharedElements<UInt32>
  ) {
    let step = 1 << coarsening
    // The last texels of a picture that is no whole number of them have their middles beyond it.
    func middle(_ texel: Int, _ size: Int) -> Int { min(texel << coarsening + step / 2, size - 1) }
    for y in originY >> coarsening...(min(originY + Tile.size, grid.height) - 1) >> coarsening {
      let row = middle(y, grid.height) - originY
      for x in originX >> coarsening...(min(originX + Tile.size, grid.width) - 1) >> coarsening {
        let column = middle(x, grid.width) - originX
        let sample = (row * grid.samples) << Tile.bits + column
        depths.base[y * width + x] = samples.depths[sample]
        triangles.base[y * width + x] = samples.triangles[sample]
      }
    }
  }
}

/// How much of the sky each place of the surface sees: the soft shadow in corners and where parts meet.
///
/// Sampled on a coarse picture of the whole model, whose size does not grow with the picture's, so that it
/// looks the same at every size: scalable ambient obscurance (McGuire, Mara and Luebke 2012), then a filter
/// that does not reach over edges.
struct AmbientOcclusion {
  let width: Int
  let height: Int
  /// A texel is 2^coarsening pixels of the picture.
  let coarsening: Int
  /// The distance from the camera of each texel, infinite where there is nothing.
  private let distances: [Float]
  /// 1 where nothing is in the way, towards 0 in corners.
  private let visibility: [Float]

  /// Half the size of the neighbourhood that casts shadow, in view units: the model is 2 across.
  private static let radius: Float = 0.30
  private static let samples = 16
  private static let strength: Float = 1.35
  init(
    _ coarse: CoarsePicture, _ mesh: Mesh, positions: [SIMD3<Float>], camera: Camera, view: ViewSpace,
    _ run: RunContext
  ) throws(MeshError) {
    let width = coarse.width
    let height = coarse.height
    self.width = width
    self.height = height
    let coarsening = coarse.coarsening
    self.coarsening = coarsening
    let distances = coarse.depths.map { $0.isFinite ? view.distance(depth: $0) : Float.infinity }
    self.distances = distances

    let offsets = AmbientOcclusion.offsets(radius: AmbientOcclusion.radius * view.pixelsPerUnit(coarsening))
    let right = SIMD3<Float>(camera.right)
    let top = SIMD3<Float>(camera.top)
    let towards = SIMD3<Float>(camera.towards)
    let r2 = AmbientOcclusion.radius * AmbientOcclusion.radius
    let scale =
      AmbientOcclusion.strength * AmbientOcclusion.radius * 5
      / (r2 * r2 * r2 * Float(AmbientOcclusion.samples))

    let raw = try [Float](filling: width * height) { (target) throws(MeshError) in
      let target = target.base
      try run.forEachChunk(of: height, size: 8) { (_, rows) throws(MeshError) in
        distances.withUnsafeBufferPointer { distances in
          for y in rows {
            for x in 0..<width {
              let index = y * width + x
              let distance = distances[index]
              guard distance.isFinite else {
                target[index] = 1
                continue
              }
              let place = view.place(x, y, coarsening, distance)
              let t = mesh.triangles[Int(coarse.triangles[index])]
              let a = positions[Int(t.a)]
              let face = cross(positions[Int(t.b)] - a, positions[Int(t.c)] - a)
              var normal = SIMD3(dot(face, right), dot(face, top), dot(face, towards)).normalized
              if dot(normal, place) > 0 { normal = -normal }
              var sum: Float = 0
              let pattern = ((y & 3) << 2 | (x & 3)) * AmbientOcclusion.samples
              for s in pattern..<pattern + AmbientOcclusion.samples {
                let sx = x + Int(offsets[s].x)
                let sy = y + Int(offsets[s].y)
                guard sx >= 0, sx < width, sy >= 0, sy < height else { continue }
                let other = distances[sy * width + sx]
                if !other.isFinite { continue }
                let v = view.place(sx, sy, coarsening, other) - place
                let vv = dot(v, v)
                let f = r2 - vv
                if f <= 0 { continue }
                let vn = dot(v, normal) - 0.012
                if vn <= 0 { continue }
                sum += f * f * f * vn / (vv + 0.0004)
              }
              let value = 1 - sum * scale
              target[index] = value > 0 ? value : 0
            }
          }
        }
      }
    }
    visibility = try [Float](filling: width * height) { (target) throws(MeshError) in
      let target = target.base
      try run.forEachChunk(of: height, size: 8) { (_, rows) throws(MeshError) in
        raw.withUnsafeBufferPointer { raw in
          distances.withUnsafeBufferPointer { distances in
            for y in rows {
              for x in 0..<width {
                target[y * width + x] = AmbientOcclusion.filtered(
                  raw.baseAddress!, distances.baseAddress!, x, y, width, height)
              }
            }
          }
        }
      }
    }
  }

  /// The mean over four by four texels, the period of the sampling pattern, at about the same distance.
  private static func filtered(
    _ raw: UnsafePointer<Float>, _ distances: UnsafePointer<Float>, _ x: Int, _ y: Int, _ width: Int,
    _ height: Int
  ) -> Float {
    let distance = distances[y * width + x]
    guard distance.isFinite else { return 1 }
    var sum: Float = 0
    var weights: Float = 0
    for sy in max(0, y - 2)...min(height - 1, y + 2) {
      for sx in max(0, x - 2)...min(width - 1, x + 2) {
        let index = sy * width + sx
        let difference = abs(distances[index] - distance)
        if difference > 0.05 { continue }
        // The rim of the five by five weighs half: four by four around the texel.
        var weight: Float = sx == x - 2 || sx == x + 2 ? 0.5 : 1
        if sy == y - 2 || sy == y + 2 { weight *= 0.5 }
        weight *= 1 - difference * 20
        sum += weight * raw[index]
        weights += weight
      }
    }
    return weights > 0 ? sum / weights : raw[y * width + x]
  }

  /// For each of 16 texels the places to look at, on a spiral, each texel's turned differently.
  private static func offsets(radius: Float) -> [SIMD2<Int32>] {
    // The golden angle, and a 16th of the full one.
    let golden = SIMD2<Float>(-0.737_368_9, 0.675_490_3)
    let sixteenth = SIMD2<Float>(0.923_879_5, 0.382_683_4)
    // An order in which neighbours differ much.
    let order = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]
    var result: [SIMD2<Int32>] = []
    for texel in 0..<16 {
      var direction = SIMD2<Float>(1, 0)
      for _ in 0..<order[texel] { direction = turned(direction, sixteenth) }
      for s in 0..<samples {
        let share = (Float(s) + 0.5 + Float(order[texel]) / 32) / Float(samples)
        let place = direction * (radius * share)
        result.append(
          SIMD2(Int32(place.x.rounded()), Int32(place.y.rounded())))
        direction = turned(direction, golden)
      }
    }
    return result
  }

  private static func turned(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> SIMD2<Float> {
    SIMD2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
  }

  /// The visibility at a place of the picture, from the texels around it that are about as far away.
  ///
  /// - Parameters:
  ///   - x, y: In pixels.
  ///   - distance: Of the surface that is to be shaded there.
  func visibility(x: Float, y: Float, distance: Float) -> Float {
    let texel = 1 / Float(1 << coarsening)
    let u = x * texel - 0.5
    let v = y * texel - 0.5
    let column = Int(u + 1) - 1
    let row = Int(v + 1) - 1
    let fractionX = u - Float(column)
    let fractionY = v - Float(row)
    var sum: Float = 0
    var weights: Float = 0
    distances.withUnsafeBufferPointer { distances in
      visibility.withUnsafeBufferPointer { visibility in
        for j in 0..<2 {
          let y = min(max(row + j, 0), height - 1)
          let weightY = j == 0 ? 1 - fractionY : fractionY
          for i in 0..<2 {
            let x = min(max(column + i, 0), width - 1)
            let index = y * width + x
            let difference = abs(distances[index] - distance)
            let weight = (i == 0 ? 1 - fractionX : fractionX) * weightY + 0.001
            // Nothing there: infinitely far, and no weight.
            let near = weight / (1 + difference * difference * 10_000)
            sum += near * visibility[index]
            weights += near
          }
        }
      }
    }
    return weights > 1e-7 ? sum / weights : 1
  }
}
