import Facet

/// Takes triangles away that the shape does not need.
public struct ReduceTrianglesOperation: MeshOperation {
  public static let name = OperationName.reduceTriangles
  public static let summary =
    "Take away the triangles that the shape does not need, within a promised distance"
  public static let discussion = """
    With an accuracy, no point of the surface before is farther than that from the surface after, and none of \
    the surface after farther from the one before: a promise, checked collapse by collapse and once more by a \
    measurement of its own at the end. Accuracy 0 takes away only what lies in planes and on straight lines. \
    The largest angle bounds how far any part of the surface turns, the iterations how many passes go over the \
    mesh, and a target how few triangles are wanted. Limits combine, and the first that is reached ends the \
    run; the result says which: accuracy, angle, passes, target, or shape when any further step would spoil \
    it. With none at all the accuracy is \(DecimationOptions.defaultAccuracy) mm.

    No triangle is turned over or made a needle, nothing new runs through itself, borders and sharp edges stay, \
    what was closed stays closed, and facets keep their colours. Triangles at non-manifold edges are left as \
    they are and counted: repair first to reduce those too.
    """
  public static let output = OperationOutput.mesh

  static let accuracyMm = Parameter<Double>(
    "accuracyMm", unit: "mm", .optional,
    help: "The largest distance between the surfaces before and after; 0 takes away only what lies flat")
  static let maxAngle = Parameter<Int>(
    "maxAngle", unit: "degrees", .optional, help: "How far any part of the surface may turn")
  static let numberOfIterations = Parameter<Int>(
    "numberOfIterations", .optional, help: "How many passes go over the mesh at most")
  static let targetTriangles = Parameter<Int>(
    "targetTriangles", .optional, help: "Stop when there are this few triangles")
  static let targetRatio = Parameter<Double>(
    "targetRatio", .optional, help: "Stop when this share of the triangles is left")
  public static let parameters = [
    accuracyMm.description, maxAngle.description, numberOfIterations.description,
    targetTriangles.description, targetRatio.description,
  ]

  public var options: DecimationOptions
  /// A share of the triangles that ends the run too, beside the target of the options.
  public var ratio: Double?

  public init(_ arguments: Arguments) {
    let triangles = arguments[optional: Self.targetTriangles]
    let ratio = arguments[optional: Self.targetRatio]
    self.init(
      DecimationOptions(
        accuracy: arguments[optional: Self.accuracyMm].map { Float(atMost: $0) },
        maximumAngle: arguments[optional: Self.maxAngle].map { Float($0) },
        maximumPasses: arguments[optional: Self.numberOfIterations],
        target: triangles.map { .triangles($0) } ?? ratio.map { .ratio($0) }))
    if triangles != nil { self.ratio = ratio }
  }

  public init(_ options: DecimationOptions = DecimationOptions()) {
    self.options = options
  }

  public func run(_ input: OperationInput, _ run: RunContext) throws(MeshError) -> OperationResult {
    let reduced = try input.mesh.decimated(options(for: input.mesh), run)
    let isUnchanged = reduced.trianglesAfter == reduced.trianglesBefore
    // Where nothing went, vertices and triangles keep their order too.
    let mesh = isUnchanged ? input.mesh : reduced.mesh
    // Measuring a mesh against itself gives a last place or two.
    let deviation = isUnchanged ? 0 : reduced.deviation?.hausdorff
    let turn = isUnchanged ? 0 : reduced.largestTurn
    var result = OperationResult(
      mesh: mesh,
      fields: [
        .init("trianglesBefore", .integer(reduced.trianglesBefore)),
        .init("trianglesAfter", .integer(reduced.trianglesAfter)),
        .init("deviationMm", deviation.map { .number(Double($0)) } ?? .null),
        .init("isAccuracyProven", .bool(options.accuracy != nil)),
        .init("largestTurnDegrees", turn.map { .number(Double($0)) } ?? .null),
        .init("stoppedBecause", .string(reduced.stopped.rawValue)),
        .init("iterations", .integer(reduced.passes)),
        .init("untouchedTriangles", .integer(reduced.untouchedTriangles)),
      ])
    if isUnchanged { result.original = input.original }
    result.picture = OperationResult.wireframes(of: input.mesh, and: mesh)
    return result
  }

  /// With two targets the one that is reached first counts.
  private func options(for mesh: Mesh) -> DecimationOptions {
    guard let ratio, case .triangles(let count)? = options.target else { return options }
    var options = options
    options.target = .triangles(max(count, Int((Double(mesh.triangles.count) * ratio).rounded())))
    return options
  }
}

extension Float {
  /// The nearest value that is not above a number, so that a bound is no looser than it was asked for.
  fileprivate init(atMost value: Double) {
    let nearest = Float(value)
    self = Double(nearest) > value ? nearest.nextDown : nearest
  }
}
