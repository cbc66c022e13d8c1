/// How a part is to be made, and what it has to be once it is made.
public struct Plan: Sendable, Hashable {
  /// A CadQuery program. It leaves the part in `result`: a `Workplane`, a `Shape` or an `Assembly`, in mm.
  public var program: String
  public var expectation: Expectation
  /// What a language model counted; 0 without one.
  public var tokensUsed: Int

  public init(program: String, expectation: Expectation = Expectation(), tokensUsed: Int = 0) {
    self.program = program
    self.expectation = expectation
    self.tokensUsed = tokensUsed
  }
}

/// What is known of a part before it is made; nil for what the planner does not know.
public struct Expectation: Sendable, Hashable {
  /// The extent along x, y and z, in mm.
  public var size: SIMD3<Double>?
  /// Handles of the surface, over all parts: each through hole is one, a tube's bore too.
  public var throughHoles: Int?
  /// Closed surfaces: one for a part, one more for each cavity and each further part.
  public var shells: Int?

  public init(size: SIMD3<Double>? = nil, throughHoles: Int? = nil, shells: Int? = nil) {
    self.size = size
    self.throughHoles = throughHoles
    self.shells = shells
  }
}
