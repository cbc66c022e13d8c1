// The one file that knows libpng. Only its simplified API is used: it catches its own longjmp, so none
// ever crosses a Swift frame.
internal import CPNG
import Facet

extension Image {
  /// The picture as a PNG file: 8 bits a channel, RGBA, or RGB when every pixel is opaque.
  ///
  /// - Parameter isSmall: Takes more time for a smaller file.
  /// - Throws: ``MeshError/imageEncoding(reason:)`` when libpng fails, which takes running out of memory.
  public func encodedPNG(isSmall: Bool = false) throws(MeshError) -> [UInt8] {
    let opaque = isOpaque
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = UInt32(width)
    image.height = UInt32(height)
    image.format = UInt32(opaque ? PNG_FORMAT_FLAG_COLOR : PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
    image.flags = isSmall ? 0 : UInt32(PNG_IMAGE_FLAG_FAST)

    // libpng's own bound for any picture of this size. Only the pages that the file needs are ever touched.
    let channels = opaque ? 3 : 4
    let raw = height * (width * channels + 1)
    var size = raw + raw / 1000 + raw / 4096 + 64 * 1024
    var written = 0
    let source = opaque ? withoutAlpha : pixels
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      written = Int(png_image_write_to_memory(&image, buffer.baseAddress, &size, 0, source, 0, nil))
      count = written == 0 ? 0 : size
    }
    guard written != 0 else {
      throw .imageEncoding(
        reason: withUnsafeBytes(of: image.message) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    // A tight copy: the array above keeps the whole bound reserved.
    return bytes.withUnsafeBufferPointer { [UInt8]($0) }
  }

  private var isOpaque: Bool {
    pixels.withUnsafeBytes { bytes in
      let words = bytes.bindMemory(to: UInt32.self)
      let mask = UInt32(littleEndian: 0xFF00_0000)
      return words.allSatisfy { $0 & mask == mask }
    }
  }

  private var withoutAlpha: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 3 * width * height) { target, count in
      pixels.withUnsafeBufferPointer { source in
        for i in 0..<width * height {
          target[3 * i] = source[4 * i]
          target[3 * i + 1] = source[4 * i + 1]
          target[3 * i + 2] = source[4 * i + 2]
        }
      }
      count = 3 * width * height
    }
  }
}
