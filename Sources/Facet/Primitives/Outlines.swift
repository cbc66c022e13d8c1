#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Counter-clockwise outlines in a plane, in millimetres, rounded once from double precision.

/// A regular polygon's corners on a circle; the first at `startDegrees`.
package func circleOutline(
  center: SIMD2<Double> = .zero, radius: Double, segments: Int, startDegrees: Double = 0
) -> [SIMD2<Float>] {
  (0..<segments).map { i in
    let angle = startDegrees * .pi / 180 + 2 * .pi * Double(i) / Double(segments)
    return SIMD2<Float>(SIMD2(center.x + radius * cos(angle), center.y + radius * sin(angle)))
  }
}

/// The points of an arc from `startDegrees` to `endDegrees`, both ends included.
package func arc(
  center: SIMD2<Double>, radius: Double, startDegrees: Double, endDegrees: Double, segments: Int
) -> [SIMD2<Float>] {
  (0...segments).map { i in
    let degrees = startDegrees + (endDegrees - startDegrees) * Double(i) / Double(segments)
    let angle = degrees * .pi / 180
    return SIMD2<Float>(SIMD2(center.x + radius * cos(angle), center.y + radius * sin(angle)))
  }
}

/// A spur gear's outline with involute flanks (pressure angle 20°, addendum 1 module, dedendum 1.25).
package func gearOutline(module: Double, teeth: Int) -> [SIMD2<Float>] {
  let pitch = module * Double(teeth) / 2
  let pressure = 20 * Double.pi / 180
  let base = pitch * cos(pressure)
  let (tip, root) = (pitch + module, pitch - 1.25 * module)
  // An involute from the base circle reaches radius r after turning by tan(φ) − φ, where cos φ = base / r.
  func turn(_ radius: Double) -> Double {
    let phi = acos(min(1, base / radius))
    return tan(phi) - phi
  }
  let halfToothAtBase = Double.pi / (2 * Double(teeth)) + turn(pitch)
  var flank: [(radius: Double, angle: Double)] = []
  if root < base { flank.append((root, -halfToothAtBase)) }
  let start = max(base, root)
  let steps = 5
  for i in 0...steps {
    let radius = start + (tip - start) * Double(i) / Double(steps)
    flank.append((radius, turn(radius) - halfToothAtBase))
  }
  var outline: [SIMD2<Float>] = []
  for tooth in 0..<teeth {
    let middle = 2 * Double.pi * Double(tooth) / Double(teeth)
    for (radius, angle) in flank + flank.reversed().map({ ($0.radius, -$0.angle) }) {
      let at = middle + angle
      outline.append(SIMD2<Float>(SIMD2(radius * cos(at), radius * sin(at))))
    }
  }
  return outline
}

/// The signed area that an outline encloses, mm²; positive when counter-clockwise.
package func enclosedArea(_ outline: [SIMD2<Float>]) -> Double {
  var twice = 0.0
  for i in outline.indices {
    let (p, q) = (SIMD2<Double>(outline[i]), SIMD2<Double>(outline[(i + 1) % outline.count]))
    twice += p.x * q.y - p.y * q.x
  }
  return twice / 2
}
