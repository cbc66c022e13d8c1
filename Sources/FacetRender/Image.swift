/// A picture: 8-bit sRGB with straight (not premultiplied) opacity, rows from the top.
public struct Image: Sendable, Equatable {
  /// Pixels a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Red, green, blue and alpha of each pixel: 4 × width × height bytes.
  public let pixels: [UInt8]

  /// - Precondition: `pixels` holds 4 × width × height bytes, and neither size is below 1.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0 && pixels.count == 4 * width * height)
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
