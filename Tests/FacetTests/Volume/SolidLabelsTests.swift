import FacetTestSupport
import Testing

@testable import Facet

@Suite struct SolidLabelsTests {
  private let sphere = Primitive.icosphere(radius: 10, subdivisions: 3)

  private func inSphere(_ p: SIMD3<Float>) -> Float { length(p) - 10 }

  private func inBox(_ minimum: SIMD3<Float>, _ maximum: SIMD3<Float>) -> (SIMD3<Float>) -> Float {
    { p in
      let out = max(
        minimum.x - p.x, p.x - maximum.x, minimum.y - p.y, p.y - maximum.y, minimum.z - p.z, p.z - maximum.z)
      return out
    }
  }

  // MARK: Sound parts

  @Test func nodesOfSoundPartsAreInsideWhereThePartIs() throws {
    let ball = try LabelledPart(sphere, voxel: 1.1)
    #expect(ball.wrongLabels(inSphere) == 0)
    #expect(ball.violation() == nil)
    #expect(ball.sheetCount == 0)
    let box = try LabelledPart(
      Primitive.box(minimum: SIMD3(-3, 0, 5), maximum: SIMD3(4, 9, 8)), voxel: 0.6)
    #expect(box.wrongLabels(inBox(SIMD3(-3, 0, 5), SIMD3(4, 9, 8))) == 0)
    #expect(box.violation() == nil)
    #expect(box.sheetCount == 0)
    let ring = try LabelledPart(
      Primitive.torus(majorRadius: 8, minorRadius: 2, majorSegments: 64, minorSegments: 32), voxel: 0.6)
    let wrong = ring.wrongLabels(margin: 0.1) { p in
      let r = (p.x * p.x + p.y * p.y).squareRoot() - 8
      return (r * r + p.z * p.z).squareRoot() - 2
    }
    #expect(wrong == 0)
    #expect(ring.violation() == nil)
  }

  @Test func facesThroughNodesLeakNowhere() throws {
    let box = Primitive.box(maximum: SIMD3(4, 3, 2))
    let field = try DistanceField(box, voxel: 0.5, band: 0.75, origin: .zero)
    let labels = try field.labels(of: box, bvh: try BVH(box))
    for i in 0..<labels.grid.nodeCount {
      let p = labels.grid.position(of: labels.grid.node(at: i))
      // Nodes on the surface count as inside.
      #expect(labels.isInside(i) == (inBox(.zero, SIMD3(4, 3, 2))(p) <= 0))
    }
  }

  @Test func insideIsInsideWhicheverWayTrianglesFace() throws {
    let inverted = Mesh(unchecked: sphere.positions, triangles: sphere.triangles.map(\.flipped))
    #expect(try LabelledPart(inverted, voxel: 1.1).wrongLabels(inSphere) == 0)
    let mixed = Mesh(
      unchecked: sphere.positions,
      triangles: sphere.triangles.enumerated().map { $0 % 3 == 0 ? $1.flipped : $1 })
    let part = try LabelledPart(mixed, voxel: 1.1)
    #expect(part.wrongLabels(inSphere) == 0)
    #expect(part.sheetCount == 0)
  }

  @Test func overlappingPartsAreOneSolid() throws {
    let both = Primitive.box(maximum: SIMD3(6, 5, 4)).merged(
      with: Primitive.box(minimum: SIMD3(3, 2, 1), maximum: SIMD3(9, 8, 7)))
    let part = try LabelledPart(both, voxel: 0.4)
    let (first, second) = (inBox(.zero, SIMD3(6, 5, 4)), inBox(SIMD3(3, 2, 1), SIMD3(9, 8, 7)))
    #expect(part.wrongLabels { min(first($0), second($0)) } == 0)
    #expect(part.violation() == nil)
  }

  // MARK: Shells within shells

  @Test func cavitiesAreFilledOrKept() throws {
    let core = Primitive.box(minimum: SIMD3(3, 3, 3), maximum: SIMD3(7, 7, 7))
    let inward = Mesh(unchecked: core.positions, triangles: core.triangles.map(\.flipped))
    let hollow = Primitive.box(maximum: SIMD3(repeating: 10)).merged(with: inward)
    let (outer, inner) = (inBox(.zero, SIMD3(repeating: 10)), inBox(SIMD3(repeating: 3), SIMD3(repeating: 7)))
    let filled = try LabelledPart(hollow, voxel: 0.7)
    #expect(filled.wrongLabels(outer) == 0)
    let kept = try LabelledPart(hollow, voxel: 0.7, keepsCavities: true)
    #expect(kept.wrongLabels { max(outer($0), -inner($0)) } == 0)
    #expect(kept.violation() == nil)
    // A shell in the shell that faces outward is a second part in the first: no cavity.
    let nested = Primitive.box(maximum: SIMD3(repeating: 10)).merged(with: core)
    #expect(try LabelledPart(nested, voxel: 0.7, keepsCavities: true).wrongLabels(outer) == 0)
    // A part in the cavity.
    let pit = Primitive.box(minimum: SIMD3(4.2, 4.2, 4.2), maximum: SIMD3(5.8, 5.8, 5.8))
    let innermost = inBox(SIMD3(repeating: 4.2), SIMD3(repeating: 5.8))
    let three = try LabelledPart(hollow.merged(with: pit), voxel: 0.7, keepsCavities: true)
    #expect(three.wrongLabels { min(max(outer($0), -inner($0)), innermost($0)) } == 0)
  }

  @Test func smallInvertedShellsAreSolidOutsideAndFilledInside() throws {
    let speck = Primitive.box(minimum: SIMD3(12, 1, 1), maximum: SIMD3(14, 3, 3))
    let inward = Mesh(unchecked: speck.positions, triangles: speck.triangles.map(\.flipped))
    for keepsCavities in [false, true] {
      let part = try LabelledPart(
        Primitive.box(maximum: SIMD3(repeating: 10)).merged(with: inward), voxel: 0.4,
        keepsCavities: keepsCavities)
      let (big, small) = (inBox(.zero, SIMD3(repeating: 10)), inBox(SIMD3(12, 1, 1), SIMD3(14, 3, 3)))
      #expect(part.wrongLabels { min(big($0), small($0)) } == 0)
    }
  }

  // MARK: Holes

  @Test func missingTrianglesLoseNothing() throws {
    var random = SeededGenerator(seed: 4)
    let broken = sphere.keeping { _ in Int.random(in: 0..<100, using: &random) >= 3 }
    #expect(broken.triangles.count < sphere.triangles.count - 20)
    let part = try LabelledPart(broken, voxel: 0.9)
    #expect(part.wrongLabels(inSphere) == 0)
    #expect(part.sheetCount == 0)
    // Also with every seventh triangle the wrong way.
    let flipped = Mesh(
      unchecked: broken.positions,
      triangles: broken.triangles.enumerated().map { $0 % 7 == 0 ? $1.flipped : $1 })
    #expect(try LabelledPart(flipped, voxel: 0.9).wrongLabels(inSphere) == 0)
  }

  @Test func largeHolesAreClosedFlat() throws {
    // A cylinder without its lid, and a box without its top.
    let tin = Primitive.punctured(segments: 48)
    let part = try LabelledPart(tin, voxel: 1.1)
    let wrong = part.wrongLabels(margin: 0.3) { p in
      max((p.x * p.x + p.y * p.y).squareRoot() - 9.98, -p.z, p.z - 20)
    }
    #expect(wrong == 0)
    #expect(part.violation() == nil)
    let open = Primitive.box(maximum: SIMD3(8, 8, 8)).keeping { $0 != 2 && $0 != 3 }
    #expect(try LabelledPart(open, voxel: 0.7).wrongLabels(inBox(.zero, SIMD3(8, 8, 8))) == 0)
  }

  @Test func boreOfATubeWithoutAnEndStaysOpen() throws {
    let tube = Primitive.tube(outerRadius: 10, innerRadius: 5, height: 20, segments: 48)
    // The ring at the top is what lies in its plane.
    let open = tube.keeping { f in
      let (a, b, c) = tube.corners(f)
      return !(a.z == 20 && b.z == 20 && c.z == 20)
    }
    #expect(open.triangles.count == tube.triangles.count - 96)
    let part = try LabelledPart(open, voxel: 1.1)
    let wrong = part.wrongLabels(margin: 0.3) { p in
      let r = (p.x * p.x + p.y * p.y).squareRoot()
      return max(r - 9.98, 4.98 - r, -p.z, p.z - 20)
    }
    #expect(wrong == 0)
  }

  @Test func cracksAndLooseTrianglesOfAClosedSurfaceHold() throws {
    let part = try LabelledPart(Primitive.looseSphere(), voxel: 1)
    // An icosphere of two subdivisions is up to 0.2 mm within the sphere.
    let wrong = part.wrongLabels { p in
      let d = inSphere(p)
      return d < -0.25 || d > 0.02 ? d : 0
    }
    #expect(wrong == 0)
    #expect(part.sheetCount == 0)
  }

  // MARK: Sheets

  @Test func aTriangleAloneIsAVoxelThick() throws {
    let mesh = try Mesh(
      positions: [SIMD3(0, 0, 0), SIMD3(12, 3, 2), SIMD3(4, 10, 5)], triangles: [Triangle(0, 1, 2)])
    let part = try LabelledPart(mesh, voxel: 0.5)
    #expect(part.violation() == nil)
    #expect(part.sheetCount == part.insideCount)
    for i in 0..<part.labels.grid.nodeCount where part.labels.isInside(i) {
      let f = part.field.grid.index(of: part.labels.grid.node(at: i))!
      #expect(part.field.distances[f] <= 0.5)
    }
    // One or two nodes a square of a voxel's side, whichever way it leans.
    let (a, b, c) = mesh.corners(0)
    let area = Double(length(cross(b - a, c - a)) / 2) / 0.25
    #expect(Double(part.insideCount) > area * 0.7 && Double(part.insideCount) < area * 2)
  }

  @Test func crossingPlanesAndLooseTrianglesKeepAllTheirPoints() throws {
    let plane: [SIMD3<Float>] = [SIMD3(-5, -5, 0), SIMD3(5, -5, 0), SIMD3(5, 5, 0), SIMD3(-5, 5, 0)]
    let square = Mesh(unchecked: plane, triangles: [Triangle(0, 1, 2), Triangle(0, 2, 3)])
    let turned = Mesh(
      unchecked: plane.map { SIMD3(0.3 * $0.x, $0.y, $0.x) }, triangles: square.triangles)
    #expect(try LabelledPart(square.merged(with: turned), voxel: 0.4).violation() == nil)
    for seed in 0..<3 as Range<UInt64> {
      #expect(try LabelledPart(.randomSoup(triangles: 100, seed: seed), voxel: 0.08).violation() == nil)
    }
  }

  @Test func specksAndNeedlesSmallerThanAVoxelAreThere() throws {
    for shift in 0..<5 {
      let at = SIMD3<Float>(repeating: Float(shift) * 0.21)
      let speck = Primitive.tetrahedron(corner: at, size: 0.1)
      let needle = Primitive.box(minimum: at + 3, maximum: at + SIMD3(3.1, 3.1, 15))
      let part = try LabelledPart(speck.merged(with: needle), voxel: 1)
      #expect(part.violation() == nil)
      // The needle hangs together: an inside node in every layer.
      let layers = Set(
        (0..<part.labels.grid.nodeCount).filter { part.labels.isInside($0) }.map {
          part.labels.grid.node(at: $0).z
        })
      #expect(layers.count >= 13)
    }
  }

  @Test func thinWallsHaveNoHoles() throws {
    // A wall a third of a voxel thick, leaning.
    let (u, v): (SIMD3<Float>, SIMD3<Float>) = (SIMD3(20, 1, 3), SIMD3(-2, 18, 5))
    let n = cross(u, v).normalized * 0.3
    let box = Primitive.box()
    let wall = Mesh(
      unchecked: box.positions.map { p in u * p.x + v * p.y + n * p.z }, triangles: box.triangles)
    let part = try LabelledPart(wall, voxel: 1)
    #expect(part.violation() == nil)
    // What is on one side does not come to the other: every line through it meets an inside node.
    for i in 2..<18 {
      for j in 2..<16 {
        let p = (u * (Float(i) / 20) + v * (Float(j) / 18) - part.labels.grid.origin)
        let (x, y) = (Int32(p.x.rounded()), Int32(p.y.rounded()))
        let height = (Int32(p.z.rounded()) - 3)...(Int32(p.z.rounded()) + 3)
        let isMet = height.contains { z in
          part.labels.grid.index(of: SIMD3(x, y, z)).map { part.labels.isInside($0) } ?? false
        }
        #expect(isMet)
      }
    }
  }

  @Test func openShellsAreFilledUpToTheirRims() throws {
    // The winding number is a half on the plane of a flat rim.
    for rim: Float in [-8, 4] {
      let shell = sphere.keeping { f in
        let (a, b, c) = sphere.corners(f)
        return max(a.z, b.z, c.z) < rim
      }
      let part = try LabelledPart(shell, voxel: 0.9)
      #expect(part.violation() == nil)
      // Triangles end up to a triangle's height below; at the rim the surface has a sheet of its own.
      let wrong = part.wrongLabels(margin: 0.5) { p in
        p.z < rim - 2 ? inSphere(p) : p.z > rim + 1 ? 1 : max(inSphere(p), 0)
      }
      #expect(wrong == 0)
    }
  }

  private func nearestNode(_ p: SIMD3<Float>, _ part: LabelledPart) -> SIMD3<Int32> {
    let at = (p - part.labels.grid.origin) / part.labels.grid.voxel
    return SIMD3(Int32(at.x.rounded()), Int32(at.y.rounded()), Int32(at.z.rounded()))
  }

  // MARK: Gaps

  @Test func openingsUpToTheGapAreClosedAndWiderOnesAreNot() throws {
    // A box with a square opening of 2 mm in its lid.
    let outline: [SIMD2<Float>] = [SIMD2(0, 0), SIMD2(10, 0), SIMD2(10, 10), SIMD2(0, 10)]
    let hole: [SIMD2<Float>] = [SIMD2(4, 4), SIMD2(6, 4), SIMD2(6, 6), SIMD2(4, 6)]
    var builder = PartBuilder()
    builder.face(.z, at: 0, facingUp: false, outline)
    builder.face(.z, at: 10, facingUp: true, outline, holes: [hole])
    builder.wall(.z, from: 0, to: 10, outline)
    let middle = SIMD3<Float>(5, 5, 5)
    func isMiddleInside(_ gap: Float?) throws -> Bool {
      let part = try LabelledPart(builder.mesh, voxel: 0.5, band: 5, gap: gap)
      #expect(part.violation() == nil)
      let outside = nearestNode(SIMD3(2, 2, 11), part)
      #expect(part.labels.grid.index(of: outside).map { part.labels.isInside($0) } != true)
      // Deep inside there is no block: look where there is one.
      let near = nearestNode(SIMD3(middle.x, middle.y, 1), part)
      return part.labels.isInside(try #require(part.labels.grid.index(of: near)))
    }
    #expect(try isMiddleInside(3.5))
    #expect(try !isMiddleInside(1))
    #expect(try isMiddleInside(nil))
  }

  @Test func aGapWiderThanTheBandIsRefused() throws {
    #expect(throws: MeshError.self) { _ = try LabelledPart(sphere, voxel: 1, band: 2, gap: 4.5) }
    #expect(throws: MeshError.self) { _ = try LabelledPart(sphere, voxel: 1, band: 0.5) }
  }

  // MARK: The run

  @Test func soupsOnAnIntegerGridHoldEverywhere() throws {
    for seed in 0..<24 as Range<UInt64> {
      let mesh = Mesh.gridSoup(
        triangles: 2 + Int(seed % 9) * 3, side: 3 + Int(seed % 2), seed: seed,
        allowingDegenerate: seed % 3 == 0)
      let part = try LabelledPart(
        mesh, voxel: [0.5, 0.37, 1][Int(seed % 3)], keepsCavities: seed % 2 == 0)
      #expect(part.violation() == nil, "seed \(seed)")
    }
  }

  @Test func anyNumberOfThreadsGivesTheSameBytes() throws {
    let mesh = Mesh.randomSoup(triangles: 300, size: 0.15, seed: 8)
    let one = try LabelledPart(mesh, voxel: 0.06, keepsCavities: true, RunContext(threads: 1))
    for threads in [2, 5] {
      let other = try LabelledPart(mesh, voxel: 0.06, keepsCavities: true, RunContext(threads: threads))
      #expect(other.labels.grid.blocks == one.labels.grid.blocks)
      #expect(other.labels.flags == one.labels.flags)
    }
  }

  @Test func cancellingAtAnyTimeStops() throws {
    let broken = sphere.keeping { $0 % 50 != 0 }
    let field = try DistanceField(broken, voxel: 1, band: 1.5)
    let bvh = try BVH(broken)
    for share in [0.01, 0.3, 0.55, 0.65, 0.85] {
      let cancellation = Cancellation()
      let run = RunContext(cancellation: cancellation, progress: { if $0 >= share { cancellation.cancel() } })
      #expect(throws: MeshError.cancelled) { _ = try field.labels(of: broken, bvh: bvh, run) }
    }
  }

  @Test func memoryOverTheBudgetIsRefused() throws {
    let field = try DistanceField(sphere, voxel: 0.5, band: 0.75)
    let bvh = try BVH(sphere)
    #expect {
      _ = try field.labels(of: sphere, bvh: bvh, RunContext(memoryBudget: 1 << 16))
    } throws: {
      if case .memoryBudgetExceeded = $0 as? MeshError { true } else { false }
    }
  }
}
