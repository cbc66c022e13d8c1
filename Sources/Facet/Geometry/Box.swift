/// An axis-aligned box in millimetres. The empty box has `minimum` above `maximum`.
public struct Box: Sendable, Hashable {
  public var minimum: SIMD3<Float>
  public var maximum: SIMD3<Float>

  public init(minimum: SIMD3<Float>, maximum: SIMD3<Float>) {
    self.minimum = minimum
    self.maximum = maximum
  }

  /// The box that holds nothing: the neutral element of `union`.
  public static var empty: Box {
    Box(minimum: SIMD3(repeating: .infinity), maximum: SIMD3(repeating: -.infinity))
  }

  public var isEmpty: Bool { any(minimum .> maximum) }

  /// Width, depth and height in millimetres; zero for the empty box.
  public var size: SIMD3<Float> { isEmpty ? .zero : maximum - minimum }

  public var center: SIMD3<Float> { (minimum + maximum) * 0.5 }

  /// The length of the space diagonal in millimetres, in double precision so that it cannot overflow.
  public var diagonal: Double {
    isEmpty ? 0 : length(SIMD3<Double>(maximum) - SIMD3<Double>(minimum))
  }

  @inline(__always)
  public mutating func formUnion(_ point: SIMD3<Float>) {
    minimum = lesser(minimum, point)
    maximum = greater(maximum, point)
  }

  @inline(__always)
  public mutating func formUnion(_ other: Box) {
    minimum = lesser(minimum, other.minimum)
    maximum = greater(maximum, other.maximum)
  }

  /// Whether the two boxes share at least a point; boxes that only touch do.
  @inline(__always)
  public func intersects(_ other: Box) -> Bool {
    all(minimum .<= other.maximum) && all(other.minimum .<= maximum)
  }

  public func contains(_ point: SIMD3<Float>) -> Bool {
    all(minimum .<= point) && all(point .<= maximum)
  }
}
