/// How a mesh is to be repaired.
public struct RepairOptions: Sendable {
  /// Gaps up to this many mm are stitched; at most a thousandth of the part's diagonal is ever used.
  public var stitchTolerance: Float
  /// Leave shells that run into each other as they are, instead of uniting them.
  public var keepsShells: Bool
  /// How finely a part is wrapped that nothing else makes solid. nil goes by the part: a voxel of a quarter of the
  /// length that a tenth of its edges stay below, since loose triangles far larger than a voxel gain nothing
  /// from it; no finer than detailed and no coarser than a 50th of the diagonal.
  public var wrapResolution: ShrinkwrapOptions.Resolution?

  public init(
    stitchTolerance: Float = Tolerances.stitch, keepsShells: Bool = false,
    wrapResolution: ShrinkwrapOptions.Resolution? = nil
  ) {
    self.stitchTolerance = stitchTolerance
    self.keepsShells = keepsShells
    self.wrapResolution = wrapResolution
  }

  func check() throws(MeshError) {
    guard stitchTolerance >= 0, stitchTolerance.isFinite else {
      throw .invalidOption(
        name: "stitch tolerance", value: "\(stitchTolerance)", allowed: "0 mm or more")
    }
    if let wrapResolution { try ShrinkwrapOptions(wrapResolution).check() }
  }
}

/// A repaired mesh, and what was done to it.
public struct RepairResult: Sendable {
  public var mesh: Mesh
  /// Empty when nothing was changed: then ``mesh`` is the input, triangle for triangle.
  public var ledger: RepairLedger
  /// What is left, of the mesh as a file would hold it.
  public var solidity: Solidity
  /// How far ``mesh`` and the input are from each other, both ways, mm, where repair measured it: when the
  /// whole part was wrapped anew.
  public var hausdorff: Float?

  public var isUnchanged: Bool { ledger.entries.isEmpty }
}

/// What one stage made of a mesh.
struct StageResult {
  /// The input itself when the entry's count is 0.
  var mesh: Mesh
  var entry: RepairLedger.Entry
  /// Whether it is known that no triangles of the mesh cross.
  var isClear = false
}
