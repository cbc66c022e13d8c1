/// The flat regions of a mesh: connected triangles within a small distance of one plane, all of them turned the
/// same way when seen along one axis.
struct ThinningRegions {
  /// A region's plane and the axis along which it is seen.
  struct Plane: BitwiseCopyable, Sendable {
    var normal: SIMD3<Double>
    var point: SIMD3<Double>
    /// The axis along which the region is seen; -1 for one that is not to be thinned.
    var axis: Int
    var isUp: Bool

    init(normal: SIMD3<Double>, point: SIMD3<Double>) {
      self.normal = normal
      self.point = point
      let size = SIMD3(abs(normal.x), abs(normal.y), abs(normal.z))
      axis = size.x >= size.y && size.x >= size.z ? 0 : size.y >= size.z ? 1 : 2
      isUp = normal[axis] > 0
    }

    @inline(__always)
    func distance(_ p: SIMD3<Float>) -> Double { dot(normal, SIMD3<Double>(p) - point) }

    /// As seen from outside the part, so that triangles run counter-clockwise.
    @inline(__always)
    func seen(_ p: SIMD3<Float>) -> SIMD2<Float> {
      switch axis {
      case 0: isUp ? SIMD2(p.y, p.z) : SIMD2(p.z, p.y)
      case 1: isUp ? SIMD2(p.z, p.x) : SIMD2(p.x, p.z)
      default: isUp ? SIMD2(p.x, p.y) : SIMD2(p.y, p.x)
      }
    }
  }

  private(set) var planes: [Plane] = []
  /// The region of each triangle, or negative.
  private(set) var regionOf: [Int32]
  /// Triangles in regions of some size.
  private(set) var triangleCount = 0

  /// Regions of fewer triangles are not worth it.
  private static let leastTriangles = 16

  /// - Parameters:
  ///   - source: For each vertex a triangle of the input on whose plane it may lie, or, with
  ///     ``CellPlacer/besideSheet``, on a side of whose plate; or `.max`.
  ///   - voxel: Of the lattice that the mesh comes from, mm.
  ///   - tolerance: How far vertices may be from a region's plane, mm.
  ///   - offset: How far in front of the input triangles' planes the regions lie, mm.
  init(
    _ mesh: Mesh, _ topology: Topology, input: Mesh, source: [UInt32], voxel: Double, tolerance: Double,
    offset: Double, _ run: RunContext
  ) throws(MeshError) {
    let front = Front(mesh: mesh, input: input, source: source, voxel: voxel, offset: offset)
    let seeds = try front.seeds(topology, tolerance, run)
    var regionOf = [Int32](repeating: -1, count: mesh.triangles.count)
    var queue: [UInt32] = []
    for (i, seed) in seeds.enumerated() {
      if i & 0xFFF == 0 { try run.checkCancellation() }
      guard regionOf[Int(seed)] < 0, let plane = front.plane(before: Int(seed)) else { continue }
      let region = Int32(planes.count)
      queue.removeAll(keepingCapacity: true)
      queue.append(seed)
      regionOf[Int(seed)] = region
      var next = 0
      while next < queue.count {
        // A region may be most of the mesh.
        try run.checkCancellation()
        let pause = next + (1 << 16)
        mesh.triangles.withUnsafeBufferPointer { triangles in
          mesh.positions.withUnsafeBufferPointer { positions in
            topology.twin.withUnsafeBufferPointer { twin in
              regionOf.withUnsafeMutableBufferPointer { regionOf in
                while next < min(queue.count, pause) {
                  let t = Int(queue[next])
                  next += 1
                  for h in 3 * t..<3 * t + 3 where twin[h] < Topology.degenerate {
                    let other = Int(twin[h]) / 3
                    if regionOf[other] >= 0 { continue }
                    if plane.holds(triangles[other], positions, tolerance) {
                      regionOf[other] = region
                      queue.append(UInt32(other))
                    }
                  }
                }
              }
            }
          }
        }
      }
      if queue.count < ThinningRegions.leastTriangles {
        for t in queue { regionOf[Int(t)] = -1 }
      } else {
        planes.append(plane)
        triangleCount += queue.count
      }
    }
    self.regionOf = regionOf
  }

  /// Leaves a region as it is.
  mutating func exclude(_ region: Int) { planes[region].axis = -1 }
}

extension ThinningRegions.Plane {
  /// Whether a triangle lies in the plane and is seen from the right side.
  @inline(__always)
  fileprivate func holds(
    _ t: Triangle, _ positions: UnsafeBufferPointer<SIMD3<Float>>, _ tolerance: Double
  ) -> Bool {
    let (a, b, c) = (positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)])
    guard abs(distance(a)) <= tolerance, abs(distance(b)) <= tolerance, abs(distance(c)) <= tolerance
    else { return false }
    return orient2d(seen(a), seen(b), seen(c)) > 0
  }
}

/// A mesh in front of another's triangles, and the planes on which it would be flat.
private struct Front {
  let mesh: Mesh
  let input: Mesh
  /// See ``ThinningRegions/init(_:_:input:source:voxel:tolerance:offset:_:)``, as the others.
  let source: [UInt32]
  let voxel: Double
  let offset: Double

  /// Triangles that lie on the plane of an input triangle together with their neighbours, ascending.
  func seeds(_ topology: Topology, _ tolerance: Double, _ run: RunContext) throws(MeshError) -> [UInt32] {
    try run.mapChunks(of: mesh.triangles.count, size: 1 << 14) { _, range in
      var seeds: [UInt32] = []
      mesh.triangles.withUnsafeBufferPointer { triangles in
        mesh.positions.withUnsafeBufferPointer { positions in
          topology.twin.withUnsafeBufferPointer { twin in
            for i in range {
              guard let plane = plane(before: i), plane.holds(triangles[i], positions, tolerance) else {
                continue
              }
              let isSeed = (3 * i..<3 * i + 3).allSatisfy { h in
                twin[h] < Topology.degenerate
                  && plane.holds(triangles[Int(twin[h]) / 3], positions, tolerance)
              }
              if isSeed { seeds.append(UInt32(i)) }
            }
          }
        }
      }
      return seeds
    }.flatMap(\.self)
  }

  /// The plane in front of an input triangle on which a triangle of the mesh may lie.
  func plane(before i: Int) -> ThinningRegions.Plane? {
    let t = mesh.triangles[i]
    let triangle = source[Int(t.a)]
    guard triangle != .max else { return nil }
    let (a, b, c) = mesh.corners(i)
    let q = SIMD3<Double>(a)
    let own = cross(SIMD3<Double>(b) - q, SIMD3<Double>(c) - q)
    return triangle & CellPlacer.besideSheet == 0
      ? plane(of: input.corners(Int(triangle)), own)
      : side(of: input.corners(Int(triangle & ~CellPlacer.besideSheet)), own, a)
  }

  /// The plane in front of a triangle, facing to the side that `own` does.
  private func plane(
    of corners: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ own: SIMD3<Double>
  ) -> ThinningRegions.Plane? {
    let p = SIMD3<Double>(corners.0)
    var normal = cross(SIMD3<Double>(corners.1) - p, SIMD3<Double>(corners.2) - p).normalized
    if dot(own, normal) < 0 { normal = SIMD3<Double>.zero - normal }
    return dot(normal, normal) > 0.5
      ? ThinningRegions.Plane(normal: normal, point: p + normal * offset) : nil
  }

  /// Of the sides of a triangle's plate near a point the one that faces most as `own` does.
  private func side(
    of corners: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ own: SIMD3<Double>, _ point: SIMD3<Float>
  ) -> ThinningRegions.Plane? {
    let plate = SheetPlate(
      corners.0 - point, corners.1 - point, corners.2 - point, half: SheetPlate.half * Float(voxel))
    let facing = SIMD3<Float>(own.normalized)
    let near = Float(voxel) * 0.03
    var best: SheetPlate.Side?
    var most: Float = 0.9
    for i in 0..<SheetPlate.sideCount {
      let side = plate.side(i)
      let turned = dot(side.normal, facing)
      if turned > most && abs(side.height) <= near {
        most = turned
        best = side
      }
    }
    guard let best else { return nil }
    let normal = SIMD3<Double>(best.normal)
    return ThinningRegions.Plane(
      normal: normal, point: SIMD3<Double>(point) + normal * Double(best.height))
  }
}
