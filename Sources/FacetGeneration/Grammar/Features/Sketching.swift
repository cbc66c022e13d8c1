/// The tools of features, as CadQuery expressions.
enum Sketching {
  static func plane(_ face: Face, above: Double = 0) -> String {
    "cq.Workplane(cq.Plane(origin=\(Figure.tuple(face.origin + face.normal * above)), "
      + "xDir=\(Figure.tuple(face.u)), normal=\(Figure.tuple(face.normal))))"
  }

  static func points(_ points: [SIMD2<Double>]) -> String {
    points == [.zero]
      ? "" : ".pushPoints([" + points.map { Figure.tuple([$0.x, $0.y]) }.joined(separator: ", ") + "])"
  }

  /// The axis that a face looks along, as edge selectors name it.
  static func axis(_ face: Face) -> String {
    abs(face.normal.x) > 0.5 ? "X" : abs(face.normal.y) > 0.5 ? "Y" : "Z"
  }
}
