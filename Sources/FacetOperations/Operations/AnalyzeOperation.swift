import Facet

/// Says what the model is and what is wrong with it.
public struct AnalyzeOperation: MeshOperation {
  public static let name = OperationName.analyze
  public static let summary = "Say what the model is and what is wrong with it"
  public static let discussion = """
    Counts what the model is made of, measures it, and counts what stands in the way of printing it. A sound \
    part has no bad edges, no bad contours and a positive volume.

    A bad edge has not exactly two oppositely oriented triangles; bad contours are chains of bad edges; near \
    bad edges are pairs that a stitch within a small tolerance would close. Contours are closed loops of \
    boundary edges, planar holes are contours that lie in a plane. Shells are components of triangles over \
    shared edges; noise shells are tiny beside the part. Inverted normals are triangles that face inward. \
    Overlapping triangles lie in one plane and share area; intersecting ones cross a triangle that is not \
    their neighbour, decided exactly. The volume is signed: negative when the model is inside out.
    """
  public static let output = OperationOutput.nothing
  public static let parameters: [ParameterDescription] = []

  public var options: AnalysisOptions

  public init(_ arguments: Arguments) {
    self.init()
  }

  public init(_ options: AnalysisOptions = AnalysisOptions()) {
    self.options = options
  }

  public func run(_ input: OperationInput, _ run: RunContext) throws(MeshError) -> OperationResult {
    let analysis = try input.mesh.analyzed(options, run)
    var fields = AnalyzeOperation.documentedFields(analysis)
    fields.append(.init("boundingBoxMm", .box(analysis.bounds)))
    fields += input.reportFields
    return OperationResult(fields: fields)
  }

  /// The API's analyze object. Ours: in `qualityParams` the last three members.
  private static func documentedFields(_ analysis: Analysis) -> [JSONValue.Member] {
    [
      .init("vertices", .integer(analysis.vertices)),
      .init("triangles", .integer(analysis.triangles)),
      .init("contours", .integer(analysis.contours)),
      .init("shells", .integer(analysis.shells)),
      .init("volumeMm3", .number(analysis.volume)),
      .init("surfaceAreaMm2", .number(analysis.surfaceArea)),
      .init("dimensionXMm", .number(analysis.dimensions.x)),
      .init("dimensionYMm", .number(analysis.dimensions.y)),
      .init("dimensionZMm", .number(analysis.dimensions.z)),
      .init("badEdges", .integer(analysis.badEdges)),
      .init("badContours", .integer(analysis.badContours)),
      .init(
        "solidityParams",
        [
          "invertedNormals": .integer(analysis.invertedNormals),
          "badEdges": .integer(analysis.badEdges),
          "badContours": .integer(analysis.badContours),
          "nearBadEdges": .integer(analysis.nearBadEdges),
          "planarHoles": .integer(analysis.planarHoles),
        ]),
      .init(
        "qualityParams",
        [
          "noiseShells": .integer(analysis.noiseShells),
          "overlappingTriangles": .integer(analysis.overlappingTriangles),
          "intersectingTriangles": .integer(analysis.intersectingTriangles),
          "isFacetingScoreOk": .bool(analysis.isFacetingScoreOk),
          "facetingScoreDegrees": .number(analysis.facetingScore),
          "degenerateTriangles": .integer(analysis.degenerateTriangles),
          "duplicateTriangles": .integer(analysis.duplicateTriangles),
        ]),
    ]
  }
}

extension JSONValue {
  /// The two corners of a box; null for the empty one.
  fileprivate static func box(_ box: Box) -> JSONValue {
    if box.isEmpty { return .null }
    return ["minimum": point(box.minimum), "maximum": point(box.maximum)]
  }

  private static func point(_ point: SIMD3<Float>) -> JSONValue {
    [.number(Double(point.x)), .number(Double(point.y)), .number(Double(point.z))]
  }
}
