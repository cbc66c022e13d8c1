#if CommandLine
  import Facet
  import FacetOperations
  import Foundation

  /// What the page shows of a file: of the steps' figures what people look for first, and the scalars of all.
  struct ReportRow {
    private let record: BatchRecord
    private let folder: BatchFolder

    init(_ record: BatchRecord, in folder: BatchFolder) {
      self.record = record
      self.folder = folder
    }

    var json: JSONValue {
      var members: [JSONValue.Member] = [
        .init("name", .string(record.name)), .init("input", .string(record.input)),
        .init("outcome", .string(record.outcome.rawValue)),
        .init("errors", .array(record.errors.map(\.json))),
        .init("warnings", .array(record.warnings.map(JSONValue.string))),
        .init("bytes", record.bytes.map(JSONValue.integer) ?? .null),
        .init("trianglesBefore", trianglesBefore), .init("trianglesAfter", trianglesAfter),
        .init("sizeMm", size), .init("volumeMm3", last(["volumeAfterMm3", "volumeMm3"])),
        .init("isSolid", last(["isSolid"])), .init("repairs", repairs), .init("walls", walls),
        .init("reduction", reduction), .init("hollowing", hollowing),
        .init(
          "figures",
          .array(
            record.steps.map { ["operation": .string($0.operation), "figures": .object($0.figures.scalars)] })
        ),
        .init(
          "outputs", .array(record.outputs.map { ["path": .string($0.path), "bytes": .integer($0.bytes)] })),
        .init("pictures", .array(record.pictures.compactMap(picture))),
      ]
      if let seconds = record.timings?.seconds { members.append(.init("seconds", .number(seconds))) }
      return .object(members)
    }

    // MARK: Figures

    private func steps(_ operations: OperationName...) -> [BatchRecord.Step] {
      record.steps.filter { step in operations.contains { $0.rawValue == step.operation } }
    }

    /// The last figure of one of these names.
    private func last(_ names: [String]) -> JSONValue {
      for step in record.steps.reversed() {
        for name in names {
          if let value = step.figures[name] { return value }
        }
      }
      return .null
    }

    /// Of the file.
    private var trianglesBefore: JSONValue { steps(.import).first?.figures["triangles"] ?? .null }

    private var trianglesAfter: JSONValue { last(["trianglesAfter", "triangles"]) }

    private var size: JSONValue {
      let axes = ["dimensionXMm", "dimensionYMm", "dimensionZMm"].map { last([$0]) }
      return axes.contains(.null) ? .null : .array(axes)
    }

    /// All repairs' ledgers, one after the other.
    private var repairs: JSONValue {
      let repairs = steps(.repair, .geometricalRepair)
      guard !repairs.isEmpty else { return .null }
      return .array(repairs.flatMap { $0.figures["ledger"]?.asArray ?? [] }.map { .object($0.scalars) })
    }

    private var walls: JSONValue {
      guard let step = steps(.wallThicknessAnalysis).last else { return .null }
      return [
        "hasThinWalls": step.figures["hasThinWalls"] ?? .null,
        "hasPossibleThinWalls": step.figures["hasPossibleThinWalls"] ?? .null,
        "leastThicknessMm": step.figures["minimalThicknessMm"] ?? .null,
        "limitMm": step.parameters["minimalWallThicknessMm"] ?? .null,
        "regions": .integer(step.figures["regions"]?.asArray?.count ?? 0),
      ]
    }

    private var reduction: JSONValue {
      guard let step = steps(.reduceTriangles).last else { return .null }
      return [
        "before": step.figures["trianglesBefore"] ?? .null, "after": step.figures["trianglesAfter"] ?? .null,
        "deviationMm": step.figures["deviationMm"] ?? .null,
      ]
    }

    private var hollowing: JSONValue {
      steps(.hollowing).last.map { .object($0.figures.scalars) } ?? .null
    }

    // MARK: Pictures

    /// nil for a picture that is not there any more.
    private func picture(_ picture: BatchRecord.Picture) -> JSONValue? {
      guard let bytes = FileManager.default.contents(atPath: folder.path(picture.path)) else { return nil }
      return [
        "shows": .string(picture.shows.rawValue), "path": .string(picture.path),
        "data": .string(bytes.base64EncodedString()),
      ]
    }
  }
#endif
