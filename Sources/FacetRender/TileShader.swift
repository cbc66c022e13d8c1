import Facet

/// Turns the samples of a tile into pixels: shades each triangle that shows in a pixel once and weights it by
/// the samples that it covers.
struct TileShader {
  let positions: UnsafePointer<SIMD3<Float>>
  let triangles: UnsafePointer<Triangle>
  let vertices: UnsafePointer<SIMD4<Int32>>
  let colors: FacetColors?
  let grid: SampleGrid
  let view: ViewSpace
  let lighting: Lighting
  let occlusion: AmbientOcclusion
  let normals: CornerNormals?
  /// See ``Binner/wideLimit``: only these have smooth normals, the others are too small for it to show.
  let wideLimit: Int32
  let material: SIMD3<Float>
  let backMaterial: SIMD3<Float>?
  /// Linear, premultiplied, with the opacity in the last lane.
  let background: SIMD4<Float>
  let backgroundPixel: UInt32
  /// The camera's place in the coordinates of the positions.
  let eye: SIMD3<Float>
  let linear: UnsafePointer<Float>
  let encoded: UnsafePointer<UInt8>

  /// What a back face looks like when it is marked: a muted red.
  static let backColor = Color(red: 178, green: 92, blue: 80)

  /// What a thread keeps between the pixels of a tile.
  final class Scratch {
    let samples: TileSamples
    /// Surfaces met last, by the lower bits of their triangle's number.
    let surfaces = UnsafeMutablePointer<Surface>.allocate(capacity: Scratch.surfaceCount)
    static let surfaceCount = 256

    init(samples: Int) {
      self.samples = TileSamples(samples: samples)
      surfaces.initialize(repeating: Surface(), count: Scratch.surfaceCount)
    }

    deinit { surfaces.deallocate() }
  }

  /// What shading a triangle needs that is the same at each of its pixels.
  struct Surface {
    var triangle = TileSamples.background
    var isSmooth = false
    var normalA = SIMD3<Float>.zero
    var normalB = SIMD3<Float>.zero
    var normalC = SIMD3<Float>.zero
    var albedo = SIMD3<Float>.zero
    /// Lane k: weight of corner k at (x, y) is x₀ + x₁ x + x₂ y, and the depth.
    var depth = SIMD3<Float>.zero
    var weightA = SIMD3<Float>.zero
    var weightB = SIMD3<Float>.zero
    var weightC = SIMD3<Float>.zero
  }

  /// Writes the pixels of the tile at (originX, originY); `pixels` is the whole picture.
  func resolve(
    _ scratch: Scratch, isDrawn: Bool, originX: Int, originY: Int, _ pixels: UnsafeMutablePointer<UInt32>
  ) {
    let columns = min(Tile.size, grid.width - originX)
    let rows = min(Tile.size, grid.height - originY)
    let samples = grid.samples
    let names = scratch.samples.triangles
    for row in 0..<rows {
      let line = pixels + ((originY + row) * grid.width + originX)
      if !isDrawn {
        line.update(repeating: backgroundPixel, count: columns)
        continue
      }
      for column in 0..<columns {
        let stack = names + ((row * samples) << Tile.bits + column)
        let first = stack[0]
        var isUniform = true
        for s in 1..<max(samples, 2) where s < samples && stack[s << Tile.bits] != first { isUniform = false }
        if isUniform {
          if first == TileSamples.background {
            line[column] = backgroundPixel
          } else {
            let color = shade(first, originX + column, originY + row, scratch)
            line[column] = pixel(SIMD4(color, 1))
          }
          continue
        }
        var sum = SIMD4<Float>.zero
        var left = (UInt32(1) << UInt32(samples)) &- 1
        while left != 0 {
          let name = stack[left.trailingZeroBitCount << Tile.bits]
          var same: UInt32 = 0
          for s in 0..<samples where stack[s << Tile.bits] == name { same |= 1 << UInt32(s) }
          left &= ~same
          let share = Float(same.nonzeroBitCount)
          if name == TileSamples.background {
            sum += background * share
          } else {
            sum += SIMD4(shade(name, originX + column, originY + row, scratch), 1) * share
          }
        }
        line[column] = pixel(sum * (1 / Float(samples)))
      }
    }
  }

  /// 8-bit sRGB with straight opacity, of a linear premultiplied colour.
  @inline(__always)
  private func pixel(_ color: SIMD4<Float>) -> UInt32 {
    let alpha = color.w
    guard alpha > 0 else { return 0 }
    let scale = 4095 / alpha
    let red = encoded[Int(min(color.x * scale + 0.5, 4095))]
    let green = encoded[Int(min(color.y * scale + 0.5, 4095))]
    let blue = encoded[Int(min(color.z * scale + 0.5, 4095))]
    let opacity = UInt32(min(alpha * 255 + 0.5, 255))
    return UInt32(littleEndian: UInt32(red) | UInt32(green) << 8 | UInt32(blue) << 16 | opacity << 24)
  }

  @inline(__always)
  private func shade(_ name: UInt32, _ x: Int, _ y: Int, _ scratch: Scratch) -> SIMD3<Float> {
    let surface = scratch.surfaces + Int(name) & (Scratch.surfaceCount - 1)
    if surface.pointee.triangle != name { surface.pointee = makeSurface(name) }
    let s = surface.pointee
    let px = Float(x) + 0.5
    let py = Float(y) + 0.5
    let depth = s.depth.x + s.depth.y * px + s.depth.z * py
    let visibility = occlusion.visibility(x: px, y: py, distance: view.distance(depth: min(max(depth, 0), 1)))
    var normal = s.normalA
    if s.isSmooth {
      // The pixel's middle may be outside the triangle, but nothing is extrapolated.
      let a = max(s.weightA.x + s.weightA.y * px + s.weightA.z * py, 0)
      let b = max(s.weightB.x + s.weightB.y * px + s.weightB.z * py, 0)
      let c = max(s.weightC.x + s.weightC.y * px + s.weightC.z * py, 0)
      let sum = s.normalA * a + s.normalB * b + s.normalC * c
      let square = dot(sum, sum)
      if square > 0 { normal = sum / square.squareRoot() }
    }
    return lighting.shade(normal, s.albedo, visibility: visibility)
  }

  private func makeSurface(_ name: UInt32) -> Surface {
    var surface = Surface()
    surface.triangle = name
    let triangle = triangles[Int(name)]
    let a = positions[Int(triangle.a)]
    let b = positions[Int(triangle.b)]
    let c = positions[Int(triangle.c)]
    var face = cross(b - a, c - a).normalized
    let p = vertices[Int(triangle.a)]
    let q = vertices[Int(triangle.b)]
    let r = vertices[Int(triangle.c)]

    // Which side shows, by the side of the picture's triangle; nearly edge-on ones count as fronts, so that
    // an outline has no specks of the back's colour.
    let area = ScreenTriangle.doubleArea(p, q, r)
    let isBack = area > 0
    let isClearlyBack = isBack && dot(face, (eye - a).normalized) < -0.05
    let sign: Float = isBack ? -1 : 1
    face *= sign

    if let color = colors?[Int(name)] {
      surface.albedo = SIMD3(linear[Int(color.red)], linear[Int(color.green)], linear[Int(color.blue)])
    } else {
      surface.albedo = material
    }
    if isClearlyBack, let backMaterial { surface.albedo = backMaterial }

    // Depth and corner weights as linear functions of the pixel.
    let unit = 1 / Double(1 << grid.subpixelBits)
    let scale = 1 / Double(area)
    func weight(_ u: SIMD4<Int32>, _ v: SIMD4<Int32>) -> SIMD3<Double> {
      let edge = ScreenTriangle.edge(u, v)
      let constant = -(Double(edge.a) * Double(u.x) + Double(edge.b) * Double(u.y))
      return SIMD3(constant, Double(edge.a) / unit, Double(edge.b) / unit) * scale
    }
    func depth(_ v: SIMD4<Int32>) -> Float { Float(bitPattern: UInt32(bitPattern: v.z)) }
    let wA = weight(q, r)
    let wB = weight(r, p)
    let wC = weight(p, q)
    surface.depth = SIMD3<Float>(
      wA * Double(depth(p)) + wB * Double(depth(q)) + wC * Double(depth(r)))

    surface.normalA = face
    let width = max(p.x, max(q.x, r.x)) - min(p.x, min(q.x, r.x))
    let height = max(p.y, max(q.y, r.y)) - min(p.y, min(q.y, r.y))
    if let normals, width > wideLimit || height > wideLimit {
      surface.isSmooth = true
      let corners = normals.normals(of: triangle, face: face * sign, positions, triangles)
      surface.normalA = corners.0 * sign
      surface.normalB = corners.1 * sign
      surface.normalC = corners.2 * sign
      surface.weightA = SIMD3<Float>(wA * Double(view.weight(depth: depth(p))))
      surface.weightB = SIMD3<Float>(wB * Double(view.weight(depth: depth(q))))
      surface.weightC = SIMD3<Float>(wC * Double(view.weight(depth: depth(r))))
    }
    return surface
  }
}
