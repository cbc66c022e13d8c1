import Facet
import FacetTestSupport
import Testing

/// Sound OBJ, PLY and OFF files in all their forms.
@Suite struct IndexedFormatTests {
  static let obj = ["# square", "v 0 0 0", "v 1 0 0", "v 0 1 0", "v 1 1 0", "f 1 2 3", "f 2 4 3"]
  static let off = ["OFF", "4 2 0", "0 0 0", "1 0 0", "0 1 0", "1 1 0", "3 0 1 2", "3 1 3 2"]
  static let ply = [
    "ply", "format ascii 1.0", "element vertex 4", "property float x", "property float y", "property float z",
    "element face 2", "property list uchar int vertex_indices", "end_header", "0 0 0", "1 0 0", "0 1 0",
    "1 1 0",
    "3 0 1 2", "3 1 3 2",
  ]

  static func read(
    _ format: MeshFormat, _ bytes: [UInt8], _ options: ImportOptions = ImportOptions()
  ) throws(MeshError) -> ImportedMesh {
    let source = ByteSource(bytes)
    return switch format {
    case .stl: try Mesh.readTextSTL(source, options)
    case .obj: try Mesh.readOBJ(source, options)
    case .ply: try Mesh.readPLY(source, options)
    case .off: try Mesh.readOFF(source, options)
    }
  }

  private static let corners = [SIMD3<Float>(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(1, 1, 0)]
  private static let square = [Triangle(0, 1, 2), Triangle(1, 3, 2)]

  @discardableResult
  private func expectSquare(
    _ format: MeshFormat, _ bytes: [UInt8], triangles: [Triangle] = square, warnings: Int = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ImportedMesh {
    let imported = try IndexedFormatTests.read(format, bytes)
    #expect(imported.mesh.positions == IndexedFormatTests.corners, sourceLocation: sourceLocation)
    #expect(imported.mesh.triangles == triangles, sourceLocation: sourceLocation)
    #expect(imported.report.readFacets == 2, sourceLocation: sourceLocation)
    #expect(imported.report.warnings.count == warnings, sourceLocation: sourceLocation)
    #expect(imported.report.dropped.isEmpty, sourceLocation: sourceLocation)
    return imported
  }

  private func expectSquare(
    _ format: MeshFormat, _ lines: [String], triangles: [Triangle] = square, warnings: Int = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for separator in ["\n", "\r", "\r\n"] {
      for end in ["", separator] {
        let text = lines.joined(separator: separator) + end
        try expectSquare(
          format, Array(text.utf8), triangles: triangles, warnings: warnings, sourceLocation: sourceLocation)
        try expectSquare(
          format, [0xEF, 0xBB, 0xBF] + Array(text.utf8), triangles: triangles, warnings: warnings,
          sourceLocation: sourceLocation)
      }
    }
  }

  private func edited(_ lines: [String], _ edits: [Int: String]) -> [String] {
    lines.enumerated().map { edits[$0.offset + 1] ?? $0.element }
  }

  @Test func aSquareInEachFormat() throws {
    try expectSquare(.obj, IndexedFormatTests.obj)
    try expectSquare(.off, IndexedFormatTests.off)
    try expectSquare(.ply, IndexedFormatTests.ply)
  }

  // MARK: OBJ

  @Test(
    arguments: [
      [6: "f 1/1 2/1 3/1", 7: "f 2//1 4//2 3//3"], [6: "f 1/1/1 2/2/2 3/3/3", 7: "f 2/ 4// 3"],
      [6: "f -4 -3 -2", 7: "f -3 -1 -2"], [6: "  f\t1  2 3  ", 7: "f +2 4 3 # and so on"],
      [6: "f 1 \\\n 2 \\\n\\\n3", 7: "f 2 4 3 \\\n"], [2: "v 0 0 0 1", 3: "v 1 0 0 0.5 0.5 0.5"],
      [2: "v 0 \\\n0 0", 5: "v 1.0e0 1 -0"], [1: "g a b\\"], [1: "mtllib C:\\models\\"], [1: "# folder\\"],
      [1: "vn 0 0 1\nvt 0 0\nvt \\\n 1 0\no x\ns off\nusemtl f 1 2 3\nl 1 2\np 1"],
      [1: "", 6: "\n\n\tf 1 2 3\n\n"],
      [1: "f 1 2 3", 6: ""], [1: "curv 0 1 \\\n1 2 3"],
    ] as [[Int: String]]) func everyFormOfOBJ(edits: [Int: String]) throws
  {
    try expectSquare(.obj, edited(IndexedFormatTests.obj, edits))
  }

  @Test func polygonsBecomeFans() throws {
    let fan = [Triangle(0, 1, 3), Triangle(0, 3, 2)]
    try expectSquare(.obj, Array(IndexedFormatTests.obj[..<5]) + ["f 1 2 4 3"], triangles: fan, warnings: 1)
    try expectSquare(
      .off, edited(IndexedFormatTests.off, [2: "4 1 0", 7: "4 0 1 3 2", 8: ""]), triangles: fan, warnings: 1)
    try expectSquare(
      .ply, edited(IndexedFormatTests.ply, [7: "element face 1", 14: "4 0 1 3 2", 15: ""]), triangles: fan,
      warnings: 1)
  }

  @Test func looseTrianglesAreWelded() throws {
    let soup = ["v 0 0 0", "v 1 0 0", "v 0 1 0", "v 1 0 -0", "v 1 1 0", "v 0 1 0", "f 1 2 3", "f 4 5 6"]
    try expectSquare(.obj, soup)
  }

  @Test func unusedVerticesAreLeftOutAndTheOthersKeepTheirOrder() throws {
    try expectSquare(
      .obj, ["v 9 9 9"] + IndexedFormatTests.obj[1..<5] + ["v 8 8 8", "f 2 3 4", "f 3 5 4"], warnings: 1)
    let later = try IndexedFormatTests.read(.obj, Array("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 3 1 2".utf8))
    #expect(later.mesh.positions == Array(IndexedFormatTests.corners[..<3]))
    #expect(later.mesh.triangles == [Triangle(2, 0, 1)])
  }

  @Test(arguments: [MeshFormat.obj, .ply, .off]) func inchesAndTolerance(format: MeshFormat) throws {
    let lines = [
      MeshFormat.obj: IndexedFormatTests.obj, .ply: IndexedFormatTests.ply, .off: IndexedFormatTests.off,
    ]
    let bytes = Array(lines[format]!.joined(separator: "\n").utf8)
    let inches = try IndexedFormatTests.read(format, bytes, ImportOptions(units: .inch))
    #expect(inches.mesh.bounds == Box(minimum: .zero, maximum: SIMD3(25.4, 25.4, 0)))
    let coarse = try IndexedFormatTests.read(format, bytes, ImportOptions(weldTolerance: 2))
    #expect(coarse.mesh.positions.count == 1)
    #expect(throws: MeshError.tooManyTriangles(count: 2, limit: 1)) {
      try IndexedFormatTests.read(format, bytes, ImportOptions(maximumTriangles: 1))
    }
  }

  // MARK: OFF

  @Test(
    arguments: [
      [1: "off"], [1: "OFF 4 2 0", 2: ""], [1: "OFF 4 2", 2: ""], [2: "4 2"],
      [1: "# a\n\n# b\nOFF # c", 2: "\n4 2 0 # d"],
      [1: "COFF", 3: "0 0 0 255 0 0 255"], [1: "NOFF", 4: "1 0 0 0 0 1"], [1: "STOFF", 4: "1 0 0 0.5 0.5"],
      [5: "# a\n0 1 0 # b", 7: "3 0 1 2 # c\n#d"], [7: "  3\t0 1 2 7"],
    ] as [[Int: String]]) func everyFormOfOFF(edits: [Int: String]) throws
  {
    try expectSquare(.off, edited(IndexedFormatTests.off, edits))
  }

  @Test func offFaceColors() throws {
    for (color, red) in [("255 0 8", 255), ("1.0 0 0.03", 255), ("66 0 8 255", 66)] as [(String, UInt8)] {
      let lines = edited(IndexedFormatTests.off, [8: "3 1 3 2 " + color])
      let colors = try IndexedFormatTests.read(.off, Array(lines.joined(separator: "\n").utf8)).mesh.colors
      #expect(colors?[0] == nil)
      #expect(colors?[1] == Color(red: red, green: 0, blue: 8))
    }
  }

  // MARK: PLY

  @Test(
    arguments: [
      [8: "property list uint8 uint32 vertex_index"], [8: "property list ushort char vertex_indices"],
      [2: "comment a\nformat ascii 1.0\nobj_info b"], [4: "property double x", 5: "property float64 y"],
      [
        3: "element vertex 4\nproperty uchar red", 10: "9 0 0 0", 11: "9 1 0 0", 12: "9 0 1 0", 13: "9 1 1 0",
      ],
      [
        8: "property list uchar float uv\nproperty list uchar int vertex_indices\nproperty int flags",
        14: "2 .5 .5 3 0 1 2 7", 15: "0 3 1 3 2 7",
      ],
      [6: "property float z\nelement edge 1\nproperty int a\nproperty list int int b", 13: "1 1 0\n5 2 1 1"],
      [6: "property float z\nelement nothing 1000000000000"], [1: "ply  ", 9: "end_header\n\n"],
    ] as [[Int: String]]) func everyFormOfPLYText(edits: [Int: String]) throws
  {
    try expectSquare(.ply, edited(IndexedFormatTests.ply, edits))
  }

  @Test func plyFacesBeforeVertices() throws {
    let ply = IndexedFormatTests.ply
    let order: [Range<Int>] = [0..<2, 6..<8, 2..<6, 8..<9, 13..<15, 9..<13]
    try expectSquare(.ply, order.flatMap { ply[$0] })
  }

  /// Numbers of every type and both byte orders, lists of every type, other properties and elements between.
  @Test(arguments: [false, true]) func everyNumberTypeInBinaryPLY(isBigEndian: Bool) throws {
    func bytes<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
      withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
    }
    func encode(_ value: Int, _ type: String) -> [UInt8] {
      switch type {
      case "char", "int8": bytes(Int8(value))
      case "uchar", "uint8": bytes(UInt8(value))
      case "short", "int16": bytes(Int16(value))
      case "ushort", "uint16": bytes(UInt16(value))
      case "int", "int32": bytes(Int32(value))
      case "uint", "uint32": bytes(UInt32(value))
      case "float", "float32": bytes(Float(value).bitPattern)
      default: bytes(Double(value).bitPattern)
      }
    }
    let whole = ["char", "uint8", "short", "uint16", "int", "uint32"]
    let scalars: [String] = whole + ["float", "float64"]
    for scalar in scalars {
      for (count, index) in zip(whole, whole.reversed()) {
        for separator in ["\n", "\r\n", "\r"] {
          let order = isBigEndian ? "big" : "little"
          let header: [String] = [
            "ply", "format binary_\(order)_endian 1.0", "element before 1",
            "property double a",
            "element vertex 4", "property list \(count) \(scalar) l", "property \(scalar) x",
            "property \(scalar) y",
            "property short s", "property \(scalar) z", "element face 2",
            "property list \(count) \(index) vertex_indices",
            "property uchar red", "property uchar green", "property uchar blue", "end_header",
          ]
          var file: [UInt8] = header.flatMap { (line: String) -> [UInt8] in Array((line + separator).utf8) }
          // A first data byte of 10 is not part of the header.
          file += [10, 1, 2, 3, 4, 5, 6, 7]
          for corner in IndexedFormatTests.corners {
            for value in [2, 5, 6] { file += encode(value, value == 2 ? count : scalar) }
            file += encode(Int(corner.x), scalar)
            file += encode(Int(corner.y), scalar)
            file += encode(7, "short")
            file += encode(Int(corner.z), scalar)
          }
          for t in IndexedFormatTests.square {
            file += encode(3, count)
            for corner in 0..<3 { file += encode(Int(t[corner]), index) }
            file += [255, 132, 0]
          }
          let imported = try expectSquare(.ply, file)
          #expect(imported.mesh.colors?[1] == Color(red: 255, green: 132, blue: 0))
          #expect(imported.report.encoding == .binary)
          #expect(imported.report.declaredFacets == 2)
        }
      }
    }
  }

  @Test func plyVertexColorsBecomeTheirMean() throws {
    var lines = edited(
      IndexedFormatTests.ply,
      [6: "property float z\nproperty uchar red\nproperty uchar green\nproperty uchar blue"])
    for i in 9..<13 { lines[i] += i == 9 ? " 0 255 255" : " 255 255 0" }
    let colors = try IndexedFormatTests.read(.ply, Array(lines.joined(separator: "\n").utf8)).mesh.colors
    #expect(colors?[0] == Color(red: 173, green: 255, blue: 82))
    #expect(colors?[1] == Color(red: 255, green: 255, blue: 0))
  }
}
