import Facet
import FacetTestSupport
import Foundation
import Testing

@testable import FacetGeneration

@Suite struct PartFiguresTests {
  /// Testing has another.
  typealias Expectation = FacetGeneration.Expectation

  private static func figures(_ mesh: Mesh) throws -> PartFigures { try PartFigures(of: mesh, RunContext()) }

  /// A mesh by way of a file, as the kernel's are.
  private static func read(_ mesh: Mesh) throws -> Mesh {
    let path = NSTemporaryDirectory() + "facet-part-\(UUID().uuidString).stl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try mesh.write(to: path)
    return try Mesh.ofPart(path, RunContext())
  }

  @Test func aBoxIsMeasured() throws {
    let figures = try Self.figures(Primitive.box(maximum: SIMD3(10, 20, 30)))
    #expect(figures.size == SIMD3(10, 20, 30))
    #expect(abs(figures.volume - 6000) < 1e-6)
    #expect(figures.throughHoles == 0 && figures.shells == 1 && figures.triangles == 12)
  }

  @Test func handlesAndShellsAreCounted() throws {
    let torus = Primitive.torus(majorRadius: 20, minorRadius: 5)
    #expect(try Self.figures(torus).throughHoles == 1)
    let moved = try Mesh(
      positions: torus.positions + torus.positions.map { $0 + SIMD3(100, 0, 0) },
      triangles: torus.triangles
        + torus.triangles.map { triangle in
          let count = UInt32(torus.positions.count)
          return Triangle(triangle.a + count, triangle.b + count, triangle.c + count)
        })
    let figures = try Self.figures(moved)
    #expect(figures.throughHoles == 2 && figures.shells == 2)
  }

  /// As at the tip of a cone.
  @Test func trianglesWithoutAnAreaPlayNoPart() throws {
    var box = Primitive.box(maximum: SIMD3(10, 20, 30))
    box = try Mesh(
      positions: box.positions, triangles: box.triangles + [Triangle(0, 0, 1), Triangle(2, 3, 3)])
    let mesh = try Self.read(box)
    #expect(mesh.triangles.count == 12)
    #expect(try Self.figures(mesh).shells == 1)
  }

  @Test func whatIsNoSolidIsRefused() throws {
    let box = Primitive.box(maximum: SIMD3(10, 20, 30))
    let open = try Mesh(positions: box.positions, triangles: Array(box.triangles.dropLast()))
    let turned = try Mesh(
      positions: box.positions, triangles: box.triangles.map { Triangle($0.a, $0.c, $0.b) })
    let count = UInt32(box.positions.count)
    let crossing = try Mesh(
      positions: box.positions + box.positions.map { $0 + SIMD3(5, 5, 5) },
      triangles: box.triangles
        + box.triangles.map { Triangle($0.a + count, $0.b + count, $0.c + count) })
    for (mesh, problem) in [
      (open, "its surface is not closed"), (turned, "it has no volume"),
      (crossing, "its surface crosses itself"),
    ] {
      #expect { try Self.figures(mesh) } throws: { ($0 as? PartProblem)?.description == problem }
    }
  }

  @Test func whatIsNotAsPlannedIsNamed() {
    let figures = PartFigures(
      size: SIMD3(10, 20, 30), volume: 6000, throughHoles: 1, shells: 1, triangles: 12)
    func difference(_ expectation: Expectation) -> String? { figures.difference(from: expectation) }
    #expect(difference(Expectation()) == nil)
    #expect(difference(Expectation(size: SIMD3(10.04, 20, 30.1), throughHoles: 1, shells: 1)) == nil)
    #expect(
      difference(Expectation(size: SIMD3(10, 21, 30)))
        == "the part measures 20.0 mm along y, and was to measure 21.0 mm")
    #expect(
      difference(Expectation(throughHoles: 2)) == "the part has 1 through holes, and was to have 2")
    #expect(difference(Expectation(shells: 2)) == "the part has 1 closed surfaces, and was to have 2")
  }
}
