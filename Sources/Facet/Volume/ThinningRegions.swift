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
    let seeds = try ThinningRegions.seeds(mesh, topology, input, source, voxel, tolerance, offset, run)
    var regionOf = [Int32](repeating: -1, count: mesh.triangles.count)
    var queue: [UInt32] = []
    for (i, seed) in seeds.enumerated() {
      if i & 0xFFF == 0 { try run.checkCancellation() }
      if regionOf[Int(seed.triangle)] >= 0 { continue }
      let region = Int32(planes.count)
      queue.removeAll(keepingCapacity: true)
      queue.append(seed.triangle)
      regionOf[Int(seed.triangle)] = region
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
                    if ThinningRegions.isIn(seed.plane, triangles[other], positions, tolerance) {
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
        planes.append(seed.plane)
        triangleCount += queue.count
      }
    }
    self.regionOf = regionOf
  }

  /// Leaves a region as it is.
  mutating func exclude(_ region: Int) { planes[region].axis = -1 }

  private struct Seed {
    var triangle: UInt32
    var plane: Plane
  }

  /// Triangles that lie on the plane of an input triangle together with their neighbours, ascending.
  private static func seeds(
    _ mesh: Mesh, _ topology: Topology, _ input: Mesh, _ source: [UInt32], _ voxel: Double,
    _ tolerance: Double, _ offset: Double, _ run: RunContext
  ) throws(MeshError) -> [Seed] {
    try run.mapChunks(of: mesh.triangles.count, size: 1 << 14) { _, range in
      var seeds: [Seed] = []
      mesh.triangles.withUnsafeBufferPointer { triangles in
        mesh.positions.withUnsafeBufferPointer { positions in
          topology.twin.withUnsafeBufferPointer { twin in
            for i in range {
              let t = triangles[i]
              let triangle = source[Int(t.a)]
              guard triangle != .max else { continue }
              let q = SIMD3<Double>(positions[Int(t.a)])
              let own = cross(SIMD3<Double>(positions[Int(t.b)]) - q, SIMD3<Double>(positions[Int(t.c)]) - q)
              let plane =
                triangle & CellPlacer.besideSheet == 0
                ? plane(of: input.corners(Int(triangle)), own, offset)
                : side(
                  of: input.corners(Int(triangle & ~CellPlacer.besideSheet)), own, positions[Int(t.a)], voxel)
              guard let plane, isIn(plane, t, positions, tolerance) else { continue }
              var isSeed = true
              for h in 3 * i..<3 * i + 3 {
                guard twin[h] < Topology.degenerate,
                  isIn(plane, triangles[Int(twin[h]) / 3], positions, tolerance)
                else {
                  isSeed = false
                  break
                }
              }
              if isSeed { seeds.append(Seed(triangle: UInt32(i), plane: plane)) }
            }
          }
        }
      }
      return seeds
    }.flatMap(\.self)
  }

  /// The plane in front of a triangle, facing to the side that `own` does.
  private static func plane(
    of corners: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ own: SIMD3<Double>, _ offset: Double
  ) -> Plane? {
    let p = SIMD3<Double>(corners.0)
    var normal = cross(SIMD3<Double>(corners.1) - p, SIMD3<Double>(corners.2) - p).normalized
    if dot(own, normal) < 0 { normal = SIMD3<Double>.zero - normal }
    return dot(normal, normal) > 0.5 ? Plane(normal: normal, point: p + normal * offset) : nil
  }

  /// Of the sides of a triangle's plate near a point the one that faces most as `own` does.
  private static func side(
    of corners: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ own: SIMD3<Double>, _ point: SIMD3<Float>,
    _ voxel: Double
  ) -> Plane? {
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
    return Plane(normal: normal, point: SIMD3<Double>(point) + normal * Double(best.height))
  }

  @inline(__always)
  private static func isIn(
    _ plane: Plane, _ t: Triangle, _ positions: UnsafeBufferPointer<SIMD3<Float>>, _ tolerance: Double
  ) -> Bool {
    let (a, b, c) = (positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)])
    guard abs(plane.distance(a)) <= tolerance, abs(plane.distance(b)) <= tolerance,
      abs(plane.distance(c)) <= tolerance
    else { return false }
    return orient2d(plane.seen(a), plane.seen(b), plane.seen(c)) > 0
  }
}
