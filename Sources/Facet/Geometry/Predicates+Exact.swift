// What the predicates fall back on when rounding could have changed the sign.

@inline(never)
func orient2dExactly(_ a: SIMD2<Float>, _ b: SIMD2<Float>, _ c: SIMD2<Float>) -> Int {
  let ux = Expansion(b.x, minus: a.x)
  let uy = Expansion(b.y, minus: a.y)
  let vx = Expansion(c.x, minus: a.x)
  let vy = Expansion(c.y, minus: a.y)
  return (ux * vy - uy * vx).sign
}

@inline(never)
func orient3dExactly(
  _ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>, _ d: SIMD3<Float>
) -> Int {
  if let sign = orient3dInIntegers(a, b, c, d) { return sign }
  return orient3dInExpansions(a, b, c, d)
}

/// The sign by 128-bit integers, or nil when the differences do not fit on one grid of 41 bits.
///
/// Points in one plane of a part fit nearly always, and this is ten times as fast as expansions.
func orient3dInIntegers(
  _ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>, _ d: SIMD3<Float>
) -> Int? {
  let a = SIMD3<Double>(a)
  let b = SIMD3<Double>(b)
  let c = SIMD3<Double>(c)
  let d = SIMD3<Double>(d)
  guard let u = exactDifference(b, a), let v = exactDifference(c, a), let w = exactDifference(d, a)
  else { return nil }
  let largest = max(
    abs(u.x), abs(u.y), abs(u.z), max(abs(v.x), abs(v.y), abs(v.z), max(abs(w.x), abs(w.y), abs(w.z))))
  if largest == 0 { return 0 }
  // Below 2^41 once scaled, so that six products of three stay below 2^126. A power of two scales exactly:
  // differences of Floats keep clear of both ends of Double's range.
  let scale = Double(sign: .plus, exponent: 40 - largest.exponent, significand: 1)
  guard let (ux, uy, uz) = integers(u, scale), let (vx, vy, vz) = integers(v, scale),
    let (wx, wy, wz) = integers(w, scale)
  else { return nil }
  let x = Int128(uy) * Int128(vz) - Int128(uz) * Int128(vy)
  let y = Int128(uz) * Int128(vx) - Int128(ux) * Int128(vz)
  let z = Int128(ux) * Int128(vy) - Int128(uy) * Int128(vx)
  return (Int128(wx) * x + Int128(wy) * y + Int128(wz) * z).signum().asInt
}

extension Int128 {
  fileprivate var asInt: Int { Int(truncatingIfNeeded: self) }
}

/// `a - b`, or nil when it has to be rounded.
@inline(__always)
private func exactDifference(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double>? {
  let difference = a - b
  // Knuth's two-sum: the rounding error of the difference.
  let back = a - difference
  let sum = difference + back
  let error = (back - b) + (a - sum)
  return error.x == 0 && error.y == 0 && error.z == 0 ? difference : nil
}

@inline(__always)
private func integers(_ v: SIMD3<Double>, _ scale: Double) -> (Int64, Int64, Int64)? {
  let x = v.x * scale
  let y = v.y * scale
  let z = v.z * scale
  let integers = (Int64(x), Int64(y), Int64(z))
  guard Double(integers.0) == x, Double(integers.1) == y, Double(integers.2) == z else { return nil }
  return integers
}

func orient3dInExpansions(
  _ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>, _ d: SIMD3<Float>
) -> Int {
  let ux = Expansion(b.x, minus: a.x)
  let uy = Expansion(b.y, minus: a.y)
  let uz = Expansion(b.z, minus: a.z)
  let vx = Expansion(c.x, minus: a.x)
  let vy = Expansion(c.y, minus: a.y)
  let vz = Expansion(c.z, minus: a.z)
  let x = Expansion(d.x, minus: a.x) * (uy * vz - uz * vy)
  let y = Expansion(d.y, minus: a.y) * (uz * vx - ux * vz)
  let z = Expansion(d.z, minus: a.z) * (ux * vy - uy * vx)
  return (x + y + z).sign
}

/// A number as the exact sum of doubles that do not overlap, least first, without zeros (Shewchuk 1997).
///
/// Products are split by Veltkamp and Dekker, so nothing depends on a fused multiply-add.
struct Expansion {
  private(set) var terms: [Double]

  /// The exact difference of two floats.
  init(_ a: Float, minus b: Float) {
    let (high, low) = twoSum(Double(a), -Double(b))
    terms = []
    if low != 0 { terms.append(low) }
    if high != 0 { terms.append(high) }
  }

  private init(terms: [Double]) { self.terms = terms }

  /// -1, 0 or 1: the largest term outweighs all others.
  var sign: Int {
    guard let last = terms.last else { return 0 }
    return last > 0 ? 1 : -1
  }

  static func + (a: Expansion, b: Expansion) -> Expansion {
    // The terms of both by magnitude, added up from the least; what is rounded off stays behind as a term.
    var result: [Double] = []
    result.reserveCapacity(a.terms.count + b.terms.count)
    var i = 0
    var j = 0
    var carry = 0.0
    while i < a.terms.count || j < b.terms.count {
      let next: Double
      if j == b.terms.count || (i < a.terms.count && abs(a.terms[i]) < abs(b.terms[j])) {
        next = a.terms[i]
        i += 1
      } else {
        next = b.terms[j]
        j += 1
      }
      let (high, low) = twoSum(carry, next)
      if low != 0 { result.append(low) }
      carry = high
    }
    if carry != 0 { result.append(carry) }
    return Expansion(terms: result)
  }

  static prefix func - (a: Expansion) -> Expansion {
    Expansion(terms: a.terms.map { -$0 })
  }

  static func - (a: Expansion, b: Expansion) -> Expansion { a + -b }

  static func * (a: Expansion, b: Expansion) -> Expansion {
    let (few, many) = a.terms.count < b.terms.count ? (a, b) : (b, a)
    var result = Expansion(terms: [])
    for factor in few.terms { result = result + many.scaled(by: factor) }
    return result
  }

  private func scaled(by factor: Double) -> Expansion {
    var result: [Double] = []
    result.reserveCapacity(terms.count * 2)
    var carry = 0.0
    for term in terms {
      let (productHigh, productLow) = twoProduct(term, factor)
      let (sum, low) = twoSum(carry, productLow)
      if low != 0 { result.append(low) }
      let (high, rest) = twoSum(productHigh, sum)
      if rest != 0 { result.append(rest) }
      carry = high
    }
    if carry != 0 { result.append(carry) }
    return Expansion(terms: result)
  }
}

/// The rounded sum and what was rounded off (Knuth).
@inline(__always)
private func twoSum(_ a: Double, _ b: Double) -> (high: Double, low: Double) {
  let high = a + b
  let bPart = high - a
  let aPart = high - bPart
  return (high, (a - aPart) + (b - bPart))
}

/// The rounded product and what was rounded off (Dekker).
@inline(__always)
private func twoProduct(_ a: Double, _ b: Double) -> (high: Double, low: Double) {
  let high = a * b
  let (aHigh, aLow) = halves(a)
  let (bHigh, bLow) = halves(b)
  let low = ((aHigh * bHigh - high) + aHigh * bLow + aLow * bHigh) + aLow * bLow
  return (high, low)
}

/// Two numbers of at most 26 bits that add up to `a` (Veltkamp).
@inline(__always)
private func halves(_ a: Double) -> (high: Double, low: Double) {
  let c = a * 134_217_729  // 2^27 + 1
  let high = c - (c - a)
  return (high, a - high)
}
