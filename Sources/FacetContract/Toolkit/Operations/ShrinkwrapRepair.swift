extension ToolkitForm {
  static let shrinkwrapRepair = ToolkitForm(
    .shrinkwrapRepair,
    fields: [
      .word("accuracy", ["Rough", "Smooth", "Detailed"]) { _ in .wrongAccuracyLevel },
      .ours("gapMm", .number, .positive), .ours("keepCavities", .bool),
    ],
    references: [.resultId])
}
