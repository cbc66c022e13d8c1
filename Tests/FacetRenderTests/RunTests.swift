import CPNG
import Facet
import FacetTestSupport
import Testing

@testable import FacetRender

/// Many overlapping triangles of all sizes.
private let tangle = Mesh.randomSoup(triangles: 500, size: 0.15, seed: 3)

@Suite struct RunTests {
  @Test func anyNumberOfThreadsAndAnyRunGivesTheSameFile() throws {
    let options = ThumbnailOptions(width: 90, height: 70, cameraAngleX: 20, samples: 8)
    for mesh in [tangle, Primitive.gear()] {
      let expected = try mesh.rendered(options, RunContext(threads: 1)).encodedPNG()
      for threads in [1, 2, 5] {
        #expect(try mesh.rendered(options, RunContext(threads: threads)).encodedPNG() == expected)
      }
    }
  }

  @Test func bandsGiveThePictureThatTheWholeGives() throws {
    let options = ThumbnailOptions(width: 70, height: 100, samples: 4)
    for mesh in [tangle, Primitive.coloredBracket()] {
      let run = RunContext(threads: 2)
      let whole = try Renderer(mesh, options, run).image(run)
      for (tiles, bytes) in [(4096, 0), (1, 0), (7, .max)] {
        let banded = try Renderer(mesh, options, tilesPerBand: tiles, keptBytes: bytes, run).image(run)
        #expect(banded == whole, "\(tiles) tiles a band")
      }
    }
  }

  @Test(arguments: [(10, 10), (10, 10_000), (10_000, 10), (33, 32), (31, 97)])
  func picturesOfEverySizeAreWhole(width: Int, height: Int) throws {
    let image = try Primitive.box(maximum: SIMD3(1, 2, 3)).rendered(
      ThumbnailOptions(width: width, height: height, background: Color(red: 9, green: 9, blue: 9), samples: 1)
    )
    #expect(image.pixels.count == 4 * width * height)
    #expect(stride(from: 3, to: image.pixels.count, by: 4).allSatisfy { image.pixels[$0] == 255 })
    // Something is drawn in the middle.
    let middle = 4 * (height / 2 * width + width / 2)
    #expect(image.pixels[middle] > 40)
  }

  @Test func optionsOutOfTheirRangesAreRefused() {
    func name(_ change: (inout ThumbnailOptions) -> Void) -> String? {
      var options = ThumbnailOptions()
      change(&options)
      do throws(MeshError) {
        _ = try Primitive.box().rendered(options)
        return nil
      } catch {
        guard case .invalidOption(let name, _, _) = error else { return "\(error)" }
        return name
      }
    }
    #expect(name { $0.width = 9 } == "width")
    #expect(name { $0.width = 10_001 } == "width")
    #expect(name { $0.height = 9 } == "height")
    #expect(name { $0.height = 10_001 } == "height")
    #expect(name { $0.cameraAngleX = -180.5 } == "cameraAngleX")
    #expect(name { $0.cameraAngleY = 181 } == "cameraAngleY")
    #expect(name { $0.cameraAngleZ = .nan } == "cameraAngleZ")
    #expect(name { $0.samples = 2 } == "samples")
    #expect(name { $0.creaseAngle = 200 } == "creaseAngle")
    #expect(name { $0.turntable = .init(frame: 3, of: 3) } == "turntable.frame")
    #expect(name { $0.turntable = .init(frame: 0, of: 0) } == "turntable.frameCount")
    #expect(
      name {
        $0.cameraAngleX = -180; $0.cameraAngleZ = 180; $0.width = 10
      } == nil)
  }

  @Test func meshesWithNothingToDrawAreRefused() throws {
    let point = try Mesh(
      positions: [SIMD3(1, 2, 3), SIMD3(1, 2, 3), SIMD3(1, 2, 3)], triangles: [Triangle(0, 1, 2)])
    for mesh in [Mesh.empty, try Mesh(positions: [.zero, SIMD3(1, 1, 1)], triangles: []), point] {
      #expect(throws: MeshError.emptyMesh(operation: "a thumbnail")) { try mesh.rendered() }
    }
  }

  @Test func trianglesWithoutAnAreaDrawNothing() throws {
    let line = try Mesh(
      positions: [SIMD3(0, 0, 0), SIMD3(1, 1, 1), SIMD3(2, 2, 2)],
      triangles: [Triangle(0, 1, 2), Triangle(0, 0, 1)])
    let image = try line.rendered(ThumbnailOptions(width: 30, height: 30))
    #expect(image.pixels.allSatisfy { $0 == 0 })
    // Beside sound ones they change nothing.
    let box = Primitive.box()
    let more = try Mesh(
      positions: box.positions, triangles: box.triangles + [Triangle(0, 0, 7), Triangle(3, 3, 3)])
    let options = ThumbnailOptions(width: 60, height: 60)
    #expect(try more.rendered(options) == box.rendered(options))
  }

  @Test func aCancelledRunStops() {
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: MeshError.cancelled) {
      try tangle.rendered(.init(), RunContext(cancellation: cancellation))
    }
  }

  @Test func aBudgetThatIsTooSmallIsSaidBeforeTheWork() {
    #expect {
      try tangle.rendered(
        ThumbnailOptions(width: 10_000, height: 10_000), RunContext(memoryBudget: 100 << 20))
    } throws: { error in
      guard case .memoryBudgetExceeded(let needed, _, _) = error as? MeshError else { return false }
      return needed > 400_000_000 && needed < 700_000_000
    }
  }

  // MARK: PNG

  /// What libpng reads from the bytes.
  private func decoded(_ bytes: [UInt8], channels: Int) -> (
    width: Int, height: Int, format: Int, pixels: [UInt8]
  )? {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    guard png_image_begin_read_from_memory(&image, bytes, bytes.count) != 0 else { return nil }
    let format = Int(image.format)
    image.format = UInt32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
    var pixels = [UInt8](repeating: 0, count: 4 * Int(image.width) * Int(image.height))
    guard png_image_finish_read(&image, nil, &pixels, 0, nil) != 0 else { return nil }
    return (Int(image.width), Int(image.height), format, pixels)
  }

  @Test func aPNGHoldsExactlyThePicture() throws {
    let clear = try Primitive.torus(majorRadius: 3, minorRadius: 1).rendered(
      ThumbnailOptions(width: 77, height: 41))
    let bytes = try clear.encodedPNG()
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    let back = try #require(decoded(bytes, channels: 4))
    #expect(back.width == 77 && back.height == 41)
    #expect(back.format & Int(PNG_FORMAT_FLAG_ALPHA) != 0)
    #expect(back.pixels == clear.pixels)

    let opaque = try Primitive.torus(majorRadius: 3, minorRadius: 1).rendered(
      ThumbnailOptions(width: 77, height: 41, background: Color(red: 200, green: 210, blue: 220)))
    let smaller = try #require(decoded(try opaque.encodedPNG(), channels: 3))
    #expect(smaller.format & Int(PNG_FORMAT_FLAG_ALPHA) == 0)
    #expect(smaller.pixels == opaque.pixels)
  }

  @Test func picturesThatDoNotCompressStillFitInTheirFile() throws {
    var generator = SeededGenerator(seed: 1)
    let pixels = (0..<4 * 300 * 200).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let image = Image(width: 300, height: 200, pixels: pixels)
    let bytes = try image.encodedPNG()
    #expect(bytes.count > pixels.count)
    #expect(try #require(decoded(bytes, channels: 4)).pixels == pixels)
  }
}
