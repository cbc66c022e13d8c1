/// A picture in grey levels.
public struct Raster: Sendable, Hashable {
  /// Pixels in a row.
  public var width: Int
  /// Rows.
  public var height: Int
  /// Row by row from the top, 0 is black and 255 white.
  public var pixels: [UInt8]

  /// - Precondition: `width` and `height` are 1 to 65 535, and there are `width * height` pixels. Whoever decodes a
  ///   picture has made sure of it.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(1...65535 ~= width && 1...65535 ~= height, "a raster's sides are 1 to 65535 pixels")
    precondition(pixels.count == width * height, "a raster has width * height pixels")
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
