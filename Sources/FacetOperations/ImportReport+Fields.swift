import Facet

extension ImportReport {
  /// The format in words: `STL (binary)`.
  package var sourceFormat: String { "\(format.displayName) (\(encoding.rawValue))" }

  /// What people should know about the file: the reader's warnings, then what salvage left out.
  package var messages: [String] {
    warnings
      + dropped.map { "left out \($0.count) facets (\($0.reason)), the first at \($0.first)" }
  }
}

extension OperationInput {
  /// `vertices` and `triangles`.
  var sizeFields: [JSONValue.Member] {
    [
      .init("vertices", .integer(mesh.positions.count)),
      .init("triangles", .integer(mesh.triangles.count)),
    ]
  }

  /// `sourceFormat`, `droppedFacets` and `warnings` of the file; nothing when the mesh is from no file.
  var reportFields: [JSONValue.Member] {
    guard let report else { return [] }
    return [
      .init("sourceFormat", .string(report.sourceFormat)),
      .init("droppedFacets", .integer(report.droppedFacets)),
      .init("warnings", .array(report.messages.map(JSONValue.string))),
    ]
  }
}
