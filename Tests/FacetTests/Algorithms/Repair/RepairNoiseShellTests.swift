import FacetTestSupport
import Testing

@testable import Facet

@Suite struct RepairNoiseShellTests {
  private let body = Primitive.box(maximum: SIMD3(40, 40, 40))

  private func removed(from mesh: Mesh) throws -> RepairState {
    var state = try RepairState(mesh, RunContext())
    try state.removeNoiseShells(RunContext())
    return state
  }

  @Test func aSpeckGoesAndAPinStays() throws {
    let bracket = Primitive.bracket()
    let clean = try removed(from: Primitive.withNoise())
    #expect(try clean.finish() == bracket)
    #expect(clean.ledger.entries.map(\.stage) == [.noiseShells] && clean.ledger.entries[0].count == 1)
    // Less than a hundredth of the part, and still more than a speck.
    let pin = body.merged(
      with: Primitive.box(minimum: SIMD3(50, 0, 0), maximum: SIMD3(50.5, 0.5, 0.5)))
    #expect(try removed(from: pin).ledger.entries.isEmpty)
    // A small part of small parts.
    let tiny = Primitive.box(maximum: SIMD3(0.1, 0.1, 0.1)).merged(
      with: Primitive.box(minimum: SIMD3(0.2, 0, 0), maximum: SIMD3(0.25, 0.05, 0.05)))
    #expect(try removed(from: tiny).ledger.entries.isEmpty)
  }

  @Test func aShellWithoutVolumeGoes() throws {
    let square: [SIMD3<Float>] = [SIMD3(50, 0, 0), SIMD3(70, 0, 0), SIMD3(70, 20, 0), SIMD3(50, 20, 0)]
    // Both sides, divided along different diagonals.
    let flat = Mesh(
      unchecked: square,
      triangles: [Triangle(0, 1, 2), Triangle(0, 2, 3), Triangle(1, 0, 3), Triangle(1, 3, 2)])
    let state = try removed(from: body.merged(with: flat))
    #expect(try state.finish() == body)
    #expect(abs(state.ledger.entries[0].area - 800) < 1e-9)
  }

  @Test func openSheetsInsideOrBesideABodyGo() throws {
    let sheet = Mesh(
      unchecked: [SIMD3(5, 5, 5), SIMD3(35, 5, 20), SIMD3(5, 35, 30)], triangles: [Triangle(0, 1, 2)])
    #expect(try removed(from: body.merged(with: sheet)).finish() == body)
    let beside = Mesh(
      unchecked: sheet.positions.map { $0 + SIMD3(50, 0, 0) }, triangles: sheet.triangles)
    #expect(try removed(from: body.merged(with: beside)).finish() == body)
  }

  @Test func openPartsStay() throws {
    // All there is.
    let sheet = Mesh(unchecked: [.zero, SIMD3(1, 0, 0), SIMD3(0, 1, 0)], triangles: [Triangle(0, 1, 2)])
    #expect(try removed(from: sheet).ledger.entries.isEmpty)
    // Six sides that nothing holds together.
    var corners: [SIMD3<Float>] = []
    for f in body.triangles.indices {
      let (a, b, c) = body.corners(f)
      let away = cross(b - a, c - a).normalized
      corners += [a + away, b + away, c + away]
    }
    #expect(try removed(from: Mesh.welded(TriangleSoup(corners: corners))).ledger.entries.isEmpty)
    // A body with a hole, a punctured cavity in it, and another body beside it that lacks its lid.
    let cavity = Primitive.icosphere(radius: 8, subdivisions: 2, center: SIMD3(20, 20, 20)).insideOut
      .without { i, _ in i == 7 }
    let open = body.without { i, _ in i == 0 }.merged(with: cavity).merged(
      with: Mesh(
        unchecked: Primitive.punctured().positions.map { $0 + SIMD3(60, 0, 0) },
        triangles: Primitive.punctured().triangles))
    #expect(try removed(from: open).ledger.entries.isEmpty)
  }
}
