#if CommandLine
  import FacetContract
  import Foundation
  import Testing

  @testable import FacetGeneration

  @Suite struct SandboxTests {
    private static let assembly = """
      import cadquery as cq
      from dataclasses import dataclass
      @dataclass
      class Post:
          height: float = 15.0
      def main():
          global result
          base = cq.Workplane().box(40, 20, 10).faces(">Z").workplane().hole(5)
          result = cq.Assembly()
          result.add(base, name="base", color=cq.Color("red"))
          result.add(cq.Workplane().cylinder(Post().height, 3), name="post", loc=cq.Location((0, 30, 5)))
          result.constrain("base@faces@>Z", "post@faces@<Z", "Plane")
          print("it may print")
      if __name__ == "__main__":
          main()
      """

    @Test(.needsSandbox, arguments: GenerationRequest.OutputFormat.allCases)
    func formats(_ format: GenerationRequest.OutputFormat) async throws {
      try await withRoom { folder in
        let outcome = try await Sandbox(.standard).run(
          SandboxTests.assembly, as: format, in: folder, .small)
        guard case .made(let files) = outcome else {
          Issue.record("\(outcome)")
          return
        }
        #expect(files.parts == ["base", "post"])
        let mode = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        let check = try STLFigures(contentsOf: files.check)
        #expect(abs(check.volume - (8000 - .pi * 62.5 + .pi * 135)) < 2)
        #expect(check.low == SIMD3(-20, -10, -5))
        #expect(abs(check.high - SIMD3(20, 33, 12.5)).max() < 1e-3)
        #expect(check.isClosed)
        let bytes = try Data(contentsOf: URL(filePath: files.output))
        switch format {
        case .stl:
          #expect(bytes == (try Data(contentsOf: URL(filePath: files.check))))
        case .step:
          let text = String(decoding: bytes, as: UTF8.self)
          #expect(text.hasPrefix("ISO-10303-21;"))
          #expect(text.components(separatedBy: "MANIFOLD_SOLID_BREP(").count == 3)
          #expect(text.contains("CYLINDRICAL_SURFACE("))
          #expect(text.contains("SI_UNIT(.MILLI.,.METRE.)"))
          #expect(text.contains("PRODUCT('base'") && text.contains("PRODUCT('post'"))
        case .glb:
          try expectMeters(bytes)
        case .threeMF:
          #expect(bytes.starts(with: [0x50, 0x4B, 3, 4]))
          #expect(bytes.range(of: Data("3D/3dmodel.model".utf8)) != nil)
        }
      }
    }

    /// glTF 2.0: a header of 12 bytes, then a chunk of JSON.
    private func expectMeters(_ bytes: Data) throws {
      #expect(bytes.starts(with: Array("glTF".utf8) + [2, 0, 0, 0]))
      let length = bytes[12..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
      let root = try #require(
        try JSONSerialization.jsonObject(with: bytes[20..<(20 + length)]) as? [String: Any])
      let accessors = try #require(root["accessors"] as? [[String: Any]])
      let highs = accessors.filter { $0["type"] as? String == "VEC3" }.compactMap { $0["max"] as? [Double] }
      #expect(highs.contains { zip($0, [0.02, 0.005, 0.01]).allSatisfy { abs($0 - $1) < 1e-6 } }, "\(highs)")
      let nodes = try #require(root["nodes"] as? [[String: Any]])
      #expect(Set(nodes.compactMap { $0["name"] as? String }).isSuperset(of: ["base", "post"]))
    }

    /// The places in CadQuery that load something only when it is used.
    @Test(.needsSandbox, arguments: Confinement.available)
    func programsOfManyKinds(_ confinement: Confinement) async throws {
      let program = """
        import cadquery as cq, collections.abc, math, numpy as np, random
        from cadquery.selectors import BoxSelector
        shapes = []
        shapes.append(cq.Workplane("XZ").circle(1).sweep(cq.Workplane("XY").spline([(0, 0), (5, 5), (10, 3)])))
        shapes.append(cq.Workplane().rect(5, 5).workplane(offset=5).circle(1).loft())
        shapes.append(cq.Workplane().box(10, 10, 10).faces(">Z").shell(-1).edges(BoxSelector((0, 0, 0), (9, 9, 9))))
        shapes.append(cq.Workplane("XZ", origin=(3, 0, 0)).circle(0.4)
            .sweep(cq.Workplane(obj=cq.Wire.makeHelix(2, 6, 3)), isFrenet=True))
        shapes.append(cq.Workplane().placeSketch(cq.Sketch().rect(5, 5).vertices().fillet(1)).extrude(2))
        solved = (cq.Sketch().segment((0, 0), (0, 3.0), "s1").arc((0.0, 3.0), (1.5, 1.5), (0.0, 0.0), "a1")
            .constrain("s1", "Fixed", None).constrain("s1", "a1", "Coincident", None)
            .constrain("a1", "s1", "Coincident", None).solve().assemble())
        shapes.append(cq.Workplane().placeSketch(solved).extrude(1))
        shapes.append(cq.Workplane().box(20, 20, 2).faces(">Z").workplane().rarray(5, 5, 3, 3).hole(2)
            .faces(">Z").workplane().polarArray(8, 0, 360, 6).cboreHole(1, 1.5, 0.5))
        shapes.append(cq.Workplane().cylinder(5, 5).edges().chamfer(0.5).cut(cq.Workplane().sphere(3)))
        shapes.append(cq.Workplane().rect(3, 5).twistExtrude(5, 90))
        shapes.append(cq.Workplane().lineTo(5, 0).lineTo(5, 5).close().revolve())
        wave = [(float(x), float(np.sin(x))) for x in np.linspace(0, 3, 10)]
        shapes.append(cq.Workplane().polyline(wave).close().extrude(1 + np.random.default_rng(1).random()))
        joint = cq.Assembly().add(cq.Workplane().box(5, 5, 5), name="a").add(cq.Workplane().box(2, 2, 3), name="b")
        joint.constrain("a@faces@>Z", "b@faces@<Z", "Plane")
        joint.solve()
        shapes.append(joint)
        for shape in shapes: show_object(shape)
        """
      try await withRoom { folder in
        let outcome = try await Sandbox(.standard, confinement: confinement).run(
          program, as: .stl, in: folder, .small)
        guard case .made(let files) = outcome else {
          Issue.record("\(outcome)")
          return
        }
        #expect(files.parts.count == 13)
        #expect(try STLFigures(contentsOf: files.check).isClosed)
      }
    }

    /// Fonts are files: within namespaces they are there to be read.
    @Test(.needsSandbox, arguments: Confinement.available)
    func text(_ confinement: Confinement) async throws {
      let outcome = try await outcome(
        of: "import cadquery as cq\nresult = cq.Workplane().text('Hi', 5, 1)", confinement)
      switch confinement {
      case .bubblewrap:
        guard case .made = outcome else {
          Issue.record("\(outcome)")
          return
        }
      case .limits:
        #expect(outcome.kind == .forbidden)
        #expect(outcome.failure?.message.contains("bubblewrap") == true)
      }
    }

    struct Failing: CustomTestStringConvertible, Sendable {
      let program: String
      let kind: ProgramFailure.Kind
      let message: String
      var testDescription: String { message }
    }

    @Test(
      .needsSandbox,
      arguments: [
        Failing(
          program: "import cadquery as cq\ndef f(n):\n  return 10 / n\n\nresult = f(0)", kind: .program,
          message: "line 5: result = f(0)\nline 3 in f: return 10 / n\nZeroDivisionError: division by zero"),
        Failing(
          program: "import cadquery as cq\nresult = cq.Workplane().box(1, 1, 1).edges().fillet(3)",
          kind: .kernel,
          message: "line 2: result = cq.Workplane().box(1, 1, 1).edges().fillet(3)\n"
            + "StdFail_NotDone: BRep_API: command not done"),
        Failing(
          program: "import cadquery as cq\npart = cq.Workplane().box(1, 1, 1)", kind: .noResult,
          message: "the program leaves nothing in `result`"),
        Failing(program: "result = []", kind: .noResult, message: "the list in `result` is empty"),
        Failing(
          program: "import cadquery as cq\nresult = cq.Workplane().rect(1, 1)", kind: .noResult,
          message: "the Workplane in `result` holds no solid"),
        Failing(
          program: "from cadquery import Nothing", kind: .program,
          message:
            "line 1: from cadquery import Nothing\nImportError: cannot import name 'Nothing' from 'cadquery' "
            + "(__init__.py)"),
      ])
    func failuresSayWhereAndWhy(_ failing: Failing) async throws {
      #expect(
        try await outcome(of: failing.program, .limits)
          == .failed(ProgramFailure(failing.kind, failing.message)))
    }

    @Test func installingWithoutPythonLeavesNothing() async throws {
      try await withFolder { folder in
        let environment = SandboxEnvironment("\(folder)/generation")
        for python in ["\(folder)/nothing", "/bin/false"] {
          let error = await #expect(throws: SandboxError.self) {
            try await environment.install(python: python) { _ in }
          }
          let text = try #require(error).description
          #expect(text.contains("cannot be run"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      }
    }

    @Test func withoutAnEnvironmentItSaysWhatToDo() async throws {
      try await withFolder { folder in
        let environment = SandboxEnvironment("\(folder)/nothing")
        #expect(!environment.isInstalled)
        let error = SandboxError.notInstalled(path: environment.path)
        await #expect(throws: error) {
          try await Sandbox(environment).run("result = 1", as: .stl, in: "\(folder)/room", .small)
        }
        await #expect(throws: error) { try await environment.check() }
        #expect(error.description.contains("run facet generation install"))
      }
    }
  }

  /// What a binary STL's triangles come to.
  private struct STLFigures {
    var volume = 0.0
    var low = SIMD3<Float>(repeating: .infinity)
    var high = SIMD3<Float>(repeating: -.infinity)
    /// Whether each edge is passed as often in one direction as in the other.
    var isClosed = true

    init(contentsOf path: String) throws {
      let bytes = try Data(contentsOf: URL(filePath: path))
      var directions: [Edge: Int] = [:]
      for triangle in 0..<((bytes.count - 84) / 50) {
        let corners = (0..<3).map { corner in
          SIMD3<Float>(
            (0..<3).lazy.map { axis in bytes.float(at: 84 + 50 * triangle + 12 + 12 * corner + 4 * axis) })
        }
        let (a, b, c) = (SIMD3<Double>(corners[0]), SIMD3<Double>(corners[1]), SIMD3<Double>(corners[2]))
        volume +=
          (a.x * (b.y * c.z - b.z * c.y) + a.y * (b.z * c.x - b.x * c.z) + a.z * (b.x * c.y - b.y * c.x)) / 6
        for corner in 0..<3 {
          low.replace(with: corners[corner], where: corners[corner] .< low)
          high.replace(with: corners[corner], where: corners[corner] .> high)
          let (from, to) = (corners[corner], corners[(corner + 1) % 3])
          directions[Edge(from: from, to: to), default: 0] += 1
          directions[Edge(from: to, to: from), default: 0] -= 1
        }
      }
      isClosed = directions.values.allSatisfy { $0 == 0 }
    }

    private struct Edge: Hashable {
      let from: SIMD3<Float>
      let to: SIMD3<Float>
    }
  }

  extension Data {
    fileprivate func float(at offset: Int) -> Float {
      Float(bitPattern: self[offset..<(offset + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
  }

  private func abs(_ vector: SIMD3<Float>) -> SIMD3<Float> {
    vector.replacing(with: -vector, where: vector .< 0)
  }
#endif
