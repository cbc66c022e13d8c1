extension Shells {
  /// The shells that are too small to be meant: a diagonal under ``Tolerances/noise`` of the part's, or, of a
  /// closed shell, a volume under that share of the largest shell's. An open shell has no volume to go by.
  package func noise(
    in mesh: Mesh, _ badEdges: BadEdges, _ run: RunContext = .init()
  ) throws(MeshError) -> [Int] {
    // The only shell is the part.
    guard count > 1 else { return [] }
    let measures = try mesh.measured(self, run)
    var isOpen = [Bool](repeating: false, count: count)
    for h in [badEdges.boundary, badEdges.nonManifold].joined() {
      isOpen[Int(ofTriangle[Int(h / 3)])] = true
    }
    var bounds = Box.empty
    var largest = 0.0
    for (shell, measure) in measures.enumerated() {
      bounds.formUnion(measure.bounds)
      if !isOpen[shell] { largest = max(largest, abs(measure.volume)) }
    }
    let shortest = Tolerances.noise * bounds.diagonal
    return measures.indices.filter { shell in
      measures[shell].bounds.diagonal < shortest
        || !isOpen[shell] && abs(measures[shell].volume) < Tolerances.noise * largest
    }
  }
}
