extension ToolkitForm {
  /// Only a positive size can give a factor in range; the factor itself depends on the model
  /// (``OperationRequest/check(against:_:)``).
  static let scale = ToolkitForm(
    .scale,
    fields: [
      .word("axis", ["X", "Y", "Z"], required: true) { _ in .wrongAxis },
      .documented("scaleToSizeMm", .number, required: true, .positive, else: .scaleOutOfRange),
      .ours("uniform", .bool),
    ],
    references: [.resultId])
}
