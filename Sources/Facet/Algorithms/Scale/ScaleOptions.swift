/// How a mesh is to be scaled.
public struct ScaleOptions: Sendable {
  /// What becomes how large.
  public var amount: Amount
  /// The point that stays where it is.
  public var anchor: Anchor

  public init(_ amount: Amount, about anchor: Anchor = .minimumCorner) {
    self.amount = amount
    self.anchor = anchor
  }

  public enum Amount: Sendable, Hashable {
    /// The model's size along `axis` becomes `millimetres`, above 0. The other axes stay as they are, or with
    /// `uniform` change by the same factor.
    case size(axis: Axis, millimetres: Double, uniform: Bool = false)
    /// Each axis by a factor of its own. A negative one mirrors; 0 is refused.
    case factors(SIMD3<Double>)

    /// All axes by one factor.
    public static func factor(_ factor: Double) -> Amount { .factors(SIMD3(repeating: factor)) }
  }

  /// The point that scaling leaves in place.
  public enum Anchor: Sendable, Hashable, CaseIterable {
    /// The corner of the bounding box with the least coordinates. Mirrored, the model ends in the same box.
    case minimumCorner
    /// The centre of the bounding box.
    case center
    /// The origin of the coordinates.
    case origin
  }
}

/// A scaled mesh, and by how much.
public struct ScaleResult: Sendable {
  public var mesh: Mesh
  /// The factor along each axis; negative where it was mirrored.
  public var factor: SIMD3<Double>
}
