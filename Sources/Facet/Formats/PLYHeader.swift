/// What a PLY file says about itself: the elements that follow, in order, and their properties.
struct PLYHeader {
  enum Encoding {
    case text
    case binary(isBigEndian: Bool)
  }

  enum Number: BitwiseCopyable {
    case int8, uint8, int16, uint16, int32, uint32, float32, float64

    /// In bytes.
    var size: Int {
      switch self {
      case .int8, .uint8: 1
      case .int16, .uint16: 2
      case .int32, .uint32, .float32: 4
      case .float64: 8
      }
    }

    var isWhole: Bool { self != .float32 && self != .float64 }

    init?(_ name: String) {
      switch name {
      case "char", "int8": self = .int8
      case "uchar", "uint8": self = .uint8
      case "short", "int16": self = .int16
      case "ushort", "uint16": self = .uint16
      case "int", "int32": self = .int32
      case "uint", "uint32": self = .uint32
      case "float", "float32": self = .float32
      case "double", "float64": self = .float64
      default: return nil
      }
    }
  }

  struct Property: BitwiseCopyable {
    var type: Number
    /// The type of the count before the values of a list; nil for a single value.
    var countType: Number?
    var role = Role.other
  }

  enum Role: BitwiseCopyable {
    case x, y, z, red, green, blue, indices, other
  }

  struct Element {
    var name: String
    var count: Int
    var properties: [Property] = []
    /// The properties' names.
    var names: [String] = []
    /// Where the element is declared.
    var offset: Int
  }

  var encoding = Encoding.text
  var elements: [Element] = []
  /// Where the elements begin.
  private(set) var end = 0

  /// Reads the header.
  ///
  /// - Throws: ``MeshError/syntax(format:location:expected:found:)`` and
  ///   ``MeshError/truncated(format:location:inside:)``, with byte offsets.
  init(_ source: ByteSource) throws(MeshError) {
    let text = try source.textRange(.ply)
    var scanner = try TextScanner(source, text, TextWindow(atMost: 1 << 14, forText: text.count))
    guard try scanner.skipSpace(), scanner.take(TextScanner.Keyword("ply")) else {
      throw .syntax(
        format: .ply, location: .byte(text.lowerBound), expected: "ply",
        found: try source.quotedWord(at: text.lowerBound))
    }
    // A carriage return that ends the header alone must not take a first data byte of 10 with it.
    let returnsStandAlone = scanner.p[0] == 0x0D && scanner.p[1] != 0x0A
    var format: String?
    while true {
      guard try scanner.skipSpace() else { throw try PLYHeader.cutOff(source) }
      let offset = scanner.offset
      let line = try scanner.restOfLine()
      // A line that the file ends in may be the beginning of a longer one.
      if scanner.offset >= text.upperBound, line != "end_header" { throw try PLYHeader.cutOff(source) }
      let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
      switch words.first {
      case "end_header":
        if returnsStandAlone { scanner.p += 1 } else { try scanner.skipLineEnd() }
        end = min(scanner.offset, text.upperBound)
        guard let format else {
          throw .syntax(
            format: .ply, location: .byte(offset), expected: "a line with the format", found: "\"end_header\""
          )
        }
        setEncoding(format)
        try assignRoles(at: offset)
        return
      case "format":
        guard words.count == 3, words[2] == "1.0",
          ["ascii", "binary_little_endian", "binary_big_endian"].contains(words[1])
        else {
          throw PLYHeader.fault(
            offset, "format ascii, binary_little_endian or binary_big_endian, 1.0", line)
        }
        format = words[1]
      case "comment", "obj_info":
        break
      case "element":
        guard words.count == 3, let count = Int(words[2]), count >= 0 else {
          throw PLYHeader.fault(offset, "element, its name and its count", line)
        }
        elements.append(Element(name: words[1], count: count, offset: offset))
      case "property":
        guard let property = PLYHeader.property(words), !elements.isEmpty else {
          throw PLYHeader.fault(offset, "property, its type and its name, after an element", line)
        }
        elements[elements.count - 1].properties.append(property)
        elements[elements.count - 1].names.append(words[words.count - 1])
      default:
        throw PLYHeader.fault(offset, "format, element, property, comment or end_header", line)
      }
    }
  }

  private mutating func setEncoding(_ format: String) {
    switch format {
    case "ascii": encoding = .text
    case "binary_big_endian": encoding = .binary(isBigEndian: true)
    default: encoding = .binary(isBigEndian: false)
    }
  }

  private static func property(_ words: [String]) -> Property? {
    if words.count == 5, words[1] == "list" {
      guard let countType = Number(words[2]), countType.isWhole, let type = Number(words[3]) else {
        return nil
      }
      return Property(type: type, countType: countType)
    }
    guard words.count == 3, let type = Number(words[1]) else { return nil }
    return Property(type: type)
  }

  /// Finds the properties that make a mesh.
  private mutating func assignRoles(at offset: Int) throws(MeshError) {
    for e in elements.indices {
      for p in elements[e].properties.indices {
        let property = elements[e].properties[p]
        let isList = property.countType != nil
        elements[e].properties[p].role =
          switch (elements[e].name, elements[e].names[p], isList) {
          case ("vertex", "x", false): .x
          case ("vertex", "y", false): .y
          case ("vertex", "z", false): .z
          case ("face", "vertex_indices", true), ("face", "vertex_index", true):
            property.type.isWhole ? .indices : .other
          case (_, "red", false), (_, "diffuse_red", false), (_, "r", false): .red
          case (_, "green", false), (_, "diffuse_green", false), (_, "g", false): .green
          case (_, "blue", false), (_, "diffuse_blue", false), (_, "b", false): .blue
          default: .other
          }
      }
    }
    for (name, roles, wanted) in [
      ("vertex", [Role.x, .y, .z], "an element vertex with x, y and z"),
      ("face", [.indices], "an element face with a list vertex_indices of whole numbers"),
    ] {
      let named = elements.filter { $0.name == name }
      let isComplete =
        named.count == 1
        && roles.allSatisfy { role in named[0].properties.count { $0.role == role } == 1 }
      guard isComplete else {
        throw .syntax(
          format: .ply, location: .byte(offset), expected: wanted,
          found: named.isEmpty ? "none" : named.count > 1 ? "\(named.count) of them" : "one without")
      }
    }
  }

  /// The fewest bytes that one of an element takes. In text a value is a digit and the space after it.
  func leastLength(_ element: Element) -> Int {
    element.properties.reduce(0) { sum, property in
      if case .text = encoding { sum + 2 } else { sum + (property.countType ?? property.type).size }
    }
  }

  /// Refuses counts that the file is too short for, before anything is allocated.
  func checkLength(of source: ByteSource) throws(MeshError) {
    var needed = 0
    for element in elements {
      let (bytes, overflow) = element.count.multipliedReportingOverflow(by: leastLength(element))
      needed = overflow ? .max : needed.addingReportingOverflow(bytes).overflow ? .max : needed + bytes
      // The last value of a text may do without a space.
      guard needed <= source.count - end + 1 else {
        let last = if case .text = encoding { try source.lastWordOffset() } else { source.count }
        throw .truncated(
          format: .ply, location: .byte(last),
          inside: "the \(element.count) elements \(quotedForMessage(element.name))")
      }
    }
  }

  private static func fault(_ offset: Int, _ expected: String, _ line: String) -> MeshError {
    .syntax(
      format: .ply, location: .byte(offset), expected: expected,
      found: quotedForMessage(line))
  }

  private static func cutOff(_ source: ByteSource) throws(MeshError) -> MeshError {
    .truncated(format: .ply, location: .byte(try source.lastWordOffset()), inside: "the header")
  }
}
