// Small helpers for vectors whose lanes are boxes or triangles. Written so that each compiles to a few SSE2
// instructions; the standard library's `min`, `max`, `any` and `all` go lane by lane. So do comparisons with
// `SIMD8(repeating: x)`, which took half of a search for the closest triangle; those with `x` itself do not.

// In halves: on four lanes `replacing` is one instruction, on eight it is seven for each half, whatever the
// processor. Where there are registers for eight, the compiler joins the halves again.
@inline(__always)
func lesser(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  SIMD8(lowHalf: lesser(a.lowHalf, b.lowHalf), highHalf: lesser(a.highHalf, b.highHalf))
}

@inline(__always)
func greater(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  SIMD8(lowHalf: greater(a.lowHalf, b.lowHalf), highHalf: greater(a.highHalf, b.highHalf))
}

/// As ``lesser``, whole: what the compiler does best for one after another of such, and with AVX half the work. By
/// itself, or against zero, the halves are better.
@inline(__always)
func lesserInChain(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  a.replacing(with: b, where: b .< a)
}

@inline(__always)
func greaterInChain(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
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

/// Bit `8 i` is set where lane `i` is true: two instructions, where packing the bits takes eight.
@inline(__always)
func spreadBits(_ mask: SIMDMask<SIMD8<Int32>>) -> UInt64 {
  let bytes = SIMD8<Int8>(truncatingIfNeeded: unsafeBitCast(mask, to: SIMD8<Int32>.self))
  return unsafeBitCast(bytes, to: UInt64.self) & 0x0101_0101_0101_0101
}

/// Four vectors, a lane each.
struct Lanes3 {
  let x: SIMD4<Float>
  let y: SIMD4<Float>
  let z: SIMD4<Float>

  @inline(__always)
  init(x: SIMD4<Float>, y: SIMD4<Float>, z: SIMD4<Float>) {
    self.x = x
    self.y = y
    self.z = z
  }

  @inline(__always)
  init(_ p0: SIMD3<Float>, _ p1: SIMD3<Float>, _ p2: SIMD3<Float>, _ p3: SIMD3<Float>) {
    x = SIMD4(p0.x, p1.x, p2.x, p3.x)
    y = SIMD4(p0.y, p1.y, p2.y, p3.y)
    z = SIMD4(p0.z, p1.z, p2.z, p3.z)
  }

  @inline(__always)
  init(
    _ i0: UInt32, _ i1: UInt32, _ i2: UInt32, _ i3: UInt32, _ positions: UnsafeBufferPointer<SIMD3<Float>>
  ) {
    let base = UnsafeRawPointer(positions.baseAddress!)
    let p0 = (base + Int(i0) * 16).load(as: SIMD4<Float>.self)
    let p1 = (base + Int(i1) * 16).load(as: SIMD4<Float>.self)
    let p2 = (base + Int(i2) * 16).load(as: SIMD4<Float>.self)
    let p3 = (base + Int(i3) * 16).load(as: SIMD4<Float>.self)
    x = SIMD4(p0.x, p1.x, p2.x, p3.x)
    y = SIMD4(p0.y, p1.y, p2.y, p3.y)
    z = SIMD4(p0.z, p1.z, p2.z, p3.z)
  }

  @inline(__always)
  static func - (a: Lanes3, b: Lanes3) -> Lanes3 { Lanes3(x: a.x - b.x, y: a.y - b.y, z: a.z - b.z) }

  @inline(__always)
  static func - (a: Lanes3, b: SIMD3<Float>) -> Lanes3 { Lanes3(x: a.x - b.x, y: a.y - b.y, z: a.z - b.z) }

  @inline(__always)
  subscript(lane: Int) -> SIMD3<Float> { SIMD3(x[lane], y[lane], z[lane]) }

  @inline(__always)
  var squared: SIMD4<Float> { x * x + y * y + z * z }

  /// The sums of the coordinates without their signs.
  @inline(__always)
  var taxicab: SIMD4<Float> { magnitude(x) + magnitude(y) + magnitude(z) }

  @inline(__always)
  func dot(_ b: Lanes3) -> SIMD4<Float> { x * b.x + y * b.y + z * b.z }

  @inline(__always)
  func dot(_ b: SIMD3<Float>) -> SIMD4<Float> { x * b.x + y * b.y + z * b.z }

  @inline(__always)
  func cross(_ b: Lanes3) -> Lanes3 {
    Lanes3(x: y * b.z - z * b.y, y: z * b.x - x * b.z, z: x * b.y - y * b.x)
  }
}
