#if Server
  import FacetContract
  import FacetOperations

  /// Both APIs as an OpenAPI 3.1 document, made from the contracts: what is said here is what is checked.
  enum OpenAPIDocument {
    static let text = json.text(pretty: true)

    static var json: JSONValue {
      var paths: [JSONValue.Member] = [
        .init("/token", ["post": token]),
        .init("/web-api/operation/file", ["post": upload]),
        .init(
          "/web-api/operation/file/{fileId}",
          ["parameters": [id("fileId")], "get": download, "delete": deletion]),
        .init(
          "/web-api/operation/file/{fileId}/chunk", ["parameters": [id("fileId")], "get": chunkList]),
        .init(
          "/web-api/operation/file/{fileId}/chunk/{index}",
          [
            "parameters": [
              id("fileId"),
              parameter(
                "index",
                ["type": "integer", "minimum": 0, "maximum": .integer(FileRoutes.chunkNumbers.upperBound)]),
            ],
            "post": chunk,
          ]),
        .init("/web-api/operation/file/{fileId}/commit", ["parameters": [id("fileId")], "post": commit]),
        .init(
          "/web-api/operation/{operationId}/status",
          [
            "parameters": [id("operationId")],
            "get": call("status", "How far an operation is", reply: reference("Status")),
          ]),
      ]
      for form in ToolkitForm.all {
        let name = form.operation.rawValue
        paths.append(.init("/web-api/operation/\(name)", ["post": submission(form)]))
        paths.append(
          .init(
            "/web-api/operation/{operationId}/\(name)/result",
            [
              "parameters": [id("operationId")],
              "get": call("\(name)-result", "What came of \(name)", reply: result(form)),
            ]))
      }
      paths += generationPaths
      return [
        "openapi": "3.1.0",
        "info": [
          "title": "Facet", "version": "1",
          "description":
            "Check and prepare STL files for 3D printing (the toolkit API), and make parts from words and pictures (the generation API, under /v1). Lengths are in mm, angles in degrees. Every call answers as is documented, or an error with a documented code.",
        ],
        "paths": .object(paths), "components": components,
      ]
    }

    // MARK: Pieces

    private static let components: JSONValue = [
      "securitySchemes": [
        "bearer": ["type": "http", "scheme": "bearer"], "client": ["type": "http", "scheme": "basic"],
        "key": ["type": "http", "scheme": "bearer"],
      ],
      "responses": [
        "Failure": ["description": "What went wrong", "content": content(reference("Errors"))],
        "GenerationFailure": [
          "description": "What went wrong", "content": content(reference("GenerationError")),
        ],
        "NoSuchJob": ["description": "No such job, or another key's"],
      ],
      "schemas": [
        "GenerationError": generationError, "GenerationJob": generationJob,
        "Errors": object([
          .init(
            "errors",
            [
              "type": "array", "minItems": 1,
              "items": object([
                .init(
                  "code",
                  [
                    "type": "integer",
                    "enum": .array(ToolkitError.Code.allCases.map { .integer($0.rawValue) }),
                  ]), .init("message", ["type": "string"]),
              ]),
            ])
        ]),
        "Status": object(
          [
            .init("operationId", ["type": "string"]), .init("operation", ["type": "string"]),
            .init("isCompleted", ["type": "boolean"]), .init("isSuccessful", ["type": "boolean"]),
            .init("progress", ["type": "number", "minimum": 0, "maximum": 1]),
            .init("errors", ["type": "array", "items": ["type": "object"]]),
          ], optional: ["errors"]),
        "File": object([
          .init("fileId", ["type": "string"]), .init("fileUrl", ["type": "string"]),
          .init("creationDate", ["type": "string"]), .init("sha256", ["type": "string"]),
          .init("bytes", ["type": "integer"]),
        ]),
      ],
    ]

    private static let token: JSONValue = [
      "operationId": "token", "summary": "Open a session, or renew one",
      "security": [["client": []]],
      "requestBody": [
        "required": true,
        "content": [
          "application/x-www-form-urlencoded": [
            "schema": object(
              [
                .init("grant_type", ["type": "string", "enum": ["password", "refresh_token"]]),
                .init("username", ["type": "string"]), .init("password", ["type": "string"]),
                .init("refresh_token", ["type": "string"]),
              ], optional: ["username", "password", "refresh_token"])
          ]
        ],
      ],
      "responses": responses(
        object([
          .init("access_token", ["type": "string"]), .init("token_type", ["type": "string"]),
          .init("expires_in", ["type": "integer"]), .init("refresh_token", ["type": "string"]),
          .init(".issued", ["type": "string"]), .init(".expires", ["type": "string"]),
        ])),
    ]

    private static let upload = call(
      "upload", "Upload an STL file",
      body: [
        "multipart/form-data": [
          "schema": object([
            .init("file", ["type": "string", "contentMediaType": "application/octet-stream"])
          ])
        ]
      ], reply: reference("File"))

    private static let download: JSONValue = [
      "operationId": "download", "summary": "A file's bytes; Range is understood", "security": bearer,
      "responses": [
        "200": ["description": "The file", "content": ["*/*": [:]]],
        "206": ["description": "The part that was asked for", "content": ["*/*": [:]]],
        "default": ["$ref": "#/components/responses/Failure"],
      ],
    ]

    private static let deletion = call(
      "delete", "Delete a file", reply: object([.init("fileId", ["type": "string"])]))

    private static let chunkList = call(
      "chunks", "The chunks of an upload that are there",
      reply: object([
        .init("fileId", ["type": "string"]),
        .init("chunks", ["type": "array", "items": ["type": "integer"]]),
      ]))

    private static let chunk = call(
      "chunk", "Send a chunk of a file; the client chooses the file's id",
      body: ["application/octet-stream": [:]],
      reply: object([.init("fileId", ["type": "string"]), .init("index", ["type": "integer"])]))

    private static let commit = call(
      "commit", "Make a file of its chunks",
      body: content(
        object(
          [
            .init("fileName", ["type": ["string", "null"]]),
            .init(
              "chunks",
              ["type": "integer", "minimum": 1, "maximum": .integer(FileRoutes.chunkNumbers.upperBound + 1)]),
            .init("sha256", ["type": ["string", "null"], "pattern": "^[0-9A-Fa-f]{64}$"]),
          ], optional: ["fileName", "sha256"])), reply: reference("File"))

    private static func submission(_ form: ToolkitForm) -> JSONValue {
      let type = OperationCatalog[form.operation]
      var properties: [JSONValue.Member] = form.inputs.map {
        .init($0.rawValue, ["type": form.inputs.count == 1 ? "string" : ["string", "null"], "minLength": 1])
      }
      for field in form.fields {
        let help = type.parameters.first { $0.name == field.name }.map(described)
        properties.append(.init(field.name, schema(field, help)))
      }
      properties.append(.init("callbackUrl", .object([.init("type", ["string", "null"])] + webAddress)))
      let required =
        (form.inputs.count == 1 ? [form.inputs[0].rawValue] : [])
        + form.fields.filter(\.isRequired).map(\.name)
      let optional = properties.map(\.name).filter { !required.contains($0) }
      return call(
        form.operation.rawValue, type.summary, description: type.discussion,
        body: content(object(properties, optional: optional)),
        reply: object([.init("operationId", ["type": "string"])]))
    }

    private static let webAddress: [JSONValue.Member] = [
      .init("format", "uri"), .init("pattern", "^[Hh][Tt][Tt][Pp][Ss]?://"),
    ]

    private static func described(_ parameter: ParameterDescription) -> String {
      parameter.help + (parameter.unit.map { ", in \($0)" } ?? "")
    }

    private static func schema(_ field: ToolkitField, _ help: String?) -> JSONValue {
      let type: String
      switch field.kind {
      case .bool: type = "boolean"
      case .integer: type = "integer"
      case .number: type = "number"
      case .text, .choice: type = "string"
      }
      var members: [JSONValue.Member] = [
        .init("type", field.isRequired ? .string(type) : [.string(type), "null"])
      ]
      switch field.rule {
      case .anything, .points: break
      case .integers(let range):
        members += [
          .init("minimum", .integer(range.lowerBound)), .init("maximum", .integer(range.upperBound)),
        ]
      case .oneOf(let values): members.append(.init("enum", .array(values.map(JSONValue.integer) + [.null])))
      case .numbers(let range):
        members += [.init("minimum", .number(range.lowerBound)), .init("maximum", .number(range.upperBound))]
      case .positive: members.append(.init("exclusiveMinimum", 0))
      case .atLeast(let least): members.append(.init("minimum", .integer(least)))
      case .share: members += [.init("exclusiveMinimum", 0), .init("maximum", 1)]
      case .words(let words):
        members.append(.init("enum", .array(words.map(JSONValue.string) + (field.isRequired ? [] : [.null]))))
      case .color: members.append(.init("pattern", "^(transparent|#?[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?)$"))
      case .webAddress: members += webAddress
      case .nonEmpty: members.append(.init("minLength", 1))
      }
      if let help { members.append(.init("description", .string(help))) }
      return .object(members)
    }

    private static func result(_ form: ToolkitForm) -> JSONValue {
      var members: [JSONValue.Member] = [.init("operationId", ["type": "string"])]
      members += form.references.map { .init($0.rawValue, ["type": "string"]) }
      members += form.resultFields.map { .init($0, resultSchema($0)) }
      return object(members)
    }

    private static func resultSchema(_ name: String) -> JSONValue {
      switch name {
      case "solidityParams": object(ToolkitForm.solidityParams.map { .init($0, resultSchema($0)) })
      case "qualityParams": object(ToolkitForm.qualityParams.map { .init($0, resultSchema($0)) })
      case _ where name.hasPrefix("has") || name.hasPrefix("is"): ["type": "boolean"]
      case _ where name.hasSuffix("Mm") || name.hasSuffix("Mm2") || name.hasSuffix("Mm3"): ["type": "number"]
      default: ["type": "integer", "minimum": 0]
      }
    }

    // MARK: Grammar

    private static let bearer: JSONValue = [["bearer": []]]

    static func call(
      _ id: String, _ summary: String, description: String? = nil, body: JSONValue? = nil, reply: JSONValue
    ) -> JSONValue {
      var members: [JSONValue.Member] = [
        .init("operationId", .string(id)), .init("summary", .string(summary)), .init("security", bearer),
      ]
      if let description { members.append(.init("description", .string(description))) }
      if let body { members.append(.init("requestBody", ["required": true, "content": body])) }
      members.append(.init("responses", responses(reply)))
      return .object(members)
    }

    private static func responses(_ reply: JSONValue) -> JSONValue {
      [
        "200": ["description": "Done", "content": content(reply)],
        "default": ["$ref": "#/components/responses/Failure"],
      ]
    }

    static func content(_ schema: JSONValue) -> JSONValue { ["application/json": ["schema": schema]] }

    static func reference(_ name: String) -> JSONValue {
      ["$ref": .string("#/components/schemas/\(name)")]
    }

    static func object(_ properties: [JSONValue.Member], optional: [String] = []) -> JSONValue {
      let required = properties.map(\.name).filter { !optional.contains($0) }.map(JSONValue.string)
      return ["type": "object", "properties": .object(properties), "required": .array(required)]
    }

    static func parameter(_ name: String, _ schema: JSONValue) -> JSONValue {
      ["name": .string(name), "in": "path", "required": true, "schema": schema]
    }

    static func id(_ name: String) -> JSONValue {
      parameter(name, ["type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9._-]+$"])
    }
  }
#endif
