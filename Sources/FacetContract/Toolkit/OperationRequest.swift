import Facet
import FacetOperations

/// A request that was validated; only ``ToolkitContract`` makes one.
public struct OperationRequest: Sendable, Hashable {
  public let operation: OperationName
  /// nil when the caller holds the input.
  public let input: Input?
  public let arguments: Arguments
  public let callbackURL: String?

  public enum Input: Sendable, Hashable {
    /// `fileId`: a file as it was uploaded.
    case file(String)
    /// `inputId`: the outcome of an earlier operation.
    case model(String)
  }

  init(operation: OperationName, input: Input?, arguments: Arguments, callbackURL: String?) {
    self.operation = operation
    self.input = input
    self.arguments = arguments
    self.callbackURL = callbackURL
  }

  /// The operation with the request's arguments.
  public func makeOperation() -> any MeshOperation { OperationCatalog[operation].init(arguments) }

  /// Checks the limits that depend on the model, once it is there.
  ///
  /// - Throws: Code 201 for more triangles than the settings allow; 302 for a model too large for the wall
  ///   thickness analysis; 400 for a scale factor out of range.
  public func check(against mesh: Mesh, _ settings: ToolkitSettings = .init()) throws(ToolkitFailure) {
    guard mesh.triangles.count <= settings.maximumTriangles else {
      throw ToolkitFailure(
        .conversionFailed,
        detail: "it has \(mesh.triangles.count) triangles, and the limit is \(settings.maximumTriangles)")
    }
    switch operation {
    case .wallThicknessAnalysis: try checkDimensions(mesh, settings)
    case .scale: try checkFactor(mesh)
    case .import, .stlConversion, .analyze, .geometricalRepair, .shrinkwrapRepair, .repair, .thumbnail,
      .reduceTriangles, .hollowing, .export:
      break
    }
  }

  private func checkDimensions(_ mesh: Mesh, _ settings: ToolkitSettings) throws(ToolkitFailure) {
    let size = dimensions(of: mesh)
    let largest = max(size.x, size.y, size.z)
    guard largest <= settings.maximumDimensionMm else {
      throw ToolkitFailure(
        .modelTooBig, detail: "it measures \(largest) mm, and the limit is \(settings.maximumDimensionMm) mm")
    }
  }

  /// An empty model has no factor; the engine says what is wrong with it.
  private func checkFactor(_ mesh: Mesh) throws(ToolkitFailure) {
    guard !mesh.triangles.isEmpty, let axis = arguments.value("axis")?.asString,
      let target = arguments.value("scaleToSizeMm")?.asNumber
    else { return }
    let size = dimensions(of: mesh)
    let present = axis == "X" ? size.x : axis == "Y" ? size.y : size.z
    let factor = target / present
    // Coordinates have seven digits: a factor that differs from a bound only beyond them is at the bound.
    let slack = 1e-6
    let range = ToolkitLimits.scaleFactor
    guard factor >= range.lowerBound * (1 - slack), factor <= range.upperBound * (1 + slack) else {
      throw ToolkitFailure(
        .scaleOutOfRange,
        detail: "from \(present) mm along \(axis) to \(target) mm is a factor of \(factor)")
    }
  }

  /// The size of what the triangles span, vertices that none of them uses left out, as the engine measures it;
  /// in double precision, where the difference of two coordinates cannot overflow.
  private func dimensions(of mesh: Mesh) -> SIMD3<Double> {
    var box = Box.empty
    for triangle in mesh.triangles.indices {
      let (a, b, c) = mesh.corners(triangle)
      box.formUnion(a)
      box.formUnion(b)
      box.formUnion(c)
    }
    return box.isEmpty ? .zero : SIMD3<Double>(box.maximum) - SIMD3<Double>(box.minimum)
  }

  /// The request as JSON that validates to the same request: what a store keeps.
  public var json: JSONValue {
    var members: [JSONValue.Member] = []
    switch input {
    case .file(let id): members.append(.init("fileId", .string(id)))
    case .model(let id): members.append(.init("inputId", .string(id)))
    case nil: break
    }
    members += arguments.values
    if let callbackURL { members.append(.init("callbackUrl", .string(callbackURL))) }
    return .object(members)
  }
}

extension OperationRequest {
  /// Checks the request against the model and runs it.
  ///
  /// - Throws: What ``check(against:_:)`` throws, and the engine's errors as codes.
  public func run(
    _ input: OperationInput, _ settings: ToolkitSettings = .init(), _ run: RunContext
  ) throws(ToolkitFailure) -> OperationResult {
    let operation = makeOperation()
    try check(against: input.mesh, settings)
    do {
      try run.checkCancellation()
      return try operation.run(input, run)
    } catch {
      throw ToolkitFailure(error, during: .running(self.operation), settings)
    }
  }
}
