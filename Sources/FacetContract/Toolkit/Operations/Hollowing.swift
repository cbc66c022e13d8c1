extension ToolkitForm {
  static let hollowing = ToolkitForm(
    .hollowing,
    fields: [
      .documented(
        "wallThicknessMm", .number, required: true, .numbers(ToolkitLimits.hollowingWallThicknessMm),
        else: .invalidWallThickness)
    ],
    references: [.resultId])
}
