/// How far a mesh is to be reduced, and what must be kept. Limits combine: whichever comes first ends the run.
///
/// ```swift
/// // Nowhere more than 0.05 mm off, with as few triangles as that takes:
/// let close = try mesh.decimated(DecimationOptions(accuracy: 0.05))
/// // A tenth of the triangles, or more where that would take over 0.2 mm; what stands on the plate stays:
/// var options = DecimationOptions(accuracy: 0.2, target: .ratio(0.1))
/// options.lockedVertices = mesh.positions.map { $0.z == 0 }
/// let small = try mesh.decimated(options)
/// print(small.trianglesAfter, small.deviation?.hausdorff ?? 0, small.stopped)
/// ```
public struct DecimationOptions: Sendable, Equatable {
  /// The result is nowhere farther from the mesh, nor the mesh from the result, than this, mm: a promise. 0 takes
  /// away only what lies in planes and on straight lines. nil sets no limit.
  public var accuracy: Float?
  /// No part of the surface may turn by more than this many degrees, 0 to 90. nil sets no limit.
  public var maximumAngle: Float?
  /// Passes over the mesh at most, at least 1. A pass takes away a tenth or so of the triangles. nil sets no limit.
  public var maximumPasses: Int?
  /// When there are few enough triangles. nil goes on as long as the other limits allow.
  public var target: Target?
  /// For each vertex whether it must stay where it is; empty when none must.
  public var lockedVertices: [Bool]
  /// For each vertex how much an error there counts, above 0; empty when all count 1. Reduces important regions
  /// later; no limit depends on it.
  public var weights: [Float]
  /// Whether the result says how far the surfaces are from each other and how far the surface turned. With a limit on
  /// the accuracy the distance is always known.
  public var measures: Bool

  public enum Target: Sendable, Hashable {
    /// This many triangles, 0 or more.
    case triangles(Int)
    /// This share of the mesh's triangles, above 0, up to 1.
    case ratio(Double)
  }

  /// With neither accuracy, angle, passes nor target, the accuracy is ``defaultAccuracy``.
  public init(
    accuracy: Float? = nil, maximumAngle: Float? = nil, maximumPasses: Int? = nil, target: Target? = nil,
    lockedVertices: [Bool] = [], weights: [Float] = [], measures: Bool = true
  ) {
    let isBound = accuracy != nil || maximumAngle != nil || maximumPasses != nil || target != nil
    self.accuracy = isBound ? accuracy : DecimationOptions.defaultAccuracy
    self.maximumAngle = maximumAngle
    self.maximumPasses = maximumPasses
    self.target = target
    self.lockedVertices = lockedVertices
    self.weights = weights
    self.measures = measures
  }

  /// In mm: less than fine printers resolve.
  public static let defaultAccuracy: Float = 0.02

  /// How many triangles of a mesh to aim for.
  func goal(of mesh: Mesh) -> Int {
    switch target {
    case nil: 0
    case .triangles(let count): count
    case .ratio(let share): Int((Double(mesh.triangles.count) * share).rounded())
    }
  }

  func check(_ mesh: Mesh) throws(MeshError) {
    if let accuracy, !(accuracy >= 0 && accuracy.isFinite) {
      throw .invalidOption(name: "accuracy", value: "\(accuracy)", allowed: "0 mm or more")
    }
    if let maximumAngle, !(0...90).contains(maximumAngle) {
      throw .invalidOption(name: "maximumAngle", value: "\(maximumAngle)", allowed: "0 to 90 degrees")
    }
    if let maximumPasses, maximumPasses < 1 {
      throw .invalidOption(name: "maximumPasses", value: "\(maximumPasses)", allowed: "1 or more")
    }
    switch target {
    case .triangles(let count) where count < 0:
      throw .invalidOption(name: "target", value: "\(count) triangles", allowed: "0 triangles or more")
    case .ratio(let share) where !(share > 0 && share <= 1):
      throw .invalidOption(name: "target", value: "\(share)", allowed: "above 0, up to 1")
    default: break
    }
    let count = mesh.positions.count
    if !lockedVertices.isEmpty && lockedVertices.count != count {
      throw .invalidOption(
        name: "lockedVertices", value: "\(lockedVertices.count) values",
        allowed: "one a vertex: \(count), or none")
    }
    if !weights.isEmpty {
      guard weights.count == count else {
        throw .invalidOption(
          name: "weights", value: "\(weights.count) values", allowed: "one a vertex: \(count), or none")
      }
      if let v = weights.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
        throw .invalidOption(name: "weights", value: "\(weights[v]) for vertex \(v)", allowed: "above 0")
      }
    }
  }
}
