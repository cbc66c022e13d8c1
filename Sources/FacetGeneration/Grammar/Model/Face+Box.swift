extension Face {
  /// The six faces of the box between two corners. As seen from outside, u points to the right and v upwards; on top
  /// and below, v points to the back.
  static func box(_ low: SIMD3<Double>, _ high: SIMD3<Double>) -> [FaceName: Face] {
    let middle = (low + high) / 2
    let half = (high - low) / 2
    func face(
      _ name: FaceName, _ origin: SIMD3<Double>, _ u: SIMD3<Double>, _ v: SIMD3<Double>,
      _ outline: SIMD2<Double>,
      _ depth: Double, _ edges: [Direction: SIMD2<Double>]
    ) -> Face {
      Face(
        name: "\(name.rawValue) face", origin: origin, u: u, v: v, outline: .rectangle(outline), depth: depth,
        edges: edges)
    }
    let sides: [Direction: SIMD2<Double>] = [
      .top: [0, 1], .bottom: [0, -1], .left: [-1, 0], .right: [1, 0],
    ]
    return [
      .top: face(
        .top, [middle.x, middle.y, high.z], [1, 0, 0], [0, 1, 0], [half.x, half.y], 2 * half.z,
        [
          .left: [-1, 0], .right: [1, 0], .front: [0, -1], .back: [0, 1], .bottom: [0, -1], .top: [0, 1],
        ]),
      .bottom: face(
        .bottom, [middle.x, middle.y, low.z], [-1, 0, 0], [0, 1, 0], [half.x, half.y], 2 * half.z,
        [.left: [1, 0], .right: [-1, 0], .front: [0, -1], .back: [0, 1]]),
      .front: face(
        .front, [middle.x, low.y, middle.z], [1, 0, 0], [0, 0, 1], [half.x, half.z], 2 * half.y, sides),
      .back: face(
        .back, [middle.x, high.y, middle.z], [-1, 0, 0], [0, 0, 1], [half.x, half.z], 2 * half.y,
        [.top: [0, 1], .bottom: [0, -1], .left: [1, 0], .right: [-1, 0]]),
      .left: face(
        .left, [low.x, middle.y, middle.z], [0, -1, 0], [0, 0, 1], [half.y, half.z], 2 * half.x,
        [.top: [0, 1], .bottom: [0, -1], .front: [1, 0], .back: [-1, 0]]),
      .right: face(
        .right, [high.x, middle.y, middle.z], [0, 1, 0], [0, 0, 1], [half.y, half.z], 2 * half.x,
        [.top: [0, 1], .bottom: [0, -1], .front: [-1, 0], .back: [1, 0]]),
    ]
  }

  /// The faces of an upright cylinder: its ends, and its side as seen from each direction.
  static func cylinder(radius: Double, height: Double, inner: Double = 0) -> [FaceName: Face] {
    var faces = box([-radius, -radius, 0], [radius, radius, height])
    for name in [FaceName.top, .bottom] {
      faces[name]!.outline = inner > 0 ? .annulus(inner: inner, outer: radius) : .disc(radius: radius)
    }
    for name in [FaceName.front, .back, .left, .right] { faces[name]!.isCurved = true }
    return faces
  }
}
