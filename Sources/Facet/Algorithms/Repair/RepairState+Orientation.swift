// First neighbours are made to agree, the smaller area giving way. Then each sheet as a whole is turned: one that
// encloses a space by how deep it lies inside others, anything else by its bulge and by what winds around it.

extension RepairState {
  /// Turns triangles so that neighbours agree and the outside is outside. Shells inside others take turns: the
  /// shell of a cavity faces into the cavity, a shell inside that outward again.
  mutating func orient(_ run: RunContext) throws(MeshError) {
    var entry = RepairLedger.Entry(.orientation, count: 0)
    if badEdges.nonManifoldCount > 0 {
      let measured = try sheets(run)
      try turn(SheetAgreement(measured.sheets, measured.measures, badEdges).isFlipped, &entry, run)
    }
    try turn(SheetFacing(mesh, survey(run)).isInsideOut(run), &entry, run)
    ledger.add(entry)
  }

  private mutating func turn(
    _ isTurned: [Bool], _ entry: inout RepairLedger.Entry, _ run: RunContext
  ) throws(MeshError) {
    if !isTurned.contains(true) { return }
    for f in try turn(isTurned, run) {
      entry.count += 1
      entry.area += mesh.area(of: Int(f))
    }
  }
}

/// Which sheets face the wrong way as a whole.
private struct SheetFacing {
  let mesh: Mesh
  let survey: SheetSurvey

  init(_ mesh: Mesh, _ survey: SheetSurvey) {
    self.mesh = mesh
    self.survey = survey
  }

  func isInsideOut(_ run: RunContext) throws(MeshError) -> [Bool] {
    let measures = survey.measures
    // Alone there is nothing around it.
    if survey.count <= 1 { return measures.map { $0.volume < 0 } }
    let enclosing = (0..<survey.count).filter(survey.encloses)
    let holders = enclosing.filter { measures[$0].volume != 0 }
    var result = measures.map { $0.volume < 0 }
    if survey.count == enclosing.count && !mayNest(holders) { return result }

    let bvh = try BVH(mesh, run.slice(0...0.3))
    let members = survey.members
    let depths = Depths(mesh, bvh, survey, members)
    let isSolid = Set(enclosing)
    let others = (0..<survey.count).filter { !isSolid.contains($0) }
    let odd = try run.mapChunks(of: enclosing.count, size: 16) { (_, range) throws(MeshError) in
      var odd: [Bool] = []
      for i in range {
        try run.checkCancellation()
        odd.append(depths.isOdd(enclosing[i]))
      }
      return odd
    }
    for (sheet, isOdd) in zip(enclosing, odd.joined()) {
      result[sheet] = measures[sheet].volume != 0 && (measures[sheet].volume < 0) != isOdd
    }
    if others.isEmpty { return result }

    // The open ones are asked among neighbours that are right by now.
    let right = Mesh(
      unchecked: mesh.positions,
      triangles: mesh.triangles.indices.map { f in
        let sheet = survey.sheets.ofTriangle[f]
        let isTurned = sheet != Shells.none && isSolid.contains(Int(sheet)) && result[Int(sheet)]
        return isTurned ? mesh.triangles[f].flipped : mesh.triangles[f]
      })
    let winding = try WindingNumber(right, bvh, run.slice(0.4...0.6))
    let sides = PatchSides(mesh: right, winding: winding, members: members)
    let open = try run.mapChunks(of: others.count, size: 64) { (_, range) throws(MeshError) in
      var open: [Bool] = []
      for i in range {
        try run.checkCancellation()
        open.append(sides.isOpenInverted(others[i]))
      }
      return open
    }
    for (sheet, isInverted) in zip(others, open.joined()) { result[sheet] = isInverted }
    return result
  }

  /// Up to so many boxes are compared one by one.
  fileprivate static let fewSheets = 4096

  /// Whether some sheet's box lies inside another's.
  private func mayNest(_ sheets: [Int]) -> Bool {
    // Of so many the tree tells sooner.
    if sheets.count > SheetFacing.fewSheets { return true }
    let boxes = sheets.map { survey.measures[$0].bounds }.sorted { $0.minimum.x < $1.minimum.x }
    for (i, box) in boxes.enumerated() {
      var j = i + 1
      while j < boxes.count, boxes[j].minimum.x <= box.maximum.x {
        if boxes[j].isInside(box) || box.isInside(boxes[j]) { return true }
        j += 1
      }
    }
    return false
  }
}

extension Box {
  fileprivate func isInside(_ other: Box) -> Bool {
    all(other.minimum .<= minimum) && all(maximum .<= other.maximum)
  }
}

/// Within how many others a sheet lies.
private struct Depths: Sendable {
  let mesh: Mesh
  let bvh: BVH
  let survey: SheetSurvey
  let members: PatchMembers
  private let encloses: [Bool]

  init(_ mesh: Mesh, _ bvh: BVH, _ survey: SheetSurvey, _ members: PatchMembers) {
    self.mesh = mesh
    self.bvh = bvh
    self.survey = survey
    self.members = members
    encloses = (0..<survey.count).map(survey.encloses)
  }

  /// Whether the sheet lies inside an odd number of others, wholly: one that only dips into another does not.
  func isOdd(_ sheet: Int) -> Bool {
    let own = survey.measures[sheet].bounds
    if survey.count <= SheetFacing.fewSheets {
      let isInAny = (0..<survey.count).contains { other in
        other != sheet && encloses[other] && own.isInside(survey.measures[other].bounds)
      }
      if !isInAny { return false }
    }
    var holders: Set<UInt32>?
    for probe in probes(sheet) {
      // Three rays, because one may slip out through a hole or along an edge.
      var votes: [UInt32: Int] = [:]
      for direction in Depths.directions {
        for other in holding(probe, direction, besides: UInt32(sheet)) { votes[other, default: 0] += 1 }
      }
      let here = Set(votes.filter { $0.value >= 2 }.keys)
      holders = holders.map { $0.intersection(here) } ?? here
      if holders!.isEmpty { return false }
    }
    return (holders?.count ?? 0) % 2 == 1
  }

  /// Points on a sheet: the middles of the triangles that reach farthest along each axis, and of some between.
  private func probes(_ sheet: Int) -> [SIMD3<Float>] {
    let triangles = members[sheet]
    func middle(_ f: UInt32) -> SIMD3<Float> {
      let (a, b, c) = mesh.corners(Int(f))
      return (a + b + c) / 3
    }
    var probes: [SIMD3<Float>] = []
    for axis in 0..<3 {
      probes.append(middle(triangles.min { middle($0)[axis] < middle($1)[axis] }!))
      probes.append(middle(triangles.max { middle($0)[axis] < middle($1)[axis] }!))
    }
    let step = max(1, triangles.count / 6)
    for i in stride(from: triangles.startIndex, to: triangles.endIndex, by: step) {
      probes.append(middle(triangles[i]))
    }
    return probes
  }

  /// The other enclosing sheets that a ray leaves.
  private func holding(
    _ origin: SIMD3<Float>, _ direction: SIMD3<Float>, besides sheet: UInt32
  ) -> Set<UInt32> {
    var odd = Set<UInt32>()
    var from: Float = 0
    // So many walls in one line are no part, and would take for ever.
    for _ in 0..<2000 {
      guard let hit = bvh.raycast(mesh, origin: origin, direction: direction, range: from ... .infinity)
      else {
        break
      }
      let other = survey.sheets.ofTriangle[hit.triangle]
      if other != sheet, other != Shells.none, encloses[Int(other)] {
        if odd.remove(other) == nil { odd.insert(other) }
      }
      from = hit.distance.nextUp
    }
    return odd
  }

  private static let directions = [
    SIMD3<Float>(0.4813, 0.2371, 0.8439), SIMD3<Float>(-0.7219, 0.6133, -0.3203),
    SIMD3<Float>(0.1709, -0.8831, 0.4369),
  ]
}
