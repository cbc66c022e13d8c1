extension Decimation {
  /// The triangles that have changed since the last examination and cross another one, or are crossed by these.
  func crossingChanges(_ run: RunContext) throws(MeshError) -> [Int] {
    let mesh = mesh
    let there = (0..<mesh.triangleCount).filter { !mesh.isGone($0) }
    let changed = there.filter { mesh.isChanged($0) }
    if changed.isEmpty { return [] }
    var chosen = there
    if changed.count * 4 < there.count {
      // These, and what their boxes meet.
      let tree = try BVH(part(changed), run.slice(0...0.2))
      let parts = try run.mapChunks(of: there.count, size: 16384) { _, range in
        var stack: [UInt32] = []
        return there[range].filter { f in
          let (a, b, c) = mesh.corners(f)
          let box = Box(minimum: lesser(lesser(a, b), c), maximum: greater(greater(a, b), c))
          return tree.touches(box, &stack)
        }
      }
      chosen = parts.flatMap { $0 }
    }
    let part = part(chosen)
    let tree = try BVH(part, run.slice(0.2...0.5))
    return try part.selfIntersections(tree, run.slice(0.5...1)).triangles.map { chosen[Int($0)] }
  }

  /// Some triangles as a mesh.
  private func part(_ chosen: [Int]) -> Mesh {
    var name = [UInt32](repeating: .max, count: mesh.vertexCount)
    var positions: [SIMD3<Float>] = []
    let triangles = chosen.map { f in
      func named(_ k: Int) -> UInt32 {
        let v = Int(mesh.corner[3 * f + k])
        if name[v] == .max {
          name[v] = UInt32(positions.count)
          positions.append(mesh.vertex[v].position)
        }
        return name[v]
      }
      return Triangle(named(0), named(1), named(2))
    }
    return Mesh(unchecked: positions, triangles: triangles)
  }

  /// Of the triangles that have changed those that are as they were in the source and cross another there: they stay
  /// so, and their vertices are locked.
  func crossingOriginals(_ run: RunContext) throws(MeshError) -> [Int] {
    let originals = try crossingChanges(run).filter { isOriginal($0) }
    for f in originals {
      for k in 0..<3 { mesh.vertex[Int(mesh.corner[3 * f + k])].kind.insert(.locked) }
    }
    return originals
  }

  /// Whether a triangle that is there is the one of the source.
  func isOriginal(_ f: Int) -> Bool {
    let t = order.corners[f]
    return (0..<3).allSatisfy { k in
      mesh.corner[3 * f + k] == t[k] && mesh.vertex[Int(t[k])].position == position(t[k])
    }
  }
}
