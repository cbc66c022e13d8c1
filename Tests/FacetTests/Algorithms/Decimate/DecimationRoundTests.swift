import FacetTestSupport
import Testing

@testable import Facet

/// What follows on collapses: examining, undoing, and examining what that changed.
@Suite struct DecimationRoundTests {
  private let run = RunContext(threads: 1)

  private func built(_ mesh: Mesh, _ options: DecimationOptions = DecimationOptions(accuracy: 0.1)) throws
    -> Decimation
  {
    try Decimation(mesh, options, run)
  }

  @Test func undoingEverythingGivesTheSourceBack() throws {
    let source = Primitive.gear(segments: 8)
    var state = try built(source)
    defer { state.deallocate() }
    try state.collapse(DecimationTry.all(tracked: true, toTarget: false)[0], run)
    let left = (0..<state.mesh.triangleCount).filter { !state.mesh.isGone($0) }
    #expect(left.count < source.triangles.count * 3 / 4)
    _ = try #require(try state.undo(left, run))
    let (mesh, slots) = state.result()
    #expect(mesh.soup.corners == source.soup.corners)
    #expect(slots.count == source.triangles.count)
    #expect(try state.undo(slots, run) == nil)
  }

  @Test func undoingAPlaceLeavesASoundMesh() throws {
    let source = Primitive.icosphere(radius: 10, subdivisions: 2)
    for seed in 0..<4 {
      var state = try built(source, DecimationOptions(accuracy: 0.4))
      defer { state.deallocate() }
      try state.collapse(DecimationTry.all(tracked: true, toTarget: false)[0], run)
      let left = (0..<state.mesh.triangleCount).filter { !state.mesh.isGone($0) }
      let bad = [left[seed * 7 % left.count], left[seed * 31 % left.count]]
      let back = try #require(try state.undo(bad, run))
      let (mesh, _) = state.result()
      #expect(mesh.triangles.count > left.count && mesh.triangles.count < source.triangles.count)
      #expect(try Topology(mesh).twin.allSatisfy { $0 < Topology.degenerate })
      #expect(abs(mesh.plainVolume / source.plainVolume - 1) < 0.05)
      try state.collapse(DecimationTry.all(tracked: true, toTarget: false)[1], from: back, run)
      #expect(state.result().mesh.triangles.count < mesh.triangles.count)
    }
  }

  /// Every triangle is the original one between what its vertices have become, and gone when two of these are one.
  private func isImageOfSource(_ state: Decimation) -> Bool {
    state.order.corners.indices.allSatisfy { f in
      let t = state.order.corners[f]
      let now = [t.a, t.b, t.c].map { UInt32(state.mesh.survivor(of: Int($0))) }
      if Set(now).count < 3 { return state.mesh.isGone(f) }
      return (0..<3).allSatisfy { state.mesh.corner[3 * f + $0] == now[$0] }
    }
  }

  @Test func whatComesBackAloneLeavesTheOthersMerged() throws {
    var generator = SeededGenerator(seed: 8)
    let smooth = Primitive.icosphere(radius: 10, subdivisions: 3)
    let source = try Mesh(
      positions: smooth.positions.map { $0 * Float.random(in: 0.98...1.02, using: &generator) },
      triangles: smooth.triangles)
    var state = try built(source, DecimationOptions(target: .ratio(0.1)))
    defer { state.deallocate() }
    let tries = DecimationTry.all(tracked: false, toTarget: false)
    try state.collapse(tries[0], run)
    #expect(isImageOfSource(state))
    for _ in 0..<6 {
      let left = (0..<state.mesh.triangleCount).filter { !state.mesh.isGone($0) }
      let near = try #require(try state.undo([left.randomElement(using: &generator)!], run))
      #expect(isImageOfSource(state))
      #expect(try Topology(state.result().mesh).twin.allSatisfy { $0 < Topology.degenerate })
      try state.collapse(tries[1], from: near, run)
      #expect(isImageOfSource(state))
    }
  }

  /// Triangles that each replace dozens lie next to others of the kind: these must not all come back in turn.
  @Test func undoingAPlaceLeavesTheRest() throws {
    let source = Primitive.icosphere(radius: 10, subdivisions: 4)
    var state = try built(source, DecimationOptions(target: .ratio(0.06)))
    defer { state.deallocate() }
    try state.collapse(DecimationTry.all(tracked: false, toTarget: false)[0], run)
    let left = (0..<state.mesh.triangleCount).filter { !state.mesh.isGone($0) }
    #expect(left.count < source.triangles.count / 10)
    let near = try #require(try state.undo([left[left.count / 2]], run))
    #expect(near.count < source.positions.count / 8)
    let mesh = state.result().mesh
    #expect(try Topology(mesh).twin.allSatisfy { $0 < Topology.degenerate })
  }

  @Test func examiningWhatChangedFindsWhatExaminingAllDoes() throws {
    var generator = SeededGenerator(seed: 3)
    let smooth = Primitive.icosphere(radius: 10, subdivisions: 3)
    let source = try Mesh(
      positions: smooth.positions.map { $0 * Float.random(in: 0.99...1.01, using: &generator) },
      triangles: smooth.triangles)
    var state = try built(source)
    defer { state.deallocate() }
    let tree = try BVH(source)
    // Bolder than allowed, so that there is something to find.
    try state.collapse(DecimationTry(tightness: 1.3, turn: 0.04), run)
    let first = try state.examine(sourceTree: tree, tolerated: [], run)
    #expect(!first.bad.isEmpty)
    let near = try #require(try state.undo(Array(first.bad.prefix(3)), run))
    try state.collapse(DecimationTry(tightness: 1.25, turn: 0.04), from: near, run)
    let partly = try state.examine(sourceTree: tree, tolerated: [], run)
    let part = try #require(state.proven)
    state.proven = nil
    let wholly = try state.examine(sourceTree: tree, tolerated: [], run)
    let whole = try #require(state.proven)
    #expect(partly.bad == wholly.bad)
    #expect(part.forward == whole.forward && part.backward == whole.backward)
  }

  @Test func crossingsAreFoundWhereSomethingHasMoved() throws {
    let source = Primitive.icosphere(radius: 10, subdivisions: 3)
    var state = try built(source, DecimationOptions(target: .ratio(0.5)))
    defer { state.deallocate() }
    try state.collapse(DecimationTry.all(tracked: false, toTarget: true)[0], run)
    #expect(try state.examine(sourceTree: nil, tolerated: [], run).bad.isEmpty)
    #expect(try state.crossingChanges(run) == [])
    // A spike right through the ball.
    let v = Int(state.mesh.corner[3 * state.result().slots[5]])
    state.mesh.vertex[v].position = -1.5 * state.mesh.vertex[v].position
    state.mesh.vertex[v].kind.insert(.changed)
    let (mesh, slots) = state.result()
    let expected = try mesh.selfIntersections(BVH(mesh)).triangles.map { slots[Int($0)] }
    #expect(expected.count > 4 && expected.count < slots.count / 2)
    #expect(try state.examine(sourceTree: nil, tolerated: [], run).crossing == expected.sorted())
    #expect(try state.examine(sourceTree: nil, tolerated: [], run).crossing == [])
  }
}
