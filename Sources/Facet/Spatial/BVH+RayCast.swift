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
    guard let ray = PreparedRay(origin: origin, direction: direction) else { return nil }
    var hit = NearestHit(range)
    withUnsafeTemporaryAllocation(of: WaitingSlot.self, capacity: stackCapacity) { stack in
      nodes.withUnsafeBufferPointer { nodes in
        order.withUnsafeBufferPointer { order in
          mesh.positions.withUnsafeBufferPointer { positions in
            corners.withUnsafeBufferPointer { corners in
              let scene = RayScene(
                nodes: nodes.baseAddress!, order: order, positions: positions, corners: corners)
              scene.cast(ray, &hit, stack.baseAddress!)
            }
          }
        }
      }
    }
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
  /// The shear that turns the ray into (0, 0, 1).
  let shear: SIMD3<Float>

  init?(origin: SIMD3<Float>, direction: SIMD3<Float>) {
    var d = direction
    // So small that its reciprocal overflows: as good as parallel.
    for axis in 0..<3 where abs(d[axis]) < .leastNormalMagnitude { d[axis] = 0 }
    guard d != .zero, d.isFinite, origin.isFinite else { return nil }
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
    shear = SIMD3(d[x] / d[z], d[y] / d[z], 1 / d[z])
  }
}

/// The arrays that a ray looks at.
struct RayScene {
  let nodes: UnsafePointer<BVH.Node>
  let order: UnsafeBufferPointer<UInt32>
  let positions: UnsafeBufferPointer<SIMD3<Float>>
  let corners: UnsafeBufferPointer<Triangle>

  /// Finds the nearest hit; `stack` has room for the tree's ``BVH/stackCapacity``.
  func cast(_ ray: PreparedRay, _ hit: inout NearestHit, _ stack: UnsafeMutablePointer<WaitingSlot>) {
    let ox = SIMD8(repeating: ray.origin.x)
    let oy = SIMD8(repeating: ray.origin.y)
    let oz = SIMD8(repeating: ray.origin.z)
    let ix = SIMD8(repeating: ray.inverse.x)
    let iy = SIMD8(repeating: ray.inverse.y)
    let iz = SIMD8(repeating: ray.inverse.z)
    let least = SIMD8(repeating: hit.least)
    var child: UInt32 = 0
    var count = 0
    var top = 0
    while true {
      if count == 0 {
        let node = nodes + Int(child)
        // The accumulator comes first: a NaN never replaces it.
        var near = greater(least, (node.lanes(at: ray.near.x) - ox) * ix)
        near = greater(near, (node.lanes(at: ray.near.y) - oy) * iy)
        near = greater(near, (node.lanes(at: ray.near.z) - oz) * iz)
        var far = SIMD8(repeating: hit.distance)
        far = lesser(far, (node.lanes(at: ray.far.x) - ox) * ix)
        far = lesser(far, (node.lanes(at: ray.far.y) - oy) * iy)
        far = lesser(far, (node.lanes(at: ray.far.z) - oz) * iz)
        // Rounding may cost 6 units in the last place on each side; the triangle test has its own.
        var mask = bits(near .<= far * 1.000001)
        if mask != 0 {
          var lane = mask.trailingZeroBitCount
          mask &= mask &- 1
          // Most often there is one: it is next, whatever its distance.
          if mask != 0 {
            // Farthest first, so that the nearest is taken next.
            let first = top
            var nearest = near[lane]
            repeat {
              var other = mask.trailingZeroBitCount
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
        intersect(Int(child), count, ray, &hit)
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
  private func intersect(_ first: Int, _ count: Int, _ ray: PreparedRay, _ hit: inout NearestHit) {
    // A leaf of fewer than four has its last one in the lanes that are left.
    let t0 = corners[first]
    let t1 = corners[first + min(1, count - 1)]
    let t2 = corners[first + min(2, count - 1)]
    let t3 = corners[first + count - 1]
    let a = sheared(t0.a, t1.a, t2.a, t3.a, ray)
    let b = sheared(t0.b, t1.b, t2.b, t3.b, ray)
    let c = sheared(t0.c, t1.c, t2.c, t3.c, ray)
    let u = c.x * b.y - c.y * b.x
    let v = a.x * c.y - a.y * c.x
    let w = b.x * a.y - b.y * a.x
    let zero = SIMD4<Float>.zero
    let negative = (u .< zero) .| (v .< zero) .| (w .< zero)
    let positive = (u .> zero) .| (v .> zero) .| (w .> zero)
    let onEdge = (u .== zero) .| (v .== zero) .| (w .== zero)
    let valid = (UInt32(1) << UInt32(count)) - 1
    var candidates = ~bits(negative .& positive) & valid
    if candidates == 0 { return }
    let exactly = bits(onEdge)
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
      let distance = (du * Double(a.z[lane]) + dv * Double(b.z[lane]) + dw * Double(c.z[lane])) * inverse
      hit.offer(
        order[first + lane], Float(distance),
        SIMD3(Float(du * inverse), Float(dv * inverse), Float(dw * inverse)))
    }
  }

  /// Four corners as the ray sees them, in lanes.
  @inline(__always)
  private func sheared(
    _ i0: UInt32, _ i1: UInt32, _ i2: UInt32, _ i3: UInt32, _ ray: PreparedRay
  ) -> (x: SIMD4<Float>, y: SIMD4<Float>, z: SIMD4<Float>) {
    let base = UnsafeRawPointer(positions.baseAddress!)
    let p0 = base + Int(i0) * 16
    let p1 = base + Int(i1) * 16
    let p2 = base + Int(i2) * 16
    let p3 = base + Int(i3) * 16
    @inline(__always) func component(_ axis: Int) -> SIMD4<Float> {
      SIMD4(
        p0.load(fromByteOffset: axis * 4, as: Float.self),
        p1.load(fromByteOffset: axis * 4, as: Float.self),
        p2.load(fromByteOffset: axis * 4, as: Float.self),
        p3.load(fromByteOffset: axis * 4, as: Float.self)) - SIMD4(repeating: ray.origin[axis])
    }
    let z = component(ray.z)
    let x = component(ray.x) - ray.shear.x * z
    let y = component(ray.y) - ray.shear.y * z
    return (x, y, ray.shear.z * z)
  }
}
