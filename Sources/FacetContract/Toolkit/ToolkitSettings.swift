/// What the operator decides. The defaults are the documented values.
public struct ToolkitSettings: Sendable, Hashable {
  /// The address in the text of code 11; nil when there is nobody to write to.
  public var contact: String?
  /// A model of more triangles is code 201.
  public var maximumTriangles: Int
  /// The largest dimension (mm) that the wall thickness analysis takes; a larger one is code 302.
  public var maximumDimensionMm: Double

  public init(
    contact: String? = nil, maximumTriangles: Int = ToolkitLimits.triangles,
    maximumDimensionMm: Double = ToolkitLimits.wallThicknessDimensionMm
  ) {
    self.contact = contact
    self.maximumTriangles = maximumTriangles
    self.maximumDimensionMm = maximumDimensionMm
  }
}
