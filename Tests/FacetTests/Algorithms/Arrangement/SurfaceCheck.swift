import FacetTestSupport

@testable import Facet

/// What is wrong with a surface that is to bound a solid, as a file would hold it; nil when nothing is.
///
/// Edges may have four triangles, as where two boxes touch along an edge: as many run one way as the other.
func surfaceFault(_ mesh: Mesh) throws -> String? {
  let welded = try mesh.weldingVertices(within: 0)
  var balance: [SIMD2<UInt32>: Int] = [:]
  for t in welded.triangles {
    if t.isDegenerate { return "a degenerate triangle" }
    for k in 0..<3 {
      let (a, b) = (t[k], t[(k + 1) % 3])
      balance[SIMD2(min(a, b), max(a, b)), default: 0] += a < b ? 1 : -1
    }
  }
  let open = balance.values.count { $0 != 0 }
  if open > 0 { return "\(open) open edges" }
  let crossing = try welded.selfIntersections(BVH(welded)).triangles.count
  return crossing > 0 ? "\(crossing) triangles cross" : nil
}

/// Solids with small whole coordinates, and whether points are in one of them: what their union has to be.
struct GridSolids {
  let solids: [Mesh]
  let side: Int

  /// Boxes or tetrahedra over the corners of a grid.
  init(count: Int, side: Int, areBoxes: Bool, _ random: inout SeededGenerator) {
    func point() -> SIMD3<Float> {
      SIMD3(
        Float(Int.random(in: 0...side, using: &random)), Float(Int.random(in: 0...side, using: &random)),
        Float(Int.random(in: 0...side, using: &random)))
    }
    var solids: [Mesh] = []
    while solids.count < count {
      let (a, b, c, d) = (point(), point(), point(), point())
      if areBoxes {
        if a.x != b.x && a.y != b.y && a.z != b.z {
          solids.append(Primitive.box(minimum: lesser(a, b), maximum: greater(a, b)))
        }
      } else if orient3d(a, b, c, d) != 0 {
        let triangles = [Triangle(0, 2, 1), Triangle(0, 1, 3), Triangle(1, 2, 3), Triangle(2, 0, 3)]
        let mesh = Mesh(unchecked: [a, b, c, d], triangles: triangles)
        solids.append(orient3d(a, b, c, d) > 0 ? mesh : mesh.insideOut)
      }
    }
    self.solids = solids
    self.side = side
  }

  var mesh: Mesh { solids.dropFirst().reduce(solids[0]) { $0.merged(with: $1) } }

  /// Each is convex.
  func contain(_ point: SIMD3<Float>) -> Bool {
    solids.contains { solid in
      solid.triangles.indices.allSatisfy {
        let (a, b, c) = solid.corners($0)
        return orient3d(a, b, c, point) < 0
      }
    }
  }

  /// Of unit cells, for boxes.
  var cellVolume: Int {
    var count = 0
    for z in 0..<side {
      for y in 0..<side {
        for x in 0..<side where contain(SIMD3(Float(x), Float(y), Float(z)) + 0.5) { count += 1 }
      }
    }
    return count
  }

  /// Random points for which a surface winds otherwise than around the union.
  func mismatches(_ mesh: Mesh, points: Int, _ random: inout SeededGenerator) throws -> Int {
    let welded = try mesh.weldingVertices(within: 0)
    let winding = try WindingNumber(welded, BVH(welded))
    return (0..<points).count { _ in
      let p = SIMD3(
        Float.random(in: 0...Float(side), using: &random), Float.random(in: 0...Float(side), using: &random),
        Float.random(in: 0...Float(side), using: &random))
      return abs(winding.at(p) - (contain(p) ? 1 : 0)) > 0.05
    }
  }
}
