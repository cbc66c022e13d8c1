import FacetTestSupport
import Testing

@testable import Facet

/// Random triangles over few vertices, where every kind of edge occurs, against plain dictionaries.
@Suite struct TopologyFuzzTests {
  /// Few triangles on few vertices, many on many, and sizes beyond one block and one chunk.
  static let soups: [(mesh: Mesh, name: String)] =
    (0..<60).map { seed in
      let side = 2 + seed % 3
      return (
        .gridSoup(
          triangles: 1 + seed * 7 % 90, side: side, seed: UInt64(seed), allowingDegenerate: seed % 2 == 0),
        "grid \(seed)"
      )
    } + [(.gridSoup(triangles: 66_000, side: 24, seed: 99, allowingDegenerate: true), "large")]

  @Test func twinsAreExactlyTheOppositePairs() throws {
    for (mesh, name) in Self.soups {
      var expected = [UInt32](repeating: Topology.degenerate, count: mesh.triangles.count * 3)
      let (whole, names) = mesh.withoutDegenerates
      let alive = EdgeOracle(whole)
      let original = { (h: Int) in 3 * names[h / 3] + h % 3 }
      for use in alive.uses.values {
        let all = use.forward + use.backward
        if use.forward.count == 1 && use.backward.count == 1 {
          expected[original(use.forward[0])] = UInt32(original(use.backward[0]))
          expected[original(use.backward[0])] = UInt32(original(use.forward[0]))
        } else {
          for h in all {
            expected[original(h)] = all.count == 1 ? Topology.boundary : Topology.nonManifold
          }
        }
      }
      let topology = try Topology(mesh)
      #expect(topology.twin == expected, "\(name)")
      let bad = try topology.badEdges(of: mesh)
      #expect(bad.count == alive.badEdges, "\(name)")
      #expect(bad.boundary.count == alive.boundaryEdges, "\(name)")
    }
  }

  @Test func shellsAreTheComponentsOverEdges() throws {
    for (mesh, name) in Self.soups {
      let topology = try Topology(mesh)
      let shells = try topology.shells(topology.badEdges(of: mesh))
      let expected = mesh.floodedShells
      #expect(shells.ofTriangle == expected, "\(name)")
      #expect(shells.count == Set(expected).subtracting([Shells.none]).count, "\(name)")
    }
  }

  @Test func loopsAreClosedDisjointAndFollowTheFans() throws {
    for (mesh, name) in Self.soups {
      let topology = try Topology(mesh)
      let bad = try topology.badEdges(of: mesh)
      let loops = try topology.boundaryLoops(bad)
      var seen = Set<UInt32>()
      for i in 0..<loops.count {
        let loop = Array(loops[i])
        #expect(loop.first == loop.min(), "\(name)")
        let isSound = loop.indices.allSatisfy { j in
          let (h, next) = (Int(loop[j]), Int(loop[(j + 1) % loop.count]))
          return seen.insert(loop[j]).inserted && topology.twin[h] == Topology.boundary
            && mesh.corner(Topology.next(h)) == mesh.corner(next)
        }
        if !isSound { Issue.record("\(name): loop \(i)") }
      }
      // What is in no loop lies on a chain that a non-manifold edge ends.
      let left = bad.boundary.filter { !seen.contains($0) }
      if bad.nonManifoldCount == 0 { #expect(left.isEmpty, "\(name)") }
    }
  }

  @Test func chainsAreTheComponentsOfBadEdges() throws {
    for (mesh, name) in Self.soups.dropLast() {
      let bad = try Topology(mesh).badEdges(of: mesh)
      // Spread the least vertex number along bad edges until nothing changes.
      var label: [UInt32: UInt32] = [:]
      let edges = EdgeOracle(mesh.withoutDegenerates.mesh).uses
        .filter { $0.value.forward.count != 1 || $0.value.backward.count != 1 }.map(\.key)
      for edge in edges {
        label[edge.low] = edge.low
        label[edge.high] = edge.high
      }
      var changed = true
      while changed {
        changed = false
        for edge in edges where label[edge.low] != label[edge.high] {
          let least = min(label[edge.low]!, label[edge.high]!)
          label[edge.low] = least
          label[edge.high] = least
          changed = true
        }
      }
      #expect(try bad.contours(in: mesh).count == Set(label.values).count, "\(name)")
    }
  }

  @Test func theSameOnAnyNumberOfThreads() throws {
    for (mesh, name) in Self.soups.suffix(3) + [(Primitive.looseSphere(), "loose")] {
      let one = RunContext(threads: 1)
      let topology = try Topology(mesh, one)
      let bad = try topology.badEdges(of: mesh, one)
      let shells = try topology.shells(bad, one)
      for threads in [2, 5] {
        let run = RunContext(threads: threads)
        let other = try Topology(mesh, run)
        #expect(other == topology, "\(name)")
        #expect(try other.badEdges(of: mesh, run) == bad, "\(name)")
        #expect(try other.shells(bad, run) == shells, "\(name)")
      }
    }
  }
}

extension Mesh {
  /// The mesh without triangles that name a vertex twice, and which triangle each of the rest was.
  var withoutDegenerates: (mesh: Mesh, triangle: [Int]) {
    let kept = triangles.indices.filter { !triangles[$0].isDegenerate }
    return (Mesh(unchecked: positions, triangles: kept.map { triangles[$0] }), kept)
  }

  /// Shell numbers by flooding over a dictionary of edges.
  fileprivate var floodedShells: [UInt32] {
    let (mesh, names) = withoutDegenerates
    let uses = EdgeOracle(mesh).uses
    var shell = [UInt32](repeating: Shells.none, count: triangles.count)
    var next: UInt32 = 0
    for start in mesh.triangles.indices where shell[names[start]] == Shells.none {
      var stack = [start]
      shell[names[start]] = next
      while let f = stack.popLast() {
        let t = mesh.triangles[f]
        for (a, b) in [(t.a, t.b), (t.b, t.c), (t.c, t.a)] {
          let use = uses[EdgeOracle.Edge(low: min(a, b), high: max(a, b))]!
          for g in (use.forward + use.backward).map({ $0 / 3 }) where shell[names[g]] == Shells.none {
            shell[names[g]] = next
            stack.append(g)
          }
        }
      }
      next += 1
    }
    return shell
  }
}
