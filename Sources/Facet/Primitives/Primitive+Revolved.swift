#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Primitive {
  /// The solid that a profile of (radius, z) points draws around the z axis, in flat segments.
  ///
  /// The outside is to the right of the profile's direction: an outer wall goes up. A profile that is not
  /// `closed` starts and ends on the axis (radius 0).
  package static func revolved(
    _ profile: [SIMD2<Double>], closed: Bool = false, segments: Int
  ) -> Mesh {
    precondition(segments >= 3 && profile.count >= 3)
    precondition(closed || (profile.first!.x == 0 && profile.last!.x == 0))
    var positions: [SIMD3<Float>] = []
    // The vertices of each profile point: one on the axis, `segments` elsewhere.
    var rings: [(first: UInt32, count: Int)] = []
    for point in profile {
      let first = UInt32(positions.count)
      if point.x == 0 {
        positions.append(SIMD3(0, 0, Float(point.y)))
        rings.append((first, 1))
        continue
      }
      precondition(point.x > 0)
      for j in 0..<segments {
        let angle = 2 * Double.pi * Double(j) / Double(segments)
        positions.append(
          SIMD3(Float(point.x * cos(angle)), Float(point.x * sin(angle)), Float(point.y)))
      }
      rings.append((first, segments))
    }
    var triangles: [Triangle] = []
    for i in 0..<(closed ? profile.count : profile.count - 1) {
      let (low, high) = (rings[i], rings[(i + 1) % rings.count])
      for j in 0..<segments {
        let k = (j + 1) % segments
        let a = low.first + UInt32(j % low.count)
        let b = low.first + UInt32(k % low.count)
        let c = high.first + UInt32(k % high.count)
        let d = high.first + UInt32(j % high.count)
        if a != b { triangles.append(Triangle(a, b, c)) }
        if c != d { triangles.append(Triangle(a, c, d)) }
      }
    }
    return Mesh(unchecked: positions, triangles: triangles)
  }

  /// The exact volume (mm³) of ``revolved(_:closed:segments:)``: every level is a regular polygon.
  package static func revolvedVolume(
    _ profile: [SIMD2<Double>], closed: Bool = false, segments: Int
  ) -> Double {
    var sum = 0.0
    for i in 0..<(closed ? profile.count : profile.count - 1) {
      let (p, q) = (profile[i], profile[(i + 1) % profile.count])
      sum += (p.x * p.x + p.x * q.x + q.x * q.x) * (q.y - p.y) / 3
    }
    return sum * Double(segments) / 2 * sin(2 * .pi / Double(segments))
  }

  /// The exact area (mm²) of ``revolved(_:closed:segments:)``: every piece is a flat trapezium.
  package static func revolvedArea(
    _ profile: [SIMD2<Double>], closed: Bool = false, segments: Int
  ) -> Double {
    let half = Double.pi / Double(segments)
    var sum = 0.0
    for i in 0..<(closed ? profile.count : profile.count - 1) {
      let (p, q) = (profile[i], profile[(i + 1) % profile.count])
      let (run, rise) = ((q.x - p.x) * cos(half), q.y - p.y)
      sum += (p.x + q.x) * sin(half) * (run * run + rise * rise).squareRoot()
    }
    return sum * Double(segments)
  }
}
