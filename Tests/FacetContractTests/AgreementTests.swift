import Facet
import FacetContract
import FacetOperations
import Testing

/// What operations say about themselves and what the contract says about them is the same.
@Suite struct AgreementTests {
  @Test func theParametersOfEveryOperationAreTheFieldsOfItsForm() throws {
    for type in OperationCatalog.all {
      let form = ToolkitForm.of(type.name)
      #expect(type.parameters.map(\.name) == form.fields.map(\.name), "\(type.name)")
      for (parameter, field) in zip(type.parameters, form.fields) {
        #expect(parameter.kind == field.kind, "\(type.name) \(field.name)")
        #expect((parameter.presence == .required) == field.isRequired, "\(type.name) \(field.name)")
        #expect(parameter.optionName == field.optionName)
      }
    }
  }

  @Test func everyDefaultIsAllowed() throws {
    for type in OperationCatalog.all {
      for parameter in type.parameters {
        guard case .defaulted(let value) = parameter.presence else { continue }
        var members = (ToolkitValidationTests.good(type.name).asMembers ?? []).filter {
          $0.name != parameter.name
        }
        members.append(.init(parameter.name, value))
        let request = try ToolkitContract.validate(type.name, .object(members))
        #expect(request.arguments.value(parameter.name) == value, "\(type.name) \(parameter.name)")
      }
    }
  }

  @Test func everyOperationIsMadeOfItsRequest() throws {
    for name in OperationName.allCases {
      let request = try ToolkitContract.validate(name, ToolkitValidationTests.good(name))
      let made = OperationCatalog[name]
      let operation = request.makeOperation()
      #expect(ObjectIdentifier(type(of: operation)) == ObjectIdentifier(made))
    }
  }

  @Test func theFieldsAreTheDocumentedOnesAndOurs() {
    let fields = ToolkitForm.all.map { form in
      form.operation.rawValue + ": "
        + (form.inputs.map(\.rawValue) + form.fields.map { $0.isDocumented ? $0.name : "(\($0.name))" })
        .joined(separator: " ")
    }
    #expect(
      fields == [
        "import: fileId measurementUnits (salvage)",
        "stl-conversion: inputId fileId measurementUnits",
        "analyze: inputId",
        "geometrical-repair: inputId",
        "shrinkwrap-repair: inputId accuracy (gapMm) (keepCavities)",
        "repair: inputId fileId (keepShells)",
        "wall-thickness-analysis: inputId minimalWallThicknessMm accuracyWallThickness",
        "scale: inputId axis scaleToSizeMm (uniform)",
        "thumbnail: inputId width height cameraAngleX cameraAngleY cameraAngleZ (background) (up) (samples)",
        "reduce-triangles: inputId accuracyMm maxAngle numberOfIterations (targetTriangles) (targetRatio)",
        "hollowing: inputId wallThicknessMm (voxelMm) (drainHoles) (drainHolesAt) (drainDiameterMm) (plugs) "
          + "(infill) (infillCellMm) (infillWallMm) (smallestCavityMm3)",
        "export: inputId exportToFormat",
      ])
  }

  @Test func theResultsAreTheDocumentedOnes() {
    let results = ToolkitForm.all.map { form in
      form.operation.rawValue + ": "
        + (form.references.map(\.rawValue) + form.resultFields).joined(separator: " ")
    }
    #expect(
      results == [
        "import: resultId",
        "stl-conversion: fileId",
        "analyze: vertices triangles contours shells volumeMm3 surfaceAreaMm2 dimensionXMm dimensionYMm "
          + "dimensionZMm badEdges badContours solidityParams qualityParams",
        "geometrical-repair: resultId",
        "shrinkwrap-repair: resultId",
        "repair: resultId fileId",
        "wall-thickness-analysis: fileId hasThinWalls hasPossibleThinWalls",
        "scale: resultId",
        "thumbnail: fileId",
        "reduce-triangles: resultId",
        "hollowing: resultId",
        "export: fileId",
      ])
  }

  @Test func whatOperationsGiveHoldsTheDocumentedResults() throws {
    let box = Primitive.box(maximum: SIMD3(10, 10, 10))
    for type in OperationCatalog.all {
      let form = ToolkitForm.of(type.name)
      let request = try ToolkitContract.validate(type.name, ToolkitValidationTests.good(type.name))
      let result = try request.run(OperationInput(box), ToolkitSettings(), RunContext(threads: 1))
      let given = result.fields.map(\.name)
      // Documented fields come first, in the documented order.
      #expect(given.starts(with: form.resultFields), "\(type.name)")
      #expect(Set(given).count == given.count)
      // What a result refers to is a model or a file.
      #expect(form.references.contains(.resultId) == (result.mesh != nil), "\(type.name)")
      // Repair's model goes by both names.
      let hasFile = result.file != nil || type.name == .repair
      #expect(form.references.contains(.fileId) == hasFile, "\(type.name)")
    }
  }

  @Test func theObjectsInAnAnalysisHoldTheDocumentedCounts() throws {
    let box = Primitive.box(maximum: SIMD3(10, 10, 10))
    let request = try ToolkitContract.validate(.analyze, [:], input: .given)
    let result = try request.run(OperationInput(box), ToolkitSettings(), RunContext(threads: 1))
    for (name, counts) in [
      ("solidityParams", ToolkitForm.solidityParams), ("qualityParams", ToolkitForm.qualityParams),
    ] {
      let given = try #require(result[name]?.asMembers).map(\.name)
      #expect(given.starts(with: counts))
    }
  }
}
