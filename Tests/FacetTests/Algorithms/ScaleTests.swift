import Facet
import FacetTestSupport
import Testing

@Suite struct ScaleTests {
  private let box = Primitive.box(minimum: SIMD3(10, 20, 30), maximum: SIMD3(12, 24, 36))

  @Test func oneAxisGetsItsSizeAndTheOthersStay() throws {
    let result = try box.scaled(ScaleOptions(.size(axis: .y, millimetres: 10)))
    #expect(result.factor == SIMD3(1, 2.5, 1))
    #expect(result.mesh.bounds == Box(minimum: SIMD3(10, 20, 30), maximum: SIMD3(12, 30, 36)))
    #expect(result.mesh.triangles == box.triangles)
  }

  @Test func uniformKeepsTheProportions() throws {
    let result = try box.scaled(ScaleOptions(.size(axis: .x, millimetres: 1, uniform: true)))
    #expect(result.factor == SIMD3(0.5, 0.5, 0.5))
    #expect(result.mesh.bounds == Box(minimum: SIMD3(10, 20, 30), maximum: SIMD3(11, 22, 33)))
  }

  @Test func theAnchorStays() throws {
    func bounds(_ anchor: ScaleOptions.Anchor) throws -> Box {
      try box.scaled(ScaleOptions(.factor(2), about: anchor)).mesh.bounds
    }
    #expect(try bounds(.minimumCorner) == Box(minimum: SIMD3(10, 20, 30), maximum: SIMD3(14, 28, 42)))
    #expect(try bounds(.center) == Box(minimum: SIMD3(9, 18, 27), maximum: SIMD3(13, 26, 39)))
    #expect(try bounds(.origin) == Box(minimum: SIMD3(20, 40, 60), maximum: SIMD3(24, 48, 72)))
  }

  @Test func aMirroredPartFacesOutward() throws {
    let result = try box.scaled(ScaleOptions(.factors(SIMD3(-1, 1, 1))))
    #expect(try result.mesh.measured().volume == 48)
    #expect(result.mesh.bounds == box.bounds)
    #expect(result.mesh.triangles == box.triangles.map(\.flipped))
    // Two mirrors are a turn: nothing to turn round.
    let turned = try box.scaled(ScaleOptions(.factors(SIMD3(-1, -2, 1)), about: .center))
    #expect(turned.mesh.triangles == box.triangles)
    #expect(try turned.mesh.measured().volume == 96)
  }

  @Test func aNamedSizeIsMetToHalfALastPlaceFarFromTheOrigin() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<2000 {
      let offset =
        Float.random(in: -1...1, using: &generator) * [1, 100, 10_000, 1_000_000].randomElement(
          using: &generator)!
      let minimum = SIMD3<Float>(offset, 0, 0)
      let maximum = SIMD3<Float>(
        offset + abs(offset) * Float.random(in: 0.001...1, using: &generator) + 0.1, 1, 1)
      let part = Primitive.box(minimum: minimum, maximum: maximum)
      let size = Double.random(in: 0.1...1000, using: &generator)
      let anchor = ScaleOptions.Anchor.allCases.randomElement(using: &generator)!
      let uniform = Bool.random(using: &generator)
      let scaled = try part.scaled(
        ScaleOptions(.size(axis: .x, millimetres: size, uniform: uniform), about: anchor)
      ).mesh.bounds
      let error = abs(Double(scaled.maximum.x) - Double(scaled.minimum.x) - size)
      // Double's own rounding on the way is some 2⁻²⁹ of a Float's last place.
      #expect(error <= Double(scaled.maximum.x.ulp) * 0.500001, "\(offset) \(size) \(anchor)")
    }
  }

  @Test func anAxisThatIsNotScaledKeepsItsBits() throws {
    let mesh = Mesh.randomSoup(triangles: 500, seed: 3)
    for anchor in ScaleOptions.Anchor.allCases {
      let scaled = try mesh.scaled(ScaleOptions(.size(axis: .z, millimetres: 7), about: anchor)).mesh
      #expect(zip(mesh.positions, scaled.positions).allSatisfy { $0.x == $1.x && $0.y == $1.y })
    }
  }

  @Test func coloursAreCarried() throws {
    let flange = Primitive.flange()
    let scaled = try flange.scaled(ScaleOptions(.factors(SIMD3(1, 1, -2)))).mesh
    #expect(scaled.colors == flange.colors)
    #expect(scaled.colors != nil)
  }

  @Test func whatCannotBeScaledIsRefused() throws {
    #expect(throws: MeshError.emptyMesh(operation: "scale")) {
      try Mesh.empty.scaled(ScaleOptions(.factor(2)))
    }
    let flat = try Mesh(
      positions: [SIMD3(0, 0, 5), SIMD3(1, 0, 5), SIMD3(0, 1, 5)], triangles: [Triangle(0, 1, 2)])
    #expect(throws: MeshError.noExtent(axis: .z)) {
      try flat.scaled(ScaleOptions(.size(axis: .z, millimetres: 1)))
    }
    #expect(try flat.scaled(ScaleOptions(.size(axis: .x, millimetres: 4))).mesh.bounds.size.x == 4)
    for size in [0, -1, .nan, .infinity] as [Double] {
      #expect(throws: MeshError.self) { try box.scaled(ScaleOptions(.size(axis: .x, millimetres: size))) }
    }
    for factor in [0, .nan, .infinity, 1e38] as [Double] {
      #expect(throws: MeshError.self) { try box.scaled(ScaleOptions(.factor(factor))) }
    }
  }

  @Test func theSameBitsOnAnyNumberOfThreads() throws {
    let mesh = Mesh.randomSoup(triangles: 30_000, seed: 5)
    let options = ScaleOptions(.size(axis: .x, millimetres: 3, uniform: true), about: .center)
    let one = try mesh.scaled(options, RunContext(threads: 1)).mesh
    for threads in [2, 5] { #expect(try mesh.scaled(options, RunContext(threads: threads)).mesh == one) }
  }

  @Test func cancellationStopsIt() {
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: MeshError.cancelled) {
      try box.scaled(ScaleOptions(.factor(2)), RunContext(cancellation: cancellation))
    }
  }
}
