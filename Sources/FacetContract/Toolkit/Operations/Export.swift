extension ToolkitForm {
  /// The documentation knows `stl`. Ours: the other formats.
  static let export = ToolkitForm(
    .export,
    fields: [
      .word("exportToFormat", ["stl", "obj", "ply", "off"]) { .unsupportedExportFormat($0.shortened) }
    ],
    references: [.fileId])
}
