#if CommandLine
  import Foundation
  import Testing

  @testable import FacetGeneration

  @Suite struct PictureDecodingTests {
    /// 3 × 2: nothing, black, white; black of half opacity, gray 100, black.
    private static let png =
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAHUlEQVR42iXBMQEAIAAEIez6QWx+DsLxVYG7LfQAVKAHqOAMuLsAAAAASUVO"
      + "RK5CYII="
    /// The same.
    private static let webP =
      "UklGRjwAAABXRUJQVlA4TDAAAAAvAkAAECcgECB49b9gQyBA8Op/gUCA4NX/AgEJ4bksFwDAP2qVEJCQqVjgk4j+Rw4="
    /// 16 × 8, the left half black; its camera was turned to the right.
    private static let turnedJPEG =
      "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQE"
      + "BQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAIABABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAEC"
      + "AwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0"
      + "NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJ"
      + "ytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APyqr+qiv//Z"
    /// 4 × 4 and white but for (1, 2); a second frame is black.
    private static let gif =
      "R0lGODdhBAAEAIEAAP///wAAAAAAAAAAACwAAAAABAAEAAAICwABCBw4MABBgQEBACH5BAEAAAEALAAAAAAEAAQAgQAAAAAAAAAAAAAAAAgL"
      + "AAEIHDgwAEGBAQEAOw=="
    /// 2 × 1 of 16 bits: 0, and 32896 of 65535.
    private static let deepPNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGNgYGhoAAABhQEBBW5dNgAAAABJRU5ErkJggg=="

    private func bytes(_ base64: String) throws -> [UInt8] {
      Array(try #require(Data(base64Encoded: base64)))
    }

    private func raster(_ base64: String) async throws -> Raster {
      try #require(try await Sandbox(.standard).decodeImage(try bytes(base64)))
    }

    @Test(.needsSandbox, arguments: [png, webP])
    func transparencyIsWhite(_ picture: String) async throws {
      let raster = try await raster(picture)
      #expect((raster.width, raster.height) == (3, 2))
      #expect(raster.pixels == [255, 0, 255, 127, 100, 0])
    }

    @Test(.needsSandbox) func turnedAsItsCameraWas() async throws {
      let raster = try await raster(PictureDecodingTests.turnedJPEG)
      #expect((raster.width, raster.height) == (8, 16))
      #expect(raster.pixels.prefix(64).allSatisfy { $0 < 30 })
      #expect(raster.pixels.suffix(64).allSatisfy { $0 > 225 })
    }

    @Test(.needsSandbox) func firstFrame() async throws {
      let raster = try await raster(PictureDecodingTests.gif)
      #expect(raster.pixels == (0..<16).map { $0 == 9 ? 0 : 255 })
    }

    @Test(.needsSandbox) func sixteenBits() async throws {
      #expect(try await raster(PictureDecodingTests.deepPNG).pixels == [0, 128])
    }

    @Test(.needsSandbox, arguments: Confinement.available)
    func large(_ confinement: Confinement) async throws {
      // A GIF says its size before anything else: one of 65535 × 65535 is a bomb of 30 bytes.
      var bomb = try bytes(PictureDecodingTests.gif)
      bomb.replaceSubrange(6..<10, with: [255, 255, 255, 255])
      let sandbox = Sandbox(.standard, confinement: confinement)
      #expect(try await sandbox.decodeImage(bomb) == nil)
      let png = try bytes(PictureDecodingTests.png)
      #expect(try await sandbox.decodeImage(png, maximumPixels: 5) == nil)
      #expect(try await sandbox.decodeImage(png, maximumPixels: 6) != nil)
    }

    @Test(.needsSandbox) func notAPicture() async throws {
      let sandbox = Sandbox(.standard)
      let png = try bytes(PictureDecodingTests.png)
      let svg = Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8)
      for bytes in [[], svg, Array(png.prefix(40)), Array(png.prefix(8)) + Array(repeating: 7, count: 99)] {
        #expect(try await sandbox.decodeImage(bytes) == nil)
      }
    }

    @Test(.needsSandbox) func scaledDown() async throws {
      let raster = try #require(try await Sandbox(.standard).decodeImage(plainGIF(width: 2000, height: 100)))
      #expect((raster.width, raster.height) == (1600, 80))
      #expect(raster.pixels.allSatisfy { $0 == 0 })
    }

    /// A GIF of one color: each pixel a code of its own, and the table cleared before codes grow.
    private func plainGIF(width: Int, height: Int) -> [UInt8] {
      func word(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
      var bits: [UInt8] = []
      var (pending, count) = (0, 0)
      func put(_ code: Int) {
        pending |= code << count
        count += 3
        while count >= 8 {
          bits.append(UInt8(pending & 255))
          (pending, count) = (pending >> 8, count - 8)
        }
      }
      for pixel in 0..<(width * height) {
        if pixel % 2 == 0 { put(4) }
        put(0)
      }
      put(5)
      put(0)
      put(0)
      var bytes = Array("GIF89a".utf8) + word(width) + word(height) + [0x80, 0, 0, 0, 0, 0, 255, 255, 255]
      bytes += [0x2C] + word(0) + word(0) + word(width) + word(height) + [0, 2]
      for start in stride(from: 0, to: bits.count, by: 255) {
        let block = bits[start..<min(start + 255, bits.count)]
        bytes += [UInt8(block.count)] + block
      }
      return bytes + [0, 0x3B]
    }
  }
#endif
