import Facet
import FacetOperations
import Testing

/// What operations give, by the names that scripts and clients know.
@Suite struct OperationTests {
  private let run = RunContext(threads: 1)
  private let box = Primitive.box(minimum: SIMD3(1, 2, 3), maximum: SIMD3(5, 10, 19))

  @Test func importGivesTheMeshAndWhatTheReaderSaw() throws {
    let operation = ImportOperation(units: .inch, salvage: true)
    let options = try #require(operation.importOptions)
    let file = try box.encoded(ExportOptions(), run)
    let imported = try Mesh.read(ByteSource(file), options, run)
    let result = try operation.run(OperationInput(imported), run)
    let bounds = try #require(result.mesh?.bounds)
    #expect(bounds.minimum == SIMD3(25.4, 50.8, 76.2))
    #expect(bounds.maximum == SIMD3(127, 254, 482.6))
    #expect(
      result.json == [
        "vertices": 8, "triangles": 12, "sourceFormat": "STL (binary)", "droppedFacets": 0, "warnings": [],
      ])
  }

  @Test func importSaysWhatSalvageLeftOut() throws {
    let operation = ImportOperation(units: .mm, salvage: true)
    let file = try box.encoded(ExportOptions(), run).dropLast(70)
    let imported = try Mesh.read(
      ByteSource(Array(file)), try #require(operation.importOptions), run)
    let result = try operation.run(OperationInput(imported), run)
    #expect(result["triangles"] == 10)
    #expect(result["droppedFacets"]?.asInteger == 2)
    guard case .array(let warnings) = result["warnings"] else {
      Issue.record("no warnings")
      return
    }
    #expect(!warnings.isEmpty)
  }

  @Test func aModelOfNoFileHasNoReport() throws {
    let result = try ImportOperation(units: .mm).run(OperationInput(box), run)
    #expect(result.json == ["vertices": 8, "triangles": 12])
  }

  @Test(arguments: MeshFormat.allCases)
  func exportGivesAFileThatReadsAsTheSameMesh(format: MeshFormat) throws {
    let result = try ExportOperation(format: format).run(OperationInput(box), run)
    #expect(result.json == ["format": .string(format.rawValue), "triangles": 12])
    let file = try #require(result.file)
    #expect(file.pathExtension == format.rawValue)
    let back = try Mesh.read(ByteSource(file.encoded(run)), ImportOptions(format: format), run)
    #expect(back.mesh.soup == box.soup)
  }

  @Test func conversionGivesSTL() throws {
    let result = try STLConversionOperation().run(OperationInput(box), run)
    #expect(result.json == ["format": "stl", "triangles": 12])
    #expect(try result.file?.encoded(run).count == 84 + 12 * 50)
    #expect(result.file?.mediaType == "model/stl")
    #expect(STLConversionOperation().importOptions == nil)
    #expect(STLConversionOperation(units: .inch).importOptions?.units == .inch)
  }

  @Test func scalingSaysTheFactorAndTheNewSize() throws {
    let along = try ScaleOperation(axis: .y, size: 20).run(OperationInput(box), run)
    #expect(
      along.json == ["factor": 2.5, "dimensionXMm": 4.0, "dimensionYMm": 20.0, "dimensionZMm": 16.0])
    #expect(along.mesh?.bounds.size == SIMD3(4, 20, 16))
    let uniform = try ScaleOperation(axis: .y, size: 20, isUniform: true).run(OperationInput(box), run)
    #expect(
      uniform.json == ["factor": 2.5, "dimensionXMm": 10.0, "dimensionYMm": 20.0, "dimensionZMm": 40.0])
  }

  @Test func aThumbnailIsAPNGOfItsSize() throws {
    var operation = ThumbnailOperation()
    operation.options.width = 40
    operation.options.height = 30
    let result = try operation.run(OperationInput(box), run)
    let file = try #require(result.file)
    let bytes = try file.encoded(run)
    #expect(file.pathExtension == "png")
    #expect(file.mediaType == "image/png")
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    // Width and height stand big-endian after the first chunk's name.
    #expect(bytes[16..<24].elementsEqual([0, 0, 0, 40, 0, 0, 0, 30]))
    #expect(result.json == ["width": 40, "height": 30, "bytes": .integer(bytes.count)])
  }

  @Test func anAnalysisIsTheDocumentedObjectAndMore() throws {
    let result = try AnalyzeOperation().run(OperationInput(box), run)
    #expect(
      result.json == [
        "vertices": 8, "triangles": 12, "contours": 0, "shells": 1, "volumeMm3": 512.0,
        "surfaceAreaMm2": 448.0,
        "dimensionXMm": 4.0, "dimensionYMm": 8.0, "dimensionZMm": 16.0, "badEdges": 0, "badContours": 0,
        "solidityParams": [
          "invertedNormals": 0, "badEdges": 0, "badContours": 0, "nearBadEdges": 0, "planarHoles": 0,
        ],
        "qualityParams": [
          "noiseShells": 0, "overlappingTriangles": 0, "intersectingTriangles": 0, "isFacetingScoreOk": true,
          "facetingScoreDegrees": 0.0, "degenerateTriangles": 0, "duplicateTriangles": 0,
        ],
        "boundingBoxMm": ["minimum": [1.0, 2.0, 3.0], "maximum": [5.0, 10.0, 19.0]],
      ])
  }

  @Test func anAnalysisOfNothingIsAllZeros() throws {
    let result = try AnalyzeOperation().run(OperationInput(.empty), run)
    #expect(result["triangles"] == 0)
    #expect(result["dimensionXMm"] == 0.0)
    #expect(result["boundingBoxMm"] == .null)
    #expect(!result.json.text().contains("inf"))
  }

  @Test func anAnalysisOfAFileNamesItsFormat() throws {
    let imported = try Mesh.read(ByteSource(box.encoded(ExportOptions(), run)), ImportOptions(), run)
    let result = try AnalyzeOperation().run(OperationInput(imported), run)
    #expect(result["sourceFormat"] == "STL (binary)")
    #expect(result["warnings"] == [])
  }

  @Test func operationsThatNeedATriangleSaySo() {
    for operation: any MeshOperation in [
      ExportOperation(format: .stl), STLConversionOperation(), ScaleOperation(axis: .x, size: 1),
      ThumbnailOperation(),
    ] {
      #expect {
        try operation.run(OperationInput(.empty), run)
      } throws: { error in
        if case MeshError.emptyMesh = error { true } else { false }
      }
    }
  }

  @Test func whatAnOperationLeavesIsWhatItSays() throws {
    for operation: any MeshOperation in [
      ImportOperation(units: .mm), STLConversionOperation(), ScaleOperation(axis: .x, size: 1),
      ThumbnailOperation(), ExportOperation(format: .stl), AnalyzeOperation(), ReduceTrianglesOperation(),
    ] {
      let result = try operation.run(OperationInput(box), run)
      let output = type(of: operation).output
      #expect((result.mesh != nil) == (output == .mesh))
      #expect((result.file != nil) == (output == .file))
    }
  }

  @Test func aFileWithoutAFormatIsWrittenInTheOneThatIsWanted() throws {
    let free = ResultFile(.mesh(box, ExportOptions()), label: "walls")
    #expect(free.pathExtension == "stl" && free.mediaType == "model/stl")
    let ply = try #require(free.with(pathExtension: "ply"))
    #expect(ply.pathExtension == "ply" && ply.label == "walls")
    #expect(try ply.encoded(run) == box.encoded(ExportOptions(format: .ply)))
    #expect(free.with(pathExtension: nil)?.pathExtension == "stl")
    #expect(free.with(pathExtension: "png") == nil)
    // One that has its format keeps it.
    let bound = ResultFile(.mesh(box, ExportOptions(format: .obj)))
    #expect(bound.with(pathExtension: "ply") == nil)
    #expect(bound.with(pathExtension: "obj")?.pathExtension == "obj")
    #expect(ResultFile(.png([])).with(pathExtension: "stl") == nil)
  }

  @Test(arguments: [
    ("1 2 3", [SIMD3<Float>(1, 2, 3)], "1.0 2.0 3.0"),
    (" -1.5,0, 2e1 ;; 4 5 6;", [SIMD3(-1.5, 0, 20), SIMD3(4, 5, 6)], "-1.5 0.0 20.0; 4.0 5.0 6.0"),
  ])
  func pointsAreRead(text: String, points: [SIMD3<Float>], normal: String) {
    #expect(PointList(text)?.points == points)
    #expect(PointList(text)?.text == normal)
    #expect(PointList(normal)?.points == points)
  }

  @Test(arguments: [
    ("transparent", Background.transparent, "transparent"),
    ("#0a0B0c", .color(Color(red: 10, green: 11, blue: 12)), "#0a0b0c"),
    ("ffffff00", .color(Color(red: 255, green: 255, blue: 255, alpha: 0)), "#ffffff00"),
    ("#102030ff", .color(Color(red: 16, green: 32, blue: 48)), "#102030"),
  ])
  func backgroundsAreRead(text: String, background: Background, normal: String) {
    #expect(Background(text) == background)
    #expect(background.text == normal)
  }
}
