import Facet
import FacetTestSupport

/// What must hold for any triangles whatever that are given to repair or shrinkwrap.
struct RepairCheck {
  enum Operation {
    case repair, shrinkwrap
  }

  let operation: Operation
  let run: RunContext

  /// What is wrong with the outcome, or nil.
  func problem(with input: FuzzInput) -> String? {
    switch input {
    case .soup(let seed): return problem(with: RepairCheck.soup(seed), volume: nil)
    case .damage(let damage):
      let part = damage.part()
      return problem(with: part.mesh, volume: part.volume)
    case .part: return nil
    }
  }

  /// One to sixty triangles on a grid of two to six points a side: the fewer points, the more of them share edges,
  /// lie upon each other or have no area.
  static func soup(_ seed: UInt64) -> Mesh {
    var random = SeededGenerator(seed: seed ^ 0x50FF)
    return Mesh.gridSoup(
      triangles: Int.random(in: 1...60, using: &random), side: Int.random(in: 2...6, using: &random),
      seed: seed, allowingDegenerate: Bool.random(using: &random))
  }

  /// A 25th of the diagonal: sheets come within a voxel of each other more often than with a fine one, and
  /// thousands of soups take minutes.
  private static func resolution(for mesh: Mesh) -> ShrinkwrapOptions.Resolution {
    let voxel = Float(mesh.bounds.diagonal / 25)
    return voxel > 0 ? .voxel(voxel) : .rough
  }

  private func problem(with mesh: Mesh, volume: Double?) -> String? {
    let resolution = RepairCheck.resolution(for: mesh)
    do throws(MeshError) {
      let result =
        switch operation {
        case .repair:
          try mesh.repaired(.init(wrapResolution: volume == nil ? resolution : nil), run).mesh
        case .shrinkwrap: try mesh.shrinkwrapped(.init(resolution), run).mesh
        }
      // As a file holds it.
      let file = try result.encoded(ExportOptions(format: .stl), run)
      let again = try Mesh.read(ByteSource(file), ImportOptions(format: .stl), run).mesh
      let solidity = try again.solidity(run)
      if !solidity.isSolid { return "not solid: \(solidity)" }
      if operation == .repair {
        if try again.repaired(.init(), run).mesh != again { return "solid, and not given back as it was" }
        if let volume, abs(solidity.volume / volume - 1) > 0.01 {
          return "volume \(solidity.volume), not \(volume): \((solidity.volume / volume - 1) * 100) %"
        }
      }
      return nil
    } catch {
      // Nothing but triangles without area has no surface.
      if case .emptyMesh = error, !RepairCheck.hasArea(mesh) { return nil }
      return "error: \(error)"
    }
  }

  private static func hasArea(_ mesh: Mesh) -> Bool {
    mesh.triangles.indices.contains { i in
      let (a, b, c) = mesh.corners(i)
      let (u, v) = (SIMD3<Double>(b) - SIMD3<Double>(a), SIMD3<Double>(c) - SIMD3<Double>(a))
      return SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x) != .zero
    }
  }
}
