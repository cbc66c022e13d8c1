#if Server
  import Facet
  @testable import FacetServer
  import Foundation
  import Testing

  @Suite struct ModelCacheTests {
    /// Files whose bytes a test changes behind the cache: what is read then tells where it came from.
    private final class Models: Sendable {
      let folder = TemporaryFolder()
      let cache: ModelCache

      /// - Parameter boxes: How many boxes of 12 triangles and 8 vertices fit.
      init(boxes: Double) throws {
        cache = ModelCache(capacity: Int(boxes * Double(8 * 16 + 12 * 12)))
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
      }

      func write(_ name: String, side: Float) throws {
        try Primitive.box(maximum: SIMD3(repeating: side)).write(to: "\(folder.path)/\(name).stl")
      }

      func side(_ name: String, _ options: ImportOptions = ImportOptions()) throws -> Float {
        let source = try ByteSource.file("\(folder.path)/\(name).stl")
        return try cache.read(source, options, RunContext()).mesh.bounds.maximum.x
      }
    }

    @Test func whatWasReadIsNotReadAgain() throws {
      let models = try Models(boxes: 3)
      try models.write("a", side: 1)
      #expect(try models.side("a") == 1)
      try models.write("a", side: 2)
      #expect(try models.side("a") == 1)
      // Read otherwise it is another model.
      #expect(try models.side("a", ImportOptions(units: .inch)) == 50.8)
      #expect(try models.side("a", ImportOptions(salvage: true)) == 2)
      models.cache.removeAll()
      #expect(try models.side("a") == 2)
    }

    @Test func whatWasUsedLongestAgoMakesRoom() throws {
      let models = try Models(boxes: 2.5)
      for name in ["a", "b", "c"] { try models.write(name, side: 1) }
      for name in ["a", "b", "a", "c"] { #expect(try models.side(name) == 1) }
      for name in ["a", "b", "c"] { try models.write(name, side: 2) }
      #expect(try models.side("a") == 1 && models.side("c") == 1)
      #expect(try models.side("b") == 2)
      // Which took the place of the oldest.
      #expect(try models.side("c") == 1 && models.side("a") == 2)
    }

    @Test func aModelThatIsTooLargeIsNotKept() throws {
      let models = try Models(boxes: 0.9)
      try models.write("a", side: 1)
      #expect(try models.side("a") == 1)
      try models.write("a", side: 2)
      #expect(try models.side("a") == 2)
    }
  }
#endif
