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
      .ours("infill", .choice(["none", "gyroid", "cubic"]), .words(["none", "gyroid", "cubic"])),
      .ours("infillWallMm", .number, .positive), .ours("infillCellMm", .number, .positive),
    ],
    references: [.resultId])
}
