import FacetOperations

extension ToolkitForm {
  static let thumbnail = ToolkitForm(
    .thumbnail,
    fields: [
      .documented("width", .integer, .integers(ToolkitLimits.thumbnailSize), else: .wrongThumbnailSize),
      .documented("height", .integer, .integers(ToolkitLimits.thumbnailSize), else: .wrongThumbnailSize),
      .documented("cameraAngleX", .integer, .integers(ToolkitLimits.cameraAngle), else: .wrongCameraAngle),
      .documented("cameraAngleY", .integer, .integers(ToolkitLimits.cameraAngle), else: .wrongCameraAngle),
      .documented("cameraAngleZ", .integer, .integers(ToolkitLimits.cameraAngle), else: .wrongCameraAngle),
      .ours("background", .text, .color),
      .ours("up", wordsOf: ThumbnailOperation.self),
      .ours("samples", .integer, .oneOf([1, 4, 8, 16])),
    ],
    references: [.fileId])
}
