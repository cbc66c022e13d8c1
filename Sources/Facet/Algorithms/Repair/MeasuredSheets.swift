/// The sheets of a surface, pieces that hold together over edges of two triangles that agree about the outside,
/// with their measures; kept up to date through changes that part none of them.
struct MeasuredSheets: Sendable {
  private(set) var sheets: Shells
  /// Volumes about ``origin``.
  private(set) var measures: [Measures]
  let origin: SIMD3<Double>

  var count: Int { sheets.count }

  /// Of all sheets, mm³.
  var volume: Double { measures.reduce(0) { $0 + $1.volume } }

  init(_ mesh: Mesh, _ topology: Topology, _ run: RunContext) throws(MeshError) {
    origin = mesh.measureOrigin
    sheets = try topology.shells(BadEdges(boundary: [], nonManifold: [], nonManifoldStarts: [0]), run)
    measures = try mesh.measured(sheets, run)
  }

  /// The triangles of some sheets, ascending.
  func triangles(of isMeant: [Bool], _ run: RunContext) throws(MeshError) -> [UInt32] {
    try run.mapChunks(of: sheets.ofTriangle.count, size: 1 << 16) { _, range in
      sheets.ofTriangle.withUnsafeBufferPointer { sheets in
        isMeant.withUnsafeBufferPointer { isMeant in
          var found: [UInt32] = []
          for f in range where sheets[f] != Shells.none && isMeant[Int(sheets[f])] {
            found.append(UInt32(truncatingIfNeeded: f))
          }
          return found
        }
      }
    }.flatMap { $0 }
  }

  /// Accounts for whole sheets having been turned over.
  mutating func turn(_ isTurned: [Bool]) {
    for sheet in measures.indices where isTurned[sheet] { measures[sheet].volume.negate() }
  }

  /// Joins sheets that have become neighbours, and takes up triangles that were added at the end.
  ///
  /// - Parameters:
  ///   - changed: All triangles that have new neighbours, or their neighbours; those that were there hold
  ///     together as before.
  ///   - topology: Of the mesh as it is now.
  mutating func join(
    along changed: [UInt32], _ mesh: Mesh, _ topology: Topology, _ run: RunContext
  ) throws(MeshError) {
    let (old, oldCount) = (sheets.ofTriangle.count, count)
    let all = mesh.triangles.count
    var sets = DisjointSets(count: oldCount + all - old)
    func own(_ f: Int) -> UInt32 { f < old ? sheets.ofTriangle[f] : UInt32(oldCount + f - old) }
    for (i, f) in changed.enumerated() where !mesh.triangles[Int(f)].isDegenerate {
      if i & 0xFFFF == 0 { try run.checkCancellation() }
      for h in 3 * Int(f)..<3 * Int(f) + 3 where topology.hasTwin(h) {
        sets.join(own(Int(f)), own(Int(topology.twin[h] / 3)))
      }
    }
    for f in old..<all where !mesh.triangles[f].isDegenerate {
      measures.append(mesh.measures(of: f, about: origin))
    }

    // A set's root has its first triangle, so roots in order are sheets in order.
    var number = [UInt32](repeating: Shells.none, count: sets.count)
    var joined: [Measures] = []
    var next = oldCount
    for i in number.indices {
      if i >= oldCount && mesh.triangles[old + i - oldCount].isDegenerate { continue }
      let root = Int(sets.root(UInt32(i)))
      if root == i {
        number[i] = UInt32(joined.count)
        joined.append(Measures())
      }
      number[i] = number[root]
      joined[Int(number[i])].add(measures[i < oldCount ? i : next])
      if i >= oldCount { next += 1 }
    }
    measures = joined
    let before = sheets.ofTriangle
    let labels = try [UInt32](filling: all) { (labels) throws(MeshError) in
      try run.forEachChunk(of: all, size: 1 << 16) { _, range in
        before.withUnsafeBufferPointer { before in
          number.withUnsafeBufferPointer { number in
            for f in range {
              let sheet = f < old ? before[f] : UInt32(truncatingIfNeeded: oldCount &+ f &- old)
              labels[f] = sheet == Shells.none ? sheet : number[Int(sheet)]
            }
          }
        }
      }
    }
    sheets = Shells(ofTriangle: labels, count: joined.count)
  }
}

extension Mesh {
  /// The measures of one triangle.
  fileprivate func measures(of f: Int, about origin: SIMD3<Double>) -> Measures {
    let (a, b, c) = corners(f)
    var bounds = Box.empty
    for p in [a, b, c] { bounds.formUnion(p) }
    let p = SIMD3<Double>(a)
    let normal = cross(SIMD3<Double>(b) - p, SIMD3<Double>(c) - p)
    return Measures(area: length(normal) / 2, volume: dot(p - origin, normal) / 6, bounds: bounds)
  }
}
