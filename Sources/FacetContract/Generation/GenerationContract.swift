import FacetOperations

/// The door of the generation API: raw input becomes a ``GenerationRequest`` here, or a
/// ``GenerationError`` that names everything wrong with it.
///
/// `null` counts as absent, unknown members are ignored. Ours: words must be written exactly as documented.
public enum GenerationContract {
  /// The fields of `POST /v1/text-to-cad`.
  public static let textFields = [
    GenerationField("prompt", required: true, .text(GenerationLimits.promptCharacters)),
    GenerationField("design_mode", .words(GenerationRequest.DesignMode.allCases.map(\.rawValue))),
    GenerationField("output_format", .words(GenerationRequest.OutputFormat.allCases.map(\.rawValue))),
    GenerationField("callback_url", .callback),
    GenerationField("metadata", .object),
  ]

  /// The fields of `POST /v1/image-to-cad` besides the files in `image`.
  public static let imageFields = [
    GenerationField("design_mode", .words(["standard", "assembly"])),
    GenerationField("output_format", .words(GenerationRequest.OutputFormat.allCases.map(\.rawValue))),
    GenerationField("callback_url", .callback),
    GenerationField("prompt", .text(GenerationLimits.promptCharacters)),
    GenerationField("metadata_json", .objectInText),
  ]

  /// Validates the body of `POST /v1/text-to-cad`.
  ///
  /// - Throws: ``GenerationError/invalidInput(_:)`` with every problem, in the order of the fields.
  public static func textToCAD(
    _ body: JSONValue, _ settings: GenerationSettings = .init()
  ) throws(GenerationError) -> GenerationRequest {
    let values = try Values(body, textFields, problems: [], settings)
    return values.request(.text(prompt: values.text("prompt") ?? ""), metadata: "metadata")
  }

  /// Validates the parts of `POST /v1/image-to-cad`. Ours: an empty part counts as absent, since forms send
  /// those.
  ///
  /// - Parameters:
  ///   - fields: An object of the parts that are no files, as strings; `metadata_json` as the object that its
  ///     text holds, or as the string when it holds none.
  ///   - images: The files named `image`, in order.
  /// - Throws: ``GenerationError/invalidInput(_:)`` for the fields and the number of images, then
  ///   ``GenerationError/imageParseFailed(_:)`` for the images.
  public static func imageToCAD(
    _ fields: JSONValue, images: [ImageUpload], _ settings: GenerationSettings = .init()
  ) throws(GenerationError) -> GenerationRequest {
    var problems: [String] = []
    if images.count < GenerationLimits.images.lowerBound {
      problems.append("image is required")
    } else if images.count > GenerationLimits.images.upperBound {
      problems.append("image must be at most \(GenerationLimits.images.upperBound) files")
    }
    let filled = fields.asMembers.map { JSONValue.object($0.filter { $0.value != "" }) }
    let values = try Values(filled ?? fields, imageFields, problems: problems, settings)
    var types: [ImageType] = []
    for (index, image) in images.enumerated() {
      guard image.byteCount <= GenerationLimits.imageBytes else {
        throw .imageParseFailed("image \(index + 1) must be at most \(GenerationLimits.imageBytes >> 20) MB")
      }
      guard let type = ImageType(firstBytes: image.firstBytes) else {
        let types = ImageType.allCases.map(\.rawValue).joined(separator: ", ")
        throw .imageParseFailed("image \(index + 1) must be one of \(types)")
      }
      types.append(type)
    }
    return values.request(.images(types, prompt: values.text("prompt")), metadata: "metadata_json")
  }
}

/// The fields of a request that are there, all of them allowed.
private struct Values {
  let body: JSONValue

  init(
    _ body: JSONValue, _ fields: [GenerationField], problems: [String], _ settings: GenerationSettings
  ) throws(GenerationError) {
    guard body.asMembers != nil else { throw .invalidInput("the request body must be a JSON object") }
    self.body = body
    var problems = problems
    for field in fields {
      if let value = self[field.name] {
        if let problem = field.problem(value, settings) { problems.append(problem) }
      } else if field.isRequired {
        problems.append("\(field.name) is required")
      }
    }
    if !problems.isEmpty { throw .invalidInput(problems.joined(separator: "; ")) }
  }

  subscript(name: String) -> JSONValue? {
    guard let value = body[name], value != .null else { return nil }
    return value
  }

  func text(_ name: String) -> String? { self[name]?.asString }

  func request(_ source: GenerationRequest.Source, metadata: String) -> GenerationRequest {
    GenerationRequest(
      source: source,
      designMode: text("design_mode").flatMap(GenerationRequest.DesignMode.init) ?? .standard,
      outputFormat: text("output_format").flatMap(GenerationRequest.OutputFormat.init) ?? .step,
      callbackURL: text("callback_url"), metadata: self[metadata])
  }
}
