#if Server
  import FacetContract
  import FacetOperations

  /// The generation API's part of the OpenAPI document.
  extension OpenAPIDocument {
    static var generationPaths: [JSONValue.Member] {
      [
        .init(
          "/v1/text-to-cad",
          [
            "post": submission(
              "text-to-cad", "Ask for a part by a description",
              body: content(body(GenerationContract.textFields)))
          ]),
        .init(
          "/v1/image-to-cad",
          [
            "post": submission(
              "image-to-cad", "Ask for a part by one to three pictures",
              body: ["multipart/form-data": ["schema": body(GenerationContract.imageFields, images)]])
          ]),
        .init(
          "/v1/jobs/{job_id}",
          [
            "parameters": [id("job_id")],
            "get": generationCall(
              "job", "How far a job is, and a new link to its file", "200", reference("GenerationJob")),
          ]),
        .init(
          "/v1/keys/{api_key_id}/rotate-secret",
          [
            "parameters": [id("api_key_id")],
            "post": generationCall(
              "rotate-secret", "Make the secret that callbacks are signed with anew", "200",
              object([
                .init("api_key_id", ["type": "string"]), .init("signing_secret", ["type": "string"]),
                .init("signing_secret_rotated_at", ["type": "string"]),
              ])),
          ]),
      ]
    }

    static var generationError: JSONValue {
      let codes =
        GenerationError.Code.allCases.map(\.rawValue) + [GenerationJobError.Code.internalError.rawValue]
      return object([
        .init("error_code", ["type": "string", "enum": .array(codes.map(JSONValue.string))]),
        .init("message", ["type": "string"]),
      ])
    }

    static var generationJob: JSONValue {
      func nullable(_ type: String) -> JSONValue { ["type": [.string(type), "null"]] }
      func words(_ words: [String]) -> JSONValue {
        ["type": "string", "enum": .array(words.map(JSONValue.string))]
      }
      let codes = GenerationJobError.Code.allCases.map { JSONValue.string($0.rawValue) }
      return object([
        .init("job_id", ["type": "string", "pattern": "^pub_[0-9a-f]{12}$"]),
        .init("status", words(GenerationPresenter.Status.allCases.map(\.rawValue))),
        .init("design_mode", words(GenerationRequest.DesignMode.allCases.map(\.rawValue))),
        .init("output_format", words(GenerationRequest.OutputFormat.allCases.map(\.rawValue))),
        .init("created_at", ["type": "string", "format": "date-time"]),
        .init("completed_at", nullable("string")), .init("download_url", nullable("string")),
        .init("error_code", ["type": ["string", "null"], "enum": .array(codes + [.null])]),
        .init("error_message", nullable("string")), .init("tokens_used", nullable("integer")),
        .init("latency_ms", nullable("integer")), .init("metadata", ["type": "object"]),
      ])
    }

    private static let images: [JSONValue.Member] = [
      .init(
        "image",
        [
          "type": "array", "minItems": .integer(GenerationLimits.images.lowerBound),
          "maxItems": .integer(GenerationLimits.images.upperBound),
          "items": ["type": "string", "contentMediaType": "application/octet-stream"],
        ])
    ]

    private static func body(_ fields: [GenerationField], _ more: [JSONValue.Member] = []) -> JSONValue {
      let optional = fields.filter { !$0.isRequired }.map(\.name)
      return object(more + fields.map { .init($0.name, schema($0)) }, optional: optional)
    }

    private static func schema(_ field: GenerationField) -> JSONValue {
      let text: JSONValue = field.isRequired ? "string" : ["string", "null"]
      switch field.rule {
      case .text(let range):
        return [
          "type": text, "minLength": .integer(range.lowerBound), "maxLength": .integer(range.upperBound),
        ]
      case .words(let words):
        let words = words.map(JSONValue.string)
        return ["type": text, "enum": .array(field.isRequired ? words : words + [.null])]
      case .callback: return ["type": text, "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]://"]
      case .object: return ["type": field.isRequired ? "object" : ["object", "null"]]
      case .objectInText: return ["type": text, "contentMediaType": "application/json"]
      }
    }

    private static func submission(_ id: String, _ summary: String, body: JSONValue) -> JSONValue {
      let accepted = object([.init("job_id", ["type": "string"]), .init("status", ["const": "queued"])])
      guard let members = generationCall(id, summary, "202", accepted).asMembers else { return .null }
      let header: JSONValue = [
        "name": "Idempotency-Key", "in": "header",
        "schema": ["type": "string", "minLength": 1, "maxLength": 255],
        "description": "Requests with the same one are one request: they give one job, and cost once.",
      ]
      return .object(
        members + [
          .init("parameters", [header]), .init("requestBody", ["required": true, "content": body]),
        ])
    }

    private static func generationCall(
      _ id: String, _ summary: String, _ status: String, _ reply: JSONValue
    ) -> JSONValue {
      let responses: [JSONValue.Member] = [
        .init(status, ["description": "Done", "content": content(reply)]),
        .init("404", ["$ref": "#/components/responses/NoSuchJob"]),
        .init("default", ["$ref": "#/components/responses/GenerationFailure"]),
      ]
      return [
        "operationId": .string(id), "summary": .string(summary), "security": [["key": []]],
        "responses": .object(responses),
      ]
    }
  }
#endif
