import Facet

func prepare(_ input: String, as output: String) throws -> RepairLedger {
  let part = try Mesh.read(input, ImportOptions(units: .inch)).mesh
  let repaired = try part.repaired()
  let options = ScaleOptions(.size(axis: .x, millimetres: 120, uniform: true))
  try repaired.mesh.scaled(options).mesh.write(to: output)
  return repaired.ledger
}
