extension ToolkitForm {
  static let shrinkwrapRepair = ToolkitForm(
    .shrinkwrapRepair,
    fields: [
      .word("accuracy", ["Rough", "Smooth", "Detailed"]) { _ in .wrongAccuracyLevel }
    ],
    references: [.resultId])
}
