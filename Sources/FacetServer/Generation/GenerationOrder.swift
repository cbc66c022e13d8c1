#if Server
  import FacetContract
  import FacetGeneration
  import FacetOperations
  import FacetService
  import Foundation

  /// What jobs of the generation API are called, in its addresses too.
  enum GenerationJobName: String, Sendable, CaseIterable {
    case text = "text-to-cad"
    case image = "image-to-cad"
  }

  /// A request of the generation API as the store keeps it.
  struct GenerationOrder: Sendable {
    let prompt: String
    let designMode: GenerationRequest.DesignMode
    let outputFormat: GenerationRequest.OutputFormat
    let metadata: JSONValue
    /// The ids of the pictures that came with it.
    let pictures: [String]
    /// `https://host:port`, as the client saw the server: links in callbacks begin with it.
    let origin: String

    init(_ request: GenerationRequest, pictures: [String], origin: String) {
      switch request.source {
      case .text(let prompt): self.prompt = prompt
      case .images(_, let prompt): self.prompt = prompt ?? ""
      }
      designMode = request.designMode
      outputFormat = request.outputFormat
      metadata = request.metadata ?? .object([])
      self.pictures = pictures
      self.origin = origin
    }

    /// - Returns: nil for what ``text`` did not write.
    init?(_ text: String) {
      guard let json = try? JSONValue(parsing: Data(text.utf8)), let prompt = json["prompt"]?.asString,
        let mode = json["designMode"]?.asString.flatMap(GenerationRequest.DesignMode.init),
        let format = json["outputFormat"]?.asString.flatMap(GenerationRequest.OutputFormat.init),
        let metadata = json["metadata"], let pictures = json["pictures"]?.asArray?.compactMap(\.asString),
        let origin = json["origin"]?.asString
      else { return nil }
      self.prompt = prompt
      designMode = mode
      outputFormat = format
      self.metadata = metadata
      self.pictures = pictures
      self.origin = origin
    }

    var text: String {
      let json: JSONValue = [
        "prompt": .string(prompt), "designMode": .string(designMode.rawValue),
        "outputFormat": .string(outputFormat.rawValue), "metadata": metadata,
        "pictures": .array(pictures.map(JSONValue.string)), "origin": .string(origin),
      ]
      return json.text()
    }
  }

  /// What came of a job of the generation API, as the store keeps it.
  enum GenerationOutcome: Sendable {
    case made(file: String, tokensUsed: Int)
    case failed(code: String, message: String)

    init(_ error: GenerationJobError) { self = .failed(code: error.code.rawValue, message: error.message) }

    /// - Returns: nil for what ``text`` did not write.
    init?(_ text: String) {
      guard let json = try? JSONValue(parsing: Data(text.utf8)) else { return nil }
      if let file = json["file"]?.asString, let tokens = json["tokensUsed"]?.asInteger {
        self = .made(file: file, tokensUsed: tokens)
      } else if let code = json["code"]?.asString, let message = json["message"]?.asString {
        self = .failed(code: code, message: message)
      } else {
        return nil
      }
    }

    var text: String {
      let json: JSONValue =
        switch self {
        case .made(let file, let tokens): ["file": .string(file), "tokensUsed": .integer(tokens)]
        case .failed(let code, let message): ["code": .string(code), "message": .string(message)]
        }
      return json.text()
    }
  }
#endif
