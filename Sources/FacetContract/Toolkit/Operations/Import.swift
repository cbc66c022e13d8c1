extension ToolkitForm {
  static let `import` = ToolkitForm(
    .import, inputs: [.fileId],
    fields: [
      .word("measurementUnits", ["mm", "inch"], required: true) { _ in .unsupportedMeasurementUnits },
      .ours("salvage", .bool),
    ],
    references: [.resultId])
}
