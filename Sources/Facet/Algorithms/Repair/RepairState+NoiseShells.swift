// What is not the part: shells so small that no printer shows them, shells that enclose nothing, and open sheets
// that lie inside the part or hang loose beside it. What is merely small stays: a pin is part of the part.

extension RepairState {
  /// Removes shells that are noise.
  mutating func removeNoiseShells(_ run: RunContext) throws(MeshError) {
    let survey = try survey(run)
    guard survey.count > 1 else { return }
    let isNoise = try NoiseSheets(mesh, survey).isNoise(run)
    guard isNoise.contains(true) else { return }
    var area = 0.0
    for (sheet, noise) in isNoise.enumerated() where noise { area += survey.measures[sheet].area }
    for f in triangles.indices {
      let sheet = survey.sheets.ofTriangle[f]
      if sheet != Shells.none && isNoise[Int(sheet)] { remove(f) }
    }
    ledger.add(.init(.noiseShells, count: isNoise.count { $0 }, area: area))
    try matchEdges(run)
  }
}

private struct NoiseSheets {
  let mesh: Mesh
  let survey: SheetSurvey

  init(_ mesh: Mesh, _ survey: SheetSurvey) {
    self.mesh = mesh
    self.survey = survey
  }

  func isNoise(_ run: RunContext) throws(MeshError) -> [Bool] {
    let measures = survey.measures
    let largest = measures.indices.max { (measures[$0].area, $1) < (measures[$1].area, $0) }!
    let solids = measures.indices.filter(survey.encloses)
    let largestVolume = solids.reduce(0) { max($0, abs(measures[$1].volume)) }
    let diagonal = survey.bounds.diagonal
    var noise = [Bool](repeating: false, count: survey.count)
    var sheets: [Int] = []
    for i in measures.indices where i != largest {
      let size = measures[i].bounds.diagonal
      let isSpeck = size < Tolerances.speck && size < Tolerances.noise * diagonal
      if !survey.encloses(i) {
        noise[i] = isSpeck
        if !isSpeck { sheets.append(i) }
      } else if !survey.isOpen[i] && survey.bulge(i) < 1e-7 {
        noise[i] = true
      } else {
        noise[i] = isSpeck && abs(measures[i].volume) < 1e-4 * largestVolume
      }
    }
    // Without a body there is nothing that sheets could be beside, or inside.
    guard !sheets.isEmpty, largestVolume > 0 else { return noise }
    let isBody = Set(solids.filter { !noise[$0] })
    guard !isBody.isEmpty else { return noise }
    let body = mesh.keeping { f in
      let sheet = survey.sheets.ofTriangle[f]
      return sheet != Shells.none && isBody.contains(Int(sheet))
    }
    let bodyArea = isBody.sorted().reduce(0) { $0 + measures[$1].area }
    let winding = try WindingNumber(body, BVH(body, run), run)
    let members = survey.members
    let inside = try run.mapChunks(of: sheets.count, size: 64) { (_, range) throws(MeshError) in
      var inside: [Bool] = []
      for i in range {
        try run.checkCancellation()
        inside.append(isInside(members[sheets[i]], winding))
      }
      return inside
    }
    for (sheet, isInside) in zip(sheets, inside.joined()) {
      let isFlat = survey.bulge(sheet) < 1e-3
      noise[sheet] = isInside || measures[sheet].area < (isFlat ? 0.3 : 0.02) * bodyArea
    }
    return noise
  }

  /// Whether most of a sheet winds the body around itself.
  private func isInside(_ triangles: ArraySlice<UInt32>, _ winding: WindingNumber) -> Bool {
    let step = max(1, triangles.count / 15)
    var (inside, asked) = (0, 0)
    for i in stride(from: triangles.startIndex, to: triangles.endIndex, by: step) {
      let (a, b, c) = mesh.corners(Int(triangles[i]))
      asked += 1
      if winding.at((a + b + c) / 3) > 0.5 { inside += 1 }
    }
    return 2 * inside > asked
  }
}
