extension ToolkitForm {
  static let wallThicknessAnalysis = ToolkitForm(
    .wallThicknessAnalysis,
    fields: [
      .documented(
        "minimalWallThicknessMm", .number, required: true, .numbers(ToolkitLimits.minimalWallThicknessMm),
        else: .wrongMinimalWallThickness),
      .documented(
        "accuracyWallThickness", .integer, .integers(ToolkitLimits.accuracyWallThickness),
        else: .wrongAccuracyWallThickness),
    ],
    references: [.fileId], resultFields: ["hasThinWalls", "hasPossibleThinWalls"])
}
