#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How often a mesh's surface winds around a point: 1 inside a closed part whose triangles face outward, 0
/// outside, -1 inside one that is inside out, and something between for surfaces with holes.
///
/// Exact near the surface; farther away, groups of triangles count through the first two terms of their
/// expansion (Barill, Dickson, Schmidt, Levin and Jacobson, "Fast winding numbers for soups and clouds", 2018).
public struct WindingNumber: Sendable {
  private let mesh: Mesh
  private let bvh: BVH
  /// Eight groups a node, as the tree has them.
  private let groups: [Group]

  /// What a group of triangles looks like from afar.
  struct Group: BitwiseCopyable, Sendable {
    /// The mean of the triangles' centroids by area, and the squared distance from it beyond which the expansion
    /// is used: together, so that a group fills a cache line.
    private let sphere: SIMD4<Float>
    /// The sum of the triangles' area normals.
    let normal: SIMD3<Float>
    /// The symmetric part of the sum of (centroid - center) ⊗ area normal: xx, yy, zz and yz, zx, xy, both twice.
    let diagonal: SIMD3<Float>
    let mixed: SIMD3<Float>

    init(
      center: SIMD3<Float>, farSquared: Float, normal: SIMD3<Float>, diagonal: SIMD3<Float>,
      mixed: SIMD3<Float>
    ) {
      sphere = SIMD4(center, farSquared)
      self.normal = normal
      self.diagonal = diagonal
      self.mixed = mixed
    }

    var center: SIMD3<Float> { SIMD3(sphere.x, sphere.y, sphere.z) }
    var farSquared: Float { sphere.w }
  }

  /// - Parameters:
  ///   - bvh: The tree of this mesh.
  ///   - reach: The distance from which a group is expanded, in radii of the group; larger is more exact
  ///     and slower. At 3 the error stays below about 0.02, at 2 below 0.05.
  /// - Throws: ``MeshError/cancelled`` or ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public init(
    _ mesh: Mesh, _ bvh: BVH, _ run: RunContext = .init(), reach: Float = 3
  ) throws(MeshError) {
    let slots = bvh.nodes.count * 8
    try run.reserve(
      bytes: bvh.nodes.count * MemoryLayout<Moments>.stride + slots * MemoryLayout<Group>.stride,
      for: "the winding number")
    self.mesh = mesh
    self.bvh = bvh
    // What has leaves only in parallel, then the nodes above: children come after their parents.
    let nodes = bvh.nodes
    func leaf(_ node: Int, _ lane: Int) -> Moments {
      var sum = Moments()
      let first = Int(nodes[node].child[lane])
      for i in first..<first + Int(nodes[node].count[lane]) { sum.add(mesh.corners(Int(bvh.order[i]))) }
      return sum
    }
    groups = try [Group](filling: slots) { (groups) throws(MeshError) in
      var totals = try [Moments](filling: nodes.count) { (totals) throws(MeshError) in
        try run.forEachChunk(of: nodes.count, size: 512) { _, range in
          for node in range {
            var total = Moments()
            for lane in 0..<8 where !nodes[node].isInner(lane) {
              let own = leaf(node, lane)
              groups[node * 8 + lane] = own.group(nodes[node].box(lane), reach)
              total.add(own)
            }
            totals[node] = total
          }
        }
      }
      for node in nodes.indices.reversed() where (0..<8).contains(where: nodes[node].isInner) {
        // From the beginning, so that all sums run in the order of the lanes.
        totals[node] = Moments()
        for lane in 0..<8 {
          guard nodes[node].isInner(lane) else {
            totals[node].add(leaf(node, lane))
            continue
          }
          let own = totals[Int(nodes[node].child[lane])]
          groups[node * 8 + lane] = own.group(nodes[node].box(lane), reach)
          totals[node].add(own)
        }
      }
    }
  }

  /// The winding number at a point; on the surface itself, something between its values on both sides.
  public func at(_ point: SIMD3<Float>) -> Double {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: bvh.stackCapacity) { stack in
      bvh.nodes.withUnsafeBufferPointer { nodes in
        groups.withUnsafeBufferPointer { groups in
          bvh.corners.withUnsafeBufferPointer { corners in
            mesh.positions.withUnsafeBufferPointer { positions in
              var (sum, angles) = (0.0, AngleSum())
              stack[0] = 0
              var top = 1
              while top > 0 {
                top -= 1
                let index = Int(stack[top])
                let node = nodes.baseAddress! + index
                for lane in 0..<8 {
                  let count = node.count(lane)
                  if count == 0 && node.scalar(at: 0, lane) == .infinity { continue }
                  let group = groups[index &* 8 &+ lane]
                  let away = group.center - point
                  let squared = dot(away, away)
                  if squared > group.farSquared {
                    sum += WindingNumber.expansion(group, away, squared)
                  } else if count == 0 {
                    stack[top] = node.child(lane)
                    top += 1
                  } else {
                    let first = Int(node.child(lane))
                    for t in corners[first..<first + count] {
                      angles.add(
                        halfSolidAngle(
                          positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)], from: point))
                    }
                  }
                }
              }
              return (sum + 2 * angles.total) / (4 * .pi)
            }
          }
        }
      }
    }
  }

  /// The solid angle of a group by its dipole and its second-order term.
  @inline(__always)
  private static func expansion(_ group: Group, _ away: SIMD3<Float>, _ squared: Float) -> Double {
    let inverseSquare = 1 / squared
    let inverseCube = inverseSquare * inverseSquare.squareRoot()
    let trace = group.diagonal.x + group.diagonal.y + group.diagonal.z
    let mixed = SIMD3(away.y * away.z, away.z * away.x, away.x * away.y)
    let quadratic = dot(group.diagonal, away * away) + dot(group.mixed, mixed)
    return Double((dot(group.normal, away) + trace - 3 * quadratic * inverseSquare) * inverseCube)
  }
}

/// The signed solid angle of a triangle seen from a point, from -2π to 2π; see ``halfSolidAngle(_:_:_:from:)``.
func solidAngle(
  _ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>, from point: SIMD3<Float>
) -> Double {
  let half = halfSolidAngle(a, b, c, from: point)
  return 2 * atan2(half.imaginary, half.real)
}

/// Half the signed solid angle of a triangle seen from a point, as a complex number that has it as its argument:
/// positive from behind, where the corners run clockwise (Van Oosterom and Strackee, 1983).
@inline(__always)
private func halfSolidAngle(
  _ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>, from point: SIMD3<Float>
) -> (real: Double, imaginary: Double) {
  let p = SIMD3<Double>(point)
  let a = SIMD3<Double>(a) - p
  let b = SIMD3<Double>(b) - p
  let c = SIMD3<Double>(c) - p
  let la = length(a)
  let lb = length(b)
  let lc = length(c)
  return (la * lb * lc + dot(a, b) * lc + dot(b, c) * la + dot(c, a) * lb, dot(a, cross(b, c)))
}

/// A sum of angles between -π and π, without a trigonometric function for each: the product of complex numbers has the
/// sum of their arguments, but for full turns, which are counted.
private struct AngleSum {
  private var (real, imaginary) = (1.0, 0.0)
  private var turns = 0

  @inline(__always)
  mutating func add(_ number: (real: Double, imaginary: Double)) {
    let size = abs(number.real) + abs(number.imaginary)
    // No direction: from a corner, or from an edge, of the triangle.
    guard size > 0 else { return }
    let (x, y) = (number.real / size, number.imaginary / size)
    let next = (real: real * x - imaginary * y, imaginary: real * y + imaginary * x)
    if imaginary >= 0 {
      if y >= 0 && next.imaginary < 0 { turns += 1 }
    } else if y < 0 && next.imaginary >= 0 {
      turns -= 1
    }
    // Each factor is at most 1 and at least √½.
    let scale = abs(next.real) + abs(next.imaginary) < 0x1p-400 ? 0x1p400 : 1
    (real, imaginary) = (next.real * scale, next.imaginary * scale)
  }

  var total: Double { atan2(imaginary, real) + 2 * .pi * Double(turns) }
}

/// Sums over triangles about the origin of the coordinates.
private struct Moments: BitwiseCopyable {
  var area = 0.0
  var weighted = SIMD3<Double>.zero
  var normal = SIMD3<Double>.zero
  /// Columns of the sum of centroid ⊗ area normal.
  var x = SIMD3<Double>.zero
  var y = SIMD3<Double>.zero
  var z = SIMD3<Double>.zero

  mutating func add(_ corners: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)) {
    let a = SIMD3<Double>(corners.0)
    let b = SIMD3<Double>(corners.1)
    let c = SIMD3<Double>(corners.2)
    let n = cross(b - a, c - a) * 0.5
    let size = length(n)
    let centroid = (a + b + c) / 3
    area += size
    weighted += centroid * size
    normal += n
    x += centroid * n.x
    y += centroid * n.y
    z += centroid * n.z
  }

  mutating func add(_ other: Moments) {
    area += other.area
    weighted += other.weighted
    normal += other.normal
    x += other.x
    y += other.y
    z += other.z
  }

  func group(_ box: Box, _ reach: Float) -> WindingNumber.Group {
    // Without area it adds nothing at any distance.
    let center = area > 0 ? weighted / area : SIMD3<Double>(box.center)
    let cx = x - center * normal.x
    let cy = y - center * normal.y
    let cz = z - center * normal.z
    let low = center - SIMD3<Double>(box.minimum)
    let high = SIMD3<Double>(box.maximum) - center
    let radius = length(
      SIMD3(max(low.x, high.x), max(low.y, high.y), max(low.z, high.z)))
    let far = radius * Double(reach)
    return WindingNumber.Group(
      center: SIMD3<Float>(center), farSquared: Float(far * far), normal: SIMD3<Float>(normal),
      diagonal: SIMD3(Float(cx.x), Float(cy.y), Float(cz.z)),
      mixed: SIMD3(Float(cy.z + cz.y), Float(cz.x + cx.z), Float(cx.y + cy.x)))
  }
}

extension BVH.Node {
  /// Whether a lane holds a node, neither triangles nor nothing.
  fileprivate func isInner(_ lane: Int) -> Bool { count[lane] == 0 && minX[lane] != .infinity }

  func box(_ lane: Int) -> Box {
    Box(
      minimum: SIMD3(minX[lane], minY[lane], minZ[lane]), maximum: SIMD3(maxX[lane], maxY[lane], maxZ[lane]))
  }
}
