import Facet

func prepare(_ input: String, as output: String) throws -> Analysis {
  let part = try Mesh.read(input, ImportOptions(units: .inch))
  let analysis = try part.mesh.analyzed()
  guard analysis.isSolid else { return analysis }
  let options = ScaleOptions(.size(axis: .x, millimetres: 120, uniform: true))
  try part.mesh.scaled(options).mesh.write(to: output)
  return analysis
}
