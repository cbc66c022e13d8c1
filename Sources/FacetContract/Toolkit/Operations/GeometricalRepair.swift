extension ToolkitForm {
  static let geometricalRepair = ToolkitForm(.geometricalRepair, references: [.resultId])
}
