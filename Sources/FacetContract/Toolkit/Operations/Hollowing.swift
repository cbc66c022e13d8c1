import FacetOperations

extension ToolkitForm {
  static let hollowing = ToolkitForm(
    .hollowing,
    fields: [
      .documented(
        "wallThicknessMm", .number, required: true, .numbers(ToolkitLimits.hollowingWallThicknessMm),
        else: .invalidWallThickness),
      .ours("voxelMm", .number, .positive),
      .ours("drainHoles", .integer, .integers(ToolkitLimits.drainHoles)),
      .ours("drainHolesAt", .text, .points), .ours("drainDiameterMm", .number, .positive),
      .ours("plugs", .bool),
      .ours("infill", wordsOf: HollowingOperation.self),
      .ours("infillCellMm", .number, .positive), .ours("infillWallMm", .number, .positive),
      .ours("smallestCavityMm3", .number, .positive),
    ],
    references: [.resultId])
}
