extension ToolkitForm {
  /// `measurementUnits` is required with `fileId`. Ours: with `inputId` it says nothing, for a model is in
  /// millimetres already; it is checked all the same.
  static let stlConversion = ToolkitForm(
    .stlConversion, inputs: [.inputId, .fileId],
    fields: [
      .word("measurementUnits", ["mm", "inch"]) { _ in .unsupportedMeasurementUnits }
    ],
    references: [.fileId])
}
