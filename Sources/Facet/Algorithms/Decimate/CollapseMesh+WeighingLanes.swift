// Four edges at a time, in single precision: nearly all the arithmetic of a run is weighing edges.
//
// Solving the quadric's equations by the square-root-free Cholesky decomposition is backward stable: what is
// lost is no more than what storing the quadrics in single precision has lost already.

private typealias Lanes = SIMD4<Float>

/// One component each of four vertices' records.
private struct VertexLanes {
  var x, y, z, xx, xy, xz, yy, yz, zz, bx, by, bz, c: Lanes

  @inline(__always)
  init(_ a: CollapseMesh.Vertex, _ b: CollapseMesh.Vertex, _ c: CollapseMesh.Vertex, _ d: CollapseMesh.Vertex)
  {
    var unused: Lanes
    (x, y, z, unused) = transposed(a.rows.0, b.rows.0, c.rows.0, d.rows.0)
    (xx, xy, xz, yy) = transposed(a.rows.1, b.rows.1, c.rows.1, d.rows.1)
    (yz, zz, bx, by) = transposed(a.rows.2, b.rows.2, c.rows.2, d.rows.2)
    (bz, self.c, unused, unused) = transposed(a.rows.3, b.rows.3, c.rows.3, d.rows.3)
    _ = unused
  }
}

@inline(__always)
private func transposed(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes) -> (Lanes, Lanes, Lanes, Lanes) {
  let ab = SIMD8(lowHalf: a, highHalf: b)
  let cd = SIMD8(lowHalf: c, highHalf: d)
  let even = SIMD8(lowHalf: ab.evenHalf, highHalf: cd.evenHalf)
  let odd = SIMD8(lowHalf: ab.oddHalf, highHalf: cd.oddHalf)
  return (even.evenHalf, odd.evenHalf, even.oddHalf, odd.oddHalf)
}

extension CollapseMesh {
  /// The costs of the edges from `center` to four other vertices, none of them held in place.
  @inline(__always)
  func costs(
    _ center: Vertex, _ a: Vertex, _ b: Vertex, _ c: Vertex, _ d: Vertex
  ) -> SIMD4<Float> {
    let u = VertexLanes(center, center, center, center)
    let v = VertexLanes(a, b, c, d)
    // Everything relative to the middle of the edge.
    let dx = (v.x - u.x) * 0.5
    let dy = (v.y - u.y) * 0.5
    let dz = (v.z - u.z) * 0.5
    let ux = u.xx * dx + u.xy * dy + u.xz * dz
    let uy = u.xy * dx + u.yy * dy + u.yz * dz
    let uz = u.xz * dx + u.yz * dy + u.zz * dz
    let vx = v.xx * dx + v.xy * dy + v.xz * dz
    let vy = v.xy * dx + v.yy * dy + v.yz * dz
    let vz = v.xz * dx + v.yz * dy + v.zz * dz
    let uc = (ux + u.bx + u.bx) * dx + (uy + u.by + u.by) * dy + (uz + u.bz + u.bz) * dz
    let vc = (vx - v.bx - v.bx) * dx + (vy - v.by - v.by) * dy + (vz - v.bz - v.bz) * dz
    let middle = (u.c + uc) + (v.c + vc)
    let bx = (u.bx + ux) + (v.bx - vx)
    let by = (u.by + uy) + (v.by - vy)
    let bz = (u.bz + uz) + (v.bz - vz)
    let xx = u.xx + v.xx
    let xy = u.xy + v.xy
    let xz = u.xz + v.xz
    let yy = u.yy + v.yy
    let yz = u.yz + v.yz
    let zz = u.zz + v.zz
    let weight = xx + yy + zz
    let l = weight * Quadric.looseness + Float.leastNormalMagnitude
    // L D Lᵀ of A + λ.
    let d1 = Lanes(repeating: 1) / (xx + l)
    let l21 = xy * d1
    let l31 = xz * d1
    let d2 = Lanes(repeating: 1) / (yy + l - l21 * xy)
    let t = yz - l21 * xz
    let l32 = t * d2
    let d3 = Lanes(repeating: 1) / (zz + l - l31 * xz - l32 * t)
    let f2 = l21 * bx - by
    let f3 = l31 * bx - bz - l32 * f2
    let pz = f3 * d3
    let py = f2 * d2 - l32 * pz
    let px = -(bx * d1) - l21 * py - l31 * pz
    let squared = px * px + py * py + pz * pz
    let best = middle + (bx * px + by * py + bz * pz) - l * squared
    let slope = (bx * dx + by * dy + bz * dz) * 2
    let bend = (ux + vx) * dx + (uy + vy) * dy + (uz + vz) * dz
    let ends = middle + bend
    let atU = ends - slope
    let atV = ends + slope
    let atEnd = atU.replacing(with: atV, where: atV .< atU)
    let quarter = dx * dx + dy * dy + dz * dz
    // Far away, or not a number: the planes say nothing about where it should be.
    let isNear = squared .<= quarter * 16
    var cost = atEnd.replacing(with: best, where: isNear .& (best .< atEnd))
    cost = cost.replacing(with: Lanes(), where: cost .< Lanes())
    let minors = (xx * yy - xy * xy) + (xx * zz - xz * xz) + (yy * zz - yz * yz)
    let squaredWeight = weight * weight
    let ease = squaredWeight / (squaredWeight + minors * Quadric.creaseFirst)
    cost += weight * quarter * ease * (4 * Quadric.preference)
    return cost * cost / weight
  }

  /// Weighs the edges of a vertex; those that the other end weighs as well (at first all, later
  /// the other ends that are ``VertexKind/used``) from the lower one only.
  @inline(__always)
  func weighFan(_ v: Int, isFirstTime: Bool = false) {
    let center = vertex[v]
    let first = Int(center.start)
    if center.start == CollapseMesh.gone || !center.kind.isDisjoint(with: [.merged, .complex]) { return }
    var h = first
    var edges = (0, 0, 0, 0)
    var ends = (0, 0, 0, 0)
    var count = 0
    repeat {
      let r = Int(corner[Topology.next(h)])
      let other = vertex[r].kind
      let p = Topology.previous(h)
      let t = twin[p]
      if t >= Topology.degenerate || !center.kind.union(other).isDisjoint(with: .held) {
        // Borders and what may not move: one at a time.
        weigh(h)
        if t >= Topology.degenerate {
          weigh(p)
          return flush(center, v, edges, ends, count)
        }
      } else if r > v || !(isFirstTime || other.contains(.used)) {
        let back = Int(twin[h])
        cost[max(h, back)] = .infinity
        let e = min(h, back)
        switch count {
        case 0: (edges.0, ends.0) = (e, r)
        case 1: (edges.1, ends.1) = (e, r)
        case 2: (edges.2, ends.2) = (e, r)
        default:
          let c = costs(center, vertex[ends.0], vertex[ends.1], vertex[ends.2], vertex[r])
          cost[edges.0] = c[0]
          cost[edges.1] = c[1]
          cost[edges.2] = c[2]
          cost[e] = c[3]
          count = -1
        }
        count += 1
      }
      h = Int(t)
    } while h != first
    flush(center, v, edges, ends, count)
  }

  @inline(__always)
  private func flush(
    _ center: Vertex, _ v: Int, _ edges: (Int, Int, Int, Int), _ ends: (Int, Int, Int, Int), _ count: Int
  ) {
    if count == 0 { return }
    let c = costs(
      center, vertex[ends.0], vertex[count > 1 ? ends.1 : ends.0], vertex[count > 2 ? ends.2 : ends.0],
      vertex[ends.0])
    cost[edges.0] = c[0]
    if count > 1 { cost[edges.1] = c[1] }
    if count > 2 { cost[edges.2] = c[2] }
  }

  func weigh(_ h: Int) {
    let t = twin[h]
    let canonical = t < Topology.degenerate ? min(h, Int(t)) : h
    if t < Topology.degenerate { cost[max(h, Int(t))] = .infinity }
    cost[canonical] = proposal(canonical).rank
  }
}
