/// What a file's bytes say it is.
enum FileContent: Equatable {
  case binarySTL
  case textSTL
  case obj
  case ply
  case off
}

extension MeshFormat {
  /// The format that a file's bytes say they have, without reading them all.
  ///
  /// - Throws: What ``Mesh/read(_:_:_:)`` would throw at its first look: ``MeshError/emptyFile``,
  ///   ``MeshError/truncated(format:location:inside:)``, ``MeshError/unrecognizedFormat(firstBytes:)``,
  ///   ``MeshError/picture(type:)`` and what reading throws.
  public init(of source: ByteSource) throws(MeshError) {
    switch try FileContent(of: source, format: nil) {
    case .binarySTL, .textSTL: self = .stl
    case .obj: self = .obj
    case .ply: self = .ply
    case .off: self = .off
    }
  }
}

extension FileContent {
  /// Tells the format from the bytes, and from the file name's ending only where they leave it open.
  ///
  /// An STL is binary if and only if its length says so (84 bytes and 50 a facet), whatever its first word:
  /// many programs begin binary files with `solid` too. What has another length and is not text is binary with
  /// a fault, which its reader explains.
  ///
  /// - Parameter format: What the caller knows; nil to find out.
  /// - Throws: ``MeshError/emptyFile``, ``MeshError/truncated(format:location:inside:)`` for less than a binary
  ///   STL's header, ``MeshError/unrecognizedFormat(firstBytes:)``, ``MeshError/picture(type:)`` and what reading
  ///   throws.
  init(of source: ByteSource, format: MeshFormat?) throws(MeshError) {
    guard source.count > 0 else { throw .emptyFile }
    switch format {
    case .obj: self = .obj
    case .ply: self = .ply
    case .off: self = .off
    case .stl, nil:
      let head = Head(try source.bytes(0..<min(source.count, Head.length)))
      let hint = format ?? source.path.flatMap { MeshFormat(pathExtensionOf: $0) }
      let declared = head.declaredFacets
      if let declared, STLLayout.length(facets: declared) == source.count {
        self = .binarySTL
      } else if head.isText, let content = FileContent(text: head, hint, isCertain: format != nil) {
        self = content
      } else if head.keyword == "ply" && format == nil {
        // Binary PLY: its text header is followed by anything.
        self = .ply
      } else if let picture = head.picture {
        throw .picture(type: picture)
      } else if head.isText || head.isForeign {
        throw .unrecognizedFormat(firstBytes: head.quoted)
      } else if declared != nil {
        self = .binarySTL
      } else if hint == .stl {
        throw .truncated(
          format: .stl, location: .byte(source.count), inside: "the 84 bytes before the facets")
      } else {
        throw .unrecognizedFormat(firstBytes: head.quoted)
      }
    }
  }

  private init?(text head: Head, _ hint: MeshFormat?, isCertain: Bool) {
    if isCertain {
      self = .textSTL
      return
    }
    switch head.keyword {
    case "solid", "facet":
      self = .textSTL
    case "ply":
      self = .ply
    case "off", "coff", "noff", "cnoff", "stoff", "stcoff", "stnoff", "stcnoff":
      self = .off
    case "v", "vn", "vt", "vp", "f", "l", "p", "o", "g", "s", "mtllib", "usemtl":
      self = .obj
    default:
      switch hint {
      case .stl: self = .textSTL
      case .obj: self = .obj
      case .ply: self = .ply
      case .off: self = .off
      case nil: return nil
      }
    }
  }
}

/// The first bytes of a file, and what they look like.
private struct Head {
  static let length = 4096
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The facet count that the bytes hold if they are a binary STL's.
  var declaredFacets: Int? { STLLayout.declaredFacets(bytes) }

  /// Text has next to no control characters: a few stray ones are for the reader to name. In a binary STL one byte
  /// in 25 is a zero attribute byte.
  var isText: Bool {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return false }  // UTF-16
    let controls = bytes.reduce(0) { $0 + ($1 < 9 || ($1 > 13 && $1 < 32) || $1 == 127 ? 1 : 0) }
    return controls * 50 <= bytes.count
  }

  /// Whether these are the first bytes of something well known that no mesh reader should try to make sense of:
  /// archives (3MF), PDF, glTF, programs.
  var isForeign: Bool {
    let signatures: [[UInt8]] = [
      Array("PK\u{3}\u{4}".utf8), [0x1F, 0x8B], Array("%PDF".utf8), Array("glTF".utf8),
      [0x7F] + Array("ELF".utf8),
      Array("7z\u{BC}".unicodeScalars.map { UInt8($0.value) }), Array("Rar!".utf8), [0xFF, 0xFE],
      [0xFE, 0xFF],
    ]
    return signatures.contains { bytes.starts(with: $0) }
  }

  /// The name of the picture format that these are the first bytes of, or nil.
  var picture: String? {
    if bytes.starts(with: [0x89] + Array("PNG\r\n".utf8)) { return "PNG" }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "JPEG" }
    if bytes.starts(with: Array("GIF8".utf8)) { return "GIF" }
    if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      return "WebP"
    }
    if bytes.starts(with: Array("II*\0".utf8)) || bytes.starts(with: Array("MM\0*".utf8)) { return "TIFF" }
    return nil
  }

  /// The first word that is not in a `#` comment, in lower case; a byte order mark and blanks are skipped.
  var keyword: String {
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    while true {
      rest = rest.drop { $0 == 32 || ($0 >= 9 && $0 <= 13) }
      guard rest.first == UInt8(ascii: "#") else { break }
      rest = rest.drop { $0 != 10 && $0 != 13 }
    }
    let word = rest.prefix { $0 > 32 }.prefix(16)
    return String(decoding: word, as: UTF8.self).lowercased()
  }

  /// The first bytes for a message: as text where they are, in hexadecimal otherwise.
  var quoted: String {
    let first = bytes.prefix(16)
    if first.allSatisfy({ $0 >= 32 && $0 < 127 }) { return "\"\(String(decoding: first, as: UTF8.self))\"" }
    return first.prefix(8).map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return digits.count == 1 ? "0" + digits : digits
    }.joined(separator: " ")
  }
}
