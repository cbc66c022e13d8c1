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
  /// Whether back faces have the back's colour as it is, without light or shade.
  let fillsBacks: Bool
  /// nil when triangles have no lines around them.
  let edges: TriangleEdges?
  /// Linear, premultiplied, with the opacity in the last lane.
  let background: SIMD4<Float>
  let backgroundPixel: UInt32
  /// The camera's place in the coordinates of the positions.
  let eye: SIMD3<Float>
  /// From the middle of the picture towards the camera.
  let eyeward: SIMD3<Float>
  let linear: UnsafePointer<Float>
  let encoded: UnsafePointer<UInt8>

  /// What a back face looks like when it is marked: a muted red.
  static let backColor = Color(red: 178, green: 92, blue: 80)
  /// What a back face looks like when it is filled.
  static let fillColor = Color(red: 226, green: 125, blue: 78)

  /// What a thread keeps between the pixels of a tile.
  final class Scratch {
    let normals = CornerNormals.Cache()
    /// Surfaces met last, by the lower bits of their triangle's number.
    let surfaces = UnsafeMutablePointer<Surface>.allocate(capacity: Scratch.surfaceCount)
    static let surfaceCount = 256

    init() {
      surfaces.initialize(repeating: Surface(), count: Scratch.surfaceCount)
    }

    deinit { surfaces.deallocate() }
  }

  /// What shading a triangle needs that is the same at each of its pixels.
  struct Surface {
    var triangle = TileSamples.background
    /// Below the limit from which on shading within the triangle can be seen.
    var isSmall = false
    /// Whether it has its colour as it is.
    var isFilled = false
    /// Whether its corners have normals of their own; otherwise ``normalA`` is the face's.
    var isSmooth = false
    var normalA = SIMD3<Float>.zero
    var normalB = SIMD3<Float>.zero
    var normalC = SIMD3<Float>.zero
    var albedo = SIMD3<Float>.zero
    /// Linear functions of the pixel: the constant, and the steps to the right and down.
    var depth = SIMD3<Float>.zero
    var weightA = SIMD3<Float>.zero
    var weightB = SIMD3<Float>.zero
    var weightC = SIMD3<Float>.zero
    /// How far the pixel is from the lines through each edge, in pixels; linear functions too.
    var edgeA = SIMD3<Float>.zero
    var edgeB = SIMD3<Float>.zero
    var edgeC = SIMD3<Float>.zero
    /// How much of the edges' colour a pixel on an edge takes.
    var edgeStrength: Float = 0
  }

  /// Writes the pixels of the tile at (originX, originY).
  ///
  /// - Parameters:
  ///   - names: The triangles at the tile's samples; nil for none.
  ///   - pixels: The whole picture.
  func resolve(
    _ names: UnsafePointer<UInt32>?, _ scratch: Scratch, originX: Int, originY: Int,
    _ pixels: UnsafeMutablePointer<UInt32>
  ) {
    let columns = min(Tile.size, grid.width - originX)
    let rows = min(Tile.size, grid.height - originY)
    let samples = grid.samples
    guard let names else {
      for row in 0..<rows {
        (pixels + ((originY + row) * grid.width + originX)).update(repeating: backgroundPixel, count: columns)
      }
      return
    }
    for row in 0..<rows {
      let line = pixels + ((originY + row) * grid.width + originX)
      for column in 0..<columns {
        let stack = names + ((row &* samples) &<< Tile.bits &+ column)
        let first = stack[0]
        var different: UInt32 = 0
        var s = 1
        while s < samples {
          different |= stack[s &<< Tile.bits] ^ first
          s &+= 1
        }
        if different != 0 {
          line[column] = pixel(blend(stack, originX + column, originY + row, scratch))
        } else if first == TileSamples.background {
          line[column] = backgroundPixel
        } else {
          let color = shade(surface(first, scratch), originX + column, originY + row)
          line[column] = pixel(SIMD4(color, 1))
        }
      }
    }
  }

  /// The mean over a pixel's samples.
  private func blend(_ stack: UnsafePointer<UInt32>, _ x: Int, _ y: Int, _ scratch: Scratch) -> SIMD4<Float> {
    let samples = grid.samples
    var sum = SIMD4<Float>.zero
    // Triangles smaller than a pixel are shaded together, by their mean normal and colour.
    var normal = SIMD3<Float>.zero
    var albedo = SIMD3<Float>.zero
    var depth: Float = 0
    var smallShare: Float = 0
    var left = (UInt32(1) &<< UInt32(samples)) &- 1
    while left != 0 {
      let name = stack[left.trailingZeroBitCount &<< Tile.bits]
      var same: UInt32 = 0
      var s = 0
      while s < samples {
        same |= (stack[s &<< Tile.bits] == name ? 1 : 0) &<< UInt32(s)
        s &+= 1
      }
      left &= ~same
      let share = Float(same.nonzeroBitCount)
      if name == TileSamples.background {
        sum += background * share
        continue
      }
      let surface = surface(name, scratch)
      if surface.pointee.isSmall {
        normal += surface.pointee.normalA * share
        albedo += surface.pointee.albedo * share
        depth += surface.pointee.depth.x * share
        smallShare += share
      } else {
        sum += SIMD4(shade(surface, x, y), 1) * share
      }
    }
    if smallShare > 0 {
      let square = dot(normal, normal)
      let scale = 1 / smallShare
      let color = shade(
        square > 0 ? normal / square.squareRoot() : eyeward, albedo * scale, depth: depth * scale,
        Float(x) + 0.5, Float(y) + 0.5)
      sum += SIMD4(color, 1) * smallShare
    }
    return sum * (1 / Float(samples))
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
  private func surface(_ name: UInt32, _ scratch: Scratch) -> UnsafeMutablePointer<Surface> {
    let surface = scratch.surfaces + Int(name) & (Scratch.surfaceCount - 1)
    if surface.pointee.triangle != name { surface.pointee = makeSurface(name, scratch) }
    return surface
  }

  private func shade(_ s: UnsafePointer<Surface>, _ x: Int, _ y: Int) -> SIMD3<Float> {
    if s.pointee.isFilled { return s.pointee.albedo }
    let px = Float(x) + 0.5
    let py = Float(y) + 0.5
    let depth = s.pointee.depth.x + s.pointee.depth.y * px + s.pointee.depth.z * py
    var normal = s.pointee.normalA
    if s.pointee.isSmooth {
      // The pixel's middle may be outside the triangle, but nothing is extrapolated.
      let a = max(s.pointee.weightA.x + s.pointee.weightA.y * px + s.pointee.weightA.z * py, 0)
      let b = max(s.pointee.weightB.x + s.pointee.weightB.y * px + s.pointee.weightB.z * py, 0)
      let c = max(s.pointee.weightC.x + s.pointee.weightC.y * px + s.pointee.weightC.z * py, 0)
      let sum = s.pointee.normalA * a + s.pointee.normalB * b + s.pointee.normalC * c
      let square = dot(sum, sum)
      if square > 0 { normal = sum / square.squareRoot() }
    }
    let color = shade(normal, s.pointee.albedo, depth: depth, px, py)
    guard let edges else { return color }
    let a = s.pointee.edgeA.x + s.pointee.edgeA.y * px + s.pointee.edgeA.z * py
    let b = s.pointee.edgeB.x + s.pointee.edgeB.y * px + s.pointee.edgeB.z * py
    let c = s.pointee.edgeC.x + s.pointee.edgeC.y * px + s.pointee.edgeC.z * py
    return edges.drawn(over: color, distance: min(a, min(b, c)), strength: s.pointee.edgeStrength)
  }

  @inline(__always)
  private func shade(
    _ normal: SIMD3<Float>, _ albedo: SIMD3<Float>, depth: Float, _ x: Float, _ y: Float
  ) -> SIMD3<Float> {
    let inRange = depth > 0 ? (depth < 1 ? depth : 1) : 0
    let visibility = occlusion.visibility(x: x, y: y, distance: view.distance(depth: inRange))
    return lighting.shade(normal, albedo, visibility: visibility)
  }

  private func makeSurface(_ name: UInt32, _ scratch: Scratch) -> Surface {
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
    if fillsBacks, isBack, let backMaterial {
      surface.albedo = backMaterial
      surface.isFilled = true
      return surface
    }
    if isClearlyBack, let backMaterial { surface.albedo = backMaterial }

    surface.normalA = face
    let width = max(p.x, max(q.x, r.x)) &- min(p.x, min(q.x, r.x))
    let height = max(p.y, max(q.y, r.y)) &- min(p.y, min(q.y, r.y))
    if width <= wideLimit && height <= wideLimit {
      // Any place on it is as good as another.
      surface.isSmall = true
      surface.depth.x = ScreenTriangle.depth(p)
      if let edges { surface.albedo = edges.mixed(with: surface.albedo) }
      return surface
    }

    // Depth and corner weights as linear functions of the pixel.
    let unit = Double(1 << grid.subpixelBits)
    let scale = 1 / Double(area)
    func weight(_ u: SIMD4<Int32>, _ v: SIMD4<Int32>) -> SIMD3<Double> {
      let a = Double(u.y &- v.y)
      let b = Double(v.x &- u.x)
      return SIMD3(-(a * Double(u.x) + b * Double(u.y)), a * unit, b * unit) * scale
    }
    let weightA = weight(q, r)
    let weightB = weight(r, p)
    let weightC = weight(p, q)
    let (depthA, depthB, depthC) = (ScreenTriangle.depth(p), ScreenTriangle.depth(q), ScreenTriangle.depth(r))
    surface.depth = SIMD3<Float>(
      weightA * Double(depthA) + weightB * Double(depthB) + weightC * Double(depthC))
    if edges != nil {
      let (lengthA, lengthB, lengthC) = (slope(weightA), slope(weightB), slope(weightC))
      surface.edgeA = SIMD3<Float>(weightA / lengthA)
      surface.edgeB = SIMD3<Float>(weightB / lengthB)
      surface.edgeC = SIMD3<Float>(weightC / lengthC)
      // The slopes are one by the heights, whose sum is one by the radius of the inscribed circle.
      surface.edgeStrength = TriangleEdges.strength(inradius: Float(1 / (lengthA + lengthB + lengthC)))
    }
    if let normals {
      surface.isSmooth = true
      let outside = face * sign
      let cache = scratch.normals
      surface.normalA = normals.normal(at: triangle.a, face: outside, positions, triangles, cache) * sign
      surface.normalB = normals.normal(at: triangle.b, face: outside, positions, triangles, cache) * sign
      surface.normalC = normals.normal(at: triangle.c, face: outside, positions, triangles, cache) * sign
      surface.weightA = SIMD3<Float>(weightA * Double(view.weight(depth: depthA)))
      surface.weightB = SIMD3<Float>(weightB * Double(view.weight(depth: depthB)))
      surface.weightC = SIMD3<Float>(weightC * Double(view.weight(depth: depthC)))
    }
    return surface
  }
}

/// How steeply a linear function of the pixel rises, by the pixel.
private func slope(_ function: SIMD3<Double>) -> Double {
  (function.y * function.y + function.z * function.z).squareRoot()
}
