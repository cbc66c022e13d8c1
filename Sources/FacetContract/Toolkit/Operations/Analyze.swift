extension ToolkitForm {
  static let analyze = ToolkitForm(
    .analyze, references: [],
    resultFields: [
      "vertices", "triangles", "contours", "shells", "volumeMm3", "surfaceAreaMm2", "dimensionXMm",
      "dimensionYMm", "dimensionZMm", "badEdges", "badContours", "solidityParams", "qualityParams",
    ])

  /// The members of `solidityParams` in the result of `analyze`.
  public static let solidityParams = [
    "invertedNormals", "badEdges", "badContours", "nearBadEdges", "planarHoles",
  ]
  /// The members of `qualityParams` in the result of `analyze`.
  public static let qualityParams = [
    "noiseShells", "overlappingTriangles", "intersectingTriangles", "isFacetingScoreOk",
  ]
}
