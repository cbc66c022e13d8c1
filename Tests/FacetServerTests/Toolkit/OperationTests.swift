#if Server
  import Facet
  import FacetContract
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import Hummingbird
  import Testing

  @Suite struct OperationTests {
    @Test func everyOperationGivesItsDocumentedResult() async throws {
      try await Shop.open { shop in
        let file = JSONValue.string(try await shop.file())
        let model = JSONValue.string(try await shop.model())
        let requests: [(OperationName, JSONValue)] = [
          (.import, ["fileId": file, "measurementUnits": "Inch"]),
          (.stlConversion, ["fileId": file, "measurementUnits": "mm"]), (.analyze, ["inputId": model]),
          (.geometricalRepair, ["inputId": model]),
          (.shrinkwrapRepair, ["inputId": model, "accuracy": "rough"]),
          (.repair, ["inputId": model, "callbackUrl": nil]),
          (
            .wallThicknessAnalysis,
            ["inputId": model, "minimalWallThicknessMm": 1, "accuracyWallThickness": 1]
          ),
          (.scale, ["inputId": model, "axis": "x", "scaleToSizeMm": 20]),
          (
            .thumbnail,
            [
              "inputId": model, "width": 40, "height": 30, "cameraAngleX": 10, "cameraAngleY": nil,
              "cameraAngleZ": -20,
            ]
          ),
          (
            .reduceTriangles, ["inputId": model, "accuracyMm": 0.1, "maxAngle": 15, "numberOfIterations": 10]
          ),
          (.hollowing, ["inputId": model, "wallThicknessMm": 2]),
          (.export, ["inputId": model, "exportToFormat": "Stl"]),
        ]
        #expect(requests.map(\.0) == OperationName.allCases)
        for (name, body) in requests {
          let reply = try await shop.run(name.rawValue, body)
          #expect(reply.status == 200, "\(name): \(reply.text)")
          let form = ToolkitForm.of(name)
          for field in form.references.map(\.rawValue) + form.resultFields {
            #expect(reply.json[field] != nil, "\(name): \(field)")
          }
          for reference in form.references {
            let id = try #require(reply.json[reference.rawValue]?.asString)
            let bytes = try await shop.call(.get, "/web-api/operation/file/\(id)")
            #expect(bytes.status == 200 && !bytes.bytes.isEmpty, "\(name)")
          }
        }
      }
    }

    @Test func repairTakesAFileAndItsResultServesAsBoth() async throws {
      try await Shop.open { shop in
        let file = try await shop.file()
        let reply = try await shop.run("repair", ["fileId": .string(file)])
        let id = try #require(reply.json["resultId"])
        #expect(reply.json["fileId"] == id)
        #expect(try await shop.run("analyze", ["inputId": id]).status == 200)
        #expect(try await shop.run("import", ["fileId": id, "measurementUnits": "mm"]).status == 200)
        // A sound file comes back byte for byte.
        let back = try await shop.call(.get, "/web-api/operation/file/\(id.asString ?? "")")
        let original = try Shop.box.encoded()
        #expect(back.bytes == original)
      }
    }

    @Test func anImportIsWrittenOnlyWhereItIsNotTheModelAlready() async throws {
      try await Shop.open { shop in
        let binary = try Shop.box.encoded()
        let text = try Shop.box.encoded(ExportOptions(encoding: .text))
        let inches = try Primitive.box(maximum: SIMD3(254, 508, 762)).encoded()
        for (bytes, units, due) in [(binary, "mm", binary), (text, "mm", binary), (binary, "inch", inches)] {
          let file = try await shop.upload(bytes).json["fileId"] ?? .null
          let reply = try await shop.run("import", ["fileId": file, "measurementUnits": .string(units)])
          let model = try #require(reply.json["resultId"]?.asString)
          let back = try await shop.call(.get, "/web-api/operation/file/\(model)").bytes
          // Without the header, which says who wrote it.
          #expect(back[80...] == due[80...])
          // The file may go: the model is a file of its own.
          _ = try await shop.call(.delete, "/web-api/operation/file/\(file.asString ?? "")")
          #expect(try await shop.run("analyze", ["inputId": .string(model)]).json["triangles"] == 12)
        }
        let folder = shop.service.files.folder.blobs
        let blobs = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
        #expect(blobs?.filter { $0.contains("/") }.count == 3)
      }
    }

    @Test func statusTellsHowFarItIs() async throws {
      try await Shop.open { shop in
        let operation = try await shop.begin("analyze", ["inputId": .string(try await shop.model())])
        let status = try await shop.wait(for: operation)
        #expect(status.json["operationId"] == .string(operation))
        #expect(status.json["operation"] == "analyze")
        #expect(status.json["isSuccessful"] == true)
        #expect(status.json["progress"] == 1)
        #expect(status.json["errors"] == nil)
        // Another operation's name, another case of the id.
        #expect(try await shop.call(.get, "/web-api/operation/\(operation)/repair/result").codes == [71])
        let upper = try await shop.call(.get, "/WEB-API/operation/\(operation.uppercased())/Analyze/Result")
        #expect(upper.status == 200)
      }
    }

    @Test func aFailedOperationHasItsCodeInStatusAndResult() async throws {
      try await Shop.open { shop in
        let cut = Array(try Shop.box.encoded().dropLast(30))
        let file = try #require(try await shop.upload(cut).json["fileId"])
        let operation = try await shop.begin("import", ["fileId": file, "measurementUnits": "mm"])
        let status = try await shop.wait(for: operation)
        #expect(status.status == 200)
        #expect(status.json["isCompleted"] == true && status.json["isSuccessful"] == false)
        #expect(status.codes == [202])
        let result = try await shop.call(.get, "/web-api/operation/\(operation)/import/result")
        #expect(result.status == 400 && result.codes == [202])
      }
    }

    @Test func wrongParametersAreAllNamed() async throws {
      try await Shop.open { shop in
        let reply = try await shop.post(
          "/web-api/operation/thumbnail", ["inputId": 5, "width": 9, "height": "tall", "cameraAngleX": 181])
        #expect(reply.status == 400)
        #expect(reply.codes == [13, 500, 13, 501])
        for body in ["", "null", "7", "[", "{\"inputId\":", "\u{0}"] {
          let broken = try await shop.call(
            .post, "/web-api/operation/analyze", body: ByteBuffer(string: body))
          #expect(broken.status == 400 && broken.codes == [13], "\(body)")
        }
      }
    }

    @Test func drainHolesAndPlugsAreFiles() async throws {
      try await Shop.open { shop in
        let model = try await shop.model(Primitive.box(maximum: SIMD3(30, 30, 30)))
        let reply = try await shop.run(
          "hollowing",
          ["inputId": .string(model), "wallThicknessMm": 3, "drainHoles": 1, "plugs": true, "voxelMm": 1.5])
        let plugs = try #require(reply.json["plugsFileId"]?.asString, "\(reply.text)")
        #expect(try await shop.call(.get, "/web-api/operation/file/\(plugs)").status == 200)
      }
    }

    @Test func accountsTakeTurns() async throws {
      var settings = Shop.settings
      settings.service.workers = 1
      try await Shop.open(settings) { shop in
        let model = JSONValue.string(try await shop.model(Primitive.icosphere(radius: 5, subdivisions: 4)))
        _ = try shop.service.accounts.create("bob")
        let token = try shop.service.tokens.create(for: "bob", label: "test", life: 3_600)
        var alices: [String] = []
        for _ in 0..<12 { alices.append(try await shop.begin("analyze", ["inputId": model])) }
        let upload = try await shop.upload(try Shop.box.encoded(), token: token)
        let begun = try await shop.post(
          "/web-api/operation/import", ["fileId": upload.json["fileId"] ?? .null, "measurementUnits": "mm"],
          token: token)
        let bobs = try #require(begun.json["operationId"]?.asString)
        while try await shop.call(.get, "/web-api/operation/\(bobs)/status", token: token).json["isCompleted"]
          != true
        {
          try await Task.sleep(for: .milliseconds(2))
        }
        let last = try await shop.call(.get, "/web-api/operation/\(alices[11])/status")
        #expect(last.json["isCompleted"] == false)
        for operation in alices { #expect(try await shop.wait(for: operation).json["isSuccessful"] == true) }
      }
    }
  }
#endif
