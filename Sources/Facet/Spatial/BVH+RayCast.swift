/// Where a ray hits a triangle.
public struct RayHit: Sendable, Equatable {
  public var triangle: Int
  /// How far along the ray, in lengths of its direction: millimetres when that has length 1.
  public var distance: Float
  /// The weights of the triangle's corners a, b and c at the hit; they add up to 1.
  public var barycentric: SIMD3<Float>
}

extension BVH {
  /// The nearest triangle that a ray hits, seen from either side; of several at the same distance the one
  /// with the lowest index.
  ///
  /// Watertight: no ray slips through between triangles that share an edge or a vertex (Woop, Benthin and
  /// Wald, "Watertight ray/triangle intersection", 2013; Ize, "Robust BVH ray traversal", 2013). Triangles
  /// that the ray grazes within their plane are not hit. Computed in single precision: for coordinates
  /// below about 1e12 mm.
  ///
  /// - Parameters:
  ///   - direction: Of any length but zero; distances count in its length.
  ///   - range: Distances that count as hits; what is behind the origin never does.
  public func raycast(
    _ mesh: Mesh, origin: SIMD3<Float>, direction: SIMD3<Float>,
    range: ClosedRange<Float> = 0 ... .infinity
  ) -> RayHit? {
    let ray = PreparedRay(origin: origin, direction: direction)
    guard ray.isUsable else { return nil }
    var hit = NearestHit(range)
    withScene(mesh, nil) { $0.cast(ray, &hit) }
    return hit.result
  }
}

/// A slot that a query has yet to visit, with the least distance at which anything in it can lie.
struct WaitingSlot: BitwiseCopyable {
  var near: Float
  var child: UInt32
  var count: UInt32
}

struct NearestHit {
  let least: Float
  var distance: Float
  var triangle = UInt32.max
  var weights = SIMD3<Float>.zero

  init(_ range: ClosedRange<Float>) {
    least = max(0, range.lowerBound)
    distance = range.upperBound
  }

  var result: RayHit? {
    if triangle == .max { return nil }
    return RayHit(triangle: Int(triangle), distance: distance, barycentric: weights)
  }

  @inline(__always)
  mutating func offer(_ triangle: UInt32, _ distance: Float, _ weights: SIMD3<Float>) {
    guard distance >= least, distance <= self.distance,
      distance < self.distance || triangle < self.triangle
    else { return }
    self.distance = distance
    self.triangle = triangle
    self.weights = weights
  }
}

/// What stays the same along one ray.
struct PreparedRay {
  let origin: SIMD3<Float>
  let inverse: SIMD3<Float>
  /// Byte offsets of the box sides that the ray meets first and last.
  let near: (x: Int, y: Int, z: Int)
  let far: (x: Int, y: Int, z: Int)
  /// Axes after the permutation that makes z the longest component of the direction.
  let x: Int
  let y: Int
  let z: Int
  /// The origin's components along those.
  let permuted: SIMD3<Float>
  /// The shear that turns the ray into (0, 0, 1).
  let shear: SIMD3<Float>

  /// Rounding may cost 7 units in the last place on the way to a box's sides; the triangle test has its own.
  static let margin: Float = 1.000001

  /// Whether it goes from somewhere to somewhere.
  let isUsable: Bool

  init(origin: SIMD3<Float>, direction: SIMD3<Float>) {
    var d = direction
    // So small that its reciprocal overflows: as good as parallel.
    for axis in 0..<3 where abs(d[axis]) < .leastNormalMagnitude { d[axis] = 0 }
    isUsable = d != .zero && d.isFinite && origin.isFinite
    self.origin = origin
    // Parallel to two sides of a box: +inf times a distance of zero is NaN, which the tests below ignore.
    inverse = SIMD3(
      d.x == 0 ? .infinity : 1 / d.x, d.y == 0 ? .infinity : 1 / d.y, d.z == 0 ? .infinity : 1 / d.z)
    near = (d.x < 0 ? 96 : 0, d.y < 0 ? 128 : 32, d.z < 0 ? 160 : 64)
    far = (d.x < 0 ? 0 : 96, d.y < 0 ? 32 : 128, d.z < 0 ? 64 : 160)
    let length = SIMD3(abs(d.x), abs(d.y), abs(d.z))
    let z = length.x >= length.y ? (length.x >= length.z ? 0 : 2) : (length.y >= length.z ? 1 : 2)
    x = z == 2 ? 0 : z + 1
    y = x == 2 ? 0 : x + 1
    self.z = z
    permuted = SIMD3(origin[x], origin[y], origin[z])
    shear = SIMD3(d[x] / d[z], d[y] / d[z], 1 / d[z])
  }
}

extension QueryScene {
  /// Finds the nearest hit.
  func cast(_ ray: PreparedRay, _ hit: inout NearestHit) {
    let ox = SIMD8(repeating: ray.origin.x)
    let oy = SIMD8(repeating: ray.origin.y)
    let oz = SIMD8(repeating: ray.origin.z)
    let ix = SIMD8(repeating: ray.inverse.x)
    let iy = SIMD8(repeating: ray.inverse.y)
    let iz = SIMD8(repeating: ray.inverse.z)
    let fx = ix * PreparedRay.margin
    let fy = iy * PreparedRay.margin
    let fz = iz * PreparedRay.margin
    let least = SIMD8(repeating: hit.least)
    var child: UInt32 = 0
    var count = 0
    var top = 0
    while true {
      if count == 0 {
        let node = nodes + Int(child)
        // The accumulator comes first: a NaN never replaces it.
        var near = greaterInChain(least, (node.lanes(at: ray.near.x) - ox) * ix)
        near = greaterInChain(near, (node.lanes(at: ray.near.y) - oy) * iy)
        near = greaterInChain(near, (node.lanes(at: ray.near.z) - oz) * iz)
        var far = SIMD8(repeating: hit.distance * PreparedRay.margin)
        far = lesserInChain(far, (node.lanes(at: ray.far.x) - ox) * fx)
        far = lesserInChain(far, (node.lanes(at: ray.far.y) - oy) * fy)
        far = lesserInChain(far, (node.lanes(at: ray.far.z) - oz) * fz)
        var mask = spreadBits(near .<= far)
        if mask != 0 {
          var lane = mask.trailingZeroBitCount >> 3
          mask &= mask &- 1
          // Most often there is one: it is next, whatever its distance.
          if mask != 0 {
            // Farthest first, so that the nearest is taken next.
            let first = top
            var nearest = near[lane]
            repeat {
              var other = mask.trailingZeroBitCount >> 3
              mask &= mask &- 1
              var distance = near[other]
              if distance < nearest {
                swap(&distance, &nearest)
                swap(&other, &lane)
              }
              var place = top
              while place > first, stack[place - 1].near < distance {
                stack[place] = stack[place - 1]
                place -= 1
              }
              stack[place] = WaitingSlot(
                near: distance, child: node.child(other), count: UInt32(node.count(other)))
              top += 1
            } while mask != 0
          }
          child = node.child(lane)
          count = node.count(lane)
          continue
        }
      } else {
        intersect(leaf(child, count), ray, &hit)
      }
      repeat {
        if top == 0 { return }
        top -= 1
      } while stack[top].near > hit.distance
      child = stack[top].child
      count = Int(stack[top].count)
    }
  }

  @inline(__always)
  private func intersect(
    _ block: UnsafePointer<LeafBlock>, _ ray: PreparedRay, _ hit: inout NearestHit
  ) {
    let corners = UnsafeRawPointer(block)
    let a = sheared(corners, ray)
    let b = sheared(corners + 48, ray)
    let c = sheared(corners + 96, ray)
    let u = c.x * b.y - c.y * b.x
    let v = a.x * c.y - a.y * c.x
    let w = b.x * a.y - b.y * a.x
    let zero = SIMD4<Float>.zero
    let negative = (u .< zero) .| (v .< zero) .| (w .< zero)
    let positive = (u .> zero) .| (v .> zero) .| (w .> zero)
    var candidates = ~bits(negative .& positive) & 15
    if candidates == 0 { return }
    let exactly = bits((u .== zero) .| (v .== zero) .| (w .== zero))
    while candidates != 0 {
      let lane = candidates.trailingZeroBitCount
      candidates &= candidates &- 1
      var du = Double(u[lane])
      var dv = Double(v[lane])
      var dw = Double(w[lane])
      if exactly >> UInt32(lane) & 1 != 0 {
        // Zero may be rounding: the products of two floats are exact in Double.
        du = Double(c.x[lane]) * Double(b.y[lane]) - Double(c.y[lane]) * Double(b.x[lane])
        dv = Double(a.x[lane]) * Double(c.y[lane]) - Double(a.y[lane]) * Double(c.x[lane])
        dw = Double(b.x[lane]) * Double(a.y[lane]) - Double(b.y[lane]) * Double(a.x[lane])
        if (du < 0 || dv < 0 || dw < 0) && (du > 0 || dv > 0 || dw > 0) { continue }
      }
      let determinant = du + dv + dw
      if determinant == 0 { continue }
      let inverse = 1 / determinant
      let depth = (ray.shear.z * a.z, ray.shear.z * b.z, ray.shear.z * c.z)
      let distance =
        (du * Double(depth.0[lane]) + dv * Double(depth.1[lane]) + dw * Double(depth.2[lane])) * inverse
      hit.offer(
        block.triangle(lane), Float(distance),
        SIMD3(Float(du * inverse), Float(dv * inverse), Float(dw * inverse)))
    }
  }

  /// One corner of four triangles, x, y and z side by side in memory, as the ray sees it; z before it is scaled.
  @inline(__always)
  private func sheared(_ p: UnsafeRawPointer, _ ray: PreparedRay) -> Lanes3 {
    let z = p.load(fromByteOffset: ray.z * 16, as: SIMD4<Float>.self) - ray.permuted.z
    let x = p.load(fromByteOffset: ray.x * 16, as: SIMD4<Float>.self) - ray.permuted.x - ray.shear.x * z
    let y = p.load(fromByteOffset: ray.y * 16, as: SIMD4<Float>.self) - ray.permuted.y - ray.shear.y * z
    return Lanes3(x: x, y: y, z: z)
  }
}
