/// Materialise Magics keeps a colour for the whole part in the header of a binary STL: `COLOR=` and the bytes
/// R, G, B, A. It also says that the facets' attribute words follow Magics' convention.
enum MagicsHeader {
  private static let key = Array("COLOR=".utf8)
  private static let length = key.count + 4

  private static func start(in header: [UInt8]) -> Int? {
    guard header.count >= length else { return nil }
    return (0...(header.count - length)).first { header[$0...].starts(with: key) }
  }

  static func partColor(in header: [UInt8]) -> Color? {
    guard let start = start(in: header) else { return nil }
    let rgba = header[(start + key.count)..<(start + length)]
    let first = rgba.startIndex
    return Color(
      red: rgba[first], green: rgba[first + 1], blue: rgba[first + 2], alpha: rgba[first + 3])
  }

  /// Puts the colour where one is, or behind the text, which is cut when there is no room.
  static func set(_ color: Color, in header: inout [UInt8]) {
    let entry = key + [color.red, color.green, color.blue, color.alpha]
    if let start = start(in: header) {
      header.replaceSubrange(start..<(start + length), with: entry)
    } else {
      while let last = header.last, last == 0 || last == 32 { header.removeLast() }
      header = Array(header.prefix(STLLayout.headerLength - length - 1))
      if !header.isEmpty { header.append(32) }
      header += entry
    }
  }

  /// Breaks the key, so that nobody takes attribute words for Magics'.
  static func remove(from header: inout [UInt8]) {
    while let start = start(in: header) { header[start + key.count - 1] = 32 }
  }
}
