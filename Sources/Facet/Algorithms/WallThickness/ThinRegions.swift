// Thin triangles make up a region when they share an edge or are the two sides of one wall.

/// Gathers the pieces that are, or may be, too thin. Pieces of specks, which are no walls, forget their thickness.
func thinRegions(
  _ surface: DividedSurface, _ pieces: inout [PieceThickness], limit: Double, samplingDistance: Float,
  _ run: RunContext
) throws(MeshError) -> [ThinRegion] {
  var members: [UInt32] = []
  for i in pieces.indices where Double(pieces[i].lower) < limit { members.append(UInt32(i)) }
  if members.isEmpty { return [] }
  let thin = Mesh(
    unchecked: surface.positions, triangles: members.map { surface.triangles[Int($0)] }
  ).withoutUnusedVertices()
  var sets = DisjointSets(count: members.count)
  let topology = try Topology(thin, run.slice(0...0.3))
  for h in topology.twin.indices where topology.hasTwin(h) {
    sets.join(UInt32(h / 3), topology.twin[h] / 3)
  }
  let tree = try BVH(thin, run.slice(0.3...0.5))
  let opposite = try run.mapChunks(of: members.count, size: 1024) { _, range in
    range.map { i -> UInt32 in
      let piece = pieces[Int(members[i])]
      guard Double(piece.least) < limit else { return UInt32(i) }
      let nearest = tree.closestPoint(thin, to: SIMD3(piece.opposite), within: samplingDistance)
      return nearest.map { UInt32($0.triangle) } ?? UInt32(i)
    }
  }
  for (i, other) in opposite.joined().enumerated() { sets.join(UInt32(i), other) }

  var regionOf = [UInt32](repeating: .max, count: members.count)
  var regions: [ThinRegion] = []
  for (i, member) in members.enumerated() {
    let root = Int(sets.root(UInt32(i)))
    if root == i {
      regionOf[i] = UInt32(regions.count)
      regions.append(
        ThinRegion(
          place: .zero, bounds: .empty, area: 0, leastThickness: .infinity, lowerBound: .infinity,
          upperBound: .infinity, isCertain: false))
    }
    let (a, b, c) = surface.corners(Int(member))
    regions[Int(regionOf[root])].add(pieces[Int(member)], (a, b, c), limit)
  }
  // A speck is no wall, and what is smaller than the sampling resolves is not certain.
  let isSpeck = regions.map { $0.isCertain && $0.area < Tolerances.wallSpeck * limit * limit }
  for (i, member) in members.enumerated() where isSpeck[Int(regionOf[Int(sets.root(UInt32(i)))])] {
    pieces[Int(member)] = PieceThickness()
  }
  regions = zip(regions, isSpeck).filter { !$1 }.map { $0.0 }
  let least = Double(samplingDistance) * Double(samplingDistance)
  for i in regions.indices where regions[i].area < least { regions[i].isCertain = false }
  return regions.sorted {
    ($0.isCertain ? 0 : 1, $0.leastThickness) < ($1.isCertain ? 0 : 1, $1.leastThickness)
  }
}

extension ThinRegion {
  fileprivate mutating func add(
    _ piece: PieceThickness, _ corners: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ limit: Double
  ) {
    for p in [corners.0, corners.1, corners.2] { bounds.formUnion(p) }
    area += Double(piece.thinArea)
    lowerBound = min(lowerBound, piece.lower)
    upperBound = min(upperBound, piece.least)
    let pieceIsCertain = Double(piece.least) < limit
    if isCertain && !pieceIsCertain { return }
    // A certain place goes before one that only may be thin.
    let least = pieceIsCertain ? piece.least : piece.lower
    if isCertain != pieceIsCertain || least < leastThickness {
      leastThickness = least
      place = SIMD3(piece.place)
    }
    isCertain = pieceIsCertain
  }
}

extension SIMD3<Float> {
  fileprivate init(_ p: (Float, Float, Float)) { self.init(p.0, p.1, p.2) }
}
