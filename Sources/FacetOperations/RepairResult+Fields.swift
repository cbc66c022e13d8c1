import Facet
import FacetRender

extension OperationResult {
  /// What a repair made: the mesh (the input's own file where nothing was changed), the ledger, and how far the
  /// part before and after are from each other.
  init(_ repaired: RepairResult, of input: OperationInput, _ run: RunContext) throws(MeshError) {
    let distance: Float
    if repaired.isUnchanged {
      distance = 0
    } else if let known = repaired.hausdorff {
      distance = known
    } else {
      distance = try input.mesh.deviation(from: repaired.mesh, run).hausdorff
    }
    self.init(
      mesh: repaired.mesh,
      fields: [
        .init("triangles", .integer(repaired.mesh.triangles.count)),
        .init("isSolid", .bool(repaired.solidity.isSolid)),
        .init("hausdorffMm", .number(Double(distance))),
        .init("volumeMm3", .number(repaired.solidity.volume)),
        .init("badEdges", .integer(repaired.solidity.badEdges)),
        .init("badContours", .integer(repaired.solidity.badContours)),
        .init(
          "intersectingTriangles",
          repaired.solidity.intersectingTriangles.map(JSONValue.integer) ?? .null),
        .init("ledger", .array(repaired.ledger.entries.map(JSONValue.ledgerEntry))),
      ])
    if repaired.isUnchanged { original = input.original }
    picture = OperationResult.comparison(of: input.mesh, with: repaired.mesh)
  }

  /// A picture of a mesh before and after, side by side, with what changed in colour.
  static func comparison(of before: Mesh, with after: Mesh) -> Picture {
    { (side, run) throws(MeshError) in
      try Image.comparison(of: before, with: after, .onWhite(side ?? 640), run)
    }
  }

  /// A picture of the triangles before and after, side by side.
  static func wireframes(of before: Mesh, and after: Mesh) -> Picture {
    { (side, run) throws(MeshError) in
      try Image.wireframes(of: before, and: after, .onWhite(side ?? 640), run)
    }
  }
}

extension ThumbnailOptions {
  /// A square view on white, as pictures of what was done are drawn.
  package static func onWhite(_ side: Int) -> ThumbnailOptions {
    ThumbnailOptions(width: side, height: side, background: Color(red: 255, green: 255, blue: 255))
  }
}

extension JSONValue {
  fileprivate static func ledgerEntry(_ entry: RepairLedger.Entry) -> JSONValue {
    [
      "stage": .string(entry.stage.rawValue), "count": .integer(entry.count),
      "what": .string(entry.stage.unit), "largestMoveMm": .number(Double(entry.largestMove)),
      "areaMm2": .number(entry.area),
    ]
  }
}
