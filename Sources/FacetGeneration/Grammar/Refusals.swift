import FacetContract

extension GenerationJobError {
  /// The prompt lacks something, or says something that is not understood: named in the detail.
  static func ambiguous(_ detail: String) -> GenerationJobError {
    GenerationJobError(.promptTooAmbiguous, detail: detail)
  }

  static func missing(_ what: String, of owner: String, example: String? = nil) -> GenerationJobError {
    ambiguous(
      "the \(owner)'s \(what) \(what.contains(" and ") || what == "edges" ? "are" : "is") missing"
        + (example.map { "; say, for example, “\($0)”" } ?? ""))
  }

  /// Two dimensions that cannot both hold, with their figures.
  static func contradiction(_ detail: String) -> GenerationJobError {
    GenerationJobError(.geometryValidationFailed, detail: detail)
  }
}

extension Optional {
  /// As `??`, for a fallback that throws: the operator forgets which error.
  func or(
    _ fallback: @autoclosure () throws(GenerationJobError) -> Wrapped?
  ) throws(GenerationJobError) -> Wrapped? {
    if let self { self } else { try fallback() }
  }
}
