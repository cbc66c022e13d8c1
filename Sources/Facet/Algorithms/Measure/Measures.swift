/// A mesh's size: exact up to the rounding of double precision.
public struct Measures: Sendable, Equatable {
  /// Surface area, mm².
  public var area = 0.0
  /// Enclosed volume, mm³: positive when the surface faces outward, negative when it is inside out. Of an
  /// open surface, that of the solid between it and its first corner.
  public var volume = 0.0
  /// The box around the triangles; vertices that no triangle names do not count.
  public var bounds = Box.empty

  /// Width, depth and height, mm; zero without triangles.
  public var dimensions: SIMD3<Double> {
    bounds.isEmpty ? .zero : SIMD3<Double>(bounds.maximum) - SIMD3<Double>(bounds.minimum)
  }

  mutating func add(_ other: Measures) {
    area += other.area
    volume += other.volume
    bounds.formUnion(other.bounds)
  }
}

extension Mesh {
  /// Area, volume and bounds in one pass: sums in double precision about the mesh's first corner, so that a
  /// part far from the origin loses nothing; the same on any number of threads.
  ///
  /// - Throws: ``MeshError/cancelled``.
  public func measured(_ run: RunContext = .init()) throws(MeshError) -> Measures {
    try withView { (view) throws(MeshError) in
      let origin = measureOrigin
      let parts = try run.mapChunks(of: view.triangleCount, size: measuredChunk) { _, range in
        sums(of: range, view, about: origin)
      }
      var total = Measures()
      for part in parts { total.add(part) }
      return total
    }
  }

  /// The measures of each shell, volumes about the mesh's first corner.
  func measured(_ shells: Shells, _ run: RunContext) throws(MeshError) -> [Measures] {
    try withView { (view) throws(MeshError) in
      let origin = measureOrigin
      let parts = try run.mapChunks(of: view.triangleCount, size: measuredChunk) { _, range in
        // Triangles of one shell mostly follow one another.
        var parts: [(shell: UInt32, measures: Measures)] = []
        var first = range.lowerBound
        while first < range.upperBound {
          let shell = shells.ofTriangle[first]
          let end = (first..<range.upperBound).first { shells.ofTriangle[$0] != shell } ?? range.upperBound
          if shell != Shells.none { parts.append((shell, sums(of: first..<end, view, about: origin))) }
          first = end
        }
        return parts
      }
      var result = [Measures](repeating: Measures(), count: shells.count)
      for part in parts.joined() { result[Int(part.shell)].add(part.measures) }
      return result
    }
  }
}

/// Fixed, so that the sums do not depend on the number of threads.
private let measuredChunk = 1 << 14

extension Mesh {
  /// What volumes are summed about: the first triangle's first corner, near everything.
  var measureOrigin: SIMD3<Double> {
    triangles.isEmpty ? .zero : SIMD3<Double>(positions[Int(triangles[0].a)])
  }
}

private func sums(of range: Range<Int>, _ mesh: MeshView, about o: SIMD3<Double>) -> Measures {
  let (corners, positions) = (mesh.corners, mesh.positions)
  var (twiceArea, sixVolume) = (0.0, 0.0)
  var bounds = Box.empty
  for f in range {
    let a = positions[Int(corners[3 &* f])]
    let b = positions[Int(corners[3 &* f &+ 1])]
    let c = positions[Int(corners[3 &* f &+ 2])]
    bounds.minimum = lesser(lesser(bounds.minimum, a), lesser(b, c))
    bounds.maximum = greater(greater(bounds.maximum, a), greater(b, c))
    let (ax, ay, az) = (Double(a.x), Double(a.y), Double(a.z))
    let (ux, uy, uz) = (Double(b.x) - ax, Double(b.y) - ay, Double(b.z) - az)
    let (vx, vy, vz) = (Double(c.x) - ax, Double(c.y) - ay, Double(c.z) - az)
    let nx = uy * vz - uz * vy
    let ny = uz * vx - ux * vz
    let nz = ux * vy - uy * vx
    twiceArea += (nx * nx + ny * ny + nz * nz).squareRoot()
    sixVolume += (ax - o.x) * nx + (ay - o.y) * ny + (az - o.z) * nz
  }
  return Measures(area: twiceArea / 2, volume: sixVolume / 6, bounds: bounds)
}
