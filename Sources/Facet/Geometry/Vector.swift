/// A point or direction in millimetres; stored with 16 bytes, computed on in registers.
public typealias Point = SIMD3<Float>

@inlinable @inline(__always)
package func dot(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float {
  a.x * b.x + a.y * b.y + a.z * b.z
}

@inlinable @inline(__always)
package func cross(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

@inlinable @inline(__always)
package func length(_ a: SIMD3<Float>) -> Float { dot(a, a).squareRoot() }

@inlinable @inline(__always)
package func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
  a.x * b.x + a.y * b.y + a.z * b.z
}

@inlinable @inline(__always)
package func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

@inlinable @inline(__always)
package func length(_ a: SIMD3<Double>) -> Double { dot(a, a).squareRoot() }

/// The lanewise lesser of two vectors; of equal or unordered lanes `a`'s.
///
/// Goes through four lanes, where `replacing` is a compare and a blend; on three it branches lane by lane, as
/// `pointwiseMin` does on any.
@inlinable @inline(__always)
package func lesser(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
  // A vector of three is stored as four; what the fourth lane holds stays in the fourth lane.
  let (a4, b4) = (unsafeBitCast(a, to: SIMD4<Float>.self), unsafeBitCast(b, to: SIMD4<Float>.self))
  return unsafeBitCast(a4.replacing(with: b4, where: b4 .< a4), to: SIMD3<Float>.self)
}

@inlinable @inline(__always)
package func greater(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
  let (a4, b4) = (unsafeBitCast(a, to: SIMD4<Float>.self), unsafeBitCast(b, to: SIMD4<Float>.self))
  return unsafeBitCast(a4.replacing(with: b4, where: b4 .> a4), to: SIMD3<Float>.self)
}

extension SIMD3<Float> {
  /// The vector of length 1 in this direction, or zero for the zero vector.
  @inlinable
  package var normalized: SIMD3<Float> {
    let l = length(self)
    return l > 0 ? self / l : .zero
  }

  @inlinable
  package var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}

extension SIMD3<Double> {
  @inlinable
  package var normalized: SIMD3<Double> {
    let l = length(self)
    return l > 0 ? self / l : .zero
  }
}
