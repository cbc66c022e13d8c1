extension Mesh {
  /// How thick the walls are, and which are thinner than asked for; see ``WallThicknessResult`` for what a wall is.
  ///
  /// The least thickness of every piece of the surface is found exactly: each facet is divided where walls are thin
  /// and of changing thickness, and what stands opposite a piece is clipped to the prism behind it. Only walls up to
  /// ``WallThicknessOptions/reach`` times the minimum are looked for, so that thick parts cost little.
  ///
  /// Shells that overlap, and a shell that runs through itself, count as one body: surface inside of it has no walls.
  ///
  /// - Throws: ``MeshError/invalidOption(name:value:allowed:)`` for a minimum that is not above 0,
  ///   ``MeshError/emptyMesh(operation:)``, and what the run throws.
  public func wallThickness(
    _ options: WallThicknessOptions, _ run: RunContext = .init()
  ) throws(MeshError) -> WallThicknessResult {
    try options.check()
    guard !triangles.isEmpty else { throw .emptyMesh(operation: "wall thickness") }
    let part = try WallPart(self, run.slice(0...0.3))
    let distance = options.samplingDistance(area: part.area)
    let gauge = WallGauge(
      scene: part.scene, winding: part.winding, isOpen: part.isOpen, minimum: Double(options.minimum),
      samplingDistance: distance)
    var surface = DividedSurface(part.scene.mesh)
    var pieces = try gauge.measure(&surface, run.slice(0.3...0.9))
    let regions = try thinRegions(
      surface, &pieces, limit: gauge.limit, samplingDistance: distance, run.slice(0.9...1))
    var result = WallThicknessResult(
      hasThinWalls: regions.contains { $0.isCertain }, hasPossibleThinWalls: !regions.isEmpty,
      regions: regions, histogram: [],
      surface: Mesh(unchecked: surface.positions, triangles: surface.triangles),
      thickness: pieces.map { $0.least }, leastThickness: nil, samplingDistance: distance, input: part.state,
      unmeasuredArea: 0, unmeasured: [], minimum: options.minimum)
    result.count(pieces)
    run.report(1)
    return result
  }
}

/// A mesh made ready: welded, facing outward, with its tree.
struct WallPart {
  let scene: WallScene
  let winding: WindingNumber?
  let state: WallThicknessResult.InputState
  let isOpen: Bool
  /// mm².
  let area: Double

  init(_ input: Mesh, _ run: RunContext) throws(MeshError) {
    var mesh = input
    var topology = try Topology(mesh, run.slice(0...0.1))
    var badEdges = try topology.badEdges(of: mesh, run.slice(0.1...0.1))
    if badEdges.count > 0 {
      // Corners at one place may be several vertices.
      try run.reserve(bytes: mesh.triangles.count * 60, for: "welding")
      mesh = try Mesh.welded(input.soup, run.slice(0.1...0.15))
      topology = try Topology(mesh, run.slice(0.15...0.2))
      badEdges = try topology.badEdges(of: mesh, run.slice(0.2...0.2))
    }
    let measured = run.slice(0.2...0.2)
    let shells = try topology.shells(badEdges, measured)
    let measures = try mesh.measured(shells, measured)
    area = measures.reduce(0) { $0 + $1.area }
    isOpen = badEdges.count > 0
    var tree = try BVH(mesh, run.slice(0.2...0.7))
    var turned = false
    if isOpen || measures.contains(where: { $0.volume < 0 }) {
      let inverted = try topology.inverted(in: mesh, badEdges, tree, run.slice(0.7...0.8))
      turned = inverted.contains(true)
      if turned {
        mesh = Mesh(
          unchecked: mesh.positions, triangles: zip(mesh.triangles, inverted).map { $1 ? $0.flipped : $0 })
        topology = try Topology(mesh, run.slice(0.8...0.8))
        tree = try BVH(mesh, run.slice(0.8...0.9))
      }
    }
    state = isOpen ? .open(badEdges: badEdges.count) : turned ? .insideOut : .solid
    winding = isOpen && shells.count > 1 ? try WindingNumber(mesh, tree, run.slice(0.9...0.9)) : nil
    scene = try WallScene(mesh, tree, topology, run.slice(0.9...1))
    run.report(1)
  }
}

extension WallGauge {
  /// Measures all pieces, dividing the surface where that tells more.
  func measure(_ surface: inout DividedSurface, _ run: RunContext) throws(MeshError) -> [PieceThickness] {
    try run.reserve(
      bytes: surface.triangles.count * DividedSurface.bytesPerPiece, for: "measuring the walls")
    var pieces = [PieceThickness](repeating: PieceThickness(), count: surface.triangles.count)
    try measure(Array(0..<UInt32(surface.triangles.count)), surface, &pieces, run)
    var done = 0.5
    run.report(done)
    while true {
      guard
        let old = try surface.divide(
          pieces.map { $0.wantsSplit }, longest: samplingDistance, run.slice(done...done))
      else { return pieces }
      var fresh: [UInt32] = []
      var next: [PieceThickness] = []
      next.reserveCapacity(old.count)
      for (i, o) in old.enumerated() {
        if o == DividedSurface.fresh {
          fresh.append(UInt32(i))
          next.append(PieceThickness())
        } else {
          next.append(pieces[Int(o)])
        }
      }
      pieces = next
      try measure(fresh, surface, &pieces, run)
      done += (1 - done) / 2
      run.report(done)
    }
  }

  private func measure(
    _ which: [UInt32], _ surface: DividedSurface, _ pieces: inout [PieceThickness], _ run: RunContext
  ) throws(MeshError) {
    let capacity = scene.tree.stackCapacity
    try pieces.withSharedElements { (pieces) throws(MeshError) in
      try run.forEachChunk(of: which.count, size: 512) { _, range in
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { stack in
          withUnsafePointer(to: self) { gauge in
            scene.withView(gap: gap) { view in
              for k in range {
                let i = Int(which[k])
                var probe = PieceProbe(
                  gauge, surface.corners(i), of: surface.sources[i], view, stack.baseAddress!)
                pieces[i] = probe?.measure() ?? PieceThickness()
              }
            }
          }
        }
      }
    }
  }
}

extension WallThicknessResult {
  /// Fills in what is counted piece by piece.
  fileprivate mutating func count(_ pieces: [PieceThickness]) {
    let perMinimum = 10
    let steps = perMinimum * Int(WallThicknessOptions.reach)
    var areas = [Double](repeating: 0, count: steps + 1)
    var least = Float.infinity
    for (i, piece) in pieces.enumerated() {
      let (a, b, c) = surface.corners(i)
      let origin = SIMD3<Double>(a)
      let area = length(cross(SIMD3<Double>(b) - origin, SIMD3<Double>(c) - origin)) / 2
      least = min(least, piece.least)
      if piece.isUnmeasured {
        unmeasuredArea += area
        unmeasured.append(UInt32(i))
      } else {
        let step = piece.middle / minimum * Float(perMinimum)
        areas[step < Float(steps) ? Int(step) : steps] += area
      }
    }
    histogram = areas.indices.map { i in
      HistogramBin(
        from: minimum * Float(i) / Float(perMinimum),
        to: i == steps ? .infinity : minimum * Float(i + 1) / Float(perMinimum), area: areas[i])
    }
    leastThickness = least < .infinity ? least : nil
  }
}
