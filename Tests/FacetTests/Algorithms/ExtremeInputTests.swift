import FacetTestSupport
import Testing

@testable import Facet

/// What files may hold although no part looks like it: nothing may trap, hang or be NaN.
@Suite struct ExtremeInputTests {
  private func analyzed(_ mesh: Mesh) throws -> Analysis {
    let analysis = try mesh.analyzed()
    #expect(analysis.volume.isFinite && analysis.surfaceArea.isFinite && analysis.facetingScore.isFinite)
    return analysis
  }

  @Test(arguments: [Float.leastNormalMagnitude, 1e-20, 1e15, 3e38]) func anyMagnitudeIsAnalysed(factor: Float)
    throws
  {
    for mesh in [Primitive.looseSphere(), Primitive.punctured(), .randomSoup(triangles: 50, seed: 1)] {
      // The parts are up to 20 mm large; the random ones about 1.
      let scaled = mesh.positions.map { $0 * (factor / 20) }
      _ = try analyzed(Mesh(positions: scaled, triangles: mesh.triangles))
    }
  }

  /// Every operation comes to an end there, with a result or with an error that says why not.
  @Test(arguments: [Float.leastNormalMagnitude, 1e-20, 1e-6, 1e6, 1e15, 3e38], [false, true])
  func anyMagnitudeIsWorkedOn(factor: Float, isFar: Bool) throws {
    let offset: Float = isFar ? factor / 2 : 0
    for mesh in [Primitive.box(maximum: SIMD3(10, 10, 10)), Primitive.punctured(segments: 12)] {
      let scaled = try Mesh(
        positions: mesh.positions.map { $0 * (factor / 40) + offset }, triangles: mesh.triangles)
      let run = RunContext(threads: 2, memoryBudget: 1 << 26)
      func attempt(_ work: () throws(MeshError) -> Mesh) {
        do {
          let result = try work()
          let isFinite = result.positions.allSatisfy { $0.isFinite }
          #expect(isFinite)
        } catch {
          switch error {
          case .invalidOption, .memoryBudgetExceeded, .emptyMesh: break
          default: Issue.record("\(error)")
          }
        }
      }
      attempt { () throws(MeshError) in try scaled.geometricallyRepaired(.init(), run).mesh }
      attempt { () throws(MeshError) in try scaled.shrinkwrapped(ShrinkwrapOptions(.rough), run).mesh }
      attempt { () throws(MeshError) in try scaled.decimated(DecimationOptions(accuracy: 0.1), run).mesh }
      attempt { () throws(MeshError) in try scaled.decimated(DecimationOptions(target: .ratio(0.5)), run).mesh
      }
      attempt { () throws(MeshError) in
        try scaled.wallThickness(WallThicknessOptions(minimum: 1), run).surface
      }
      attempt { () throws(MeshError) in try scaled.hollowed(HollowingOptions(wall: 1), run).mesh }
    }
  }

  @Test func everythingInOnePlaceIsAnalysed() throws {
    let spot = try Mesh(
      positions: [SIMD3<Float>](repeating: SIMD3(1, 2, 3), count: 6),
      triangles: [Triangle(0, 1, 2), Triangle(3, 4, 5), Triangle(1, 0, 3), Triangle(2, 2, 2)])
    let analysis = try analyzed(spot)
    #expect(analysis.degenerateTriangles == 1)
    #expect(analysis.surfaceArea == 0)
  }

  @Test func flatTrianglesWithoutAreaAreAnalysed() throws {
    let line = try Mesh(
      positions: (0..<9).map { SIMD3(Float($0), 0, 0) },
      triangles: [
        Triangle(0, 1, 2), Triangle(2, 1, 3), Triangle(4, 5, 6), Triangle(6, 7, 8), Triangle(0, 2, 1),
      ])
    let analysis = try analyzed(line)
    #expect(analysis.surfaceArea == 0)
    #expect(analysis.duplicateTriangles == 1)
  }

  @Test func aThousandTrianglesOnOneEdgeAreOneBadEdgeThere() throws {
    let fan = try Mesh(
      positions: [SIMD3(0, 0, 0), SIMD3(0, 0, 1)]
        + circleOutline(radius: 1, segments: 1000).map { SIMD3($0, 0.5) },
      triangles: (0..<1000).map { Triangle(0, 1, UInt32(2 + $0)) })
    let analysis = try analyzed(fan)
    #expect(analysis.badEdges == 2001)
    #expect(analysis.shells == 1)
    #expect(analysis.badContours == 1)
    #expect(analysis.intersectingTriangles == 0)
  }
}
