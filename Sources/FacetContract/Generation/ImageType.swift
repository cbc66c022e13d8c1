/// A picture's type, told from its first bytes; what a client says about it does not count.
public enum ImageType: String, Sendable, CaseIterable {
  case png = "image/png"
  case jpeg = "image/jpeg"
  case webp = "image/webp"
  case gif = "image/gif"

  /// How many bytes ``init(firstBytes:)`` looks at.
  public static let neededBytes = 12

  /// - Returns: nil for what is none of these.
  public init?(firstBytes bytes: [UInt8]) {
    func stands(_ text: String, at offset: Int) -> Bool {
      bytes.dropFirst(offset).starts(with: text.utf8)
    }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if stands("RIFF", at: 0), stands("WEBP", at: 8) {
      self = .webp
    } else if stands("GIF87a", at: 0) || stands("GIF89a", at: 0) {
      self = .gif
    } else {
      return nil
    }
  }
}
