// Stanford PLY, text and binary of both byte orders.

extension Mesh {
  /// Reads a PLY: the vertices' x, y and z, and the faces' vertex_indices (or vertex_index), of any numeric type.
  ///
  /// Polygons become fans of triangles. The faces' colours become facet colours, or the mean of their vertices'
  /// when only these have some. All other properties and elements are left out. Equal vertices become one (see
  /// ``IndexedImport``).
  ///
  /// - Throws: ``MeshError/syntax(format:location:expected:found:)`` and
  ///   ``MeshError/truncated(format:location:inside:)`` with the line, or in binary data the byte;
  ///   ``MeshError/noTriangles(format:)``; ``MeshError/tooManyTriangles(count:limit:)``; and what the run and the
  ///   source throw.
  package static func readPLY(
    _ source: ByteSource, _ options: ImportOptions = ImportOptions(), _ run: RunContext = RunContext()
  ) throws(MeshError) -> ImportedMesh {
    try checkWeldTolerance(options.weldTolerance)
    let header: PLYHeader
    do throws(MeshError) {
      header = try PLYHeader(source)
    } catch {
      throw error.inLines(of: source)
    }
    // A triangle and the half vertex that comes with it take no more memory than they take in the file.
    try run.reserve(bytes: source.count, for: "reading \(source.count) bytes of PLY")
    let reading = run.slice(0...0.8)
    switch header.encoding {
    case .text:
      do throws(MeshError) {
        var reader = try PLYTextReader(source, header, options)
        try reader.read(header, reading)
        return try reader.content.finish(source, .text, run.slice(0.8...1))
      } catch {
        throw error.inLines(of: source)
      }
    case .binary(let isBigEndian):
      var reader = try PLYBinaryReader(source, header, options, isBigEndian: isBigEndian)
      try reader.read(header, reading)
      return try reader.content.finish(source, .binary, run.slice(0.8...1))
    }
  }
}

/// The values of one vertex or face that matter.
private struct PLYValues {
  var x: Double = 0
  var y: Double = 0
  var z: Double = 0
  var red: Double = 255
  var green: Double = 255
  var blue: Double = 255
  let hasColor: Bool

  init(_ element: PLYHeader.Element) {
    hasColor = [PLYHeader.Role.red, .green, .blue].allSatisfy { role in
      element.properties.contains { $0.role == role }
    }
  }

  @inline(__always)
  mutating func set(_ property: PLYHeader.Property, _ value: Double) {
    // Colours are 0…255 in whole numbers and 0…1 in others.
    switch property.role {
    case .x: x = value
    case .y: y = value
    case .z: z = value
    case .red: red = property.type.isWhole ? value : value * 255
    case .green: green = property.type.isWhole ? value : value * 255
    case .blue: blue = property.type.isWhole ? value : value * 255
    case .indices, .other: break
    }
  }

  var color: Color? {
    guard hasColor else { return nil }
    func channel(_ value: Double) -> UInt8 { value >= 0 ? UInt8(min(value + 0.5, 255)) : 0 }
    return Color(red: channel(red), green: channel(green), blue: channel(blue))
  }
}

extension IndexedImport {
  fileprivate init(_ header: PLYHeader, _ options: ImportOptions, _ source: ByteSource) {
    self.init(.ply, options)
    func count(_ name: String) -> Int {
      guard let element = header.elements.first(where: { $0.name == name }) else { return 0 }
      return min(element.count, source.count / max(1, header.leastLength(element)))
    }
    declaredFaces = header.elements.first { $0.name == "face" }?.count
    reserve(vertices: count("vertex"), faces: count("face"))
  }

  fileprivate mutating func addIndex(_ value: Int, at offset: Int) throws(MeshError) {
    guard value >= 0, value < Int(UInt32.max) - 2 else {
      throw .syntax(
        format: .ply, location: .byte(offset), expected: "a vertex number from 0 on", found: "\(value)")
    }
    polygon.append(UInt32(value))
  }
}

// MARK: - Text

private struct PLYTextReader {
  var content: IndexedImport
  private var scanner: TextScanner
  private let source: ByteSource

  init(_ source: ByteSource, _ header: PLYHeader, _ options: ImportOptions) throws(MeshError) {
    if !options.salvage { try header.checkLength(of: source) }
    self.source = source
    content = IndexedImport(header, options, source)
    scanner = try TextScanner(source, header.end..<source.count, TextWindow(forText: source.count))
  }

  mutating func read(_ header: PLYHeader, _ run: RunContext) throws(MeshError) {
    for element in header.elements where !element.properties.isEmpty {
      var values = PLYValues(element)
      for index in 0..<element.count {
        guard try scanner.skipSpace() else {
          guard content.options.salvage else { throw try truncated(element) }
          content.dropMissingFaces(at: source.count)
          return
        }
        let offset = scanner.offset
        do throws(MeshError) {
          try readOne(element, &values, at: offset)
        } catch {
          guard content.options.salvage, error.offset != nil else { throw error }
          switch element.name {
          case "vertex": content.addUnreadableVertex(at: offset)
          case "face": try content.drop(error, at: offset)
          default: break
          }
        }
        try scanner.skipLine()
        if index & 0xFFF == 0xFFF {
          try run.checkCancellation()
          run.report(Double(offset) / Double(source.count))
        }
      }
    }
    guard try scanner.skipSpace() else { return }
    let offset = scanner.offset
    if content.options.salvage {
      content.notes.warn("text after the last element, left out", at: offset)
    } else if try source.isPadding(from: offset) {
      content.notes.warn("the text ends in padding", at: offset)
    } else {
      throw .syntax(
        format: .ply, location: .byte(offset), expected: "the end of the file",
        found: try source.quotedWord(at: offset))
    }
  }

  private mutating func readOne(
    _ element: PLYHeader.Element, _ values: inout PLYValues, at offset: Int
  ) throws(MeshError) {
    let isFace = element.name == "face"
    guard isFace || element.name == "vertex" else { return }
    content.polygon.removeAll(keepingCapacity: true)
    for property in element.properties {
      if property.countType != nil {
        let count = try integer()
        guard count >= 0 else {
          throw .syntax(
            format: .ply, location: .byte(scanner.offset - 1), expected: "a count", found: "\(count)")
        }
        for _ in 0..<count {
          let place = scanner.offset
          if property.role == .indices {
            try content.addIndex(try integer(), at: place)
          } else {
            guard try scanner.skipBlanks() else { throw try missing(element) }
            try scanner.skipWord()
          }
        }
      } else {
        guard try scanner.skipBlanks() else { throw try missing(element) }
        if property.role == .other {
          try scanner.skipWord()
        } else {
          values.set(property, Double(try number()))
        }
      }
    }
    if try scanner.skipBlanks() {
      let place = scanner.offset
      throw .syntax(
        format: .ply, location: .byte(place), expected: "the end of the line",
        found: try source.quotedWord(at: place))
    }
    if isFace {
      content.faceColor = values.color
      try content.addPolygon(at: offset)
    } else {
      try content.addVertex(Float(values.x), Float(values.y), Float(values.z), at: offset)
      if let color = values.color { content.addVertexColor(color) }
    }
  }

  private mutating func number() throws(MeshError) -> Float {
    let start = scanner.p
    if let value = scanner.number(), value.isFinite { return value }
    scanner.p = start
    throw try source.numberFault(at: scanner.offset, format: .ply, facet: nil)
  }

  private mutating func integer() throws(MeshError) -> Int {
    guard try scanner.skipBlanks() else { throw try missing(nil) }
    let start = scanner.p
    if let value = scanner.integer(), TextScanner.isSpace(scanner.p[0]) { return value }
    scanner.p = start
    throw .syntax(
      format: .ply, location: .byte(scanner.offset), expected: "a whole number",
      found: try source.quotedWord(at: scanner.offset))
  }

  private func missing(_ element: PLYHeader.Element?) throws(MeshError) -> MeshError {
    if scanner.offset >= source.count { return try truncated(element) }
    return .syntax(
      format: .ply, location: .byte(scanner.offset), expected: "a number", found: "the end of the line")
  }

  private func truncated(_ element: PLYHeader.Element?) throws(MeshError) -> MeshError {
    .truncated(
      format: .ply, location: .byte(try source.lastWordOffset()),
      inside: element.map { "the \($0.count) elements \(quotedForMessage($0.name))" } ?? "a line")
  }
}

// MARK: - Binary

private struct PLYBinaryReader {
  var content: IndexedImport
  private let source: ByteSource
  private let isBigEndian: Bool
  private let window: TextWindow
  private var p: UnsafePointer<UInt8>
  private var end: UnsafePointer<UInt8>
  private var windowOffset: Int
  private var element = ""
  /// Where the vertex or face that is read begins.
  private var start = 0

  init(
    _ source: ByteSource, _ header: PLYHeader, _ options: ImportOptions, isBigEndian: Bool
  ) throws(MeshError) {
    if !options.salvage { try header.checkLength(of: source) }
    self.source = source
    self.isBigEndian = isBigEndian
    content = IndexedImport(header, options, source)
    window = TextWindow(forText: max(64, source.count))
    p = UnsafePointer(window.bytes)
    end = p
    windowOffset = header.end
  }

  private var offset: Int { windowOffset + (p - UnsafePointer(window.bytes)) }

  mutating func read(_ header: PLYHeader, _ run: RunContext) throws(MeshError) {
    do throws(MeshError) {
      try readElements(header, run)
    } catch {
      // Where one value cannot be read, nothing after it can be found.
      guard content.options.salvage, error.offset != nil else { throw error }
      content.dropMissingFaces(at: start)
      return
    }
    guard offset < source.count else { return }
    let rest = source.count - offset
    if content.options.salvage {
      content.notes.warn("\(rest) bytes after the last element, left out", at: offset)
    } else if try source.isPadding(from: offset) {
      content.notes.warn("the file ends in padding", at: offset)
    } else {
      throw .syntax(
        format: .ply, location: .byte(offset), expected: "the end of the file", found: "\(rest) more bytes")
    }
  }

  private mutating func readElements(_ header: PLYHeader, _ run: RunContext) throws(MeshError) {
    for element in header.elements where !element.properties.isEmpty {
      self.element = "the \(element.count) elements \(quotedForMessage(element.name))"
      var values = PLYValues(element)
      for index in 0..<element.count {
        start = offset
        content.polygon.removeAll(keepingCapacity: true)
        // A face with a wrong vertex number still ends where it should.
        var fault: MeshError?
        for property in element.properties {
          if let countType = property.countType {
            try readList(property, countType, &fault)
          } else {
            values.set(property, try read(property.type))
          }
        }
        switch element.name {
        case "face":
          content.faceColor = values.color
          do throws(MeshError) {
            if let fault { throw fault }
            try content.addPolygon(at: start)
          } catch {
            try content.drop(error, at: start)
          }
        case "vertex":
          try content.addVertex(Float(values.x), Float(values.y), Float(values.z), at: start)
          if let color = values.color { content.addVertexColor(color) }
        default: break
        }
        if index & 0xFFF == 0xFFF {
          try run.checkCancellation()
          run.report(Double(start) / Double(source.count))
        }
      }
    }
  }

  private mutating func readList(
    _ property: PLYHeader.Property, _ countType: PLYHeader.Number, _ fault: inout MeshError?
  ) throws(MeshError) {
    let place = offset
    let count = Int(try read(countType))
    guard count >= 0 else {
      throw .syntax(format: .ply, location: .byte(place), expected: "a count", found: "\(count)")
    }
    guard count <= (source.count - offset) / property.type.size else { throw truncated() }
    if property.role == .indices {
      for _ in 0..<count {
        let place = offset
        let value = Int(try read(property.type))
        guard fault == nil else { continue }
        do throws(MeshError) {
          try content.addIndex(value, at: place)
        } catch {
          fault = error
        }
      }
    } else {
      for _ in 0..<count { _ = try read(property.type) }
    }
  }

  /// The next value; every type fits in a Double.
  @inline(__always)
  private mutating func read(_ type: PLYHeader.Number) throws(MeshError) -> Double {
    if end - p < 8 { try refill() }
    let size = type.size
    guard end - p >= size else { throw truncated() }
    let raw = UnsafeRawPointer(p)
    p += size
    switch type {
    case .int8: return Double(raw.load(as: Int8.self))
    case .uint8: return Double(raw.load(as: UInt8.self))
    case .int16: return Double(Int16(bitPattern: ordered(raw.loadUnaligned(as: UInt16.self))))
    case .uint16: return Double(ordered(raw.loadUnaligned(as: UInt16.self)))
    case .int32: return Double(Int32(bitPattern: ordered(raw.loadUnaligned(as: UInt32.self))))
    case .uint32: return Double(ordered(raw.loadUnaligned(as: UInt32.self)))
    case .float32: return Double(Float(bitPattern: ordered(raw.loadUnaligned(as: UInt32.self))))
    case .float64: return Double(bitPattern: ordered(raw.loadUnaligned(as: UInt64.self)))
    }
  }

  @inline(__always)
  private func ordered<Value: FixedWidthInteger>(_ value: Value) -> Value {
    isBigEndian ? Value(bigEndian: value) : Value(littleEndian: value)
  }

  /// Moves the window so that it begins at ``p``.
  @inline(never)
  private mutating func refill() throws(MeshError) {
    let kept = end - p
    let start = window.bytes
    windowOffset = offset
    start.update(from: UnsafeMutablePointer(mutating: p), count: kept)
    let length = min(source.count - windowOffset, window.size)
    try source.read(
      at: windowOffset + kept, into: UnsafeMutableRawBufferPointer(start: start + kept, count: length - kept))
    p = UnsafePointer(start)
    end = p + length
  }

  private func truncated() -> MeshError {
    .truncated(format: .ply, location: .byte(source.count), inside: element)
  }
}
