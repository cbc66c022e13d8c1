extension Mesh {
  /// The mesh of the triangles for which `isKept` holds, in their order, with their colours. Vertices stay,
  /// also those that no triangle names any more.
  package func keeping(_ isKept: (Int) -> Bool) -> Mesh {
    var kept: [UInt32] = []
    kept.reserveCapacity(triangles.count)
    for i in triangles.indices where isKept(i) { kept.append(UInt32(i)) }
    if kept.count == triangles.count { return self }
    return Mesh(
      unchecked: positions, triangles: kept.map { triangles[Int($0)] },
      colors: colors?.taken(from: kept))
  }

  /// The mesh without vertices that no triangle names; the others keep their order.
  package func withoutUnusedVertices() -> Mesh {
    var isUsed = [Bool](repeating: false, count: positions.count)
    isUsed.withUnsafeMutableBufferPointer { isUsed in
      for t in triangles {
        isUsed[Int(t.a)] = true
        isUsed[Int(t.b)] = true
        isUsed[Int(t.c)] = true
      }
    }
    return isUsed.contains(false) ? keepingVertices(isUsed) : self
  }

  /// The mesh without the vertices for which `isKept` does not hold, none of which is named by a triangle; the
  /// others keep their order.
  func keepingVertices(_ isKept: [Bool]) -> Mesh {
    var renamed = [UInt32](repeating: .max, count: positions.count)
    var kept: [SIMD3<Float>] = []
    kept.reserveCapacity(positions.count)
    for v in positions.indices where isKept[v] {
      renamed[v] = UInt32(kept.count)
      kept.append(positions[v])
    }
    return Mesh(
      unchecked: kept,
      triangles: triangles.map { Triangle(renamed[Int($0.a)], renamed[Int($0.b)], renamed[Int($0.c)]) },
      colors: colors)
  }
}

extension FacetColors {
  /// The colours of facets made of these ones: for each its source, or ``noSource`` for one that has none and
  /// gets the part's colour.
  package func taken(from sources: [UInt32]) -> FacetColors {
    let plain: UInt16 =
      switch convention {
      case .visCAM: 0
      case .magics: 0x8000
      }
    return FacetColors(
      convention: convention, partColor: partColor,
      attributes: sources.map { $0 == FacetColors.noSource ? plain : attributes[Int($0)] })
  }

  package static let noSource = UInt32.max
}
