extension RepairState {
  /// The triangles that are left, in their order, the new ones last, with colours; vertices that none of them
  /// names are gone.
  ///
  /// - Throws: ``MeshError/cancelled``.
  consuming func finish(_ run: RunContext = .init()) throws(MeshError) -> Mesh {
    let (removed, isUsed) = try mesh.use(run)
    let colors = colors.map { colors in
      colors.taken(from: triangles.indices.filter { !isRemoved($0) }.map { source(of: $0) })
    }
    let left = takeTriangles().removing(removed)
    let mesh = Mesh(unchecked: positions, triangles: left, colors: colors)
    return isUsed.contains(false) ? mesh.keepingVertices(isUsed) : mesh
  }
}

extension [Triangle] {
  /// The same triangles in memory of their own, with room for more.
  func copied(room: Int, _ run: RunContext) throws(MeshError) -> [Triangle] {
    try [Triangle](filling: count, room: room) { (copy) throws(MeshError) in
      try run.forEachChunk(of: count, size: 1 << 16) { _, range in
        withUnsafeBufferPointer { own in
          (copy.base + range.lowerBound).initialize(
            from: own.baseAddress! + range.lowerBound, count: range.count)
        }
      }
    }
  }

  /// - Parameter indices: Ascending.
  fileprivate consuming func removing(_ indices: [UInt32]) -> [Triangle] {
    guard let first = indices.first else { return self }
    var end = Int(first)
    withUnsafeMutableBufferPointer { triangles in
      let base = triangles.baseAddress!
      for (i, f) in indices.enumerated() {
        let start = Int(f) + 1
        let next = i + 1 < indices.count ? Int(indices[i + 1]) : triangles.count
        (base + end).update(from: base + start, count: next - start)
        end += next - start
      }
    }
    removeSubrange(end...)
    return self
  }
}

extension Mesh {
  /// The triangles that name a vertex twice, ascending, and for each vertex whether another triangle names it.
  fileprivate func use(_ run: RunContext) throws(MeshError) -> (degenerate: [UInt32], isUsed: [Bool]) {
    // A worker has marks of its own: it writes the same ones over and over, mostly next to each other.
    let marks = Lock<[VertexMarks]>([])
    let count = positions.count
    let degenerate = try withView { (view) throws(MeshError) in
      let chunk = 1 << 15
      var found = [[UInt32]](repeating: [], count: (view.triangleCount + chunk - 1) / chunk)
      try found.withSharedElements { (found) throws(MeshError) in
        try run.forEachChunk(
          of: view.triangleCount, size: chunk,
          scratch: {
            let own = VertexMarks(count)
            marks.withLock { $0.append(own) }
            return own
          }
        ) { own, chunk, range in
          found[chunk] = view.use(of: range, own.isUsed)
        }
      }
      return found.flatMap { $0 }
    }
    var isUsed = [Bool](repeating: false, count: count)
    isUsed.withUnsafeMutableBufferPointer { isUsed in
      for own in marks.withLock({ $0 }) {
        for v in 0..<count where own.isUsed[v] { isUsed[v] = true }
      }
    }
    return (degenerate, isUsed)
  }
}

/// A mark for each vertex.
private final class VertexMarks: @unchecked Sendable {
  let isUsed: UnsafeMutablePointer<Bool>

  init(_ count: Int) {
    isUsed = .allocate(capacity: count)
    isUsed.initialize(repeating: false, count: count)
  }

  deinit { isUsed.deallocate() }
}

extension MeshView {
  fileprivate func use(of range: Range<Int>, _ isUsed: UnsafeMutablePointer<Bool>) -> [UInt32] {
    var degenerate: [UInt32] = []
    for f in range {
      let (a, b, c) = (corners[3 &* f], corners[3 &* f &+ 1], corners[3 &* f &+ 2])
      if a == b || b == c || c == a {
        degenerate.append(UInt32(truncatingIfNeeded: f))
        continue
      }
      isUsed[Int(a)] = true
      isUsed[Int(b)] = true
      isUsed[Int(c)] = true
    }
    return degenerate
  }
}
