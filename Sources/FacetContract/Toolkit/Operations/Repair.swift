extension ToolkitForm {
  /// One client sends the input as `fileId`, and reads the outcome from `fileId` too.
  static let repair = ToolkitForm(
    .repair, inputs: [.inputId, .fileId], fields: [.ours("keepShells", .bool)],
    references: [.resultId, .fileId])
}
