extension ToolkitForm {
  static let reduceTriangles = ToolkitForm(
    .reduceTriangles,
    fields: [
      .documented(
        "accuracyMm", .number, .numbers(ToolkitLimits.reductionAccuracyMm), else: .invalidAccuracyMm),
      .documented(
        "maxAngle", .integer, .integers(ToolkitLimits.reductionMaxAngle), else: .invalidMaxAngle),
      .documented(
        "numberOfIterations", .integer, .integers(ToolkitLimits.reductionIterations),
        else: .invalidNumberOfIterations),
      .ours("targetTriangles", .integer, .atLeast(1)), .ours("targetRatio", .number, .share),
    ],
    references: [.resultId])
}
