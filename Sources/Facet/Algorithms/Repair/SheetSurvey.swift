/// What the sheets of a surface are like.
struct SheetSurvey: Sendable {
  let sheets: Shells
  /// Volumes are of the sheet closed by fans over its holes.
  let measures: [Measures]
  /// Whether the sheet has edges that are not of two triangles.
  let isOpen: [Bool]
  /// Of each sheet's holes, taken for round, mm².
  let openArea: [Double]
  let bounds: Box

  var count: Int { sheets.count }

  init(
    _ mesh: Mesh, _ topology: Topology, _ badEdges: BadEdges, _ measured: MeasuredSheets, _ run: RunContext
  ) throws(MeshError) {
    let sheets = measured.sheets
    var measures = measured.measures
    var isOpen = [Bool](repeating: false, count: sheets.count)
    var openArea = [Double](repeating: 0, count: sheets.count)
    for h in [badEdges.boundary, badEdges.nonManifold].joined() {
      isOpen[Int(sheets.ofTriangle[Int(h / 3)])] = true
    }
    if isOpen.contains(true) {
      let loops = try topology.boundaryLoops(badEdges, run)
      let origin = measured.origin
      for i in 0..<loops.count {
        if i & 0xFFF == 0 { try run.checkCancellation() }
        let sheet = Int(sheets.ofTriangle[Int(loops[i].first! / 3)])
        let points = loops[i].map { SIMD3<Double>(mesh.positions[Int(mesh.corner(Int($0)))]) - origin }
        let middle = points.reduce(.zero, +) / Double(points.count)
        var (six, perimeter) = (0.0, 0.0)
        for (j, p) in points.enumerated() {
          let q = points[j + 1 == points.count ? 0 : j + 1]
          six += dot(middle, cross(q, p))
          perimeter += length(q - p)
        }
        measures[sheet].volume += six / 6
        openArea[sheet] += perimeter * perimeter / (4 * .pi)
      }
    }
    var bounds = Box.empty
    for measure in measures { bounds.formUnion(measure.bounds) }
    self.sheets = sheets
    self.measures = measures
    self.isOpen = isOpen
    self.openArea = openArea
    self.bounds = bounds
  }

  /// Whether a sheet encloses a space but for some holes, as against one that is all rim.
  func encloses(_ sheet: Int) -> Bool {
    !isOpen[sheet] || openArea[sheet] < 0.25 * measures[sheet].area && bulge(sheet) > 0.005
  }

  /// The volume as a share of a cube's of the same area, or so: 0 for what is flat, a tenth for a sphere.
  func bulge(_ sheet: Int) -> Double {
    let area = measures[sheet].area
    return area > 0 ? abs(measures[sheet].volume) / (area * area.squareRoot()) : 0
  }

  /// The triangles of each sheet, ascending.
  var members: PatchMembers {
    var starts = [Int](repeating: 0, count: count + 1)
    for sheet in sheets.ofTriangle where sheet != Shells.none { starts[Int(sheet) + 1] += 1 }
    for i in 0..<count { starts[i + 1] += starts[i] }
    var triangles = [UInt32](repeating: 0, count: starts[count])
    var next = starts
    for (f, sheet) in sheets.ofTriangle.enumerated() where sheet != Shells.none {
      triangles[next[Int(sheet)]] = UInt32(f)
      next[Int(sheet)] += 1
    }
    return PatchMembers(starts: starts, triangles: triangles)
  }
}
