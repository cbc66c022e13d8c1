/// A point or direction in millimetres; stored with 16 bytes, computed on in registers.
public typealias Point = SIMD3<Float>

@inline(__always)
package func dot(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float {
  a.x * b.x + a.y * b.y + a.z * b.z
}

@inline(__always)
package func cross(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

@inline(__always)
package func length(_ a: SIMD3<Float>) -> Float { dot(a, a).squareRoot() }

@inline(__always)
package func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
  a.x * b.x + a.y * b.y + a.z * b.z
}

@inline(__always)
package func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

@inline(__always)
package func length(_ a: SIMD3<Double>) -> Double { dot(a, a).squareRoot() }

/// The lanewise lesser of two vectors. `replacing` compiles to one compare and one blend, where the
/// standard library's `pointwiseMin` goes lane by lane.
@inline(__always)
package func lesser(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
  a.replacing(with: b, where: b .< a)
}

@inline(__always)
package func greater(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
  a.replacing(with: b, where: b .> a)
}

extension SIMD3<Float> {
  /// The vector of length 1 in this direction, or zero for the zero vector.
  package var normalized: SIMD3<Float> {
    let l = length(self)
    return l > 0 ? self / l : .zero
  }

  package var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}

extension SIMD3<Double> {
  package var normalized: SIMD3<Double> {
    let l = length(self)
    return l > 0 ? self / l : .zero
  }
}
