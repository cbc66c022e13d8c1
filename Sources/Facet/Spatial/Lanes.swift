// Small helpers for vectors whose lanes are boxes or triangles. Written so that each compiles to a few SSE2
// instructions; the standard library's `min`, `max`, `any` and `all` go lane by lane.

@inline(__always)
func lesser(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  a.replacing(with: b, where: b .< a)
}

@inline(__always)
func greater(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  a.replacing(with: b, where: b .> a)
}

@inline(__always)
func lesser(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> {
  a.replacing(with: b, where: b .< a)
}

@inline(__always)
func greater(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> {
  a.replacing(with: b, where: b .> a)
}

/// The lanes without their sign.
@inline(__always)
func magnitude(_ a: SIMD4<Float>) -> SIMD4<Float> {
  let bits = unsafeBitCast(a, to: SIMD4<UInt32>.self) & SIMD4(repeating: 0x7fff_ffff)
  return unsafeBitCast(bits, to: SIMD4<Float>.self)
}

/// Bit `i` is set where lane `i` is true.
@inline(__always)
func bits(_ mask: SIMDMask<SIMD4<Int32>>) -> UInt32 {
  let weighted = unsafeBitCast(mask, to: SIMD4<UInt32>.self) & SIMD4(1, 2, 4, 8)
  let pairs = unsafeBitCast(weighted, to: SIMD2<UInt64>.self)
  let both = pairs.x | pairs.y
  return UInt32(truncatingIfNeeded: both | both >> 32)
}

/// Bit `i` is set where lane `i` is true.
@inline(__always)
func bits(_ mask: SIMDMask<SIMD8<Int32>>) -> UInt32 {
  let weighted =
    unsafeBitCast(mask, to: SIMD8<UInt32>.self) & SIMD8(1, 2, 4, 8, 16, 32, 64, 128)
  let half = weighted.lowHalf | weighted.highHalf
  let pairs = unsafeBitCast(half, to: SIMD2<UInt64>.self)
  let both = pairs.x | pairs.y
  return UInt32(truncatingIfNeeded: both | both >> 32)
}
