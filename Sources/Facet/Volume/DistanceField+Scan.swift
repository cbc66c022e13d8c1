// The exact distance of every node of a block to every triangle near it, eight nodes at a time.
//
// Seen from one of its edges, a triangle has three orthogonal directions: along the edge, out of it in the
// triangle's plane, and the plane's normal. In these a node's distance to the edge needs no division, and every
// coordinate is linear in the node's: a start for the block, rounded once from double precision, and three
// slopes. So nodes near the surface see small numbers however large the triangle is.

/// A triangle as the nodes of one block see it, in voxels from the block's first node.
struct TriangleFrame {
  /// Ten linear functions: above the plane; out of edges 0, 1, 2; and for each edge, past its end, before its
  /// start. Edge 0 is the longest one.
  var start = SIMD16<Float>.zero
  var perX = SIMD16<Float>.zero
  var perY = SIMD16<Float>.zero
  var perZ = SIMD16<Float>.zero
  /// The box around the triangle.
  var low: SIMD3<Float>
  var high: SIMD3<Float>

  init(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) {
    let (ab, bc, ca) = (b - a, c - b, a - c)
    let (lab, lbc, lca) = (dot(ab, ab), dot(bc, bc), dot(ca, ca))
    low = SIMD3(
      Float(min(a.x, b.x, c.x)), Float(min(a.y, b.y, c.y)), Float(min(a.z, b.z, c.z)))
    high = SIMD3(
      Float(max(a.x, b.x, c.x)), Float(max(a.y, b.y, c.y)), Float(max(a.z, b.z, c.z)))
    if lab >= lbc && lab >= lca {
      fill(a, b, c, lab.squareRoot(), lbc.squareRoot(), lca.squareRoot())
    } else if lbc >= lca {
      fill(b, c, a, lbc.squareRoot(), lca.squareRoot(), lab.squareRoot())
    } else {
      fill(c, a, b, lca.squareRoot(), lab.squareRoot(), lbc.squareRoot())
    }
  }

  @inline(__always)
  private mutating func fill(
    _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>, _ lab: Double, _ lbc: Double, _ lca: Double
  ) {
    // A point is an edge without length along x; of flat triangles any plane through the edge will do.
    let u0 = lab > 0 ? (b - a) / lab : SIMD3(1, 0, 0)
    let area = cross(b - a, c - a)
    let size = dot(area, area).squareRoot()
    let n: SIMD3<Double>
    if size > 1e-10 * lab * lab {
      n = area / size
    } else {
      n = cross(u0, abs(u0.x) < 0.6 ? SIMD3(1, 0, 0) : SIMD3(0, 1, 0)).normalized
    }
    set(0, n, -dot(n, a))
    setEdge(0, a, u0, lab, n)
    // An edge without length runs back: so no point but one on the line is inside all edges of a flat triangle.
    setEdge(1, b, lbc > 0 ? (c - b) / lbc : -u0, lbc, n)
    setEdge(2, c, lca > 0 ? (a - c) / lca : -u0, lca, n)
  }

  @inline(__always)
  private mutating func setEdge(
    _ edge: Int, _ from: SIMD3<Double>, _ along: SIMD3<Double>, _ length: Double, _ normal: SIMD3<Double>
  ) {
    let out = cross(along, normal)
    let start = dot(along, from)
    set(1 + edge, out, -dot(out, from))
    set(4 + 2 * edge, along, -start - length)
    set(5 + 2 * edge, -along, start)
  }

  @inline(__always)
  private mutating func set(_ i: Int, _ slope: SIMD3<Double>, _ offset: Double) {
    start[i] = Float(offset)
    perX[i] = Float(slope.x)
    perY[i] = Float(slope.y)
    perZ[i] = Float(slope.z)
  }
}

/// Fills a field's blocks; from several threads, each block once.
struct DistanceScan: @unchecked Sendable {
  let mesh: MeshView
  let lattice: Lattice
  /// In voxels.
  let band: Float
  let distances: SharedElements<Float>
  let nearest: SharedElements<UInt32>

  private typealias Row = SIMD8<Float>

  func fill(_ block: Int, _ coordinate: SIMD3<Int32>, _ triangles: ArraySlice<UInt32>) {
    withUnsafeTemporaryAllocation(of: SIMD8<Float>.self, capacity: 64) { squares in
      let squares = squares.baseAddress!
      let ids = UnsafeMutableRawPointer(nearest.base + block * SparseGrid.nodesPerBlock)
      for row in 0..<64 {
        squares[row] = SIMD8(repeating: band * band)
        ids.storeBytes(of: SIMD8(repeating: .max), toByteOffset: row * 32, as: SIMD8<UInt32>.self)
      }
      let first = SIMD3<Double>(coordinate &* 8)
      triangles.withUnsafeBufferPointer { triangles in
        for f in triangles {
          let frame = TriangleFrame(
            corner(3 * Int(f)) - first, corner(3 * Int(f) + 1) - first, corner(3 * Int(f) + 2) - first)
          scan(frame, f, squares, ids)
        }
      }
      let values = UnsafeRawPointer(squares).assumingMemoryBound(to: Float.self)
      let out = distances.base + block * SparseGrid.nodesPerBlock
      let found = nearest.base + block * SparseGrid.nodesPerBlock
      let voxel = lattice.voxel
      for i in 0..<SparseGrid.nodesPerBlock {
        out[i] = found[i] == .max ? .infinity : values[i].squareRoot() * voxel
      }
    }
  }

  @inline(__always)
  private func corner(_ h: Int) -> SIMD3<Double> {
    lattice.local(mesh.positions[Int(mesh.corners[h])])
  }

  @inline(__always)
  private func scan(
    _ frame: TriangleFrame, _ f: UInt32, _ squares: UnsafeMutablePointer<SIMD8<Float>>,
    _ ids: UnsafeMutableRawPointer
  ) {
    let y0 = max(0, ceiling(frame.low.y - band))
    let y1 = min(7, floor(frame.high.y + band))
    let z0 = max(0, ceiling(frame.low.z - band))
    let z1 = min(7, floor(frame.high.z + band))
    guard y0 <= y1, z0 <= z1 else { return }
    let lanes = Row(0, 1, 2, 3, 4, 5, 6, 7)
    let planeX = lanes * frame.perX[0]
    let (out0X, out1X, out2X) = (lanes * frame.perX[1], lanes * frame.perX[2], lanes * frame.perX[3])
    let (along0X, along1X, along2X) = (lanes * frame.perX[4], lanes * frame.perX[6], lanes * frame.perX[8])
    let id = SIMD8<UInt32>(repeating: f)
    for z in z0...z1 {
      let fz = Float(z)
      let dz = max(frame.low.z - fz, fz - frame.high.z, 0)
      let layer = frame.start + frame.perZ * fz
      for y in y0...y1 {
        let fy = Float(y)
        let dy = max(frame.low.y - fy, fy - frame.high.y, 0)
        // Rows at the corners of the box are beyond the band.
        if dy * dy + dz * dz >= band * band { continue }
        let row = layer + frame.perY * fy
        let place = 8 &* z &+ y
        let best = squares[place]
        let plane = planeX + row[0]
        let above = plane * plane
        if bits(above .< best) == 0 { continue }
        let out0 = out0X + row[1]
        let out1 = out1X + row[2]
        let out2 = out2X + row[3]
        let past0 = greater(greater(along0X + row[4], row[5] - along0X), .zero)
        let past1 = greater(greater(along1X + row[6], row[7] - along1X), .zero)
        let past2 = greater(greater(along2X + row[8], row[9] - along2X), .zero)
        let end0 = past0 * past0
        let aside = lesser(
          out0 * out0 + end0, lesser(out1 * out1 + past1 * past1, out2 * out2 + past2 * past2))
        // Inside all edges only the plane counts. Near a sharp corner rounding may say so far outside; but
        // sharp corners are ends of the longest edge, so what lies past that one is outside still.
        let isInside = greater(out0, greater(out1, out2)) .<= 0
        let square = above + aside.replacing(with: end0, where: isInside)
        let isCloser = square .< best
        if bits(isCloser) == 0 { continue }
        squares[place] = best.replacing(with: square, where: isCloser)
        let old = ids.load(fromByteOffset: place * 32, as: SIMD8<UInt32>.self)
        ids.storeBytes(
          of: old.replacing(with: id, where: isCloser), toByteOffset: place * 32, as: SIMD8<UInt32>.self)
      }
    }
  }

  /// Of numbers that may be far outside the block.
  @inline(__always)
  private func floor(_ x: Float) -> Int { Int(min(max(x, -100), 100).rounded(.down)) }

  @inline(__always)
  private func ceiling(_ x: Float) -> Int { Int(min(max(x, -100), 100).rounded(.up)) }
}
