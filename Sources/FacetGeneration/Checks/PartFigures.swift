import Facet
import FacetContract

/// What the engine measured on a part that was made.
public struct PartFigures: Sendable, Hashable {
  /// The extent along x, y and z, in mm.
  public var size: SIMD3<Double>
  /// mm³
  public var volume: Double
  /// Handles of the surface, over all parts.
  public var throughHoles: Int
  /// Closed surfaces.
  public var shells: Int
  public var triangles: Int

  public init(size: SIMD3<Double>, volume: Double, throughHoles: Int, shells: Int, triangles: Int) {
    self.size = size
    self.volume = volume
    self.throughHoles = throughHoles
    self.shells = shells
    self.triangles = triangles
  }
}

extension PartFigures {
  /// Measures a part, and refuses what is no solid.
  ///
  /// - Throws: ``PartProblem`` for a surface that is open, inside out or crosses itself; ``MeshError``.
  init(of mesh: Mesh, _ run: RunContext) throws {
    let solidity = try mesh.solidity(run.slice(0...0.9))
    if let problem = PartProblem(solidity) { throw problem }
    let topology = try Topology(mesh, run)
    let shells = try topology.shells(topology.badEdges(of: mesh, run), run).count
    // Vertices − edges + triangles, with three half-edges a triangle and two an edge.
    let euler = mesh.positions.count - mesh.triangles.count / 2
    let box = mesh.bounds
    self.init(
      size: SIMD3(box.maximum - box.minimum), volume: solidity.volume, throughHoles: shells - euler / 2,
      shells: shells, triangles: mesh.triangles.count)
    run.report(1)
  }

  /// What is not as it was planned, for people; nil when all is.
  func difference(from expectation: Expectation) -> String? {
    if let size = expectation.size {
      for (axis, name) in ["x", "y", "z"].enumerated() {
        // Curved faces are polygons here: a little smaller than they are.
        guard abs(self.size[axis] - size[axis]) > 0.05 + 0.005 * size[axis] else { continue }
        return
          "the part measures \(rounded(self.size[axis])) mm along \(name), and was to measure \(rounded(size[axis])) mm"
      }
    }
    if let due = expectation.shells, shells != due {
      return "the part has \(shells) closed surfaces, and was to have \(due)"
    }
    if let due = expectation.throughHoles, throughHoles != due {
      return "the part has \(throughHoles) through holes, and was to have \(due)"
    }
    return nil
  }

  private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

extension Mesh {
  /// The triangles that the kernel made of a part. At the tip of a cone and the poles of a sphere it makes some with two
  /// corners in one point, which nobody needs.
  static func ofPart(_ path: String, _ run: RunContext) throws(MeshError) -> Mesh {
    let mesh = try Mesh.read(path, ImportOptions(format: .stl), run).mesh
    let whole = mesh.triangles.filter { $0.a != $0.b && $0.b != $0.c && $0.c != $0.a }
    return whole.count == mesh.triangles.count ? mesh : try Mesh(positions: mesh.positions, triangles: whole)
  }
}

/// Why what was made is no part, for people.
struct PartProblem: Error, Sendable, Hashable, CustomStringConvertible {
  let description: String

  init?(_ solidity: Solidity) {
    if solidity.badEdges > 0 || solidity.badContours > 0 || solidity.degenerateTriangles > 0 {
      description = "its surface is not closed"
    } else if solidity.volume <= 0 {
      description = "it has no volume"
    } else if let count = solidity.intersectingTriangles, count > 0 {
      description = "its surface crosses itself"
    } else {
      return nil
    }
  }
}
