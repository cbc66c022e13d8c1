/// Three vertex indices, counter-clockwise seen from outside. 12 bytes.
///
/// Corner `k` of triangle `f` is half-edge `3 * f + k`: it starts at that corner and runs to the next one.
public struct Triangle: Sendable, Hashable, BitwiseCopyable {
  public var a: UInt32
  public var b: UInt32
  public var c: UInt32

  @inline(__always)
  public init(_ a: UInt32, _ b: UInt32, _ c: UInt32) {
    self.a = a
    self.b = b
    self.c = c
  }

  /// The vertex of corner 0, 1 or 2.
  @inline(__always)
  public subscript(corner: Int) -> UInt32 {
    switch corner {
    case 0: a
    case 1: b
    default: c
    }
  }

  /// Whether two corners are the same vertex: such a triangle has no area and no normal.
  public var isDegenerate: Bool { a == b || b == c || c == a }

  /// The same triangle seen from the other side.
  public var flipped: Triangle { Triangle(a, c, b) }
}
